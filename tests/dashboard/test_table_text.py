"""CSV: numbers stay numbers, and no cell runs in a spreadsheet."""

import csv
import io

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.table_text import csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    texts = ["=1+1", "+49 30", "-2", "@sum", " =x", "\t=x", "fine", "a=b", None]
    cells = [line[0] for line in read(csv_text(pl.DataFrame({"note": texts, "n": range(9)})))[1:]]
    assert cells == ["'=1+1", "'+49 30", "'-2", "'@sum", "' =x", "'\t=x", "fine", "a=b", ""]


def test_negative_numbers_keep_their_sign_and_stay_numbers() -> None:
    frame = pl.DataFrame({"value": [-2.5, None], "n": [-3, 4]})
    assert csv_text(frame) == "value,n\n-2.5,-3\n,4\n"


def test_a_header_from_data_is_guarded_too() -> None:
    assert csv_text(pl.DataFrame({"=cmd": ["x"]})).startswith("'=cmd\n")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=5))
def test_any_text_comes_back_as_it_was_but_for_the_guard(texts: list[str]) -> None:
    frame = pl.DataFrame({"note": texts, "n": list(range(len(texts)))})
    notes = [line[0] for line in read(csv_text(frame))[1:]]
    for text, note in zip(texts, notes, strict=True):
        assert note in {text, f"'{text}"}
        assert not note.lstrip().startswith(("=", "+", "-", "@"))

"""Rows as text: what a spreadsheet or a terminal would run stays text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli.answers import columns_of, csv_text, number_text, printable, table_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1"])
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text):
    (_, row) = csv.reader(io.StringIO(csv_text([{"segment": text}], ["segment"])))
    assert row == [f"'{text}"]


def test_numbers_stay_numbers():
    assert csv_text([{"value": -2.5, "n": 0, "note": None}], ["value", "n", "note"]) == (
        "value,n,note\n-2.5,0,\n"
    )


def test_quotes_separators_and_line_ends_survive_csv():
    text = 'a "b", c\nd'
    (_, row) = csv.reader(io.StringIO(csv_text([{"note": text}], ["note"])))
    assert row == [text]


def test_a_list_in_a_cell_is_guarded_too():
    assert "'=cmd, b" in csv_text([{"of": ["=cmd", "b"]}], ["of"])


@given(st.text())
def test_nothing_that_moves_a_terminals_cursor_is_printed(text):
    shown = printable(text)
    assert all(mark.isprintable() or mark == "\n" for mark in shown)
    assert len(shown) == len(text)


def test_columns_are_aligned_and_null_is_an_empty_cell():
    rows = [{"name": "a", "n": 31106, "note": None}, {"name": "bb", "n": None, "note": "few"}]
    assert table_text(rows, ["name", "n", "note"]).splitlines() == [
        "name       n  note",
        "a     31,106",
        "bb            few",
    ]


def test_a_table_without_rows_is_its_header():
    assert table_text([], ["period", "value"]) == "period  value\n"


def test_a_long_text_does_not_push_numbers_off_the_screen():
    row = table_text([{"note": "x" * 500, "n": 1}], ["note", "n"]).splitlines()[1]
    assert len(row) < 80
    assert row.endswith("1")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-1234567, "-1,234,567"), (0.5, "0.5"), (1e-9, "1e-09"), (1.00001, "1"), (3.0, "3")],
)
def test_numbers_for_people_have_groups_and_few_decimals(value, text):
    assert number_text(value) == text


def test_columns_come_in_the_order_in_which_rows_bring_them():
    assert columns_of([{"b": 1}, {"a": 1, "b": 2}], ["z"]) == ["z", "b", "a"]

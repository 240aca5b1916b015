"""A file as a relation of texts by position, with its header beside it.

Every kind of file becomes this; `record_no` counts input records from 1, refused ones included.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.engines.duckdb import Session
from pipelines.sources.definition import Record

_BLANK = re.compile(r"[\s\u00a0]+")

LineFinder = Callable[[Sequence[int]], dict[int, int]]


@dataclass(frozen=True)
class Problem:
    """One quarantine entry: a whole record, or one cell of it."""

    record_no: int
    column: str | None
    raw: str | None
    code: str
    text: str
    is_cell: bool = False


def no_lines(records: Sequence[int]) -> dict[int, int]:
    """Of files in which a record has no line of its own."""
    del records
    return {}


@dataclass(frozen=True)
class Raw:
    """A file as texts by position.

    Attributes:
        scan: SQL relation with `columns`, in file order; for refused records see `problems`.
        columns: c001, c002, …
        header: Original names, blanks filled from the left where the header has two rows.
        header_rows: Records before the first one of data.
        problems: Records that could not be read at all.
        is_numbered: The relation brings record_no and row_no itself; else rows are counted.
        line_of: Record numbers → physical lines.
        is_small: So few rows that planning what is done with them costs more than doing it.
    """

    scan: str
    columns: tuple[str, ...]
    header: tuple[str, ...]
    header_rows: int = 1
    problems: tuple[Problem, ...] = ()
    is_numbered: bool = False
    line_of: LineFinder = no_lines
    is_small: bool = False


def normalised(text: str) -> str:
    """A header as presets name it: no BOM or outer quotes, NFC, single blanks, case-folded."""
    text = unicodedata.normalize("NFC", text.replace("\ufeff", "")).strip()
    while len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return _BLANK.sub(" ", text).casefold()


def keyed_header(header: Sequence[str]) -> list[str]:
    """Normalised names; a repeated one becomes name#2, name#3, left to right."""
    seen: dict[str, int] = {}
    keys = []
    for text in header:
        key = normalised(text)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def joined_header(records: Sequence[Sequence[str]], rows: int) -> tuple[str, ...]:
    """The header of `rows` records; with several, blank top cells take the text at their left."""
    if rows == 0:
        return tuple("" for _ in records[0]) if records else ()
    if rows == 1:
        return tuple(records[0])
    filled, last = [], ""
    for text in records[0]:
        last = text if text.strip() else last
        filled.append(last)
    return tuple(filled)


def column_names(count: int) -> tuple[str, ...]:
    """Names of columns by position; there is always at least one."""
    return tuple(f"c{number:03d}" for number in range(1, max(count, 1) + 1))


def storable(text: str) -> str:
    """A text without what no table can hold: NUL, and halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def shifts(refused: Sequence[int]) -> list[tuple[int, int]]:
    """From which readable record on how many refused ones stand before it.

    Args:
        refused: Record numbers that could not be read, in any order.

    Returns:
        (place among the readable records, refused ones before), ascending, one per place.

    >>> shifts([2, 3, 7])
    [(2, 2), (5, 3)]
    """
    found: dict[int, int] = {}
    for before, record_no in enumerate(sorted(set(refused))):
        found[record_no - before] = before + 1
    return sorted(found.items())


def records_of(session: Session, raw: Raw) -> Iterator[Record]:
    """The readable records of a table, header → text, in file order."""
    keys = keyed_header(raw.header)
    if raw.is_numbered:
        for row in session.rows(f"select record_no, {_listed(raw)} from {raw.scan}"):
            yield Record(int(row[0]), dict(zip(keys, row[1:], strict=False)))
        return
    refused = {problem.record_no for problem in raw.problems}
    number = 0
    for cells in session.rows(f"select {_listed(raw)} from {raw.scan}"):
        number += 1
        while number in refused:
            number += 1
        yield Record(number, dict(zip(keys, cells, strict=False)))


def filled_cells(session: Session, raw: Raw, places: Sequence[int]) -> dict[str, int]:
    """Header → cells with a text below it, of some columns; equal headers are counted as one.

    Args:
        session: Reads the file.
        raw: The file.
        places: Positions of the columns, from 0.
    """
    if not places:
        return {}
    counts = ", ".join(
        f"count(*) filter (trim(cast({raw.columns[at]} as varchar)) <> '')" for at in places
    )
    (found,) = session.rows(f"select {counts} from {raw.scan}")
    filled: dict[str, int] = {}
    for at, count in zip(places, found, strict=True):
        filled[raw.header[at]] = filled.get(raw.header[at], 0) + int(count)
    return filled


def _listed(raw: Raw) -> str:
    return ", ".join(raw.columns)

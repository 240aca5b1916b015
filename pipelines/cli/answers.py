"""What commands print: JSON, CSV and tables as text. Stdout holds the answer and nothing else."""

import csv
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.cli.options import Format

Rows = Sequence[Mapping[str, Any]]

# A spreadsheet takes a cell that begins so for a formula, blanks in front or not.
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
# Wide enough for a name; longer texts would push the numbers off the screen.
MAX_CELL = 60
# What four decimals would show as nothing.
SMALLEST_DECIMAL = 0.0001


def say(text: str) -> None:
    """Writes a line of the answer."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def remark(text: str) -> None:
    """Writes a line beside the answer, to stderr."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def say_json(value: object) -> None:
    """Writes one JSON value."""
    say(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def say_rows(rows: Rows, columns: Sequence[str], form: Format) -> None:
    """Writes rows as CSV or as a table, in the order of `columns`."""
    say(csv_text(rows, columns) if form == "csv" else table_text(rows, columns))


def columns_of(rows: Rows, first: Sequence[str] = ()) -> list[str]:
    """Every key of the rows, `first` in front, in the order in which they come."""
    return list(dict.fromkeys([*first, *(name for row in rows for name in row)]))


def csv_text(rows: Rows, columns: Sequence[str]) -> str:
    r"""Rows as CSV; texts that a spreadsheet would run get an apostrophe in front.

    >>> csv_text([{"name": "=1+1", "value": -2.5}], ["name", "value"])
    "name,value\n'=1+1,-2.5\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_guarded(row.get(name)) for name in columns])
    return text.getvalue()


def _guarded(value: object) -> object:
    if isinstance(value, list | tuple | dict):
        value = _plain(value)
    is_formula = isinstance(value, str) and FORMULA.match(value)
    return f"'{value}" if is_formula else value


def table_text(rows: Rows, columns: Sequence[str]) -> str:
    r"""Rows as aligned columns, numbers to the right; null is an empty cell.

    >>> table_text([{"name": "a", "n": 1}, {"name": "b", "n": 12}], ["name", "n"])
    'name   n\na      1\nb     12\n'
    """
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    to_right = [_is_numeric([row.get(name) for row in rows]) for name in columns]
    widths = [
        max(len(name), *(len(line[place]) for line in cells)) if cells else len(name)
        for place, name in enumerate(columns)
    ]
    lines = [list(columns), *cells]
    return "".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, to_right, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _is_numeric(values: Sequence[object]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float) for value in known)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = printable(number_text(value) if isinstance(value, int | float) else _plain(value))
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def number_text(value: float) -> str:
    """A number for people: thousands in groups, four decimals or four digits.

    >>> number_text(31106), number_text(0.49679), number_text(2.0), number_text(0.00001234)
    ('31,106', '0.4968', '2', '1.234e-05')
    """
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}"
    if abs(value) < SMALLEST_DECIMAL:
        return f"{value:.4g}"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={_plain(one)}" for key, one in value.items())
    return str(value)


def printable(text: str) -> str:
    r"""A text without what would move a terminal's cursor or colour it; line ends stay.

    >>> printable("a\x1b[31mb")
    'a�[31mb'
    """
    return "".join(
        mark if mark.isprintable() or mark == "\n" else "\N{REPLACEMENT CHARACTER}" for mark in text
    )

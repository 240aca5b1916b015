"""Frames → CSV that a spreadsheet opens without running anything. Pure."""

import re

import polars as pl

# A spreadsheet takes a cell that begins so for a formula, blanks in front or not.
# Whatever a spreadsheet may skip before the sign is skipped here too.
_FORMULA = r"^[\s\x00-\x20\x7f-\xa0]*[=+\-@\t\r]"


def csv_text(frame: pl.DataFrame) -> str:
    r"""The frame as CSV; text cells that could be formulas get an apostrophe in front.

    Numbers stay numbers: a negative amount is not text, so it keeps its sign.

    Args:
        frame: Any columns of any types; lists and structs are not expected.

    >>> csv_text(pl.DataFrame({"name": ["=1+1"], "value": [-2.5]}))
    "name,value\n'=1+1,-2.5\n"
    """
    text_columns = [name for name, kind in frame.schema.items() if kind == pl.String]
    cells = frame.with_columns(_guarded(pl.col(name)).alias(name) for name in text_columns)
    return cells.rename({name: guarded(name) for name in frame.columns}).write_csv()


def guarded(text: str) -> str:
    """One text as a spreadsheet shows it and never runs it.

    >>> guarded("=1+1"), guarded("Week-4 retention")
    ("'=1+1", 'Week-4 retention')
    """
    return f"'{text}" if re.match(_FORMULA, text) else text


def _guarded(column: pl.Expr) -> pl.Expr:
    return pl.when(column.str.contains(_FORMULA)).then(pl.lit("'") + column).otherwise(column)

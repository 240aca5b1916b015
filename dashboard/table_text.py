"""Frames → CSV that a spreadsheet opens without running anything. Pure."""

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
    guarded = frame.with_columns(_guarded(pl.col(name)).alias(name) for name in text_columns)
    return guarded.rename({name: _guarded_name(name) for name in frame.columns}).write_csv()


def _guarded(column: pl.Expr) -> pl.Expr:
    return pl.when(column.str.contains(_FORMULA)).then(pl.lit("'") + column).otherwise(column)


def _guarded_name(name: str) -> str:
    return f"'{name}" if name[:1] in {"=", "+", "-", "@"} else name

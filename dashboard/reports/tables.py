"""The tables of a paper → CSV, one file a table; every row says which snapshot it is of. Pure."""

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboard.reports.paper import Cell, Chart, Grid, Paper, Provenance
from dashboard.table_text import csv_text

_LONGEST_NAME = 60


def paper_tables(paper: Paper) -> Mapping[str, bytes]:
    """File name → CSV in UTF-8, for every table and every chart, in reading order."""
    grids = [
        block.table if isinstance(block, Chart) else block
        for section in paper.sections
        for block in section.shown
        if isinstance(block, Chart | Grid)
    ]
    return {
        f"{place:02d}-{_slug(grid.caption)}.csv": grid_csv(grid, paper.provenance)
        for place, grid in enumerate(grids, start=1)
    }


def grid_csv(grid: Grid, provenance: Provenance) -> bytes:
    """A table as CSV: numbers as they were frozen, unknown ones empty, texts never formulas.

    Args:
        grid: Any table. Shares are fractions of 1, dates ISO.
        provenance: Gives each row its `snapshot_id` and `data_as_of`.
    """
    names = _distinct([column.name for column in grid.columns])
    columns = [
        pl.Series(name, [_plain(row[place]) for row in grid.rows], dtype=_kind(grid, place))
        for place, name in enumerate(names)
    ]
    origin = {"snapshot_id": provenance.snapshot_id, "data_as_of": provenance.data_as_of}
    stamps = [pl.lit(value).alias(name) for name, value in origin.items() if name not in names]
    return csv_text(pl.DataFrame(columns).with_columns(stamps)).encode()


def _kind(grid: Grid, place: int) -> pl.DataType:
    """Numbers where a column has a unit; mixed texts, dates and numbers are texts."""
    cells = [row[place] for row in grid.rows if row[place] is not None]
    if cells and all(isinstance(cell, int) for cell in cells):
        return pl.Int64()
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return pl.Float64()
    return pl.String()


def _plain(cell: Cell) -> str | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _distinct(names: list[str]) -> list[str]:
    """Columns of one name are told apart by number: a frame holds each name once."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _slug(text: str) -> str:
    """A file name of letters, digits and hyphens: text from data is never a path."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:_LONGEST_NAME].strip("-") or "table"

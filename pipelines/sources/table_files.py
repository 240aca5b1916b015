"""Workbooks and Parquet files as relations of texts."""

from collections.abc import Sequence
from pathlib import Path

import fastexcel
import polars as pl

from pipelines.engines.duckdb import Session, name, quoted, read_or_refuse
from pipelines.errors import SourceError
from pipelines.sources.raw import LineFinder, Raw, column_names, joined_header

HEAD_ROWS = 3


def xlsx_relation(
    session: Session, path: Path, file_name: str, *, sheet: str | None, header_rows: int
) -> Raw:
    """One sheet as texts; blank rows are passed over.

    Raises:
        SourceError: If it is no workbook, or nobody said which sheet.
    """
    frame = _sheet(path, file_name, sheet)
    columns = column_names(frame.width)
    if not frame.width:
        return Raw("(select null as c001 where false)", columns, ())
    head = [[cell or "" for cell in row] for row in frame.head(HEAD_ROWS).rows()]
    named = frame.rename(dict(zip(frame.columns, columns, strict=True))).slice(header_rows)
    numbered = named.with_row_index("record_no", 1).with_columns(
        pl.col("record_no").cast(pl.Int64), row_no=pl.lit(0, pl.Int64)
    )
    filled = numbered.filter(
        pl.any_horizontal(pl.col(column).str.strip_chars() != "" for column in columns)
    )
    session.register("raw_cells", filled)
    header = joined_header(head, header_rows)
    return Raw(
        "raw_cells",
        columns,
        header,
        header_rows,
        is_numbered=True,
        line_of=_row_finder(header_rows),
    )


def _sheet(path: Path, file_name: str, sheet: str | None) -> pl.DataFrame:
    try:
        book = fastexcel.read_excel(path)
        if sheet is None and len(book.sheet_names) > 1:
            raise SourceError(
                "ask_sheet",
                f"{file_name}: has the sheets {', '.join(book.sheet_names)}. Which one holds the "
                "rows?",
                f'sheet = "{book.sheet_names[0]}"',
            )
        if sheet is not None and sheet not in book.sheet_names:
            raise SourceError(
                "no_sheet",
                f"{file_name}: has no sheet '{sheet}', but {', '.join(book.sheet_names)}.",
            )
        loaded = book.load_sheet(sheet or 0, header_row=None, skip_rows=0, dtypes="string")
        return loaded.to_polars()
    except fastexcel.FastExcelError as problem:
        first = str(problem).splitlines()[0]
        raise SourceError(
            "unreadable",
            f"{file_name}: is no readable workbook ({first}). Save it again, without a password.",
        ) from problem


def _row_finder(header_rows: int) -> LineFinder:
    def line_of(wanted: Sequence[int]) -> dict[int, int]:
        return {number: number + header_rows for number in wanted}

    return line_of


def parquet_relation(session: Session, path: Path, file_name: str) -> Raw:
    """A Parquet file as texts; nested values as JSON.

    An instant without zone stays without one: its zone is asked for, as in any other file.
    """
    scan = f"read_parquet({quoted(str(path))})"
    read_or_refuse(session, f"select count(*) from {scan}", file_name)
    described = session.rows(f"describe select * from {scan}")
    columns = column_names(len(described))
    cells = []
    for column, (header, kind, *_) in zip(columns, described, strict=True):
        is_nested = kind.startswith(("STRUCT", "MAP")) or kind.endswith("[]")
        text = f"to_json({name(header)})" if is_nested else name(header)
        cells.append(f"cast({text} as varchar) as {column}")
    relation = f"(select {', '.join(cells)} from {scan})"
    return Raw(relation, columns, tuple(str(row[0]) for row in described), 0)

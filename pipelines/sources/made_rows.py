"""Records → rows that a preset makes one by one → typed tables, and what became of each record."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.definition import (
    BadCell,
    Context,
    Dropped,
    Preset,
    Record,
    Refused,
    Remark,
    Row,
    Value,
)
from pipelines.sources.mapping_file import parse_mapping
from pipelines.sources.mapping_sql import neutral_mapping, table_plan
from pipelines.sources.raw import Problem, Raw, column_names, storable
from pipelines.sources.source_columns import Columns
from pipelines.sources.tables import TABLES
from pipelines.sources.typed import Typed, typed_table

# A record of which a preset has nothing to say: left out by name, never in silence.
NOTHING_TO_LOAD = "nothing_to_load"
MAX_SMALL_ROWS = 2_000


@dataclass
class Made:
    """What a preset made of all records of a file."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dropped_by: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def made_rows(preset: Preset, records: Sequence[Record], context: Context) -> Made:
    """Runs a preset over all records; every record ends as a row, dropped or refused.

    Raises:
        SourceError: If the export has a shape that the preset does not know.
    """
    made, rules = Made(), dict[int, str]()
    for one in _results(preset, records, context):
        if isinstance(one, Row):
            made.rows.append(one)
        elif isinstance(one, Dropped):
            rules.setdefault(one.record_no, one.rule)
        elif isinstance(one, Remark):
            made.notes.append(one.text)
        else:
            made.problems.append(_problem(one))
    used = {row.record_no for row in made.rows}
    used |= {problem.record_no for problem in made.problems if not problem.is_cell}
    for record in records:
        if record.no in used or (preset.is_lookup and record.no not in rules):
            continue
        made.dropped_by[rules.get(record.no, NOTHING_TO_LOAD)] += 1
    return made


def _results(
    preset: Preset, records: Sequence[Record], context: Context
) -> Iterator[Row | Dropped | Refused | BadCell | Remark]:
    if preset.records is None:
        return
    reached = 0

    def counted() -> Iterable[Record]:
        nonlocal reached
        for record in records:
            reached = record.no
            yield record

    try:
        yield from preset.records(counted(), context)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError) as problem:
        raise SourceError(
            "unreadable",
            f"{context.file_name}: is no {preset.title} as we know it: near record {reached} "
            f"something is missing or of another kind ({type(problem).__name__}: {problem}). "
            "Nothing was loaded. Export it again, or map it yourself: `launchloop map "
            f"{context.file_name}`.",
        ) from problem


def _problem(made: Refused | BadCell) -> Problem:
    return Problem(
        made.record_no,
        made.column,
        storable(str(made.raw)),
        made.code,
        made.text,
        isinstance(made, BadCell),
    )


def own_problems(typed: Sequence[Typed], primary: str, rows: Sequence[Row]) -> list[Problem]:
    """Problems of typing; a bad row of a further table does not refuse the whole record."""
    in_primary = {row.record_no for row in rows if row.table == primary}
    return [
        replace(problem, is_cell=True)
        if one.plan.table.name != primary and problem.record_no in in_primary
        else problem
        for one in typed
        for problem in one.problems
    ]


def typed_rows(session: Session, rows: Sequence[Row], context: Context) -> list[Typed]:
    """Types made rows, table by table, by the neutral mapping of each."""
    by_table: dict[str, list[Row]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row)
    typed = []
    for name, own in by_table.items():
        table = TABLES[name]
        raw = _as_relation(session, own)
        mapping = parse_mapping(neutral_mapping(table, raw.header))
        plan = table_plan(table, mapping, raw, context, Columns(raw, (), context.file_name))
        typed.append(
            typed_table(
                session, raw, plan, file_name=context.file_name, zone="UTC", date_order="infer"
            )
        )
    return typed


def _as_relation(session: Session, rows: Sequence[Row]) -> Raw:
    used = tuple(dict.fromkeys(key for row in rows for key in row.values))
    columns = column_names(len(used))
    cells = {
        column: [_neutral_text(row.values.get(key)) for row in rows]
        for column, key in zip(columns, used, strict=False)
    }
    frame = pl.DataFrame(
        {"record_no": [row.record_no for row in rows], "row_no": list(range(len(rows))), **cells},
        schema={"record_no": pl.Int64, "row_no": pl.Int64, **dict.fromkeys(cells, pl.String)},
    )
    session.register("raw_cells", frame)
    is_small = len(rows) <= MAX_SMALL_ROWS
    return Raw("raw_cells", columns, used, 0, is_numbered=True, is_small=is_small)


def _neutral_text(value: Value) -> str | None:
    """A value of a made row as the text of a neutral CSV."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, list):
        return storable(json.dumps(value, ensure_ascii=False))
    return repr(value) if isinstance(value, float) else storable(str(value))

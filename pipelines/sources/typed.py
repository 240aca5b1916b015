"""Steps 4 and 5 of an import: texts by position → one typed temporary table per canonical table.

A cell that cannot be read never disappears: it is listed, and its row is refused if the column
is required.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.engines.duckdb import Session
from pipelines.sources.cells_sql import MAX_FLAGS, cells_sql, texts_sql
from pipelines.sources.clock_changes import clock_change_notes
from pipelines.sources.formats import FileFacts, settled
from pipelines.sources.identifiers import mend_or_refuse_ids
from pipelines.sources.mapping_sql import Cell, Plan
from pipelines.sources.raw import Problem, Raw, shifts
from pipelines.sources.refusals import Refusals, refuse
from pipelines.sources.tables import Column

__all__ = ["Typed", "cells_sql", "typed_table"]


@dataclass(frozen=True)
class Typed:
    """What typing made of a file, for one canonical table.

    Attributes:
        plan: As carried out, with the date orders and decimal marks that were found.
        relation: Temporary table: record_no, row_no, the canonical columns, record_hash.
        read_count: Records read, refused ones included.
        problems: Refused records and cells.
        dropped_by: Rule → records left out: `mapping` for its `[where]`, `blank`.
        notes: Sentences for the report.
        date_orders: Header → order of day, month and year that its texts settled.
    """

    plan: Plan
    relation: str
    read_count: int
    problems: tuple[Problem, ...]
    dropped_by: Mapping[str, int]
    notes: tuple[str, ...]
    date_orders: Mapping[str, str] = field(default_factory=dict)


def typed_table(  # noqa: PLR0913
    session: Session,
    raw: Raw,
    plan: Plan,
    *,
    file_name: str,
    zone: str | None,
    date_order: str,
    exported_at: datetime | None = None,
    earlier_orders: Mapping[str, str] | None = None,
) -> Typed:
    """Types a file for one table.

    Args:
        session: Holds the temporary tables.
        raw: The file.
        plan: What to make of it.
        file_name: As messages call it.
        zone: For times without offset; None = ask when one occurs.
        date_order: "infer" or the order that the source declares.
        exported_at: Nothing in the file happened later.
        earlier_orders: What earlier files of the source settled, by header.

    Raises:
        SourceError: If a question must be answered by a person first.
    """
    relation = f"typed_{plan.table.name}"
    _run(session, raw, plan, relation)
    facts = FileFacts(file_name, zone, date_order, exported_at, dict(earlier_orders or {}))
    found = settled(session, raw, plan, _failing_columns(session, plan, relation), facts)
    if found.plan is not plan:
        plan = found.plan
        _run(session, raw, plan, relation)
    mend_or_refuse_ids(session, plan, relation, file_name)
    read = session.value(f"select count(distinct record_no) from {relation}")
    left_out = session.value(
        f"select count(distinct record_no) from {relation} where not is_wanted"
    )
    refused = refuse(session, raw, plan, relation, file_name)
    notes = [*found.notes, *refused.notes, *clock_change_notes(session, raw, plan, relation, zone)]
    session.execute(f"delete from {relation} where not is_wanted or not is_there")
    problems = _counted_in(session, raw, relation, refused)
    dropped = {"mapping": left_out, "blank": refused.blank_count}
    return Typed(
        plan,
        relation,
        read + len(raw.problems),
        (*raw.problems, *problems),
        {rule: count for rule, count in dropped.items() if count},
        tuple(notes),
        found.date_orders,
    )


def _run(session: Session, raw: Raw, plan: Plan, relation: str) -> None:
    """One pass: text, value and a bit per cell that could not be read."""
    assert len(plan.cells) <= MAX_FLAGS
    values = "".join(
        f", {cell.typed.replace('{text}', 't_' + cell.column.name)} as v_{cell.column.name}"
        for cell in plan.cells
    )
    cells = {cell.column.name: cell for cell in plan.cells}
    final = []
    for column in (*plan.table.columns, *_extra_columns(plan)):
        value = f"v_{column.name}" if column.name in cells else "null"
        final.append(f"cast({value} as {column.type}) as {column.name}")
    bits = " + ".join(
        f"case when t_{cell.column.name} is not null and v_{cell.column.name} is null "
        f"then cast({1 << number} as hugeint) else 0 end"
        for number, cell in enumerate(plan.cells)
        if cell.typed != "{text}"
    )
    with session.planned_as_written() if raw.is_small else nullcontext():
        session.execute(
            f"create or replace temp table {relation} as "
            f"select record_no, row_no, record_hash, is_wanted, "
            f"({bits or '0'}) as failed, true as is_there, {', '.join(final)} "
            f"from (select *{values} from ({texts_sql(raw, plan)}))"
        )
    for cell in plan.cells:
        if cell.default:
            session.execute(
                f"update {relation} set {cell.column.name} = {cell.default} "
                f"where {cell.column.name} is null and {_passed(plan, cell)}"
            )
    if plan.only != "true":
        session.execute(f"update {relation} set is_there = coalesce({plan.only}, false)")


def _extra_columns(plan: Plan) -> list[Column]:
    names = set(plan.table.column_names)
    return [cell.column for cell in plan.cells if cell.column.name not in names]


def _passed(plan: Plan, cell: Cell) -> str:
    """SQL: this cell was not one that could not be read."""
    bit = 1 << plan.cells.index(cell)
    return f"(failed & cast({bit} as hugeint)) = 0"


def _failing_columns(session: Session, plan: Plan, relation: str) -> frozenset[str]:
    mask = session.value(
        "select cast(coalesce(bit_or(failed), 0) as varchar) "
        f"from {relation} where is_wanted and failed <> 0"
    )
    return frozenset(
        cell.column.name for number, cell in enumerate(plan.cells) if int(mask) & (1 << number)
    )


def _counted_in(session: Session, raw: Raw, relation: str, refused: Refusals) -> Sequence[Problem]:
    """Counts unreadable records in, so that record_no is the place in the file."""
    places = shifts([problem.record_no for problem in raw.problems])
    if raw.is_numbered or not places:
        return refused.problems
    listed = ", ".join(f"({place}, {before})" for place, before in places)
    session.execute(
        f"create or replace temp table {relation} as select {relation}.* "
        f"replace (record_no + coalesce(moved.before, 0) as record_no) from {relation} "
        f"asof left join (values {listed}) as moved (place, before) "
        f"on {relation}.record_no >= moved.place"
    )
    return refused.shifted(places)

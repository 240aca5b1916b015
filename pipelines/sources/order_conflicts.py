"""Rows whose times stand in an order that cannot be: loaded, counted, in no duration.

Answers before questions, ends before starts, history before creation (imports.md 1.5.8). The
times stay as they are: without its end, what ended would run for ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.engines.duckdb import Session, quoted
from pipelines.sources.in_force import rows_sql
from pipelines.sources.keys import Keyed
from pipelines.sources.raw import Problem
from pipelines.sources.refusals import MAX_LISTED_CELLS
from pipelines.sources.tables import TABLES

CODE = "order_conflict"


@dataclass(frozen=True)
class _Order:
    """Two times of one row: `later` cannot lie before `earlier`; `when` is SQL of whose."""

    earlier: str
    later: str
    when: str = "true"


@dataclass(frozen=True)
class _Beside:
    """A time of a row, and the first one of the rows of another table that share its `key`.

    Attributes:
        table: The other one.
        key: Own column → that of the other table.
        own: The row's time.
        other: The time in the other table.
        is_own_later: Whether the row's own time is the one that cannot lie before.
        told: What the other time is, for the message.
        when: SQL of which rows of our own.
        other_when: SQL of which rows of the other table.
    """

    table: str
    key: Mapping[str, str]
    own: str
    other: str
    is_own_later: bool
    told: str
    when: str = "true"
    other_when: str = "true"


_ORDERS: dict[str, tuple[_Order, ...]] = {
    "subscriptions": (
        _Order("started_at", "ended_at"),
        _Order("trial_started_at", "trial_ended_at"),
        _Order("period_started_at", "period_ended_at"),
    ),
    "invoice_lines": (_Order("service_from_at", "service_to_at"),),
    "feedback_items": (
        _Order("submitted_at", "first_answered_at", "time_quality = 'exact'"),
        _Order("submitted_at", "closed_at", "time_quality = 'exact'"),
    ),
    "work_items": (_Order("created_at", "done_at"),),
    "sprints": (_Order("started_at", "planned_end_at"), _Order("started_at", "completed_at")),
    "deployments": (_Order("started_at", "finished_at"),),
    "incidents": (_Order("opened_at", "acknowledged_at"), _Order("opened_at", "resolved_at")),
    "annotations": (_Order("happened_at", "ended_at"),),
}
_HISTORY = "field_code <> 'created' and not is_migration"
_BESIDE: dict[str, tuple[_Beside, ...]] = {
    "work_item_changes": (
        _Beside(
            "work_items", {"work_item_key": "work_item_key"}, "changed_at", "created_at",
            is_own_later=True, told="its item was created", when=_HISTORY,
        ),
    ),
    "work_items": (
        _Beside(
            "work_item_changes", {"work_item_key": "work_item_key"}, "created_at", "changed_at",
            is_own_later=False, told="its history begins", other_when=_HISTORY,
        ),
    ),
    "survey_responses": (
        _Beside(
            "survey_exposures", {"survey_id": "survey_id", "response_id": "exposure_id"},
            "answered_at", "exposed_at", is_own_later=True, told="the question was asked",
            when="time_quality = 'exact'", other_when="exposure_kind in ('delivered', 'shown')",
        ),
    ),
}  # fmt: skip


def order_conflicts(
    session: Session,
    keyed: Keyed,
    others: Mapping[str, Sequence[Path]],
    beside: Mapping[str, Keyed],
    headers: Mapping[str, str],
    zone: str,
) -> list[Problem]:
    """One entry for each time of a row that cannot follow the one it must.

    Args:
        session: Holds the relations.
        keyed: Rows of the file.
        others: Table → landed rows in force, of the tables in `needed_tables`.
        beside: Table → rows of the same file.
        headers: Column → what the file calls it.
        zone: In which a time at midnight may be a day without its hour.
    """
    found = []
    for order in _ORDERS.get(keyed.table.name, ()):
        sql = _rows_sql(keyed.relation, order.earlier, order.later, order.when)
        found += _listed(session, sql, order.later, order.earlier, headers, zone)
    for one in _BESIDE.get(keyed.table.name, ()):
        relations = [rows_sql(others.get(one.table, ()), TABLES[one.table])]
        if one.is_own_later and one.table in beside:
            relations.append(beside[one.table].relation)
        sql = _beside_sql(keyed.relation, one, relations)
        found += _listed(session, sql, one.own, one.told, headers, zone,
                         is_first_later=one.is_own_later)  # fmt: skip
    return found


def needed_tables(table: str) -> list[str]:
    """Tables beside whose rows those of a table are looked at."""
    return [one.table for one in _BESIDE.get(table, ())]


def conflict_note(problems: Sequence[Problem]) -> Iterator[str]:
    """A sentence that counts the rows with such times, where there are any."""
    count = len({problem.record_no for problem in problems if problem.code == CODE})
    if count:
        whose = "1 row has" if count == 1 else f"{count:,} rows have"
        yield (
            f"{whose} times in an order that cannot be (an end before its start, say): counted, "
            "but in no duration. The list of rows to mend has them."
        )


def _rows_sql(relation: str, earlier: str, later: str, when: str) -> str:
    return (
        f"select record_no, row_no, cast({earlier} as timestamptz) as earlier_at, "
        f"cast({later} as timestamptz) as later_at from {relation} where {when}"
    )


def _beside_sql(relation: str, one: _Beside, relations: Sequence[str]) -> str:
    keys = ", ".join(f"{theirs} as {own}" for own, theirs in one.key.items())
    union = " union all ".join(
        f"select {keys}, {one.other} as moment from {rows} where {one.other_when}"
        for rows in relations
    )
    earlier, later = ("moment", one.own) if one.is_own_later else (one.own, "moment")
    names = ", ".join(one.key)
    rows = f"(select * from {relation} where {one.when})"
    others = f"(select {names}, min(moment) as moment from ({union}) group by all)"
    return _rows_sql(f"{rows} inner join {others} using ({names})", earlier, later, "true")


def _listed(  # noqa: PLR0913, PLR0917
    session: Session,
    sql: str,
    own: str,
    other: str,
    headers: Mapping[str, str],
    zone: str,
    *,
    is_first_later: bool = True,
) -> list[Problem]:
    """The rows of two times that stand the wrong way round; a day without its hour may be late."""
    local = f"(later_at at time zone {quoted(zone)})"
    first = f"(earlier_at at time zone {quoted(zone)})"
    shown = "strftime({}, '%Y-%m-%d %H:%M')"
    rows = session.rows(
        f"select record_no, {shown.format('later_at')}, {shown.format('earlier_at')} from ({sql}) "
        f"where later_at < earlier_at and ({local} <> date_trunc('day', {local}) "
        f"or cast({local} as date) < cast({first} as date)) "
        f"order by record_no, row_no limit {MAX_LISTED_CELLS}"
    )
    return [
        _problem(int(record_no), headers.get(own, own), headers.get(other, other), later, earlier,
                 is_first_later=is_first_later)
        for record_no, later, earlier in rows
    ]  # fmt: skip


def _problem(  # noqa: PLR0913
    record_no: int, own: str, other: str, later: str, earlier: str, *, is_first_later: bool
) -> Problem:
    raw, against = (later, earlier) if is_first_later else (earlier, later)
    side = "before" if is_first_later else "after"
    text = (
        f"'{own}' is {raw} UTC, {side} {other} ({against} UTC). The row counts, but in no duration."
    )
    return Problem(record_no, own, raw, CODE, text, is_cell=True)

"""Whether the records are what was saved: the log, the stored hashes, and every row told of."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.core import canonical
from pipelines.reviews.records.chain import ROWS_AT_ONCE, Break, verify
from pipelines.reviews.records.freezes import stored_snapshot_id
from pipelines.reviews.records.saving import told_of
from pipelines.reviews.records.tables import (
    Base,
    Definition,
    Event,
    EventHead,
    FrozenValue,
    Minutes,
    PdcaPlan,
    SavedRequest,
    Snapshot,
    key_of,
)

# Tables without an event for each row: the log itself, and values, which their snapshot's id holds.
NOT_TOLD = (Event, EventHead, SavedRequest, FrozenValue)
TOLD: tuple[type[Any], ...] = tuple(
    mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda each: each.class_.__name__)
    if mapper.class_ not in NOT_TOLD
)

# Table → its name, the column with the hash, and how that is taken again.
HASHED: dict[type[Any], tuple[str, str, Callable[[Session, Any], str]]] = {
    Definition: (
        "definition",
        "definition_hash",
        lambda _, row: canonical.definition_hash(row.body),
    ),
    Snapshot: ("snapshot", "snapshot_id", stored_snapshot_id),
    PdcaPlan: ("plan", "plan_hash", lambda _, row: canonical.plan_hash(row.body)),
    Minutes: ("minutes", "body_hash", lambda _, row: canonical.body_hash(row.body)),
}


def verify_records(session: Session) -> Break | None:
    """The first thing that is not as it was saved; none if all is.

    The log of events comes first, then every hash that is stored beside what it was taken of,
    then every row against the events that tell of it.
    """
    try:
        return verify(session) or next(_wrong_hashes(session), None) or _untold(session)
    except (ValueError, TypeError, DatabaseError) as problem:
        # Whoever edits the file by hand may leave what is no date or no JSON any more.
        return Break("records", "", f"A row cannot be read any more: {problem}.")


def _wrong_hashes(session: Session) -> Iterator[Break]:
    for table, (what, column, again) in HASHED.items():
        for row in _all(session, table):
            try:
                fits = again(session, row) == getattr(row, column)
            except RecordsError:
                fits = False
            if not fits:
                key = key_of(row)
                yield Break(what, key, f"The {what} {key} was changed: its {column} does not fit.")


def _untold(session: Session) -> Break | None:
    told = _told(session)
    for table in TOLD:
        for row in _all(session, table):
            found = _against_events(row, told.pop((row.__tablename__, key_of(row)), None))
            if found is not None:
                return found
    for table_name, key in told:
        if table_name in Base.metadata.tables:
            return Break(
                table_name, key, f"The {table_name} {key} is missing, but events tell of it."
            )
    return None


def _told(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for entity, key, changes in session.execute(
        select(Event.entity, Event.entity_id, Event.changes).order_by(Event.seq)
    ):
        told.setdefault((entity, key), {}).update(changes.get("to", {}))
    return told


def _against_events(row: Base, told: dict[str, Any] | None) -> Break | None:
    table, key = row.__tablename__, key_of(row)
    if told is None:
        return Break(table, key, f"No event tells of the {table} {key}.")
    now = told_of(row)
    for column in sorted(set(now) & set(told)):
        if now[column] != told[column]:
            return Break(
                table, key, f"{column} of the {table} {key} is not what the events tell of it."
            )
    return None


def _all(session: Session, table: type[Any]) -> Iterator[Any]:
    keys = table.__table__.primary_key.columns
    yield from session.scalars(
        select(table).order_by(*keys).execution_options(yield_per=ROWS_AT_ONCE)
    )

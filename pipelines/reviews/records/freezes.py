"""A freeze goes into the records whole, and its id is taken again from what was stored."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import snapshot_id
from pipelines.reviews.records.saving import Author, Row, insert
from pipelines.reviews.records.tables import (
    Base,
    Definition,
    FrozenValue,
    Snapshot,
    Target,
    columns_of,
)

# What of a definition is shown; by which program and when it was first stored is not.
SHOWN_OF_DEFINITION = ("definition_hash", "metric_id", "version", "body", "rule_text")


def save_freeze(
    session: Session,
    snapshot: Snapshot,
    values: Sequence[FrozenValue],
    definitions: Sequence[Definition],
    targets: Sequence[Target],
    author: Author,
) -> Snapshot:
    """Stores a freeze under its id (reviews.md 6, steps 4 and 5).

    Args:
        session: Of `Store.writing`.
        snapshot: Without `snapshot_id`, `taken_at`, `taken_by` and `row_count`: set here.
        values: Without `snapshot_id`.
        definitions: Of every metric in `values`; one that is stored already stays as it is.
        targets: Every target that a value names; one that is stored already stays as it is.
        author: Who takes it, and when.

    Returns:
        The stored snapshot; the earlier one, if the same numbers were frozen before.

    Raises:
        RecordsError: A value names an unknown definition or target, or what was stored is not
            what was to be frozen. Nothing is saved then.
    """
    definitions = [_stored(session, row, row.definition_hash) for row in definitions]
    targets = [_stored(session, row, row.target_id) for row in targets]
    found = snapshot_id(**_parts(snapshot, values, definitions, targets))
    known = session.get(Snapshot, found)
    if known is not None:
        return known
    snapshot.snapshot_id, snapshot.row_count = found, len(values)
    snapshot.taken_at, snapshot.taken_by = author.at, author.actor_id
    for row in (*definitions, *targets):
        if row not in session:
            insert(session, row, author)
    insert(session, snapshot, author, action="frozen")
    for value in values:
        value.snapshot_id = found
    session.add_all(values)
    session.flush()
    session.expire_all()
    if stored_snapshot_id(session, snapshot) != found:
        raise RecordsError("What was stored is not what was to be frozen. Nothing was saved.")
    return snapshot


def stored_snapshot_id(session: Session, snapshot: Snapshot) -> str:
    """The id of a snapshot, computed from its stored rows."""
    return snapshot_id(**stored_parts(session, snapshot))


def stored_parts(session: Session, snapshot: Snapshot) -> dict[str, Any]:
    """What the id of a snapshot is taken of, by the arguments of `canonical.snapshot_id`."""
    values = session.scalars(
        select(FrozenValue).where(FrozenValue.snapshot_id == snapshot.snapshot_id)
    ).all()
    definitions = session.scalars(
        select(Definition).where(
            Definition.definition_hash.in_({value.definition_hash for value in values})
        )
    ).all()
    targets = session.scalars(
        select(Target).where(Target.target_id.in_({value.target_id for value in values}))
    ).all()
    return _parts(snapshot, values, definitions, targets)


def _parts(
    snapshot: Snapshot,
    values: Sequence[FrozenValue],
    definitions: Sequence[Definition],
    targets: Sequence[Target],
) -> dict[str, Any]:
    """All that is named by a value; what no value names is not part of a freeze."""
    by_hash = {row.definition_hash: row for row in definitions}
    by_id = {row.target_id: row for row in targets}
    try:
        shown = {value.definition_hash: by_hash[value.definition_hash] for value in values}
        aims = {value.target_id: by_id[value.target_id] for value in values if value.target_id}
    except KeyError as problem:
        raise RecordsError(f"A frozen value names {problem}, which is not frozen.") from problem
    return {
        "values": [_without(value, "snapshot_id") for value in values],
        "definitions": [
            {name: getattr(row, name) for name in SHOWN_OF_DEFINITION} for row in shown.values()
        ],
        "filters": snapshot.filters,
        "watermarks": snapshot.watermarks,
        "targets": [columns_of(row) for row in aims.values()],
        "engine_version": snapshot.engine_version,
    }


def _stored(session: Session, row: Row, key: str) -> Row:
    return session.get(type(row), key) or row


def _without(row: Base, column: str) -> dict[str, Any]:
    return {name: value for name, value in columns_of(row).items() if name != column}

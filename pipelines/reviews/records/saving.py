"""Saving one row: added or changed with the event that tells it, and never twice by accident."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from pipelines.errors import NotAllowedError, RecordsError, StaleError
from pipelines.reviews.core.canonical import Json, plain
from pipelines.reviews.records.chain import Change, append
from pipelines.reviews.records.tables import Base, SavedRequest, columns_of, key_of

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Author:
    """Who saves, and when by the clock of the one who asked."""

    actor_id: str
    at: datetime


def insert(
    session: Session,
    row: Row,
    author: Author,
    *,
    action: str = "created",
    reason: str | None = None,
) -> Row:
    """Adds a row and the event that holds all its columns.

    Frozen values need no event of their own: the event and the id of their snapshot cover them,
    so they are added by `session.add_all`.

    Raises:
        RecordsError: A column holds what records cannot keep, or the key is taken.
    """
    session.add(row)
    session.flush()
    append(
        session,
        Change(
            at=author.at,
            actor_id=author.actor_id,
            entity=row.__tablename__,
            entity_id=key_of(row),
            action=action,
            to_status=getattr(row, "status", None),
            changes={"to": told_of(row)},
            reason=reason,
        ),
    )
    return row


def update(
    session: Session,
    row: Row,
    expected_version: int,
    changes: Mapping[str, Any],
    author: Author,
    *,
    action: str = "changed",
    reason: str | None = None,
) -> Row:
    """Changes columns of a row, if nobody changed it since it was read.

    Args:
        session: Of `Store.writing`.
        row: The row as it was read, in this session or an earlier one.
        expected_version: Its `row_version` as the person saw it.
        changes: Column → new value; columns that hold it already are left alone.
        author: Who saves.
        action: The word of the event.
        reason: Why, where the rules ask for it.

    Returns:
        The row of this session, changed; its `row_version` is one higher if anything changed.

    Raises:
        StaleError: Somebody else saved meanwhile; holds their texts and yours.
        NotAllowedError: The table is insert-only, or a key or the version was to change.
        RecordsError: The row or a column does not exist.
    """
    _need_changeable(row, changes)
    current = session.get(type(row), inspect(row).identity, populate_existing=True)
    if current is None:
        raise RecordsError(f"There is no {row.__tablename__} {key_of(row)}.")
    before = {name: getattr(current, name) for name in changes}
    if current.row_version != expected_version:  # type: ignore[attr-defined]
        raise StaleError(_stale_text(current, before, changes), before, changes)
    new = {name: value for name, value in changes.items() if plain(value) != plain(before[name])}
    if not new:
        return current
    for name, value in new.items():
        setattr(current, name, value)
    session.flush()
    append(session, _change_of(current, before, new, author, action, reason))
    return current


def once(session: Session, key: str, at: datetime, work: Callable[[], Json]) -> Json:
    """Does the work, or, if a save with this key was answered before, gives that answer again.

    Args:
        session: Of `Store.writing`; the answer is kept in the same transaction.
        key: Made by the page or program once for each save that a person asks for.
        at: When it was asked for.
        work: What is to be done; returns what JSON can hold, such as the new row's id.
    """
    known = session.get(SavedRequest, key)
    if known is not None:
        return known.result["answer"]  # type: ignore[no-any-return]
    result = plain(work())
    session.add(SavedRequest(idempotency_key=key, result={"answer": result}, saved_at=at))
    return result


def told_of(row: Base) -> dict[str, Json]:
    """The columns of a row that events repeat: all but those that must be erasable."""
    return {
        name: plain(value, f"{row.__tablename__}.{name}")
        for name, value in columns_of(row).items()
        if name not in row.kept_out_of_events
    }


def _change_of(
    row: Base,
    before: Mapping[str, Any],
    new: Mapping[str, Any],
    author: Author,
    action: str,
    reason: str | None,
) -> Change:
    told = [name for name in new if name not in row.kept_out_of_events]
    return Change(
        at=author.at,
        actor_id=author.actor_id,
        entity=row.__tablename__,
        entity_id=key_of(row),
        action=action,
        from_status=before["status"] if "status" in new else None,
        to_status=new.get("status"),
        changes={
            "from": {name: before[name] for name in told},
            "to": {
                **{name: new[name] for name in told},
                "row_version": row.row_version,  # type: ignore[attr-defined]
            },
        },
        reason=reason,
    )


def _need_changeable(row: Base, changes: Mapping[str, Any]) -> None:
    table = row.__tablename__
    if row.insert_only:
        raise NotAllowedError(
            f"What stands in {table} stays as it is. Append a row that replaces it."
        )
    if unknown := sorted(set(changes) - set(columns_of(row))):
        raise RecordsError(f"{table} has no column {', '.join(unknown)}.")
    fixed = {*(column.name for column in inspect(type(row)).primary_key), "row_version"}
    if refused := sorted(fixed & set(changes)):
        raise NotAllowedError(f"{', '.join(refused)} of {table} cannot be changed.")


def _stale_text(row: Base, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> str:
    both = "; ".join(
        f"{name}: now “{theirs[name]}”, yours “{yours[name]}”"
        for name in yours
        if plain(theirs[name]) != plain(yours[name])
    )
    return (
        f"Somebody else saved this {row.__tablename__} while you wrote. Nothing was overwritten. "
        f"{both or 'Both texts are the same'}. Read the new text, then save again."
    )

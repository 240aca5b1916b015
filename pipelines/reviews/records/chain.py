"""The log of events: each holds the hash of the one before it, so that no change goes unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import NO_HASH, event_hash, plain
from pipelines.reviews.records.identity import new_id
from pipelines.reviews.records.other_logs import PLACES, fits_other_logs, place_in_first_log
from pipelines.reviews.records.tables import Event, EventHead, Minutes, columns_of, key_of

HEAD_ID = 1
ROWS_AT_ONCE = 1_000
# Set by the store on a session that holds the head's lock, and by `append` on one that logged.
WRITING, LOGGED = "writing", "logged"


@dataclass(frozen=True)
class Change:
    """One thing that a person did, as the log keeps it.

    Attributes:
        at: When, by the clock of the one who asked.
        actor_id: The person who did it.
        entity: The table of the thing.
        entity_id: Its primary key.
        action: One word, such as `created`, `changed`, `locked`, `signed`.
        from_status: The status left, where the action is a transition.
        to_status: The status reached.
        changes: `{"from": {column: value}, "to": {column: value}}`, or what the action needs.
        reason: Why, in the person's words.
    """

    at: datetime
    actor_id: str
    entity: str
    entity_id: str
    action: str
    from_status: str | None = None
    to_status: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True)
class Break:
    """The first place where the records are not what was saved.

    Attributes:
        what: `event`, `plan`, `definition`, `snapshot`, `minutes` or a table's name.
        id: The row's id; for an event its number.
        text: What is wrong, as a sentence.
    """

    what: str
    id: str
    text: str


def append(session: Session, change: Change, event_id: str | None = None) -> Event:
    """Adds an event in the transaction of what it tells; writers wait for each other.

    Args:
        session: Of `Store.writing`, which holds the lock on the head of the log.
        change: What was done.
        event_id: Of an event that another log had before; None = a new one.

    Returns:
        The event with its number and hashes.

    Raises:
        RecordsError: The session does not write, or the change has no canonical form.
    """
    head = session.get(EventHead, HEAD_ID) if session.info.get(WRITING) else None
    if head is None:
        raise RecordsError("An event is appended inside `with store.writing()`, nowhere else.")
    event = Event(
        seq=head.events_count + 1,
        event_id=event_id or new_id(change.at),
        at=change.at,
        actor_id=change.actor_id,
        entity=change.entity,
        entity_id=change.entity_id,
        action=change.action,
        from_status=change.from_status,
        to_status=change.to_status,
        changes=plain(change.changes),
        reason=change.reason,
        prev_hash=head.last_hash,
    )
    event.event_hash = event_hash(head.last_hash, event_body(event))
    head.events_count, head.last_hash = event.seq, event.event_hash
    session.add(event)
    session.info[LOGGED] = True
    return event


def event_body(event: Event) -> dict[str, Any]:
    """What an event's hash is taken of: every column but the two hashes."""
    body = columns_of(event)
    del body["prev_hash"], body["event_hash"]
    return body


def head_of(session: Session) -> tuple[int, str]:
    """How many events there are and the last hash: what published minutes keep."""
    head = session.get(EventHead, HEAD_ID)
    if head is None:
        raise RecordsError("The records have lost the head of their log. Restore a backup.")
    return head.events_count, head.last_hash


def verify(session: Session) -> Break | None:
    """The first event that was changed, removed, moved or cut off; none if the log is whole.

    The end is held against the head of the log and against the count and the last hash that
    every published minutes keep: whoever cuts the log must also rewrite those. Minutes that were
    imported keep a place of the log that they came from; it is held against what their event
    says of that log.
    """
    imported = _imported_minutes(session)
    misplaced = _misplaced(session, imported)
    if misplaced is not None:
        return misplaced
    minutes = _kept_in_minutes(session, imported)
    count, last = 0, NO_HASH
    for event in session.scalars(
        select(Event).order_by(Event.seq).execution_options(yield_per=ROWS_AT_ONCE)
    ):
        if event.seq != count + 1:
            return Break("event", str(count + 1), f"Event {count + 1} is missing.")
        if event.prev_hash != last:
            return Break("event", str(event.seq), f"Event {event.seq} does not follow the last.")
        if event.event_hash != event_hash(last, event_body(event)):
            return Break("event", str(event.seq), f"Event {event.seq} was changed.")
        if not fits_other_logs(event_body(event)):
            text = f"Event {event.seq} is not what the log that it was imported from held."
            return Break("event", str(event.seq), text)
        count, last = event.seq, event.event_hash
        if minutes.pop(count, last) != last:
            return Break(
                "event", str(count), f"Event {count} is not the one that published minutes keep."
            )
    return _end_of(session, count, last, minutes)


def _imported_minutes(session: Session) -> dict[str, Event]:
    """Key of minutes → the event of another log that published them."""
    found = session.scalars(select(Event).where(Event.entity == Minutes.__tablename__))
    return {event.entity_id: event for event in found if PLACES in event.changes}


def _misplaced(session: Session, imported: Mapping[str, Event]) -> Break | None:
    for row in session.scalars(select(Minutes)):
        event = imported.get(key_of(row))
        if event is None:
            continue
        kept = (row.body.get("events_count"), row.body.get("events_last_hash"))
        if place_in_first_log(event_body(event)) != kept:
            text = f"The minutes {key_of(row)} keep another place than their event came from."
            return Break("minutes", key_of(row), text)
    return None


def _kept_in_minutes(session: Session, imported: Mapping[str, Event]) -> dict[int, str]:
    rows = session.scalars(select(Minutes))
    bodies = (row.body for row in rows if key_of(row) not in imported)
    kept = (body for body in bodies if body.get("events_count"))
    return {int(body["events_count"]): str(body["events_last_hash"]) for body in kept}


def _end_of(session: Session, count: int, last: str, minutes: Mapping[int, str]) -> Break | None:
    known, known_hash = head_of(session)
    known = max(known, *minutes) if minutes else known
    if known > count:
        return Break(
            "event", str(count + 1), f"The log ends at event {count}, but {known} were written."
        )
    if known < count or known_hash != last:
        return Break("event", str(count), f"The head of the log does not know event {count}.")
    return None

"""One cycle or meeting with all that proves it, as JSON that can be checked without a database.

Persons stand in it by id only. What a redaction covers is covered here too: events that hold such
a text are told by their hashes alone.
"""

from collections.abc import Iterable
from typing import Any

from pipelines.reviews.core.canonical import Json, hash_of, plain
from pipelines.reviews.records.chain import event_body
from pipelines.reviews.records.freezes import stored_parts
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import REDACTED, masked, masked_items
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.saving import told_of
from pipelines.reviews.records.tables import (
    Base,
    Correction,
    Decision,
    Event,
    EvidenceLink,
    FollowUp,
    MeetingAttendee,
    MeetingItem,
    Minutes,
    OutcomeLink,
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    PdcaVerdict,
    ReviewMeeting,
    Snapshot,
    key_of,
)
from pipelines.reviews.records.verifying_export import FORMAT, WITHHELD

_OF_CYCLE = (PdcaCycle, PdcaMetric, PdcaPlan, PdcaAction, PdcaCheck, PdcaVerdict, FollowUp,
             OutcomeLink)  # fmt: skip
_OF_MEETING = (ReviewMeeting, MeetingAttendee, MeetingItem, Decision, FollowUp, Minutes, Correction)
# Rows that repeat what was written elsewhere: a redaction of the text must reach them, too.
_REPEATING = (PdcaPlan, Minutes)


def cycle_export(session: RecordsSession, cycle_id: str) -> dict[str, Json]:
    """A cycle with its plans, Checks, signatures, decisions, promises, freezes and events."""
    rows = [row for table in _OF_CYCLE for row in _rows(session, table, cycle_id=cycle_id)]
    links = _rows(session, EvidenceLink, subject=PdcaCycle.__tablename__, subject_id=cycle_id)
    events = rows_of(session, Event, entity=PdcaCycle.__tablename__, entity_id=cycle_id)
    made = {each.changes["decision_id"] for each in events if "decision_id" in each.changes}
    decisions = _rows(session, Decision, decision_id=made)
    return _export(session, "cycle", cycle_id, [*rows, *links, *decisions])


def meeting_export(session: RecordsSession, meeting_id: str) -> dict[str, Json]:
    """A meeting with its items, decisions, promises, minutes, corrections, freeze and events."""
    rows = [row for table in _OF_MEETING for row in _rows(session, table, meeting_id=meeting_id)]
    return _export(session, "meeting", meeting_id, rows)


def _rows(session: RecordsSession, table: type[Any], **equal: Any) -> list[Base]:  # noqa: ANN401
    """Rows in the order of their keys, on every database."""
    return sorted(rows_of(session, table, **equal), key=key_of)


def _export(session: RecordsSession, kind: str, thing_id: str, rows: list[Base]) -> dict[str, Json]:
    frozen = _snapshot_ids(rows)
    rows = [*rows, *_rows(session, Snapshot, snapshot_id=frozen)]
    events = _events(session, rows)
    covered = {(each.entity, each.entity_id) for each in events if each.action == REDACTED}
    if covered:
        covered |= {(row.__tablename__, key_of(row)) for row in rows if isinstance(row, _REPEATING)}
    body = {
        "format": FORMAT,
        "kind": kind,
        "id": thing_id,
        "rows": [_row(session, row, covered) for row in rows],
        "snapshots": [_freeze(session, each) for each in frozen],
        "events": [_event(each, covered) for each in events],
    }
    found = plain({**body, "hash": hash_of(body)})
    if not isinstance(found, dict):
        raise TypeError("an export is an object")
    return found


def _row(session: RecordsSession, row: Base, covered: set[tuple[str, str]]) -> dict[str, Any]:
    name, key = row.__tablename__, key_of(row)
    told = told_of(row)
    if (name, key) in covered:
        if isinstance(row, _REPEATING):
            return {"table": name, "key": key, WITHHELD: True}
        told |= {column: _masked(session, row, column, value) for column, value in told.items()}
    return {"table": name, "key": key, "row": told}


def _masked(session: RecordsSession, row: Base, column: str, value: Json) -> Json:
    if isinstance(value, str) and isinstance(getattr(row, column), str):
        return masked(session, row, column)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return list(masked_items(session, row, column))
    return value


def _snapshot_ids(rows: Iterable[Base]) -> list[str]:
    found = {getattr(row, "snapshot_id", None) for row in rows}
    return sorted(each for each in found if each)


def _freeze(session: RecordsSession, snapshot_id: str) -> dict[str, Any]:
    row = row_of(session, Snapshot, snapshot_id, "freeze")
    return {
        "snapshot_id": snapshot_id,
        "warehouse_id": row.warehouse_id,
        "taken_at": row.taken_at,
        "data_as_of": row.data_as_of,
        **stored_parts(session, row),
    }


def _events(session: RecordsSession, rows: Iterable[Base]) -> list[Event]:
    keys: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row.__tablename__, []).append(key_of(row))
    found = [
        event
        for entity, ids in keys.items()
        for event in rows_of(session, Event, entity=entity, entity_id=ids)
    ]
    return sorted(found, key=lambda event: event.seq)


def _event(event: Event, covered: set[tuple[str, str]]) -> dict[str, Any]:
    hashes = {"prev_hash": event.prev_hash, "event_hash": event.event_hash}
    if (event.entity, event.entity_id) in covered:
        kept = {"seq": event.seq, "entity": event.entity, "entity_id": event.entity_id}
        return {**kept, **hashes, WITHHELD: True}
    return {**event_body(event), **hashes}

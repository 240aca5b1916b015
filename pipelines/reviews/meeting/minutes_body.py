"""What minutes hold, assembled from the records alone: nothing is typed twice."""

from typing import Any

from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.meeting.agenda_items import agenda_told
from pipelines.reviews.meeting.check_told import check_told, covered_check
from pipelines.reviews.meeting.values import decision_of, follow_up_of, item_of
from pipelines.reviews.numbers.frozen import values_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import REDACTED, masked, masked_items
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import (
    Decision,
    Event,
    FollowUp,
    MeetingAttendee,
    MeetingItem,
    Snapshot,
    columns_of,
)

Body = dict[str, Any]
# Part of the body → its table, its key, and the columns that people wrote.
_FREE_TEXT: dict[str, tuple[type[Any], str, tuple[str, ...]]] = {
    "items": (MeetingItem, "item_id", ("subject", "note")),
    "decisions": (Decision, "decision_id", ("text", "rationale")),
    "follow_ups": (FollowUp, "follow_up_id", ("title", "reason")),
}


def assembled(session: RecordsSession, meeting: Meeting) -> Body:
    """The body of a meeting's minutes, without its place in the log; persons stand in it by id."""
    told = agenda_told(session, meeting.meeting_id)
    reasons = told.get("reasons", {})
    own = {"meeting_id": meeting.meeting_id}
    items = rows_of(session, MeetingItem, order=["position", "item_id"], **own)
    people = rows_of(session, MeetingAttendee, order=["person_id"], **own)
    decisions = rows_of(session, Decision, order=["decision_id"], **own)
    promises = rows_of(session, FollowUp, order=["follow_up_id"], **own)
    closed = rows_of(
        session, FollowUp, order=["follow_up_id"], closed_in_meeting_id=meeting.meeting_id
    )
    return {
        "meeting": {**vars(meeting), "label": meeting.label},
        "snapshot": _snapshot(session, meeting.snapshot_id),
        "attendees": [
            {"person_id": each.person_id, "present": bool(each.present)} for each in people
        ],
        "items": [
            {
                **vars(item_of(row)),
                "reasons": reasons.get(row.item_id, []),
                "number": newest_number(session, meeting.snapshot_id, row.subject_id),
                "check": check_told(session, row.subject_id),
            }
            for row in items
        ],
        "decisions": [vars(decision_of(row)) for row in decisions],
        "follow_ups": [vars(follow_up_of(row)) for row in promises],
        "closed_follow_ups": [vars(follow_up_of(row)) for row in closed],
        "since_last_review": told.get("since", []),
        "markers": told.get("markers", []),
        "left_out": told.get("left_out", []),
        "data_stand_since": told.get("data_stand_since"),
    }


def newest_number(
    session: RecordsSession, snapshot_id: str | None, subject_id: str | None
) -> Body | None:
    """The newest settled number that a freeze has of a subject; None where it has none."""
    rows = values_of(session, snapshot_id, subject_id)
    settled = (row for row in rows if row.state != ValueState.IMMATURE)
    row = next(settled, None)
    if row is None:
        return None
    left = ("snapshot_id", "special", "total_of_squares")
    return {name: value for name, value in columns_of(row).items() if name not in left}


def _snapshot(session: RecordsSession, snapshot_id: str | None) -> Body | None:
    if snapshot_id is None:
        return None
    row = row_of(session, Snapshot, snapshot_id, "freeze")
    kept = ("snapshot_id", "warehouse_id", "data_as_of", "taken_at", "watermarks", "engine_version")
    return {name: getattr(row, name) for name in kept}


def shown_body(session: RecordsSession, body: Body) -> Body:
    """A body as it may be shown: parts that a later redaction names are covered.

    The stored body and its hash stay; nothing differs where nothing was redacted.
    """
    if not rows_of(session, Event, action=REDACTED):
        return body
    shown = dict(body)
    for part, (table, key, columns) in _FREE_TEXT.items():
        shown[part] = [_covered(session, entry, table, key, columns) for entry in body[part]]
    shown["items"] = [
        {**each, "check": covered_check(session, each.get("check"))} for each in shown["items"]
    ]
    return shown


def _covered(
    session: RecordsSession, entry: Body, table: type[Any], key: str, columns: tuple[str, ...]
) -> Body:
    row = row_of(session, table, entry[key], "record")
    hidden: Body = {
        name: masked(session, row, name) for name in columns if getattr(row, name) == entry[name]
    }
    if table is Decision and row.options == list(entry["options"]):
        hidden["options"] = list(masked_items(session, row, "options"))
    return {**entry, **hidden}

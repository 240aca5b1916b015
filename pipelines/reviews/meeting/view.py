"""Meetings as pages show them: the list, and one meeting with everything that it looks at.

All numbers come from the freeze. Before there is one, a meeting shows none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.read import current_id
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.meeting import Decision, FollowUp, Item, Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About, card_of, thing_of
from pipelines.reviews.core.terms import FollowUpStatus, ItemState, MeetingStatus
from pipelines.reviews.core.timing import Part, parts
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.agenda_items import agenda_told
from pipelines.reviews.meeting.due_things import team_follow_ups
from pipelines.reviews.meeting.in_session import SHOWN
from pipelines.reviews.meeting.minutes import what_blocks
from pipelines.reviews.meeting.saves import may_write, read_meeting
from pipelines.reviews.meeting.since_review import SinceReview, from_told
from pipelines.reviews.meeting.values import decision_of, follow_up_of, item_of, meeting_of
from pipelines.reviews.numbers.frozen import Frozen, FrozenSeries, frozen
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.other_logs import IMPORTED
from pipelines.reviews.records.redaction import masked
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import Decision as DecisionRow
from pipelines.reviews.records.tables import (
    Event,
    EvidenceLink,
    MeetingAttendee,
    MeetingItem,
    ReviewMeeting,
)
from pipelines.reviews.records.tables import FollowUp as FollowUpRow

BEGUN = "begun"
LOOKED_AT = (MeetingStatus.PREREAD_SENT, MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in a list.

    Attributes:
        open_items: Items without an outcome.
        decisions: How many it made.
        is_imported: It was held in another workspace.
    """

    meeting: Meeting
    open_items: int
    decisions: int
    is_imported: bool = False


@dataclass(frozen=True)
class Attendee:
    """Who was invited; `present` is None until somebody notes it."""

    person_id: str
    present: bool | None


@dataclass(frozen=True)
class ItemView:
    """One item with all that its screen shows.

    Attributes:
        row_version: To hand back to `write_note`.
        reasons: Why it is on the agenda, in words.
        numbers: Frozen: chart, value, interval, target, rule; None where it is no number.
        since: Against the last review; None without one.
        markers: Of this number or of everything, in the time of its chart; days as ISO text.
        evidence_ids: Linked to its cycle, number or itself.
    """

    item: Item
    row_version: int
    reasons: tuple[str, ...]
    numbers: FrozenSeries | None
    since: SinceReview | None
    markers: tuple[dict[str, Any], ...]
    evidence_ids: tuple[str, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class MeetingView:
    """A meeting with everything that its page needs.

    Attributes:
        freeze: Its numbers; None before the pre-read or the session.
        items: To be talked about, in order.
        folded: Those with nothing to see.
        current_item_id: What everybody looks at; None before the first.
        current_since: Since when it is.
        begun_at: When the session began, for the timer; None before.
        decisions: All of the meeting.
        follow_ups: Promised in it.
        due_follow_ups: Open promises of the team from before, by date.
        left_out: (metric id, why it could not be shown).
        data_stand_since: When and why the last refresh had failed; None if it did well.
        parts: The minutes and what they are for.
        findings: What blocks publishing, and what is overdue (V23).
        may_write: The speaking person may write in it.
        is_imported: It was held in another workspace.
    """

    meeting: Meeting
    row_version: int
    attendees: tuple[Attendee, ...]
    freeze: Frozen | None
    items: tuple[ItemView, ...]
    folded: tuple[ItemView, ...]
    current_item_id: str | None
    current_since: datetime | None
    begun_at: datetime | None
    decisions: tuple[Decision, ...]
    follow_ups: tuple[FollowUp, ...]
    due_follow_ups: tuple[FollowUp, ...]
    left_out: tuple[tuple[str, str], ...]
    data_stand_since: dict[str, str] | None
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    may_write: bool
    is_imported: bool = False


def meetings(desk: Desk, team_id: str) -> tuple[MeetingLine, ...]:
    """All meetings of a team, the newest first.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.READ, team_id)
    with desk.store.reading() as session:
        rows = rows_of(session, ReviewMeeting, order=["-held_on", "-meeting_id"], team_id=team_id)
        ids = [row.meeting_id for row in rows]
        undecided = rows_of(session, MeetingItem, meeting_id=ids, state=ItemState.PROPOSED.value)
        decided = rows_of(session, DecisionRow, meeting_id=ids)
        imported = imported_among(session, ids)
    return tuple(
        MeetingLine(
            meeting_of(row),
            sum(each.meeting_id == row.meeting_id for each in undecided),
            sum(each.meeting_id == row.meeting_id for each in decided),
            row.meeting_id in imported,
        )
        for row in rows
    )


def meeting_view(desk: Desk, meeting_id: str) -> MeetingView:
    """One meeting; reads the records only.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is none of this id.
    """
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    freeze = frozen(desk.store, meeting.snapshot_id) if meeting.snapshot_id else None
    with desk.store.reading() as session:
        row = row_of(session, ReviewMeeting, meeting_id, "meeting")
        told = agenda_told(session, meeting_id)
        items = _items(session, meeting_id, freeze, told)
        current, current_since = _current(session, meeting_id)
        begun_at = _begun(session, meeting_id)
        own = {"meeting_id": meeting_id}
        people = rows_of(session, MeetingAttendee, order=["person_id"], **own)
        decisions = rows_of(session, DecisionRow, order=["decision_id"], **own)
        promises = rows_of(session, FollowUpRow, order=["due_on", "follow_up_id"], **own)
        due = _due(session, meeting)
        is_imported = bool(imported_among(session, [meeting_id]))
    talked = [each for each in items if each.item.state is not ItemState.NOTHING_TO_SEE]
    folded = [each for each in items if each.item.state is ItemState.NOTHING_TO_SEE]
    return MeetingView(
        meeting=meeting,
        row_version=row.row_version,
        attendees=tuple(Attendee(each.person_id, each.present) for each in people),
        freeze=freeze,
        items=tuple(talked),
        folded=tuple(folded),
        current_item_id=current,
        current_since=current_since,
        begun_at=begun_at,
        decisions=tuple(decision_of(each) for each in decisions),
        follow_ups=tuple(follow_up_of(each) for each in promises),
        due_follow_ups=due,
        left_out=tuple((name, why) for name, why in told.get("left_out", ())),
        data_stand_since=told.get("data_stand_since"),
        parts=parts(desk.team(meeting.team_id).settings.agenda_minutes),
        findings=what_blocks(desk, meeting_id),
        may_write=may_write(desk, meeting),
        is_imported=is_imported,
    )


def newer_snapshot(desk: Desk, meeting: Meeting) -> str | None:
    """The words of a banner where data newer than the freeze are published; None where not."""
    if meeting.snapshot_id is None or meeting.status not in LOOKED_AT:
        return None
    freeze = frozen(desk.store, meeting.snapshot_id)
    newest = current_id(desk.folder)
    if newest in {None, freeze.warehouse_id}:
        return None
    return (
        "Newer data have been published. This meeting keeps the numbers that were frozen on "
        f"{freeze.taken_at:%d %b %Y %H:%M} UTC; the next one takes the new ones."
    )


def _items(
    session: RecordsSession, meeting_id: str, freeze: Frozen | None, told: dict[str, Any]
) -> list[ItemView]:
    since = {each["subject_id"]: from_told(each) for each in told.get("since", ())}
    decisions = rows_of(session, DecisionRow, order=["decision_id"], meeting_id=meeting_id)
    found = []
    for row in rows_of(session, MeetingItem, order=["position", "item_id"], meeting_id=meeting_id):
        numbers = numbers_of(freeze, row.subject_id)
        found.append(
            ItemView(
                item=_with_masks(session, row),
                row_version=row.row_version,
                reasons=tuple(told.get("reasons", {}).get(row.item_id, ())),
                numbers=numbers,
                since=since.get(row.subject_id or ""),
                markers=markers_of(numbers, told.get("markers", ())),
                evidence_ids=_evidence(session, row),
                decisions=tuple(
                    decision_of(each) for each in decisions if each.item_id == row.item_id
                ),
            )
        )
    return found


def _with_masks(session: RecordsSession, row: MeetingItem) -> Item:
    item = item_of(row)
    if row.note is None:
        return item
    return Item(**{**vars(item), "note": masked(session, row, "note")})


def numbers_of(freeze: Frozen | None, subject_id: str | None) -> FrozenSeries | None:
    """The frozen series of a subject; None where it is no number."""
    card = card_of(subject_id)
    if freeze is None or card is None:
        return None
    return freeze.of(card.metric_id, card.segment_key)


def markers_of(numbers: FrozenSeries | None, markers: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401
    """The markers of a number or of everything, in the time of its chart."""
    if numbers is None or not numbers.points:
        return ()
    start, end = numbers.points[0].start.isoformat(), numbers.points[-1].end.isoformat()
    return tuple(
        dict(each)
        for each in markers
        if each["metric_id"] in {None, numbers.metric_id}
        and each["happened_on"] < end
        and (each["until_on"] or each["happened_on"]) >= start
    )


def _evidence(session: RecordsSession, row: MeetingItem) -> tuple[str, ...]:
    subjects = [(About.MEETING_ITEM.value, row.item_id)]
    if row.subject_id:
        about, thing_id = thing_of(row.subject_id)
        card = card_of(row.subject_id)
        subjects.append((about.value, card.metric_id if card else thing_id))
    links = [
        link
        for subject, thing_id in subjects
        for link in rows_of(session, EvidenceLink, subject=subject, subject_id=thing_id)
    ]
    return tuple(sorted({link.evidence_id for link in links}))


def _current(session: RecordsSession, meeting_id: str) -> tuple[str | None, datetime | None]:
    events = rows_of(
        session, Event, order=["-seq"], entity="review_meeting", entity_id=meeting_id, action=SHOWN
    )
    return (events[0].changes["item_id"], events[0].at) if events else (None, None)


def imported_among(session: RecordsSession, meeting_ids: Sequence[str]) -> set[str]:
    """Ids of those meetings that were held in another workspace."""
    told = {"entity": "review_meeting", "entity_id": list(meeting_ids), "action": IMPORTED}
    return {event.entity_id for event in rows_of(session, Event, **told)}


def _begun(session: RecordsSession, meeting_id: str) -> datetime | None:
    events = rows_of(session, Event, entity="review_meeting", entity_id=meeting_id, action=BEGUN)
    return events[0].at if events else None


def _due(session: RecordsSession, meeting: Meeting) -> tuple[FollowUp, ...]:
    """Open promises of the team that were not made in this meeting."""
    return tuple(
        follow_up_of(row)
        for row in team_follow_ups(session, meeting.team_id)
        if row.status == FollowUpStatus.OPEN and row.meeting_id != meeting.meeting_id
    )

"""Review meetings, their items, decisions and the promises made in them, as frozen values. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.finding import Finding, refuse_if_blocked
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.states import refuse_unless_may_follow
from pipelines.reviews.core.terms import (
    FollowUpStatus,
    ItemSource,
    ItemState,
    MeetingKind,
    MeetingStatus,
)

NO_PREREAD = "no pre-read"


@dataclass(frozen=True)
class Meeting:
    """One review; the columns of `review_meeting`.

    Attributes:
        snapshot_id: The freeze that it looks at; None until the pre-read or the session.
        preread_at: When the pre-read went out; None = "no pre-read".
    """

    meeting_id: str
    team_id: str
    kind: MeetingKind
    held_on: date
    series: str | None = None
    timezone: str = "UTC"
    facilitator_id: str | None = None
    note_taker_id: str | None = None
    status: MeetingStatus = MeetingStatus.SCHEDULED
    snapshot_id: str | None = None
    preread_at: datetime | None = None

    @property
    def label(self) -> str:
        """What must stand beside a meeting that began without a pre-read."""
        begun = self.status not in (MeetingStatus.SCHEDULED, MeetingStatus.CANCELLED)
        return NO_PREREAD if begun and self.preread_at is None else ""


@dataclass(frozen=True)
class Item:
    """One thing on an agenda; the columns of `meeting_item`."""

    item_id: str
    meeting_id: str
    position: int
    source: ItemSource
    subject: str
    subject_id: str | None = None
    state: ItemState = ItemState.PROPOSED
    note: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a meeting decided; the columns of `decision`. Replaced by one that reverses it."""

    decision_id: str
    meeting_id: str | None = None
    item_id: str | None = None
    text: str = ""
    options: tuple[str, ...] = ()
    decider_id: str | None = None
    rationale: str | None = None
    snapshot_id: str | None = None
    reverses_id: str | None = None
    revisit_on: date | None = None


@dataclass(frozen=True)
class FollowUp:
    """A promise with one owner and one date; the columns of `follow_up`.

    Attributes:
        redated: How often its date was moved.
    """

    follow_up_id: str
    title: str
    owner_id: str | None = None
    due_on: date | None = None
    decision_id: str | None = None
    meeting_id: str | None = None
    cycle_id: str | None = None
    redated: int = 0
    status: FollowUpStatus = FollowUpStatus.OPEN
    closed_in_meeting_id: str | None = None
    evidence_id: str | None = None
    reason: str | None = None

    def is_overdue(self, today: date) -> bool:
        """Open, and its day is over."""
        is_open = self.status is FollowUpStatus.OPEN
        return is_open and self.due_on is not None and self.due_on < today


def send_preread(meeting: Meeting, snapshot_id: str, at: datetime) -> Meeting:
    """The meeting with its freeze taken and its pre-read sent.

    Raises:
        NotAllowedError: If it is not scheduled.
    """
    moved = _moved(meeting, MeetingStatus.PREREAD_SENT)
    return replace(moved, snapshot_id=snapshot_id, preread_at=at)


def begin(meeting: Meeting, snapshot_id: str) -> Meeting:
    """The meeting in session: on the pre-read's freeze, else on one taken now.

    Args:
        meeting: Scheduled or with its pre-read sent.
        snapshot_id: Of a freeze taken now; not used where the pre-read has one.

    Raises:
        NotAllowedError: If it cannot begin.
    """
    moved = _moved(meeting, MeetingStatus.IN_SESSION)
    return replace(moved, snapshot_id=meeting.snapshot_id or snapshot_id)


def end(meeting: Meeting) -> Meeting:
    """The meeting over, its minutes still to be read and published.

    Raises:
        NotAllowedError: If it is not in session.
    """
    return _moved(meeting, MeetingStatus.MINUTES_DRAFT)


def publish(meeting: Meeting, findings: tuple[Finding, ...]) -> Meeting:
    """The meeting with its minutes published; final.

    Args:
        meeting: With draft minutes.
        findings: Of `rules.findings(Phase.PUBLISH, …)`.

    Raises:
        NotAllowedError: If there are no draft minutes, or a finding blocks.
    """
    moved = _moved(meeting, MeetingStatus.PUBLISHED)
    refuse_if_blocked(findings)
    return moved


def cancel_meeting(meeting: Meeting) -> Meeting:
    """The meeting cancelled; final.

    Raises:
        NotAllowedError: If it is published or cancelled.
    """
    return _moved(meeting, MeetingStatus.CANCELLED)


def set_item(item: Item, state: ItemState, *, note: str | None = None) -> Item:
    """The item in another state.

    Args:
        item: Of an agenda.
        state: What the meeting made of it.
        note: What was said; of a parked item that came by itself, the reason.

    Raises:
        NotAllowedError: If an item that came by itself is parked without a reason.
    """
    note = note or item.note
    is_own = item.source is ItemSource.MANUAL
    if state is ItemState.PARKED and not is_own and not given(note):
        raise NotAllowedError(f"Say why “{item.subject}” is parked; it came by itself.")
    return replace(item, state=state, note=note)


def redate(follow_up: FollowUp, due_on: date) -> FollowUp:
    """The follow-up with a new date: still open, and counted as re-dated.

    Raises:
        NotAllowedError: If it is closed, or the date is the one it has.
    """
    _refuse(follow_up, FollowUpStatus.OPEN)
    if due_on == follow_up.due_on:
        raise NotAllowedError(
            f"“{follow_up.title}” is due on {in_words(due_on)} already; give a new date."
        )
    return replace(follow_up, due_on=due_on, redated=follow_up.redated + 1)


def fulfil(
    follow_up: FollowUp, evidence_id: str | None, *, meeting_id: str | None = None
) -> FollowUp:
    """The follow-up done, with what shows it.

    Args:
        follow_up: Open.
        evidence_id: Of the evidence.
        meeting_id: The meeting in which it was closed, if in one.

    Raises:
        NotAllowedError: If it is closed, or nothing shows it.
    """
    _refuse(follow_up, FollowUpStatus.DONE)
    if not given(evidence_id):
        raise NotAllowedError(f"Link what shows that “{follow_up.title}” is done: a note will do.")
    return replace(
        follow_up,
        status=FollowUpStatus.DONE,
        evidence_id=evidence_id,
        closed_in_meeting_id=meeting_id,
    )


def drop(follow_up: FollowUp, reason: str | None, *, meeting_id: str | None = None) -> FollowUp:
    """The follow-up dropped, with the reason.

    Raises:
        NotAllowedError: If it is closed, or there is no reason.
    """
    _refuse(follow_up, FollowUpStatus.DROPPED)
    if not given(reason):
        raise NotAllowedError(f"Say why “{follow_up.title}” is dropped.")
    return replace(
        follow_up, status=FollowUpStatus.DROPPED, reason=reason, closed_in_meeting_id=meeting_id
    )


def _moved(meeting: Meeting, then: MeetingStatus) -> Meeting:
    refuse_unless_may_follow("The meeting", meeting.status, then)
    return replace(meeting, status=then)


def _refuse(follow_up: FollowUp, then: FollowUpStatus) -> None:
    refuse_unless_may_follow(f"“{follow_up.title}”", follow_up.status, then)

"""Review meetings: agenda, decisions, follow-ups, minutes and their corrections."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import (
    FollowUpStatus,
    ItemSource,
    ItemState,
    MeetingKind,
    MeetingStatus,
)
from pipelines.reviews.records.tables.base import (
    Base,
    Id,
    InsertOnly,
    Items,
    MaybeCycleRef,
    MaybeItemRef,
    MaybeMeetingRef,
    MaybePersonRef,
    MaybeSnapshotRef,
    MeetingRef,
    Object,
    PersonRef,
    TeamRef,
    Versioned,
    one_of,
    refers_to,
)


class ReviewMeeting(Versioned, Base):
    """One meeting of a series; its numbers are those of its snapshot."""

    __tablename__ = "review_meeting"
    __table_args__ = (one_of("kind", MeetingKind), one_of("status", MeetingStatus))

    meeting_id: Mapped[Id]
    team_id: Mapped[TeamRef]
    series: Mapped[str | None]
    kind: Mapped[str]
    held_on: Mapped[date]
    timezone: Mapped[str]
    facilitator_id: Mapped[MaybePersonRef]
    note_taker_id: Mapped[MaybePersonRef]
    status: Mapped[str] = mapped_column(default=MeetingStatus.SCHEDULED.value)
    snapshot_id: Mapped[MaybeSnapshotRef]
    preread_at: Mapped[datetime | None]


class MeetingAttendee(Versioned, Base):
    """Who was invited, and whether they came."""

    __tablename__ = "meeting_attendee"

    meeting_id: Mapped[str] = mapped_column(
        refers_to("review_meeting.meeting_id"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(refers_to("person.person_id"), primary_key=True)
    present: Mapped[bool | None]


class MeetingItem(Versioned, Base):
    """A point of the agenda; `position` counts from 1."""

    __tablename__ = "meeting_item"
    __table_args__ = (one_of("source", ItemSource), one_of("state", ItemState))

    item_id: Mapped[Id]
    meeting_id: Mapped[MeetingRef]
    position: Mapped[int]
    source: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str | None]
    state: Mapped[str | None]
    note: Mapped[str | None]


class Decision(InsertOnly, Base):
    """What was decided, by whom and why; it is replaced by one that reverses it."""

    __tablename__ = "decision"

    decision_id: Mapped[Id]
    meeting_id: Mapped[MaybeMeetingRef]
    item_id: Mapped[MaybeItemRef]
    text: Mapped[str]
    options: Mapped[Items] = mapped_column(default=list)
    decider_id: Mapped[PersonRef]
    rationale: Mapped[str]
    snapshot_id: Mapped[MaybeSnapshotRef]
    reverses_id: Mapped[str | None] = mapped_column(refers_to("decision.decision_id"))
    revisit_on: Mapped[date | None]


class FollowUp(Versioned, Base):
    """A promise from a meeting: one owner, one date; `redated` counts new dates."""

    __tablename__ = "follow_up"
    __table_args__ = (one_of("status", FollowUpStatus),)

    follow_up_id: Mapped[Id]
    decision_id: Mapped[str | None] = mapped_column(refers_to("decision.decision_id"))
    meeting_id: Mapped[MaybeMeetingRef]
    cycle_id: Mapped[MaybeCycleRef]
    title: Mapped[str]
    owner_id: Mapped[PersonRef]
    due_on: Mapped[date]
    redated: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default=FollowUpStatus.OPEN.value)
    closed_in_meeting_id: Mapped[MaybeMeetingRef]
    evidence_id: Mapped[str | None] = mapped_column(refers_to("evidence.evidence_id"))
    reason: Mapped[str | None]


class Minutes(InsertOnly, Base):
    """Minutes as published; `body` keeps `events_count` and `events_last_hash` of that moment."""

    __tablename__ = "minutes"

    meeting_id: Mapped[str] = mapped_column(
        refers_to("review_meeting.meeting_id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[Object]
    body_hash: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[PersonRef]


class Correction(InsertOnly, Base):
    """A later word on published minutes, shown beside the original."""

    __tablename__ = "correction"

    correction_id: Mapped[Id]
    meeting_id: Mapped[MeetingRef]
    item_id: Mapped[MaybeItemRef]
    text: Mapped[str]
    reason: Mapped[str]
    author_id: Mapped[PersonRef]
    at: Mapped[datetime]

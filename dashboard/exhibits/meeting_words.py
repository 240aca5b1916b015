"""Meetings and their agendas in words. Pure but for the records it reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import meeting_records
from dashboard.format import counted, day
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingStatus
from pipelines.reviews.meeting.agenda_items import OVER_LIMIT
from pipelines.reviews.meeting.view import ItemView, MeetingLine, MeetingView

BEFORE = (MeetingStatus.SCHEDULED, MeetingStatus.PREREAD_SENT)
STATUS = {
    MeetingStatus.SCHEDULED: "Scheduled",
    MeetingStatus.PREREAD_SENT: "Pre-read sent",
    MeetingStatus.IN_SESSION: "In session",
    MeetingStatus.MINUTES_DRAFT: "Minutes to be published",
    MeetingStatus.PUBLISHED: "Published",
    MeetingStatus.CANCELLED: "Cancelled",
}
STATE = {
    ItemState.PROPOSED: "To be talked about",
    ItemState.DISCUSSED: "Discussed",
    ItemState.PARKED: "Parked",
    ItemState.NOTHING_TO_SEE: "Nothing to see",
}
SOURCE = {
    ItemSource.AUTO_SIGNAL: "Signal",
    ItemSource.DUE_CHECK: "Check due",
    ItemSource.OVERDUE: "Overdue",
    ItemSource.CARRIED: "Carried over",
    ItemSource.EVIDENCE: "Evidence",
    ItemSource.MANUAL: "Added by hand",
}
_GROUPS = (
    ("In session", (MeetingStatus.IN_SESSION,)),
    ("Minutes to be published", (MeetingStatus.MINUTES_DRAFT,)),
    ("Planned", BEFORE),
    ("Published", (MeetingStatus.PUBLISHED,)),
    ("Cancelled", (MeetingStatus.CANCELLED,)),
)
_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
# Goes out a day before, so the day before is the last one.
PREREAD_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class LineWords:
    """A meeting in a list."""

    meeting_id: str
    title: str
    about: str
    status: MeetingStatus


def groups(who: Speaker, team_id: str) -> dict[str, list[LineWords]]:
    """Name of a group → its meetings; those that want something done come first."""
    found = meeting_records.lines(who, team_id)
    told = {}
    for name, statuses in _GROUPS:
        of_group = [line for line in found if line.meeting.status in statuses]
        if statuses == BEFORE:
            of_group.reverse()
        told[name] = [_line(line, who) for line in of_group]
    return {name: some for name, some in told.items() if some}


def _line(line: MeetingLine, who: Speaker) -> LineWords:
    meeting = line.meeting
    leads = f"led by {who.name(meeting.facilitator_id)}"
    parts = [STATUS[meeting.status], leads]
    if line.is_imported:
        parts.append("imported")
    if meeting.label:
        parts.append(meeting.label)
    if line.decisions:
        parts.append(counted(line.decisions, "decision"))
    if line.open_items and meeting.status in (*BEFORE, MeetingStatus.IN_SESSION):
        parts.append(f"{counted(line.open_items, 'item')} to talk about")
    return LineWords(meeting.meeting_id, title(meeting), " · ".join(parts), meeting.status)


def title(meeting: Meeting) -> str:
    """Which review it is, and its day."""
    return f"{words(meeting.kind)}, {day(meeting.held_on)}"


def about(shown: MeetingView, who: Speaker) -> str:
    """Who leads, who writes, who is invited."""
    meeting = shown.meeting
    led_by = {meeting.facilitator_id, meeting.note_taker_id}
    others = [who.name(each.person_id) for each in shown.attendees if each.person_id not in led_by]
    told = [f"Led by {who.name(meeting.facilitator_id)}"]
    if meeting.note_taker_id:
        told.append(f"notes by {who.name(meeting.note_taker_id)}")
    if others:
        told.append(f"with {', '.join(others)}")
    return f"{'; '.join(told)}."


def badges(shown: MeetingView) -> tuple[str, ...]:
    """State, freeze and its data date; what must stand beside it wherever it is shown."""
    told = [STATUS[shown.meeting.status]]
    if shown.is_imported:
        told.append("imported")
    if shown.meeting.label:
        told.append(shown.meeting.label)
    if shown.freeze is not None:
        told += frozen_badges(shown)
    return tuple(told)


def frozen_badges(shown: MeetingView) -> tuple[str, ...]:
    """When the numbers were frozen, and up to when they reach."""
    freeze = shown.freeze
    if freeze is None:
        return ()
    until = [f"Data to {day(last_day(freeze.data_as_of))}"] if freeze.data_as_of else []
    return (*until, f"Frozen {day(freeze.taken_at)}", f"Snapshot {freeze.snapshot_id[:8]}")


def last_day(as_of: date) -> date:
    """The last complete day before a moment."""
    return as_of - timedelta(microseconds=1)


def stands_told(shown: MeetingView) -> str:
    """Since when the data stand, where the last refresh failed; "" where it did well."""
    failed = shown.data_stand_since
    if not failed:
        return ""
    return (
        f"The last refresh before this freeze was not published. The data stand since "
        f"{day_of_text(failed.get('since', ''))}: {failed.get('reason', '')}"
    )


def is_over_limit(shown: ItemView) -> bool:
    """Whether the limit of metrics parked it, not a person."""
    return shown.item.state is ItemState.PARKED and shown.item.note == OVER_LIMIT


def talked_about(shown: MeetingView) -> list[ItemView]:
    """What the agenda holds, without what lies over its limit."""
    return [each for each in shown.items if not is_over_limit(each)]


def reasons_told(shown: ItemView) -> str:
    """Why an item is on the agenda; of one added by hand, that it was."""
    reasons = list(dict.fromkeys(shown.reasons)) or [f"{SOURCE[shown.item.source]}."]
    return dates_told(" ".join(reasons))


def dates_told(text: str) -> str:
    """Days that a kept sentence writes as ISO text, as pages write them.

    >>> dates_told("Overdue since 2026-03-02.")
    'Overdue since 2 Mar 2026.'
    """
    return _ISO_DAY.sub(lambda found: day_of_text(found[0]), text)


def day_of_text(text: str) -> str:
    """The day of a date or moment in ISO text; what only looks like one stays as it is.

    >>> day_of_text("2026-03-02T07:15:00+00:00"), day_of_text("2026-99-99")
    ('2 Mar 2026', '2026-99-99')
    """
    try:
        return day(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def outlook(items: Sequence[ItemView]) -> str:
    """How many things there are to talk about."""
    return f"{counted(len(items), 'item')} to talk about, the most pressing first."


def preread_told(shown: MeetingView, today: date) -> str:
    """What becomes of the numbers, and until when the pre-read can be sent."""
    meeting = shown.meeting
    latest = meeting.held_on - PREREAD_BEFORE
    if meeting.preread_at is not None:
        return (
            f"The pre-read was sent on {day(meeting.preread_at)}. Its numbers are frozen: the "
            "meeting shows them, whatever comes in later."
        )
    if today > latest:
        return (
            "It is too late for a pre-read, which goes out at least 24 hours before. Starting now "
            "freezes the numbers, and the minutes say “no pre-read”."
        )
    return (
        f"The pre-read goes out by {day(latest)}, at least 24 hours before. Sending it freezes "
        "the numbers. Starting now freezes them too, and the minutes say “no pre-read”."
    )


def may_send(shown: MeetingView, today: date) -> bool:
    """Whether a pre-read can still be read."""
    is_waiting = shown.meeting.status is MeetingStatus.SCHEDULED
    return is_waiting and today <= shown.meeting.held_on - PREREAD_BEFORE


def since(who: Speaker, shown: MeetingView) -> date | None:
    """The day of the team's last review before this one; None before the first."""
    held = (MeetingStatus.MINUTES_DRAFT, MeetingStatus.PUBLISHED)
    own = shown.meeting
    earlier = [
        line.meeting.held_on
        for line in meeting_records.lines(who, own.team_id)
        if line.meeting.status in held
        and line.meeting.meeting_id != own.meeting_id
        and line.meeting.held_on <= own.held_on
    ]
    return max(earlier, default=None)

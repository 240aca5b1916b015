"""Promises of a team: listed, kept, dropped, given a new date; and how well it keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import meeting as core
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.health import Health, Promise, health
from pipelines.reviews.core.meeting import FollowUp
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import FollowUpStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.due_things import team_follow_ups
from pipelines.reviews.meeting.values import follow_up_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import (
    Event,
    Evidence,
    EvidenceLink,
    PdcaCycle,
    ReviewMeeting,
)
from pipelines.reviews.records.tables import FollowUp as FollowUpRow
from pipelines.reviews.saving_work import Save

REDATED = "redated"
_CLOSED = frozenset({FollowUpStatus.DONE.value, FollowUpStatus.DROPPED.value})


@dataclass(frozen=True)
class FollowUpLine:
    """A promise as lists show it.

    Attributes:
        row_version: To hand back with a change.
        made_on: The day on which it was made, in the reporting zone.
        closed_on: The day on which it was done or dropped; None while it is open.
        is_overdue: Open, and its day is over.
        days_open: From the day it was made until closed, or until today.
    """

    follow_up: FollowUp
    row_version: int
    made_on: date
    closed_on: date | None
    is_overdue: bool
    days_open: int


def follow_ups(
    desk: Desk,
    team_id: str,
    *,
    owner_id: str | None = None,
    status: FollowUpStatus | None = None,
) -> tuple[FollowUpLine, ...]:
    """Promises of a team, overdue ones first, then by date.

    Args:
        desk: Who reads.
        team_id: Of the team.
        owner_id: Of one person only.
        status: Of one state only.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.READ, team_id)
    with desk.store.reading() as session:
        rows = team_follow_ups(session, team_id)
        days = _days(desk, session, rows)
    lines = [
        _line(desk, row, *days[row.follow_up_id])
        for row in rows
        if owner_id in {None, row.owner_id} and status in {None, row.status}
    ]
    return tuple(sorted(lines, key=lambda each: not each.is_overdue))


def team_health(desk: Desk, team_id: str) -> Health:
    """Follow-through, re-dated share and open age, with their intervals.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    lines = follow_ups(desk, team_id)
    promises = [Promise(each.follow_up, each.made_on, each.closed_on) for each in lines]
    return health(promises, desk.today)


def fulfil(
    desk: Desk,
    follow_up_id: str,
    evidence_id: str,
    *,
    meeting_id: str | None = None,
    key: str | None = None,
) -> str:
    """Closes a promise as done, with the evidence that shows it.

    Args:
        desk: Its owner, or whoever runs meetings.
        follow_up_id: Open.
        evidence_id: What shows it.
        meeting_id: The meeting in which it is closed, if in one.
        key: For a second click.

    Raises:
        NotAllowedError: The role does not allow it, it is closed, or nothing shows it.
    """

    def change(save: Save, found: FollowUp) -> FollowUp:
        if given(evidence_id):
            row_of(save.session, Evidence, evidence_id, "piece of evidence")
        return core.fulfil(found, evidence_id, meeting_id=meeting_id)

    return _changed(desk, follow_up_id, change, "done", key=key)


def drop(
    desk: Desk,
    follow_up_id: str,
    reason: str,
    *,
    meeting_id: str | None = None,
    key: str | None = None,
) -> str:
    """Drops a promise, with the reason.

    Raises:
        NotAllowedError: The role does not allow it, it is closed, or there is no reason.
    """

    def change(_save: Save, found: FollowUp) -> FollowUp:
        return core.drop(found, reason, meeting_id=meeting_id)

    return _changed(desk, follow_up_id, change, "dropped", reason=reason, key=key)


def redate(
    desk: Desk, follow_up_id: str, due_on: date, reason: str, *, key: str | None = None
) -> str:
    """Gives a promise a new date, which is counted.

    Raises:
        NotAllowedError: The role does not allow it, it is closed, the date is over or the one
            it has, or there is no reason.
    """
    if not given(reason):
        raise NotAllowedError("Say why the date is moved; it is counted.")
    if due_on < desk.today:
        raise NotAllowedError(f"{in_words(due_on)} is over. Give today or a later day.")

    def change(_save: Save, found: FollowUp) -> FollowUp:
        return core.redate(found, due_on)

    return _changed(desk, follow_up_id, change, REDATED, reason=reason, key=key)


def team_of(session: RecordsSession, row: FollowUpRow) -> str:
    """The team of a promise: that of its meeting, else of its cycle, else of its training.

    Raises:
        NotAllowedError: It has none of them.
    """
    if row.meeting_id is not None:
        return row_of(session, ReviewMeeting, row.meeting_id, "meeting").team_id
    if row.cycle_id is not None:
        return row_of(session, PdcaCycle, row.cycle_id, "cycle").team_id
    links = rows_of(
        session, EvidenceLink, subject=About.FOLLOW_UP.value, subject_id=row.follow_up_id
    )
    if links:
        return row_of(session, Evidence, links[0].evidence_id, "piece of evidence").team_id
    raise NotAllowedError(f"“{row.title}” belongs to no team. Link a meeting or a cycle.")


def _changed(
    desk: Desk,
    follow_up_id: str,
    change: Callable[[Save, FollowUp], FollowUp],
    action: str,
    *,
    reason: str | None = None,
    key: str | None = None,
) -> str:
    _need_own(desk, follow_up_id)
    with desk.saving(key) as save:

        def work() -> str:
            row = row_of(save.session, FollowUpRow, follow_up_id, "follow-up")
            before = follow_up_of(row)
            after = change(save, before)
            if after.closed_in_meeting_id is not None:
                row_of(save.session, ReviewMeeting, after.closed_in_meeting_id, "meeting")
            changes = {
                name: value for name, value in vars(after).items() if value != getattr(before, name)
            }
            save.update(row, row.row_version, changes, action=action, reason=reason)
            return follow_up_id

        return str(save.once(work))


def _need_own(desk: Desk, follow_up_id: str) -> None:
    """One's own promise, or the role to run meetings."""
    with desk.store.reading() as session:
        row = row_of(session, FollowUpRow, follow_up_id, "follow-up")
        team_id = team_of(session, row)
    is_own = row.owner_id == desk.person_id
    desk.require(Permission.CONTRIBUTE if is_own else Permission.RUN_MEETING, team_id)


def _days(
    desk: Desk, session: RecordsSession, rows: list[FollowUpRow]
) -> dict[str, tuple[date, date | None]]:
    """Follow-up id → the days on which it was made and closed, as the log tells."""
    ids = [row.follow_up_id for row in rows]
    zone = ZoneInfo(desk.settings.product.timezone)
    made: dict[str, datetime] = {}
    closed: dict[str, datetime] = {}
    for event in rows_of(session, Event, order=["seq"], entity="follow_up", entity_id=ids):
        made.setdefault(event.entity_id, event.at)
        if event.to_status in _CLOSED:
            closed[event.entity_id] = event.at

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment else None

    return {each: (day(made.get(each)) or desk.today, day(closed.get(each))) for each in ids}


def _line(desk: Desk, row: FollowUpRow, made_on: date, closed_on: date | None) -> FollowUpLine:
    found = follow_up_of(row)
    return FollowUpLine(
        follow_up=found,
        row_version=row.row_version,
        made_on=made_on,
        closed_on=closed_on,
        is_overdue=found.is_overdue(desk.today),
        days_open=((closed_on or desk.today) - made_on).days,
    )

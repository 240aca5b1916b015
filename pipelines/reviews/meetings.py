"""The life of a review meeting: scheduled, pre-read sent, in session, ended, or cancelled.

What happens inside the session stands in `in_session`, its minutes in `minutes`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import meeting as core
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import FreezePurpose, MeetingKind, MeetingStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.agenda_facts import Gathered, gather
from pipelines.reviews.meeting.agenda_items import bring_agenda
from pipelines.reviews.meeting.saves import read_meeting
from pipelines.reviews.meeting.values import meeting_of
from pipelines.reviews.naming import need_person
from pipelines.reviews.numbers.freezing import freeze
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import MeetingAttendee, ReviewMeeting
from pipelines.reviews.saving_work import Save

BEFORE_SESSION = (MeetingStatus.SCHEDULED, MeetingStatus.PREREAD_SENT)
# A pre-read that comes later is not read.
PREREAD_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Invitation:
    """What is said when a meeting is scheduled.

    Attributes:
        kind: Which sort of review.
        held_on: Its day, in the team's time zone.
        team_id: Whose review it is.
        facilitator_id: Who leads it; None = the person who schedules it.
        note_taker_id: Who writes.
        attendee_ids: Who is invited besides these two.
        series: Meetings of one series follow on each other; None = the kind's own.
    """

    kind: MeetingKind
    held_on: date
    team_id: str
    facilitator_id: str | None = None
    note_taker_id: str | None = None
    attendee_ids: Sequence[str] = ()
    series: str | None = None


def schedule(desk: Desk, invitation: Invitation, *, key: str | None = None) -> str:
    """Schedules a meeting; those who may run meetings do.

    Returns:
        Its id.

    Raises:
        NotAllowedError: The role does not allow it, or the day is over.
        RecordsError: The team or a person does not exist.
    """
    desk.require(Permission.RUN_MEETING, invitation.team_id)
    team = desk.team(invitation.team_id)
    if invitation.held_on < desk.today:
        raise NotAllowedError(
            f"{in_words(invitation.held_on)} is over. Choose today or a later day."
        )
    facilitator = invitation.facilitator_id or desk.person_id
    invited = dict.fromkeys([facilitator, invitation.note_taker_id, *invitation.attendee_ids])

    with desk.saving(key) as save:

        def work() -> str:
            people = [need_person(save.session, each) for each in invited if each]
            meeting = ReviewMeeting(
                meeting_id=save.new_id(),
                team_id=invitation.team_id,
                series=invitation.series or invitation.kind.value,
                kind=invitation.kind.value,
                held_on=invitation.held_on,
                timezone=team.timezone,
                facilitator_id=facilitator,
                note_taker_id=invitation.note_taker_id,
                status=MeetingStatus.SCHEDULED.value,
            )
            save.insert(meeting)
            for person_id in people:
                save.insert(MeetingAttendee(meeting_id=meeting.meeting_id, person_id=person_id))
            return meeting.meeting_id

        return str(save.once(work))


def reschedule(
    desk: Desk, meeting_id: str, held_on: date, reason: str, *, key: str | None = None
) -> str:
    """Moves a meeting that has not begun to another day.

    Raises:
        NotAllowedError: The role does not allow it, it has begun, the day is over, or there is
            no reason.
    """
    if held_on < desk.today or not given(reason):
        raise NotAllowedError("Give today or a later day, and say why the meeting is moved.")

    def change(_save: Save, meeting: Meeting) -> dict[str, object]:
        if meeting.status not in BEFORE_SESSION:
            raise NotAllowedError("This meeting has begun or is over; schedule another one.")
        return {"held_on": held_on}

    return _changed(desk, meeting_id, change, "rescheduled", reason=reason, key=key)


def make_agenda(desk: Desk, meeting_id: str, *, key: str | None = None) -> str:
    """Brings the agenda of a scheduled meeting to the newest published numbers.

    It is made once more when the numbers are frozen.

    Raises:
        NotAllowedError: The role does not allow it, or the numbers are frozen already.
        SnapshotError: Nothing was published yet.
    """
    meeting, gathered = _gathered(desk, meeting_id)
    if meeting.status is not MeetingStatus.SCHEDULED:
        raise NotAllowedError(
            "The numbers of this meeting are frozen, and its agenda with them. Add items by hand."
        )
    with desk.saving(key) as save:

        def work() -> str:
            row = row_of(save.session, ReviewMeeting, meeting_id, "meeting")
            if row.status != MeetingStatus.SCHEDULED:
                raise NotAllowedError("Somebody sent the pre-read or began meanwhile.")
            bring_agenda(save, meeting_of(row), gathered)
            return meeting_id

        return str(save.once(work))


def send_preread(desk: Desk, meeting_id: str, *, key: str | None = None) -> str:
    """Makes the agenda, freezes its numbers and marks the pre-read as sent, a day before.

    Raises:
        NotAllowedError: The role does not allow it, it is not scheduled, or it is too late.
        SnapshotError: Nothing was published yet.
    """
    meeting, gathered = _gathered(desk, meeting_id)
    latest = meeting.held_on - PREREAD_BEFORE
    if desk.today > latest:
        raise NotAllowedError(
            f"A pre-read goes out at least 24 hours before: on {in_words(latest)} at the latest. "
            "Start the meeting without one, or move it to a later day."
        )

    def change(save: Save, found: Meeting) -> dict[str, object]:
        core.send_preread(found, "", save.at)
        snapshot_id = _freeze(save, found, gathered)
        moved = core.send_preread(found, snapshot_id, save.at)
        return {
            "status": moved.status.value,
            "snapshot_id": moved.snapshot_id,
            "preread_at": moved.preread_at,
        }

    return _changed(desk, meeting_id, change, "preread_sent", key=key)


def start(desk: Desk, meeting_id: str, *, key: str | None = None) -> str:
    """Begins a meeting on the numbers of its pre-read, else freezes them now: "no pre-read".

    Raises:
        NotAllowedError: The role does not allow it, or it cannot begin.
        SnapshotError: Nothing was published yet.
    """
    meeting = read_meeting(desk, meeting_id, Permission.RUN_MEETING)
    gathered = _gathered(desk, meeting_id)[1] if meeting.snapshot_id is None else None

    def change(save: Save, found: Meeting) -> dict[str, object]:
        moved = core.begin(found, "")
        if found.snapshot_id is None and gathered is not None:
            moved = core.begin(found, _freeze(save, found, gathered))
        return {"status": moved.status.value, "snapshot_id": moved.snapshot_id}

    return _changed(desk, meeting_id, change, "begun", key=key)


def end(desk: Desk, meeting_id: str, *, key: str | None = None) -> str:
    """Ends the session; its minutes are a draft until they are published.

    Raises:
        NotAllowedError: The role does not allow it, or it is not in session.
    """

    def change(_save: Save, found: Meeting) -> dict[str, object]:
        return {"status": core.end(found).status.value}

    return _changed(desk, meeting_id, change, "ended", key=key)


def cancel(desk: Desk, meeting_id: str, reason: str, *, key: str | None = None) -> str:
    """Cancels a meeting that is not published; it stays in the records.

    Raises:
        NotAllowedError: The role does not allow it, it is final, or there is no reason.
    """
    if not given(reason):
        raise NotAllowedError("Say why the meeting is cancelled.")

    def change(_save: Save, found: Meeting) -> dict[str, object]:
        return {"status": core.cancel_meeting(found).status.value}

    return _changed(desk, meeting_id, change, "cancelled", reason=reason, key=key)


def _gathered(desk: Desk, meeting_id: str) -> tuple[Meeting, Gathered]:
    """Reads the numbers before the records are locked, so that nobody waits for them."""
    meeting = read_meeting(desk, meeting_id, Permission.RUN_MEETING)
    if meeting.status not in BEFORE_SESSION:
        raise NotAllowedError("This meeting has begun or is over; its numbers stay as they are.")
    return meeting, gather(desk, meeting)


def _freeze(save: Save, meeting: Meeting, gathered: Gathered) -> str:
    bring_agenda(save, meeting, gathered)
    return freeze(save, gathered.snapshot, FreezePurpose.MEETING, gathered.shown)


def _changed(
    desk: Desk,
    meeting_id: str,
    change: Callable[[Save, Meeting], dict[str, object]],
    action: str,
    *,
    reason: str | None = None,
    key: str | None = None,
) -> str:
    """Asks the role again, then changes columns of a meeting by what the core says."""
    read_meeting(desk, meeting_id, Permission.RUN_MEETING)
    with desk.saving(key) as save:

        def work() -> str:
            row = row_of(save.session, ReviewMeeting, meeting_id, "meeting")
            changes = change(save, meeting_of(row))
            save.update(row, row.row_version, changes, action=action, reason=reason)
            return meeting_id

        return str(save.once(work))

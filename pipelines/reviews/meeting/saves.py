"""The one door for saves inside a meeting: who may write in it, and while it is in which state."""

from collections.abc import Callable, Collection

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.canonical import Json
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ItemState, MeetingStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.values import meeting_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import MeetingItem, ReviewMeeting
from pipelines.reviews.saving_work import Save

NOT_OVER = (
    MeetingStatus.SCHEDULED,
    MeetingStatus.PREREAD_SENT,
    MeetingStatus.IN_SESSION,
    MeetingStatus.MINUTES_DRAFT,
)
# What was said may still be written down while the minutes are a draft.
BEING_WRITTEN = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)
Statuses = Collection[MeetingStatus]
Work = Callable[[Save, ReviewMeeting], Json]


def may_write(desk: Desk, meeting: Meeting) -> bool:
    """Whether the speaking person may write in this meeting."""
    is_taker = desk.person_id == meeting.note_taker_id
    return desk.may(Permission.RUN_MEETING, meeting.team_id) or (
        is_taker and desk.may(Permission.CONTRIBUTE, meeting.team_id)
    )


def read_meeting(desk: Desk, meeting_id: str, permission: Permission) -> Meeting:
    """A meeting, if the person may do this in its team.

    The role is asked outside of any transaction, so that nobody holds two connections at once.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is no meeting of this id.
    """
    with desk.store.reading() as session:
        meeting = meeting_of(row_of(session, ReviewMeeting, meeting_id, "meeting"))
    desk.require(permission, meeting.team_id)
    return meeting


def on_item(desk: Desk, item_id: str, allowed: Statuses, work: Work, *, key: str | None) -> Json:
    """The same for a save on an item of a meeting."""
    with desk.store.reading() as session:
        meeting_id = row_of(session, MeetingItem, item_id, "item").meeting_id
    return in_meeting(desk, meeting_id, allowed, work, key=key)


def in_meeting(  # noqa: PLR0913
    desk: Desk,
    meeting_id: str,
    allowed: Statuses,
    work: Work,
    *,
    contributes: bool = False,
    key: str | None,
) -> Json:
    """One save in a meeting: the role is asked again, its state in the same transaction.

    Args:
        desk: Who saves.
        meeting_id: Of the meeting.
        allowed: The states in which it may be done.
        work: What is done; returns what JSON can hold.
        contributes: Whoever works in the team may do it, not only who writes in the meeting.
        key: For a second click.

    Raises:
        NotAllowedError: The role does not allow it, or the meeting is in another state.
    """
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    may = contributes and desk.may(Permission.CONTRIBUTE, meeting.team_id)
    if not may and not may_write(desk, meeting):
        desk.require(Permission.RUN_MEETING, meeting.team_id)
    with desk.saving(key) as save:

        def checked() -> Json:
            row = row_of(save.session, ReviewMeeting, meeting_id, "meeting")
            if row.status not in allowed:
                raise NotAllowedError(_not_now(MeetingStatus(row.status)))
            return work(save, row)

        return save.once(checked)


def need_written(
    session: RecordsSession, meeting_id: str, item_id: str | None, team_id: str
) -> None:
    """Whether something may still be put into a meeting of a team, on one of its items.

    Raises:
        NotAllowedError: It is another team's, it has not begun or is published, or the item is
            another meeting's.
        RecordsError: There is no such meeting or item.
    """
    meeting = row_of(session, ReviewMeeting, meeting_id, "meeting")
    if meeting.team_id != team_id:
        raise NotAllowedError("This meeting is another team's. Decide in one of the own team.")
    if meeting.status not in BEING_WRITTEN:
        raise NotAllowedError(_not_now(MeetingStatus(meeting.status)))
    if item_id is not None:
        item = row_of(session, MeetingItem, item_id, "item")
        if item.meeting_id != meeting_id:
            raise NotAllowedError(
                "This item belongs to another meeting. Choose one of this meeting."
            )


def mark_discussed(save: Save, item_id: str | None) -> None:
    """Whoever decides on an item has discussed it; one that has its outcome already keeps it."""
    if item_id is None:
        return
    row = row_of(save.session, MeetingItem, item_id, "item")
    if row.state == ItemState.PROPOSED:
        state = ItemState.DISCUSSED.value
        save.update(row, row.row_version, {"state": state}, action=state)


def _not_now(status: MeetingStatus) -> str:
    if status is MeetingStatus.PUBLISHED:
        return "These minutes are published and stay as they are. Append a correction."
    if status is MeetingStatus.CANCELLED:
        return "This meeting was cancelled. Schedule another one."
    if status is MeetingStatus.MINUTES_DRAFT:
        return "This meeting is over. Read its minutes and publish them."
    return "This meeting has not begun. Start it first."

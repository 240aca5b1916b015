"""What is done with the items of a meeting, and who is there.

Whoever may run meetings writes, and so does the note taker of this meeting. Items may be added
by everybody who works in the team. Decisions and promises stand in `deciding`.
"""

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import meeting as core
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.subjects import About, metric_subject, thing_of
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.agenda_items import next_position
from pipelines.reviews.meeting.saves import BEING_WRITTEN, NOT_OVER, in_meeting, on_item
from pipelines.reviews.meeting.values import item_of
from pipelines.reviews.naming import need_person, need_text
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import MeetingAttendee, MeetingItem, ReviewMeeting
from pipelines.reviews.saving_work import Save

SHOWN = "shown"


def add_item(
    desk: Desk,
    meeting_id: str,
    subject: str,
    *,
    card: Card | None = None,
    subject_id: str | None = None,
    key: str | None = None,
) -> str:
    """Adds an item by hand, at the end.

    Args:
        desk: Who adds it.
        meeting_id: Not published yet.
        subject: What it is about, in words.
        card: A number to be shown; frozen with the others if the meeting has not begun.
        subject_id: Another thing, from `subjects.subject_of`.
        key: For a second click.

    Returns:
        The id of the item.

    Raises:
        NotAllowedError: The role does not allow it, the meeting is over, there is no text, or
            the thing stands on the agenda already.
    """
    about = metric_subject(card) if card else subject_id
    is_evidence = about is not None and thing_of(about)[0] is About.EVIDENCE

    def work(save: Save, meeting: ReviewMeeting) -> str:
        rows = rows_of(save.session, MeetingItem, meeting_id=meeting_id, subject_id=about)
        if about is not None and rows:
            raise NotAllowedError(
                f"“{rows[0].subject}” stands on this agenda already. Take it up there."
            )
        item = MeetingItem(
            item_id=save.new_id(),
            meeting_id=meeting.meeting_id,
            position=next_position(save.session, meeting_id),
            source=(ItemSource.EVIDENCE if is_evidence else ItemSource.MANUAL).value,
            subject=need_text(subject, "what the item is about"),
            subject_id=about,
            state=ItemState.PROPOSED.value,
        )
        return save.insert(item, action="added").item_id

    return str(in_meeting(desk, meeting_id, NOT_OVER, work, contributes=True, key=key))


def set_state(
    desk: Desk,
    item_id: str,
    state: ItemState,
    *,
    note: str | None = None,
    key: str | None = None,
) -> str:
    """Takes an item up, marks it discussed or parks it; an automatic one is parked with a reason.

    Raises:
        NotAllowedError: The role does not allow it, the meeting is published or cancelled, it
            has not begun and the item is to be discussed, or the reason is missing.
    """
    allowed = BEING_WRITTEN if state is ItemState.DISCUSSED else NOT_OVER

    def work(save: Save, _meeting: ReviewMeeting) -> str:
        row = row_of(save.session, MeetingItem, item_id, "item")
        before = item_of(row)
        if state is ItemState.PARKED and before.source is not ItemSource.MANUAL:
            # A note that was there before is no reason for parking.
            before = core.set_item(before, ItemState.PROPOSED)
            if not given(note):
                raise NotAllowedError(f"Say why “{row.subject}” is parked; it came by itself.")
        moved = core.set_item(before, state, note=note)
        changes = {"state": moved.state.value, "note": moved.note}
        save.update(row, row.row_version, changes, action=state.value, reason=note)
        return item_id

    return str(on_item(desk, item_id, allowed, work, key=key))


def write_note(
    desk: Desk, item_id: str, text: str, expected_version: int, *, key: str | None = None
) -> str:
    """Writes the note of an item.

    Args:
        desk: Who writes.
        item_id: Of the item.
        text: The whole note.
        expected_version: `row_version` of the item as it was shown.
        key: For a second click.

    Raises:
        StaleError: Somebody else wrote meanwhile; holds both texts.
        NotAllowedError: The role does not allow it, or the meeting is over.
    """

    def work(save: Save, _meeting: ReviewMeeting) -> str:
        row = row_of(save.session, MeetingItem, item_id, "item")
        save.update(row, expected_version, {"note": text.strip() or None}, action="noted")
        return item_id

    return str(on_item(desk, item_id, NOT_OVER, work, key=key))


def show(desk: Desk, item_id: str, *, key: str | None = None) -> str:
    """Makes an item the one that everybody looks at.

    Raises:
        NotAllowedError: The role does not allow it, or the meeting is not in session.
    """

    def work(save: Save, meeting: ReviewMeeting) -> str:
        save.event("review_meeting", meeting.meeting_id, SHOWN, changes={"item_id": item_id})
        return item_id

    return str(on_item(desk, item_id, (MeetingStatus.IN_SESSION,), work, key=key))


def attend(
    desk: Desk, meeting_id: str, person_id: str, *, present: bool, key: str | None = None
) -> str:
    """Notes who is there; someone who was not invited is added.

    Raises:
        NotAllowedError: The role does not allow it, the meeting is over, or there is no such
            person.
    """

    def work(save: Save, _meeting: ReviewMeeting) -> str:
        known = save.session.get(MeetingAttendee, (meeting_id, person_id))
        if known is not None:
            save.update(known, known.row_version, {"present": present}, action="attended")
            return person_id
        who = need_person(save.session, person_id)
        came = MeetingAttendee(meeting_id=meeting_id, person_id=who, present=present)
        save.insert(came, action="attended")
        return person_id

    return str(in_meeting(desk, meeting_id, NOT_OVER, work, key=key))

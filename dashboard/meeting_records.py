"""Meetings, their minutes, follow-ups and history in the records, for a person: as `records`."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dashboard.records import Speaker
from pipelines.errors import NotAllowedError, RecordsError, SnapshotError
from pipelines.reviews import evidence, followups, history, meetings
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.health import Health
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import (
    EvidenceKind,
    EvidenceUse,
    ItemState,
    MeetingKind,
)
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.evidence_view import EvidenceView, celebrations, one_piece
from pipelines.reviews.evidence_view import evidence as pieces_of
from pipelines.reviews.followups import FollowUpLine
from pipelines.reviews.history import DecisionLine, Found
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.minutes import Published
from pipelines.reviews.meeting.minutes_body import Body
from pipelines.reviews.meeting.saves import read_meeting
from pipelines.reviews.meeting.view import MeetingLine, MeetingView, meeting_view, newer_snapshot
from pipelines.reviews.meeting.view import meetings as meetings_of
from pipelines.reviews.meetings import Invitation

VOICES = (EvidenceKind.FEEDBACK_SESSION, EvidenceKind.INTERVIEW, EvidenceKind.OBSERVATION,
          EvidenceKind.SURVEY, EvidenceKind.USABILITY_TEST, EvidenceKind.WORKSHOP)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """What is said when a meeting is scheduled."""

    kind: MeetingKind
    held_on: date
    facilitator_id: str | None
    note_taker_id: str | None
    attendee_ids: Sequence[str]
    minutes: int


def lines(who: Speaker, team_id: str) -> tuple[MeetingLine, ...]:
    """All meetings of a team, the newest first."""
    return meetings_of(who.desk, team_id)


def view(who: Speaker, meeting_id: str) -> MeetingView | None:
    """A meeting with all that it looks at; None where there is none of this id.

    Raises:
        NotAllowedError: The person may not read its team's records.
    """
    try:
        read_meeting(who.desk, meeting_id, Permission.READ)
    except NotAllowedError:
        raise
    except RecordsError:
        return None
    return meeting_view(who.desk, meeting_id)


def newer(who: Speaker, meeting: Meeting) -> str:
    """The words of a banner where newer data are published; "" where not."""
    return newer_snapshot(who.desk, meeting) or ""


def schedule(who: Speaker, team_id: str, planned: Planned, key: str) -> str:
    """Schedules a meeting, makes its agenda where numbers are published; returns its id."""
    team = who.desk.team(team_id)
    if planned.minutes != team.settings.agenda_minutes:
        who.desk.change_settings(team_id, team.row_version, agenda_minutes=planned.minutes)
    invitation = Invitation(
        kind=planned.kind,
        held_on=planned.held_on,
        team_id=team_id,
        facilitator_id=planned.facilitator_id,
        note_taker_id=planned.note_taker_id,
        attendee_ids=planned.attendee_ids,
    )
    meeting_id = meetings.schedule(who.desk, invitation, key=key)
    # Before the first snapshot there is no agenda, which its page says.
    with suppress(SnapshotError):
        meetings.make_agenda(who.desk, meeting_id, key=f"{key}/agenda")
    return meeting_id


def reschedule(who: Speaker, meeting_id: str, held_on: date, reason: str, key: str) -> None:
    """Moves a meeting to another day."""
    meetings.reschedule(who.desk, meeting_id, held_on, reason, key=key)


def make_agenda(who: Speaker, meeting_id: str, key: str) -> None:
    """Brings an agenda to the newest published numbers."""
    meetings.make_agenda(who.desk, meeting_id, key=key)


def send_preread(who: Speaker, meeting_id: str, key: str) -> None:
    """Freezes the numbers and marks the pre-read as sent."""
    meetings.send_preread(who.desk, meeting_id, key=key)


def start(who: Speaker, meeting_id: str, key: str) -> None:
    """Begins the session."""
    meetings.start(who.desk, meeting_id, key=key)


def end(who: Speaker, meeting_id: str, key: str) -> None:
    """Ends the session."""
    meetings.end(who.desk, meeting_id, key=key)


def cancel(who: Speaker, meeting_id: str, reason: str, key: str) -> None:
    """Cancels a meeting."""
    meetings.cancel(who.desk, meeting_id, reason, key=key)


def add_item(who: Speaker, meeting_id: str, subject: str, card: Card | None, key: str) -> str:
    """Adds an item by hand; returns its id."""
    return in_session.add_item(who.desk, meeting_id, subject, card=card, key=key)


def set_state(who: Speaker, item_id: str, state: ItemState, note: str | None, key: str) -> None:
    """Marks an item as discussed, parked, or to be talked about."""
    in_session.set_state(who.desk, item_id, state, note=note, key=key)


def write_note(who: Speaker, item_id: str, text: str, version: int, key: str) -> None:
    """Writes the note of an item."""
    in_session.write_note(who.desk, item_id, text, version, key=key)


def show(who: Speaker, item_id: str) -> None:
    """Makes an item the one that everybody looks at."""
    in_session.show(who.desk, item_id)


def attend(who: Speaker, meeting_id: str, person_id: str, *, present: bool) -> None:
    """Notes whether somebody is there."""
    in_session.attend(who.desk, meeting_id, person_id, present=present)


def decide(who: Speaker, meeting_id: str, said: Deciding, key: str) -> None:
    """Records a decision."""
    deciding.decide(who.desk, meeting_id, said, key=key)


def promise(  # noqa: PLR0913 (a promise and what it belongs to)
    who: Speaker,
    meeting_id: str,
    title: str,
    owner_id: str | None,
    due_on: date | None,
    key: str,
    *,
    decision_id: str | None = None,
    cycle_id: str | None = None,
) -> None:
    """Records a follow-up: one owner, one date."""
    deciding.promise(
        who.desk, meeting_id, title, owner_id, due_on,
        decision_id=decision_id, cycle_id=cycle_id, key=key,
    )  # fmt: skip


def read_back(who: Speaker, meeting_id: str) -> Body:
    """The minutes as they would be published now."""
    return minutes.read_back(who.desk, meeting_id)


def publish(who: Speaker, meeting_id: str, key: str) -> str:
    """Publishes the minutes; returns their hash."""
    return minutes.publish(who.desk, meeting_id, key=key)


def published(who: Speaker, meeting_id: str) -> Published:
    """Published minutes with their corrections."""
    return minutes.published(who.desk, meeting_id)


def correct(  # noqa: PLR0913 (a correction and where it belongs)
    who: Speaker, meeting_id: str, text: str, reason: str, item_id: str | None, key: str
) -> None:
    """Appends a correction to published minutes."""
    minutes.correct(who.desk, meeting_id, text, reason, item_id=item_id, key=key)


def follow_ups(who: Speaker, team_id: str) -> tuple[FollowUpLine, ...]:
    """All follow-ups of a team, those past their day first."""
    return followups.follow_ups(who.desk, team_id)


def follow_up(who: Speaker, team_id: str, follow_up_id: str) -> FollowUpLine | None:
    """One follow-up of a team; None where it has none of this id."""
    found = (each for each in follow_ups(who, team_id) if
             each.follow_up.follow_up_id == follow_up_id)  # fmt: skip
    return next(found, None)


def health(who: Speaker, team_id: str) -> Health:
    """How a team keeps what it promises."""
    return followups.team_health(who.desk, team_id)


def fulfil(  # noqa: PLR0913 (what is done and what shows it)
    who: Speaker, team_id: str, follow_up_id: str, shown_by: str, meeting_id: str | None, key: str
) -> None:
    """Closes a follow-up as done; what shows it is kept as a piece of evidence."""
    found = Finding(EvidenceKind.DOCUMENT, who.today, team_id, shown_by)
    speaks_for = Link(About.FOLLOW_UP, follow_up_id, EvidenceUse.ACTION)
    piece = evidence.add(who.desk, found, [speaks_for], key=f"{key}/evidence")
    followups.fulfil(who.desk, follow_up_id, piece, meeting_id=meeting_id, key=key)


def drop(who: Speaker, follow_up_id: str, reason: str, meeting_id: str | None, key: str) -> None:
    """Drops a follow-up with a reason."""
    followups.drop(who.desk, follow_up_id, reason, meeting_id=meeting_id, key=key)


def redate(who: Speaker, follow_up_id: str, due_on: date, reason: str, key: str) -> None:
    """Gives a follow-up a new date."""
    followups.redate(who.desk, follow_up_id, due_on, reason, key=key)


def celebrated(who: Speaker, team_id: str, start: date | None) -> tuple[EvidenceView, ...]:
    """What a team celebrated since a day."""
    return celebrations(who.desk, team_id, start=start).items


def celebrate(who: Speaker, team_id: str, text: str, key: str) -> None:
    """Notes what worked and whom to thank."""
    evidence.add(who.desk, Finding(EvidenceKind.CELEBRATION, who.today, team_id, text), key=key)


def voices(who: Speaker, team_id: str, start: date | None) -> tuple[EvidenceView, ...]:
    """What customers and users said since a day."""
    return pieces_of(who.desk, team_id, kinds=VOICES, start=start)


def pieces(who: Speaker, evidence_ids: Sequence[str]) -> list[EvidenceView]:
    """Pieces of evidence that the person may see, of those that are linked."""
    found = []
    for each in evidence_ids:
        try:
            found.append(one_piece(who.desk, each))
        except RecordsError:
            continue
    return found


def search(
    who: Speaker, team_id: str, text: str, start: date | None, end: date | None
) -> tuple[Found, ...]:
    """Minutes, decisions, learnings and evidence that hold every word."""
    return history.search(who.desk, team_id, text, start=start, end=end)


def decisions(who: Speaker, team_id: str) -> tuple[DecisionLine, ...]:
    """All decisions of a team, the newest first."""
    return history.decisions(who.desk, team_id)

"""Minutes: assembled from the records, published once with their hash, corrected beside it."""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews.core import meeting as core
from pipelines.reviews.core.canonical import Json, body_hash, canonical, plain
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import MeetingStatus, Phase
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.due_things import overdue_follow_ups
from pipelines.reviews.meeting.minutes_body import Body, assembled, shown_body
from pipelines.reviews.meeting.saves import read_meeting
from pipelines.reviews.meeting.values import decision_of, follow_up_of, item_of, meeting_of
from pipelines.reviews.naming import need_text
from pipelines.reviews.records.chain import head_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import (
    Correction,
    Decision,
    FollowUp,
    MeetingItem,
    Minutes,
    ReviewMeeting,
    columns_of,
)
from pipelines.reviews.rules.facts import Facts
from pipelines.reviews.rules.table import findings
from pipelines.reviews.saving_work import Save

FIRST = 1


@dataclass(frozen=True)
class CorrectionSaid:
    """A later word on published minutes, shown beside the original."""

    correction_id: str
    item_id: str | None
    text: str
    reason: str
    author_id: str
    at: datetime


@dataclass(frozen=True)
class Published:
    """Published minutes as they are opened again.

    Attributes:
        body: What was published; persons stand in it by id, names are filled in when shown.
        body_hash: The sha256 of `text`.
        text: The canonical form, byte for byte.
        shown: The body with what was redacted since covered; for pages.
        corrections: Oldest first.
    """

    meeting_id: str
    version: int
    body: Body
    body_hash: str
    text: bytes
    shown: Body
    published_at: datetime
    published_by: str
    corrections: tuple[CorrectionSaid, ...]


def read_back(desk: Desk, meeting_id: str) -> Body:
    """The minutes as they would be published now: decisions, owners and dates to read aloud.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    with desk.store.reading() as session:
        return assembled(session, meeting)


def what_blocks(desk: Desk, meeting_id: str) -> tuple[Finding, ...]:
    """What the rules have to say before these minutes are published (V22, V24) and of V23."""
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    with desk.store.reading() as session:
        facts = _facts(session, meeting, desk.today)
    return findings(Phase.PUBLISH, facts) + tuple(
        each for each in findings(Phase.MEETING, facts) if each.rule == "V23"
    )


def publish(desk: Desk, meeting_id: str, *, key: str | None = None) -> str:
    """Publishes minutes, version 1, with their hash and the place of the log that they close.

    Returns:
        The hash.

    Raises:
        NotAllowedError: The role does not allow it, the meeting has not ended, or V22 or V24
            does not hold.
    """
    read_meeting(desk, meeting_id, Permission.RUN_MEETING)
    with desk.saving(key) as save:

        def work() -> Json:
            row = row_of(save.session, ReviewMeeting, meeting_id, "meeting")
            meeting = meeting_of(row)
            told = findings(Phase.PUBLISH, _facts(save.session, meeting, desk.today))
            moved = core.publish(meeting, told)
            save.update(row, row.row_version, {"status": moved.status.value}, action="published")
            return _saved(save, moved).body_hash

        return str(save.once(work))


def correct(
    desk: Desk,
    meeting_id: str,
    text: str,
    reason: str,
    *,
    item_id: str | None = None,
    key: str | None = None,
) -> str:
    """Appends a correction to published minutes, which stay as they are.

    Returns:
        The id of the correction.

    Raises:
        NotAllowedError: The role does not allow it, they are not published, or text or reason
            is missing.
    """
    read_meeting(desk, meeting_id, Permission.CORRECT)
    with desk.saving(key) as save:

        def work() -> Json:
            row = row_of(save.session, ReviewMeeting, meeting_id, "meeting")
            if row.status != MeetingStatus.PUBLISHED:
                raise NotAllowedError("These minutes are not published yet. Change them instead.")
            if item_id is not None:
                item = row_of(save.session, MeetingItem, item_id, "item")
                if item.meeting_id != meeting_id:
                    raise NotAllowedError("This item belongs to another meeting.")
            found = Correction(
                correction_id=save.new_id(),
                meeting_id=meeting_id,
                item_id=item_id,
                text=need_text(text, "what is right instead"),
                reason=need_text(reason, "why it is corrected"),
                author_id=save.author.actor_id,
                at=save.at,
            )
            return save.insert(found, action="corrected").correction_id

        return str(save.once(work))


def published(desk: Desk, meeting_id: str) -> Published:
    """Opens published minutes. Reads the records only, so they stay as they were.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There are none, or they were changed since.
    """
    read_meeting(desk, meeting_id, Permission.READ)
    with desk.store.reading() as session:
        rows = rows_of(session, Minutes, order=["-version"], meeting_id=meeting_id)
        if not rows:
            raise RecordsError("The minutes of this meeting are not published yet.")
        shown = shown_body(session, rows[0].body)
        later = rows_of(session, Correction, order=["at", "correction_id"], meeting_id=meeting_id)
    row = rows[0]
    if body_hash(row.body) != row.body_hash:
        raise RecordsError(
            "These minutes are not what was published. Run `launchloop reviews verify`."
        )
    said = [{n: v for n, v in columns_of(each).items() if n != "meeting_id"} for each in later]
    return Published(
        meeting_id=meeting_id,
        version=row.version,
        body=row.body,
        body_hash=row.body_hash,
        text=canonical(row.body),
        shown=shown,
        published_at=row.published_at,
        published_by=row.published_by,
        corrections=tuple(CorrectionSaid(**each) for each in said),
    )


def _saved(save: Save, meeting: Meeting) -> Minutes:
    body = assembled(save.session, meeting)
    save.session.flush()
    body["events_count"], body["events_last_hash"] = head_of(save.session)
    kept = plain(body)
    if not isinstance(kept, dict):
        raise RecordsError("Minutes are an object.")
    row = Minutes(
        meeting_id=meeting.meeting_id,
        version=FIRST,
        body=kept,
        body_hash=body_hash(kept),
        published_at=save.at,
        published_by=save.author.actor_id,
    )
    return save.insert(row, action="published")


def _facts(session: RecordsSession, meeting: Meeting, today: date) -> Facts:
    own = {"meeting_id": meeting.meeting_id}
    items = rows_of(session, MeetingItem, order=["position", "item_id"], **own)
    decisions = rows_of(session, Decision, order=["decision_id"], **own)
    promises = rows_of(session, FollowUp, order=["follow_up_id"], **own)
    overdue = overdue_follow_ups(session, meeting.team_id, today)
    return Facts(
        today=today,
        items=tuple(item_of(each) for each in items),
        decisions=tuple(decision_of(each) for each in decisions),
        follow_ups=tuple(follow_up_of(each) for each in promises),
        overdue=tuple(each.name for each in overdue),
    )

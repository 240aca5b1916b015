"""Decisions of a meeting, and the promises that follow from them (V22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.finding import refuse_if_blocked
from pipelines.reviews.core.terms import FollowUpStatus, Phase
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.saves import BEING_WRITTEN, in_meeting, mark_discussed
from pipelines.reviews.meeting.values import decision_of, follow_up_of
from pipelines.reviews.naming import need_person, need_text
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import (
    Decision,
    FollowUp,
    MeetingItem,
    PdcaCycle,
    ReviewMeeting,
)
from pipelines.reviews.rules.facts import Facts
from pipelines.reviews.rules.table import findings
from pipelines.reviews.saving_work import Save


@dataclass(frozen=True)
class Deciding:
    """A decision as it is put before the rules (V22).

    Attributes:
        text: What was decided.
        decider_id: The one person who decided.
        rationale: Why.
        options: What else was considered.
        item_id: The item that it belongs to; None = the meeting as a whole.
        reverses_id: The earlier decision that it replaces.
        revisit_on: When it is looked at again.
    """

    text: str
    decider_id: str | None
    rationale: str | None
    options: Sequence[str] = ()
    item_id: str | None = None
    reverses_id: str | None = None
    revisit_on: date | None = None


def decide(desk: Desk, meeting_id: str, deciding: Deciding, *, key: str | None = None) -> str:
    """Records a decision; it stays, and is only replaced by one that reverses it.

    An item that waits to be talked about is discussed by it.

    Returns:
        The id of the decision.

    Raises:
        NotAllowedError: The role does not allow it, V22 does not hold, or the decision to be
            reversed was reversed already.
    """

    def work(save: Save, meeting: ReviewMeeting) -> str:
        row = Decision(
            decision_id=save.new_id(),
            meeting_id=meeting_id,
            item_id=_own_item(save, meeting_id, deciding.item_id),
            text=deciding.text.strip(),
            options=[option.strip() for option in deciding.options if given(option)],
            decider_id=deciding.decider_id,
            rationale=(deciding.rationale or "").strip(),
            snapshot_id=meeting.snapshot_id,
            reverses_id=_reversible(save, meeting.team_id, deciding.reverses_id),
            revisit_on=deciding.revisit_on,
        )
        facts = Facts(today=desk.today, decisions=(decision_of(row),))
        refuse_if_blocked(findings(Phase.MEETING, facts))
        need_person(save.session, deciding.decider_id)
        mark_discussed(save, row.item_id)
        return save.insert(row, action="decided").decision_id

    return str(in_meeting(desk, meeting_id, BEING_WRITTEN, work, key=key))


def promise(
    desk: Desk,
    meeting_id: str,
    title: str,
    owner_id: str | None,
    due_on: date | None,
    *,
    decision_id: str | None = None,
    cycle_id: str | None = None,
    key: str | None = None,
) -> str:
    """Records a follow-up: one owner, one date.

    Returns:
        The id of the follow-up.

    Raises:
        NotAllowedError: The role does not allow it, or V22 does not hold.
    """

    def work(save: Save, _meeting: ReviewMeeting) -> str:
        row = FollowUp(
            follow_up_id=save.new_id(),
            meeting_id=meeting_id,
            decision_id=decision_id,
            cycle_id=cycle_id,
            title=need_text(title, "what is to be done"),
            owner_id=owner_id,
            due_on=due_on,
            redated=0,
            status=FollowUpStatus.OPEN.value,
        )
        facts = Facts(today=desk.today, follow_ups=(follow_up_of(row),))
        refuse_if_blocked(findings(Phase.MEETING, facts))
        need_person(save.session, owner_id)
        if decision_id is not None:
            row_of(save.session, Decision, decision_id, "decision")
        if cycle_id is not None:
            row_of(save.session, PdcaCycle, cycle_id, "cycle")
        return save.insert(row, action="promised").follow_up_id

    return str(in_meeting(desk, meeting_id, BEING_WRITTEN, work, key=key))


def _own_item(save: Save, meeting_id: str, item_id: str | None) -> str | None:
    if item_id is None:
        return None
    row = row_of(save.session, MeetingItem, item_id, "item")
    if row.meeting_id != meeting_id:
        raise NotAllowedError("This item belongs to another meeting. Choose one of this meeting.")
    return row.item_id


def _reversible(save: Save, team_id: str, decision_id: str | None) -> str | None:
    """A decision of the team that nothing reversed yet."""
    if decision_id is None:
        return None
    row = row_of(save.session, Decision, decision_id, "decision")
    held = save.session.get(ReviewMeeting, row.meeting_id) if row.meeting_id else None
    if held is not None and held.team_id != team_id:
        raise NotAllowedError("Another team decided this. Only that team can reverse it.")
    if rows_of(save.session, Decision, reverses_id=decision_id):
        raise NotAllowedError(
            f"“{row.text}” was reversed already. Reverse the decision that replaced it."
        )
    return row.decision_id

"""From the machine's verdict to what is made of it: signature, extension, fast path, Act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import moves
from pipelines.reviews.core.cycle import NOT_PROVEN, Act, Cycle, SignedVerdict
from pipelines.reviews.core.finding import refuse_if_blocked
from pipelines.reviews.core.meeting import Decision, FollowUp
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ActDecision, CycleStatus, Phase, Verdict
from pipelines.reviews.cycle.record import CYCLE, FAST_PATH, CycleRecord, facts_of, read_record
from pipelines.reviews.cycle.saves import insert_draft, save_move
from pipelines.reviews.cycle.values import columns_of_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.saves import mark_discussed, need_written
from pipelines.reviews.records.tables import Decision as DecisionRow
from pipelines.reviews.records.tables import FollowUp as FollowUpRow
from pipelines.reviews.records.tables import PdcaVerdict
from pipelines.reviews.rules.table import findings
from pipelines.reviews.saving_work import Save

# A verdict can be countersigned once it has been signed.
SIGNED_IN = (CycleStatus.ACTING, CycleStatus.CLOSED)


@dataclass(frozen=True)
class Promise:
    """A follow-up that goes with an Act decision."""

    title: str
    owner_id: str | None
    due_on: date | None


def sign(
    desk: Desk,
    cycle_id: str,
    expected_version: int,
    human_verdict: Verdict,
    *,
    human_reason: str | None = None,
    key: str | None = None,
) -> str:
    """checking → acting: a person signs what the machine found, or another verdict with a reason.

    Args:
        desk: Who signs.
        cycle_id: In Check, with a run on the plan in force.
        expected_version: `Cycle.row_version` as it was shown.
        human_verdict: The machine's, or another one.
        human_reason: Why it differs (V17).
        key: Of the save.

    Returns:
        The id of the signed verdict.

    Raises:
        NotAllowedError: The role does not allow it, or V16 or V17 blocks.
        StaleError: Somebody else changed the cycle meanwhile.
    """

    def work(save: Save) -> str:
        record = read_record(save.session, cycle_id)
        desk.require(Permission.SIGN, record.cycle.team_id)
        verdict = _as_signed(desk, save, record, human_verdict, human_reason)
        moved, signed = moves.sign(facts_of(desk, record, verdict=verdict))
        _insert_verdict(save, signed)
        save_move(save, record.cycle, moved, expected_version, action="signed",
                  reason=human_reason)  # fmt: skip
        return signed.verdict_id

    with desk.saving(key) as save:
        return str(save.once(lambda: work(save)))


def countersign(
    desk: Desk,
    cycle_id: str,
    human_verdict: Verdict,
    *,
    human_reason: str | None = None,
    key: str | None = None,
) -> str:
    """A second signature on a signed verdict; the latest counts, both stay visible.

    Raises:
        NotAllowedError: The role does not allow it, nobody has signed yet, the same person
            would sign twice, or V16 or V17 blocks.
    """

    def work(save: Save) -> str:
        record = read_record(save.session, cycle_id)
        desk.require(Permission.SIGN, record.cycle.team_id)
        if record.cycle.status not in SIGNED_IN or record.signature is None:
            raise NotAllowedError("Nobody has signed this verdict yet. Sign it first.", "V16")
        if desk.person_id in {each.signed_by for each in record.signatures}:
            raise NotAllowedError("You signed this verdict already. Ask somebody else.", "V16")
        verdict = _as_signed(desk, save, record, human_verdict, human_reason)
        facts = facts_of(desk, record, verdict=verdict)
        refuse_if_blocked(findings(Phase.SIGN, facts))
        signed = moves.signed(facts)
        _insert_verdict(save, signed)
        return signed.verdict_id

    with desk.saving(key) as save:
        return str(save.once(lambda: work(save)))


def extend(desk: Desk, cycle_id: str, expected_version: int, to: date, reason: str) -> Cycle:
    """checking → checking: a later look with a stricter test, at most twice.

    Raises:
        NotAllowedError: The role does not allow it, or V21 blocks.
        StaleError: Somebody else changed the cycle meanwhile.
    """
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        is_owner = record.cycle.owner_id == desk.person_id
        desk.require(Permission.EDIT, record.cycle.team_id, is_owner=is_owner)
        moved = moves.extend(facts_of(desk, record, extend_to=to, reason=reason))
        return save_move(save, record.cycle, moved, expected_version, action="extended",
                         reason=reason)  # fmt: skip


def take_fast_path(desk: Desk, cycle_id: str, expected_version: int) -> Cycle:
    """doing or checking → acting, because a guard-rail failed (V18).

    Raises:
        NotAllowedError: The role does not allow it, or no guard-rail failed.
        StaleError: Somebody else changed the cycle meanwhile.
    """
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        desk.require(Permission.ACT, record.cycle.team_id)
        facts = facts_of(desk, record)
        moved = moves.take_fast_path(facts)
        return save_move(save, record.cycle, moved, expected_version, action=FAST_PATH,
                         reason=f"Guard-rail failed: {facts.breached}")  # fmt: skip


def decide(
    desk: Desk,
    cycle_id: str,
    expected_version: int,
    act: Act,
    *,
    follow_ups: Sequence[Promise] = (),
    meeting_id: str | None = None,
    item_id: str | None = None,
    key: str | None = None,
) -> str | None:
    """acting → closed, by the Act decision and its follow-ups.

    Args:
        desk: A product manager or product owner.
        cycle_id: In Act.
        expected_version: `Cycle.row_version` as it was shown.
        act: What is decided; without a decider the speaking person decides.
        follow_ups: What must be done because of it. A new standard gets its sustain check by
            itself.
        meeting_id: Where it was decided.
        item_id: Of that meeting's agenda; where it waits to be talked about, it is discussed now.
        key: Of the save.

    Returns:
        The id of the next draft, for `adjust`; else None.

    Raises:
        NotAllowedError: The role does not allow it, one of V18 to V22 blocks, or nothing can be
            written into the meeting.
        StaleError: Somebody else changed the cycle meanwhile.
    """

    def work(save: Save) -> str | None:
        record = read_record(save.session, cycle_id)
        desk.require(Permission.ACT, record.cycle.team_id)
        if meeting_id is not None:
            need_written(save.session, meeting_id, item_id, record.cycle.team_id)
        child_id = save.new_id() if act.decision is ActDecision.ADJUST else None
        whole = replace(act, decider_id=act.decider_id or desk.person_id, child_id=child_id)
        decision = Decision(
            save.new_id(), meeting_id, item_id, text=_text(whole.decision, record.cycle),
            decider_id=whole.decider_id, rationale=whole.rationale,
            snapshot_id=record.run.snapshot_id if record.run else None,
        )  # fmt: skip
        promises = _promises(save, record, decision, follow_ups)
        # By the fast path nobody signed: what the machine found on that run counts.
        verdict = record.signature or (record.run.verdict if record.run else None)
        closed, child = moves.close(
            facts_of(
                desk, record, act=whole, verdict=verdict, decisions=(decision,),
                follow_ups=promises,
            )
        )  # fmt: skip
        save_move(save, record.cycle, closed, expected_version, action="decided",
                  reason=whole.rationale)  # fmt: skip
        if closed.sustain_on:
            sustain = FollowUp(
                save.new_id(), f"Sustain check: {closed.title}", whole.standard_owner_id,
                closed.sustain_on, decision.decision_id, meeting_id, cycle_id,
            )  # fmt: skip
            promises = (*promises, sustain)
        mark_discussed(save, item_id)
        save.insert(DecisionRow(**columns_of_value(decision)))
        save.event(CYCLE, cycle_id, "decision_recorded",
                   changes={"decision_id": decision.decision_id})  # fmt: skip
        for promise in promises:
            save.insert(FollowUpRow(**columns_of_value(promise)))
        if child is None:
            return None
        insert_draft(save, child, record.metrics)
        return child.cycle_id

    with desk.saving(key) as save:
        found = save.once(lambda: work(save))
        return None if found is None else str(found)


def _text(decision: ActDecision, cycle: Cycle) -> str:
    """The decision in words; what stays without proof says so wherever it is read."""
    label = f" ({NOT_PROVEN})" if decision is ActDecision.KEEP else ""
    return f"{decision.value.capitalize()}{label}: {cycle.title}"


def _promises(
    save: Save, record: CycleRecord, decision: Decision, given: Sequence[Promise]
) -> tuple[FollowUp, ...]:
    return tuple(
        FollowUp(
            save.new_id(), each.title, each.owner_id, each.due_on, decision.decision_id,
            decision.meeting_id, record.cycle.cycle_id,
        )
        for each in given
    )  # fmt: skip


def _as_signed(
    desk: Desk, save: Save, record: CycleRecord, human: Verdict, reason: str | None
) -> SignedVerdict:
    if record.run is None:
        raise NotAllowedError("There is no machine verdict yet. Run the Check first.", "V16")
    return replace(
        record.run.verdict,
        verdict_id=save.new_id(),
        human_verdict=human,
        human_reason=reason,
        signed_by=desk.person_id,
        signed_at=save.at,
    )


def _insert_verdict(save: Save, signed: SignedVerdict) -> None:
    save.insert(PdcaVerdict(**columns_of_value(signed)), action="signed")

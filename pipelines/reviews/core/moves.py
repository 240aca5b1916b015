"""The moves of a cycle: each asks the state machine and the rules, and returns a new value. Pure.

Every function takes the facts with the cycle as it stands, and refuses with the sentence of the
rule that does not hold. Nothing here is saved.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.cycle import Cycle, SignedVerdict, given
from pipelines.reviews.core.finding import refuse_if_blocked
from pipelines.reviews.core.periods import WORKDAYS, after, in_words, working_days_later
from pipelines.reviews.core.plan import check_due, ready_on, with_plan
from pipelines.reviews.core.roles import is_self_signed
from pipelines.reviews.core.states import refuse_unless_may_follow
from pipelines.reviews.core.terms import ActDecision, ActionStatus, CycleStatus, Phase
from pipelines.reviews.rules.facts import Facts
from pipelines.reviews.rules.table import findings

FAST_PATH_DAYS = 2
SUSTAIN_MONTHS = 3
REPLANNED = (CycleStatus.PLANNED, CycleStatus.DOING, CycleStatus.CHECKING)


def lock(facts: Facts) -> Cycle:
    """draft → planned: the plan becomes fixed.

    Raises:
        NotAllowedError: If it is no draft, or one of V1 to V9 blocks.
    """
    cycle = _to(facts, CycleStatus.PLANNED)
    if facts.plan is None:
        raise NotAllowedError("There is no plan to lock. Fill it in first.", "V1")
    refuse_if_blocked(findings(Phase.LOCK, facts))
    return replace(with_plan(cycle, facts.plan), ready_on=facts.plan.check_not_before)


def relock(facts: Facts) -> Cycle:
    """The cycle under a new plan version; it stays where it is, and so do the looks used.

    Args:
        facts: With the new plan, what it changes, and why.

    Raises:
        NotAllowedError: If the cycle has no locked plan, is past its Check, or a rule blocks.
    """
    cycle = _cycle(facts)
    if cycle.status not in REPLANNED or facts.plan is None:
        raise NotAllowedError(
            "A plan is changed between its lock and the Act decision. Before, edit the draft; "
            "after, adjust into a new cycle.",
            "V10",
        )
    refuse_if_blocked(findings(Phase.LOCK, facts))
    if not given(facts.plan_reason):
        raise NotAllowedError("Say why the plan changes after its lock.", "V10")
    return replace(with_plan(cycle, facts.plan), ready_on=ready_on(facts.plan, facts.actions))


def begin(facts: Facts) -> Cycle:
    """planned → doing: the first action has been started.

    Raises:
        NotAllowedError: If it is not planned, or no action has begun.
    """
    cycle = _to(facts, CycleStatus.DOING)
    begun = (ActionStatus.DOING, ActionStatus.DONE)
    if not any(action.status in begun for action in facts.actions):
        raise NotAllowedError("Start an action first; that begins the Do.")
    return cycle


def with_ready_date(facts: Facts) -> Cycle:
    """The cycle with its ready date moved where actions were done late (V11); never earlier."""
    cycle = _cycle(facts)
    if facts.plan is None:
        return cycle
    return replace(cycle, ready_on=ready_on(facts.plan, facts.actions, so_far=cycle.ready_on))


def begin_check(facts: Facts) -> Cycle:
    """doing → checking: every action is done, or dropped with a reason; at least one is done.

    Raises:
        NotAllowedError: If it is not doing, or an action is still open.
    """
    _to(facts, CycleStatus.CHECKING)
    refuse_unless_doing(_cycle(facts))
    refuse_if_blocked(findings(Phase.DO, facts))
    return replace(with_ready_date(facts), status=CycleStatus.CHECKING)


def refuse_unless_doing(cycle: Cycle) -> None:
    """Stops what only the end of the Do may begin."""
    if cycle.status is not CycleStatus.DOING:
        raise NotAllowedError("The Check has begun already. Extend it, or sign its verdict.")


def extend(facts: Facts) -> Cycle:
    """checking → checking: a later look, at most twice. The new date is the next ready date.

    Raises:
        NotAllowedError: If it is not checking, was extended twice, or V21 does not hold.
    """
    cycle = _cycle(facts)
    if cycle.status is not CycleStatus.CHECKING:
        raise NotAllowedError("Only a cycle in Check is extended.")
    refuse_if_blocked(findings(Phase.EXTEND, facts))
    later = facts.extend_to or facts.today
    due = check_due(later)
    return replace(
        cycle,
        ready_on=later,
        check_due_on=max(due, cycle.check_due_on or due),
        looks_used=cycle.looks_used + 1,
    )


def sign(facts: Facts) -> tuple[Cycle, SignedVerdict]:
    """checking → acting: a human signs what the machine found.

    Args:
        facts: With the verdict as it would be signed: human verdict, `signed_by`, `signed_at`.

    Returns:
        The cycle, and the verdict with `self_signed` set.

    Raises:
        NotAllowedError: If it is not checking, a metric is not judged, or V16 or V17 blocks.
    """
    cycle = _cycle(facts)
    if cycle.status is not CycleStatus.CHECKING:
        raise NotAllowedError("Only a cycle in Check has a verdict to sign.")
    refuse_if_blocked(findings(Phase.SIGN, facts))
    return _to(facts, CycleStatus.ACTING), signed(facts)


def signed(facts: Facts) -> SignedVerdict:
    """The verdict with `self_signed` as it is; also for a countersignature later.

    Raises:
        NotAllowedError: If there is no verdict, or nobody signs it.
    """
    verdict, cycle = facts.verdict, _cycle(facts)
    if verdict is None or verdict.signed_by is None:
        raise NotAllowedError("There is no signed verdict. Run the Check, then sign.", "V16")
    own = is_self_signed(
        verdict.signed_by,
        {action.owner_id for action in facts.actions},
        owner_id=cycle.owner_id,
        solo=facts.solo,
    )
    return replace(verdict, self_signed=own)


def take_fast_path(facts: Facts) -> Cycle:
    """doing or checking → acting, because a guard-rail failed.

    Raises:
        NotAllowedError: If it is in another state, or no guard-rail failed (V18).
    """
    moved = _to(facts, CycleStatus.ACTING)
    refuse_if_blocked(findings(Phase.FAST_PATH, facts))
    return moved


def decide_by(
    breached_on: date,
    *,
    workdays: Collection[int] = WORKDAYS,
    holidays: Collection[date] = (),
) -> date:
    """The last day for the decision of a fast path: two working days on."""
    return working_days_later(breached_on, FAST_PATH_DAYS, workdays=workdays, holidays=holidays)


def sustain_by(today: date) -> date:
    """When a new standard is checked again, unless the team says otherwise."""
    return after(today, SUSTAIN_MONTHS, "month")


def close(facts: Facts) -> tuple[Cycle, Cycle | None]:
    """acting → closed, by the Act decision; `adjust` also makes the next cycle.

    Args:
        facts: With the Act decision, the latest signed verdict, and whether the cycle came by
            the fast path. A sustain check without a date gets one in three months.

    Returns:
        The closed cycle, and for `adjust` its child draft.

    Raises:
        NotAllowedError: If it is not acting, or one of V18 to V22 blocks.
    """
    moved = _to(facts, CycleStatus.CLOSED)
    refuse_if_blocked(findings(Phase.ACT, facts))
    if (act := facts.act) is None:
        raise ValueError("the rules of Act refuse a closing without a decision")
    standardises = act.decision is ActDecision.STANDARDISE
    closed = replace(
        moved,
        act_decision=act.decision,
        act_rationale=act.rationale,
        learning=act.learning or moved.learning,
        rolled_back_on=act.rolled_back_on if act.decision is ActDecision.ABANDON else None,
        standard_link=act.standard_link if standardises else None,
        sustain_on=(act.sustain_on or sustain_by(facts.today)) if standardises else None,
    )
    if act.decision is not ActDecision.ADJUST or act.child_id is None:
        return closed, None
    return closed, child_of(closed, act.child_id)


def child_of(cycle: Cycle, child_id: str) -> Cycle:
    """The next cycle as a draft: the same problem and hypothesis to adjust, no dates."""
    return Cycle(
        cycle_id=child_id,
        team_id=cycle.team_id,
        title=cycle.title,
        owner_id=cycle.owner_id,
        parent_cycle_id=cycle.cycle_id,
        seq=cycle.seq + 1,
        product_id=cycle.product_id,
        theme=cycle.theme,
        problem=cycle.problem,
        root_cause=cycle.root_cause,
        root_cause_method=cycle.root_cause_method,
        hypothesis_change=cycle.hypothesis_change,
        hypothesis_effect=cycle.hypothesis_effect,
        hypothesis_because=cycle.hypothesis_because,
        sponsor_id=cycle.sponsor_id,
        design=cycle.design,
    )


def cancel(cycle: Cycle, reason: str | None) -> Cycle:
    """draft, planned or doing → cancelled.

    Raises:
        NotAllowedError: If it is in another state, or there is no reason.
    """
    _refuse(cycle, CycleStatus.CANCELLED)
    if not given(reason):
        raise NotAllowedError("Say why the cycle is cancelled.")
    return replace(cycle, status=CycleStatus.CANCELLED)


def hold(cycle: Cycle, reason: str | None, *, resume_on: date | None, today: date) -> Cycle:
    """Any open state → on hold. The event keeps the reason and the day to resume.

    Raises:
        NotAllowedError: If it is not open, or reason or a later day is missing.
    """
    _refuse(cycle, CycleStatus.ON_HOLD)
    if not given(reason):
        raise NotAllowedError("Say why the cycle is put on hold.")
    if resume_on is None or resume_on <= today:
        raise NotAllowedError(f"Say when to resume; the day must come after {in_words(today)}.")
    return replace(cycle, status=CycleStatus.ON_HOLD, status_before_hold=cycle.status)


def resume(cycle: Cycle) -> Cycle:
    """on hold → the state left.

    Raises:
        NotAllowedError: If it is not on hold.
    """
    if cycle.status is not CycleStatus.ON_HOLD or cycle.status_before_hold is None:
        raise NotAllowedError(f"“{cycle.title}” is not on hold.")
    return replace(cycle, status=cycle.status_before_hold, status_before_hold=None)


def _cycle(facts: Facts) -> Cycle:
    if facts.cycle is None:
        raise ValueError("a move needs the cycle that is to move")
    return facts.cycle


def _to(facts: Facts, then: CycleStatus) -> Cycle:
    cycle = _cycle(facts)
    _refuse(cycle, then)
    return replace(cycle, status=then)


def _refuse(cycle: Cycle, then: CycleStatus) -> None:
    if cycle.status is CycleStatus.ON_HOLD:
        raise NotAllowedError(f"“{cycle.title}” is on hold. Resume it first.")
    refuse_unless_may_follow(f"“{cycle.title}”", cycle.status, then)

"""V14–V25 and the guards of the states: checking, signing, acting, meeting. Pure.

Each rule yields one sentence for each thing that is wrong, with the next step; none = it holds.
"""

from collections.abc import Iterator

from pipelines.reviews.core.cycle import MOST_EXTENSIONS, NEVER_KEPT, given
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.roles import is_self_signed, may_self_sign_from
from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    Design,
    ItemState,
    Rigour,
    Verdict,
)
from pipelines.reviews.rules.facts import Facts

Sentences = Iterator[str]

HALF = 0.5
INDEPENDENT_KINDS = 2


def v14(facts: Facts) -> Sentences:
    """The Check runs the definition that was locked."""
    if facts.definition_trouble:
        yield (
            f"The locked definition cannot run any more: {facts.definition_trouble} The verdict "
            "is invalid. Lock a new plan with today's definition, and say why."
        )


def v15(facts: Facts) -> Sentences:
    """The baseline is still the one that was locked."""
    metric = facts.plan.primary if facts.plan else None
    moved = facts.baseline_restated_by
    if metric is None or metric.min_effect is None or moved is None:
        return
    if abs(moved) > HALF * metric.min_effect:
        yield (
            f"The baseline was restated by {facts.distance(metric.metric_id, moved)} since the "
            "lock, more than half of the smallest change worth having "
            f"({facts.distance(metric.metric_id, metric.min_effect)}). The verdict is invalid. "
            "Lock a new plan on today's baseline, and say why."
        )


def checked(facts: Facts) -> Sentences:
    """The machine has judged, on the data of this look, before a human does."""
    judged = facts.plan.judged if facts.plan else ()
    missing = [facts.name(each.metric_id) for each in judged if each.metric_id not in facts.checked]
    if missing:
        yield f"The Check has not judged {', '.join(missing)} yet. Run the Check first."
    elif facts.verdict is None or facts.checked_at is None:
        yield "There is no machine verdict yet. Run the Check first."
    elif facts.cycle and facts.cycle.look_on and facts.checked_at.date() < facts.cycle.look_on:
        yield (
            f"The last run was on {in_words(facts.checked_at.date())}, before this look. Run the "
            f"Check again on {in_words(facts.cycle.look_on)} or later."
        )


def v16(facts: Facts) -> Sentences:
    """Nobody judges only their own work, or not at once."""
    verdict, cycle = facts.verdict, facts.cycle
    if verdict is None or cycle is None or facts.checked_at is None:
        return
    if verdict.signed_by is None or verdict.signed_at is None:
        yield "A verdict is signed by one person, with a date. Choose who you are and sign again."
        return
    owners = {action.owner_id for action in facts.actions}
    solo = facts.solo
    if not is_self_signed(verdict.signed_by, owners, owner_id=cycle.owner_id, solo=solo):
        return
    if facts.rigour is Rigour.STANDARD and not solo:
        yield "You own an action of this cycle. Ask someone who owns none to sign."
    elif verdict.signed_at < (first := may_self_sign_from(facts.checked_at)):
        yield (
            "You worked on this cycle yourself. Ask someone else to sign, or sign from "
            f"{in_words(first)} {first:%H:%M} UTC on; it will be shown as self-signed."
        )


def v17(facts: Facts) -> Sentences:
    """A human who sees it otherwise says why."""
    verdict = facts.verdict
    if verdict is None:
        return
    if verdict.human_verdict is None:
        yield "Say your verdict: the machine's, or another one with a reason."
    elif verdict.human_verdict is not verdict.machine_verdict and not given(verdict.human_reason):
        yield (
            f"The machine says {_words(verdict.machine_verdict)}, you say "
            f"{_words(verdict.human_verdict)}. Write why; both stay visible."
        )


def v18(facts: Facts) -> Sentences:
    """The fast path is for a guard-rail that failed."""
    if not facts.breached:
        yield "No guard-rail has failed. The fast path opens only for one; wait for the Check."


def v18_act(facts: Facts) -> Sentences:
    """The fast path proves no improvement."""
    if facts.fast_path and _decision(facts) is ActDecision.STANDARDISE:
        yield "This came by the fast path, which cannot lead to standardise. Adjust or abandon."


def v19(facts: Facts) -> Sentences:
    """A standard rests on proof and is looked after."""
    act = facts.act
    if act is None or act.decision is not ActDecision.STANDARDISE:
        return
    found = _verdict_that_counts(facts)
    if found is not Verdict.IMPROVED:
        stands = f"The verdict is {_words(found)}" if found else "There is no verdict"
        yield f"{stands}; only improved can become a standard. Choose keep, adjust or abandon."
    if not given(act.standard_link):
        yield "Link the standard: the page where the new way of working is written."
    if not given(act.standard_owner_id):
        yield "Name one person who looks after the standard."
    if act.sustain_on is not None and act.sustain_on <= facts.today:
        yield "Give a later day on which you check that the effect lasted."


def v19_kinds(facts: Facts) -> Sentences:
    """A qualitative verdict rests on evidence of two kinds."""
    is_qualitative = facts.cycle is not None and facts.cycle.design is Design.QUALITATIVE
    if is_qualitative and len(facts.evidence_kinds) < INDEPENDENT_KINDS:
        yield (
            f"A qualitative cycle needs {INDEPENDENT_KINDS} independent kinds of evidence; "
            f"this one has {len(facts.evidence_kinds)}. Link more before you sign."
        )


def v20(facts: Facts) -> Sentences:
    """What ends a cycle without success leads on."""
    act = facts.act
    if act is None:
        return
    if act.decision is ActDecision.ADJUST and not given(act.child_id):
        yield "Adjust starts the next cycle as a draft; it has no id yet. Save again."
    if act.decision is ActDecision.ABANDON and not given(act.learning):
        yield "Write what you learned, so that nobody has to try it again."


def kept(facts: Facts) -> Sentences:
    """A change without proof may stay, a proven harm may not."""
    if _decision(facts) is not ActDecision.KEEP:
        return
    found = _verdict_that_counts(facts)
    if found is None:
        yield "Keep needs a verdict, and there is none. Adjust or abandon."
    elif found in NEVER_KEPT:
        yield f"The verdict is {_words(found)}; a proven harm is not kept. Adjust or abandon."


def v21(facts: Facts) -> Sentences:
    """More time has a reason and a date."""
    cycle = facts.cycle
    if not given(facts.reason):
        yield "Say why more time is needed."
    look_on = cycle.look_on if cycle else None
    latest = max((day for day in (facts.today, look_on) if day), default=facts.today)
    if facts.extend_to is None or facts.extend_to <= latest:
        yield f"Give the day of the next look; it must come after {in_words(latest)}."


def extended(facts: Facts) -> Sentences:
    """Each look at the data costs certainty."""
    if facts.cycle is not None and facts.cycle.looks_used >= MOST_EXTENSIONS:
        yield "This cycle was extended twice already. Sign the verdict and decide: keep or adjust."


def actions_ended(facts: Facts) -> Sentences:
    """The Do is over."""
    ended = (ActionStatus.DONE, ActionStatus.DROPPED)
    still = [action.title for action in facts.actions if action.status not in ended]
    if still:
        yield f"Still to be done or dropped with a reason: {', '.join(still)}."
    for action in facts.actions:
        if action.status is ActionStatus.DROPPED and not given(action.deviation):
            yield f"Say why “{action.title}” was dropped."
    if not any(action.status is ActionStatus.DONE for action in facts.actions):
        yield "No action is done, so there is nothing to check. Finish one, or cancel the cycle."


def v22(facts: Facts) -> Sentences:
    """A decision has an author and a reason, a promise an owner and a day."""
    for number, decision in enumerate(facts.decisions, 1):
        name = f"“{decision.text.strip()}”" if given(decision.text) else f"Decision {number}"
        if not given(decision.text):
            yield f"{name} has no text. Write what was decided."
        if not given(decision.decider_id):
            yield f"{name} has no decider. Name one person."
        if not given(decision.rationale):
            yield f"{name} has no rationale. Write why."
    for promise in facts.follow_ups:
        if not given(promise.owner_id):
            yield f"“{promise.title}” has no owner. Name one person."
        if promise.due_on is None:
            yield f"“{promise.title}” has no date. Say by when."


def v22_act(facts: Facts) -> Sentences:
    """The Act decision is a decision too."""
    if facts.act is None:
        yield "Choose what follows: standardise, keep, adjust or abandon."
        return
    if not given(facts.act.decider_id):
        yield "Name the one person who decides."
    if not given(facts.act.rationale):
        yield "Write why you decide so."


def v23(facts: Facts) -> Sentences:
    """Nothing overdue is forgotten."""
    for name in facts.overdue:
        yield f"Overdue, so it comes onto the next agenda by itself: {name}."


def v24(facts: Facts) -> Sentences:
    """Minutes say what became of everything."""
    for item in facts.items:
        if item.state is ItemState.PROPOSED:
            yield f"“{item.subject}” has no outcome. Mark it discussed, parked or nothing to see."


def v25(facts: Facts) -> Sentences:
    """Every change leaves its trace."""
    if not facts.writes_event:
        yield "The change came without its event, so it was not saved. Save again."


def _decision(facts: Facts) -> ActDecision | None:
    return facts.act.decision if facts.act else None


def _verdict_that_counts(facts: Facts) -> Verdict | None:
    """The machine's; of a qualitative cycle the signed one on its criteria."""
    if facts.verdict is None:
        return None
    is_qualitative = facts.cycle is not None and facts.cycle.design is Design.QUALITATIVE
    if not is_qualitative:
        return facts.verdict.machine_verdict
    return facts.verdict.human_verdict if facts.verdict.signed_by else None


def _words(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")

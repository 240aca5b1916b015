"""Step 8 of the Check: the verdict in words, as it is kept and shown everywhere. Pure."""

from dataclasses import dataclass

from pipelines.reviews.check.adjusting import RATIO_KINDS
from pipelines.reviews.check.computing import CheckResult
from pipelines.reviews.check.inputs import CheckInput, MetricPlan
from pipelines.reviews.check.row import MetricCheck, is_guard_rail
from pipelines.reviews.check.settling import Settling, guard_settling, settling
from pipelines.reviews.core.amounts import amount, change, change_between, listed, times
from pipelines.reviews.core.terms import Design, GuardState, Method, Reason, TargetState, Verdict

NOT_CONTROLLED = "Before/after comparison, not a controlled test."
WITH_CONTROL = "Before/after comparison with a control series, not a randomised test."

_VERDICTS = {
    Verdict.NOT_READY: "Not ready.",
    Verdict.INVALID: "Invalid.",
    Verdict.WORSE: "Worse.",
    Verdict.NO_USEFUL_EFFECT: "No useful effect.",
    Verdict.INCONCLUSIVE: "Inconclusive.",
    Verdict.IMPROVED_WITH_HARM: "Improved, with harm elsewhere.",
    Verdict.IMPROVED_GUARDRAIL_OPEN: "Improved, but not every guard-rail is proven.",
    Verdict.IMPROVED: "Improved.",
}
_REASONS = {
    Reason.AUTOCORRELATION: (
        "Neighbouring periods are so alike that they are worth fewer than two independent ones."
    ),
    Reason.DRIFT: "The effect does not outrun a drift that the baseline could hide.",
    Reason.ONE_TEST: "Only one of the two tests, signal and interval, shows a gain.",
    Reason.TOO_LITTLE_DATA: "Neither a gain nor its absence is shown.",
    Reason.WATCH: "One of the two tests, signal and interval, shows harm: watch it.",
}
_TARGETS = {
    TargetState.REACHED: "is reached",
    TargetState.REACHED_NOT_PROVEN: "is reached by the mean, but not proven",
    TargetState.MISSED: "is missed",
}
_GUARDS = {
    GuardState.PASS: "passed",
    GuardState.FAIL: "failed",
    GuardState.NOT_PROVEN: "not proven",
}


@dataclass(frozen=True)
class OpenVerdict:
    """An inconclusive Check: both parts stand in its sentence as they are here.

    Attributes:
        known: What is known although nothing is settled; "" where nothing was compared.
        settling: What would settle it, and when.
    """

    known: str
    settling: Settling


def sentence(given: CheckInput, result: CheckResult) -> str:
    """Everything that must be read together with a verdict.

    Verdict and why; effect, interval and unit; target; guard-rails; confounders; what a reader
    must know; for an open verdict what would settle it; and what kind of comparison it was.

    Args:
        given: What was checked.
        result: What was found.
    """
    plan, _ = given.primary
    found = result.verdict
    parts = [_VERDICTS[found.verdict], *(_REASONS[reason] for reason in found.reasons)]
    parts += found.sentences
    parts += [_effect(plan, result.primary), _target(plan, result.primary)]
    parts += [_guard_rails(given, result), _confounders(given)]
    parts += [f"{note[0].upper()}{note[1:]}." for note in found.notes]
    if (still := open_verdict(given, result)) is not None:
        parts += [still.known, still.settling.sentence]
    if found.verdict is Verdict.IMPROVED_GUARDRAIL_OPEN:
        parts += [
            guard_settling(given, rail, row)
            for rail, row in zip(given.others, result.checks[1:], strict=True)
            if row.guard_state is GuardState.NOT_PROVEN and not rail[0].is_waived
        ]
    parts.append(_comparison(given))
    return " ".join(part for part in parts if part)


def open_verdict(given: CheckInput, result: CheckResult) -> OpenVerdict | None:
    """What is known of an inconclusive Check and what would settle it; None of any other."""
    if result.verdict.verdict is not Verdict.INCONCLUSIVE:
        return None
    known = _still_possible(given.primary[0], result.primary)
    return OpenVerdict(known, settling(given, result.primary, result.verdict.reasons))


def _effect(plan: MetricPlan, row: MetricCheck) -> str:
    if row.diff is None or row.lo is None or row.hi is None:
        return ""
    unit, confidence = plan.unit, f"{100 * (1 - row.alpha):.0f} %"
    low, high = (row.lo, row.hi) if plan.sign > 0 else (-row.hi, -row.lo)
    moved = plan.sign * row.diff
    if low > 0 or high < 0:
        verb = "went up" if moved > 0 else "went down"
        start = f"{plan.label} {verb} by {change(abs(moved), unit).removeprefix('+')}"
    else:
        start = f"{plan.label} shows no clear change: {change(moved, unit)}"
    text = f"{start} ({confidence} interval {change_between(low, high, unit)})"
    if row.mean_base is not None and row.mean_post is not None:
        text += f", from {amount(row.mean_base, unit)} to {amount(row.mean_post, unit)}"
    return f"{text}{_as_ratio(plan, row, low, high)}."


def _as_ratio(plan: MetricPlan, row: MetricCheck, low: float, high: float) -> str:
    """Of counts and quantiles: the effect as how many times what it was."""
    is_ratio = plan.metric.kind in RATIO_KINDS and row.method is not Method.IMPORTED
    if not is_ratio or not row.mean_base or row.mean_post is None:
        return ""
    ends = [times(1 + end / row.mean_base) for end in (low, high)]
    return f": {times(row.mean_post / row.mean_base)} times as much ({ends[0]} to {ends[1]} times)"


def _target(plan: MetricPlan, row: MetricCheck) -> str:
    if row.target_state is None or plan.metric.target_value is None:
        return ""
    goal = amount(plan.metric.target_value, plan.unit)
    return f"The target of {goal} {_TARGETS[row.target_state]}."


def _guard_rails(given: CheckInput, result: CheckResult) -> str:
    told = []
    for (plan, _), row in zip(given.others, result.checks[1:], strict=True):
        if not is_guard_rail(plan) or row.guard_state is None:
            continue
        has_failed = plan.metric_id in result.verdict.failed_guards
        state = _GUARDS[GuardState.FAIL if has_failed else row.guard_state]
        told.append(f"{plan.label} {'waived' if plan.is_waived else state}")
    if not told:
        return "No guard-rail was set."
    return f"Guard-rails: {listed(told)}."


def _confounders(given: CheckInput) -> str:
    if not given.confounders:
        return "No confounder is known."
    return f"In the same time: {listed(list(given.confounders))}."


def _still_possible(plan: MetricPlan, row: MetricCheck) -> str:
    """What is known although nothing is settled: what the interval still allows."""
    smallest = plan.metric.min_effect
    if row.lo is None or row.hi is None or smallest is None:
        return ""
    worth = f"the smallest effect worth having, {change(plan.sign * smallest, plan.unit)},"
    allowed = "is" if row.hi >= smallest else "is not"
    harm = "harm is not ruled out" if row.lo < 0 else "harm is ruled out"
    return f"What is known: {worth} {allowed} still possible, and {harm}."


def _comparison(given: CheckInput) -> str:
    if given.design is Design.AB_TEST and given.primary[1].imported:
        source = given.primary[1].imported.source
        return f"Result of an A/B test{f', {source}' if source else ''}."
    if given.primary[0].control is not None and given.primary[1].control is not None:
        return WITH_CONTROL
    return NOT_CONTROLLED

"""Step 1 of the Check: may this metric be judged at all? Pure."""

from dataclasses import dataclass

from pipelines.reviews.check.inputs import NO_SERIES, MetricPlan, Window, usable
from pipelines.reviews.core.amounts import NO_BREAK
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.terms import Kind, Verdict

FEWEST_BASELINE_POINTS = 6
MOST_MISSING = 0.10
LEAST_TRUST = 0.80
# A baseline restated by more than this share of the smallest effect is another baseline.
RESTATED_SHARE = 0.5


@dataclass(frozen=True)
class NotJudged:
    """Why a metric cannot be judged: `not_ready` gets better by waiting, `invalid` does not."""

    verdict: Verdict
    sentences: tuple[str, ...]


def not_judged(plan: MetricPlan, window: Window) -> NotJudged | None:
    """What stands against judging a metric; None if nothing does.

    Args:
        plan: As locked.
        window: What came after.

    Returns:
        `invalid` before `not_ready`, as waiting does not heal it; every reason in a sentence
        with what to do next.
    """
    if broken := _invalid(plan, window):
        return NotJudged(Verdict.INVALID, broken)
    if waiting := _not_ready(plan, window):
        return NotJudged(Verdict.NOT_READY, waiting)
    return None


def is_two_waves(plan: MetricPlan, window: Window) -> bool:
    """Whether two pooled samples without time axis are compared, such as two survey waves."""
    is_share = plan.metric.kind is Kind.PROPORTION
    return is_share and len(plan.baseline.values) == len(window.post.values) == 1


def _invalid(plan: MetricPlan, window: Window) -> tuple[str, ...]:
    found = [
        f"The {what} of {plan.label} is not the one that was locked. Plan again with a reason."
        for what in window.readiness.changed
    ]
    smallest = plan.metric.min_effect or 0.0
    if smallest and abs(window.readiness.restated_by) > RESTATED_SHARE * smallest:
        found.append(
            f"The baseline of {plan.label} was restated by more than half of the smallest effect "
            "worth having. Plan again with a reason."
        )
    return tuple(found)


def _not_ready(plan: MetricPlan, window: Window) -> tuple[str, ...]:
    known = window.readiness
    found = []
    if known.ready_on and known.today < known.ready_on:
        found.append(f"The Check may run from {in_words(known.ready_on)} on. Wait until then.")
    found += [
        f"The source {source} is stale. Load it again, then run the Check."
        for source in known.stale_sources
    ]
    if known.trust is not None and known.trust < LEAST_TRUST:
        found.append(
            f"The trust in {plan.label} is {known.trust:.2f}, below {LEAST_TRUST:.2f}. "
            "Repair its data, then run the Check."
        )
    if window.imported is None and not is_two_waves(plan, window):
        found += _too_short(plan, window)
    return tuple(found)


def _too_short(plan: MetricPlan, window: Window) -> list[str]:
    before, after = usable(plan, plan.baseline), usable(plan, window.post)
    found = []
    if before.n < FEWEST_BASELINE_POINTS:
        found.append(
            f"The baseline of {plan.label} has {before.n} periods with a value; "
            f"{FEWEST_BASELINE_POINTS} are needed. Plan again with a longer baseline."
        )
    if after.n < plan.metric.min_post_points:
        missing = plan.metric.min_post_points - after.n
        found.append(
            f"{plan.label} has {after.n} of {plan.metric.min_post_points} periods after the "
            f"change. Wait for {missing} more."
        )
    found += [
        f"{_percent(series.missing_share)} of the periods of {plan.label} {side} the change have "
        f"no value; at most {_percent(MOST_MISSING)} may be missing. Load them, then run the Check."
        for side, series in (("before", before), ("after", after))
        if series.missing_share > MOST_MISSING
    ]
    return found + _control(plan, window)


def _control(plan: MetricPlan, window: Window) -> list[str]:
    """A declared control is never left out in silence: without it another rule would judge."""
    if plan.control is None:
        return []
    sides = ((plan.baseline, plan.control), (window.post, window.control or NO_SERIES))
    has_all = all(len(series.values) == len(control.values) for series, control in sides)
    if has_all and all(control.missing_share <= MOST_MISSING for _, control in sides):
        return []
    return [
        f"The control series of {plan.label} does not cover both windows. "
        "Load its missing periods, then run the Check."
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{NO_BREAK}%"

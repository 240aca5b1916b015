"""What an open Check still needs: how many more periods, until when, or what else. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from pipelines.reviews.check.inputs import CheckInput, MetricPlan, Window
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.check.verdict_table import LAST_LOOK
from pipelines.reviews.core.amounts import counted
from pipelines.reviews.core.periods import after, in_words
from pipelines.reviews.core.terms import Direction, Reason
from pipelines.stats.arrays import FloatArray, floats
from pipelines.stats.before_after import FEWEST_EFFECTIVE_POINTS, student

# Beyond this many times the window so far, waiting is no plan.
MOST_TIMES_LONGER = 4
GRAINS = frozenset({"day", "week", "month", "quarter", "year"})


@dataclass(frozen=True)
class Settling:
    """What would settle an open Check.

    Attributes:
        more_periods: About how many more periods after the change; None = waiting does not help.
        on: The first day on which they are complete.
        sentence: In words, with the next step.
    """

    more_periods: int | None
    on: date | None
    sentence: str


def settling(given: CheckInput, row: MetricCheck, reasons: tuple[Reason, ...]) -> Settling:
    """What would settle the primary metric's Check.

    The estimate holds if effect, spread and autocorrelation stay as they are.

    Args:
        given: The Check.
        row: What it found on the primary metric.
        reasons: Why it is open.
    """
    plan, window = given.primary
    if Reason.DRIFT in reasons:
        return _instead(
            "The metric may have been moving anyway, and waiting does not show that it was not. "
            "Add a control series or stage the roll-out in the next cycle."
        )
    if given.look >= LAST_LOOK:
        return _instead(
            "This was the third and last look. Adjust: lengthen the baseline, add a control "
            "series, or stage the roll-out."
        )
    smallest = plan.metric.min_effect or 0.0
    more = (
        _until_apart(row)
        if Reason.AUTOCORRELATION in reasons
        else periods_until(
            row,
            _next_alpha(given),
            lambda diff, width: abs(diff) > width or diff + width < smallest,
        )
    )
    if more is None:
        return _instead(
            f"At the spread seen, waiting up to {MOST_TIMES_LONGER} times as long would not settle "
            "it. Lengthen the baseline, add a control series, or pick a nearer metric."
        )
    return Settling(more, _complete_on(plan, window, more), _extend(plan, window, more))


def guard_settling(given: CheckInput, rail: tuple[MetricPlan, Window], row: MetricCheck) -> str:
    """What would settle a guard-rail that is not proven, in words; "" where it cannot be said.

    Args:
        given: The Check.
        rail: The guard-rail with its window.
        row: What it found on it.
    """
    plan, window = rail
    if row.diff is None or given.look >= LAST_LOOK or plan.metric.direction is Direction.WITHIN:
        return ""
    margin = plan.metric.margin or 0.0
    more = periods_until(
        row,
        _next_alpha(given),
        lambda diff, width: diff - width > -margin or diff + width < -margin,
    )
    if more is None:
        return f"For {plan.label}, waiting would not settle it: its margin is too narrow."
    return f"For {plan.label}: {_extend(plan, window, more)}"


def periods_until(
    row: MetricCheck, alpha: float, is_settled: Callable[[float, float], bool]
) -> int | None:
    """How many more post periods would settle a comparison.

    Args:
        row: What was found so far.
        alpha: Of the next look, which is stricter.
        is_settled: Given the effect and half the width of its interval, in metric units.

    Returns:
        At least 1; None where no window up to four times as long does.
    """
    if row.diff is None or row.lo is None or row.hi is None or not row.n_base or not row.n_post:
        return None
    if row.n_eff_base is None or not row.n_eff_post:
        return None
    alike = row.n_post / row.n_eff_post
    now = student(row.alpha, _freedom(row.n_eff_base, row.n_eff_post))
    for n_post in range(row.n_post + 1, MOST_TIMES_LONGER * row.n_post + 1):
        then = student(alpha, _freedom(row.n_eff_base, n_post / alike))
        sizes = (1 / row.n_base + 1 / n_post) / (1 / row.n_base + 1 / row.n_post)
        width = (row.hi - row.lo) / 2 * float(then / now) * sizes**0.5
        if is_settled(row.diff, width):
            return n_post - row.n_post
    return None


def _freedom(before: float, after: float) -> FloatArray:
    """Welch's degrees of freedom of two sides that vary alike, by their effective periods."""
    parts = floats([1 / before, 1 / after])
    weights = parts**2 / np.maximum(1 / parts - 1, 1)
    return floats(parts.sum() ** 2 / weights.sum())


def _until_apart(row: MetricCheck) -> int | None:
    """More post periods until they are worth two independent ones; the baseline cannot grow."""
    if not row.n_post or not row.n_eff_post or (row.n_eff_base or 0) < FEWEST_EFFECTIVE_POINTS:
        return None
    needed = ceil(FEWEST_EFFECTIVE_POINTS * row.n_post / row.n_eff_post)
    return max(needed - row.n_post, 1) if needed <= MOST_TIMES_LONGER * row.n_post else None


def _next_alpha(given: CheckInput) -> float:
    return given.alpha_per_look[min(given.look, len(given.alpha_per_look) - 1)]


def _complete_on(plan: MetricPlan, window: Window, more: int) -> date | None:
    """The day after the last of the periods to come."""
    grain, end = plan.metric.grain, window.post.end(plan.metric.grain)
    return end and after(end, more, grain, sprint_days=window.post.usual_days)


def _extend(plan: MetricPlan, window: Window, more: int) -> str:
    on = _complete_on(plan, window, more)
    noun = plan.metric.grain if plan.metric.grain in GRAINS else "period"
    when = f", on {in_words(on)}" if on else ""
    return (
        f"If nothing else changes, about {counted(more, noun)} more would settle it{when}. "
        "Extend the Check to then."
    )


def _instead(sentence: str) -> Settling:
    return Settling(None, None, sentence)

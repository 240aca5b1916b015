"""What an open Check still needs: how many more periods, until when, or what else. Pure."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from pipelines.reviews.amounts import counted
from pipelines.reviews.check_input import CheckInput, MetricPlan
from pipelines.reviews.check_row import MetricCheck
from pipelines.reviews.periods import after
from pipelines.reviews.terms import Reason
from pipelines.reviews.verdict_table import LAST_LOOK
from pipelines.stats.arrays import floats
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
    plan, _ = given.primary
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
    more = (
        _until_apart(row)
        if Reason.AUTOCORRELATION in reasons
        else periods_to_settle(row, plan.metric.min_effect or 0.0, _next_alpha(given))
    )
    if more is None:
        return _instead(
            f"At the spread seen, waiting up to {MOST_TIMES_LONGER} times as long would not settle "
            "it. Lengthen the baseline, add a control series, or pick a nearer metric."
        )
    on = _complete_on(plan, row, more)
    noun = plan.metric.grain if plan.metric.grain in GRAINS else "period"
    when = f", on {on.day} {on:%b %Y}" if on else ""
    return Settling(
        more,
        on,
        f"If nothing else changes, about {counted(more, noun)} more would settle it{when}. "
        "Extend the Check to then.",
    )


def periods_to_settle(row: MetricCheck, min_effect: float, alpha: float) -> int | None:
    """How many more post periods would prove the effect seen, or that it is too small.

    Args:
        row: What was found so far.
        min_effect: Smallest effect worth having, in metric units.
        alpha: Of the next look, which is stricter.

    Returns:
        At least 1; None where no window up to four times as long does.
    """
    if row.diff is None or row.lo is None or row.hi is None or not row.n_base or not row.n_post:
        return None
    if row.n_eff_base is None or row.n_eff_post is None:
        return None
    width = (row.hi - row.lo) / 2
    alike = row.n_post / row.n_eff_post
    now = student(row.alpha, floats(max(row.n_eff_base + row.n_eff_post - 2, 1)))
    for n_post in range(row.n_post + 1, MOST_TIMES_LONGER * row.n_post + 1):
        freedom = max((row.n_base + n_post) / alike - 2, 1)
        sizes = (1 / row.n_base + 1 / n_post) / (1 / row.n_base + 1 / row.n_post)
        then = width * float(student(alpha, floats(freedom)) / now) * sizes**0.5
        if abs(row.diff) > then or row.diff + then < min_effect:
            return n_post - row.n_post
    return None


def _until_apart(row: MetricCheck) -> int | None:
    """More post periods until they are worth two independent ones; the baseline cannot grow."""
    if not row.n_post or not row.n_eff_post or (row.n_eff_base or 0) < FEWEST_EFFECTIVE_POINTS:
        return None
    needed = ceil(FEWEST_EFFECTIVE_POINTS * row.n_post / row.n_eff_post)
    return max(needed - row.n_post, 1) if needed <= MOST_TIMES_LONGER * row.n_post else None


def _next_alpha(given: CheckInput) -> float:
    return given.alpha_per_look[min(given.look, len(given.alpha_per_look) - 1)]


def _complete_on(plan: MetricPlan, row: MetricCheck, more: int) -> date | None:
    """The day after the last of the periods to come."""
    if row.post_to is None:
        return None
    return after(row.post_to, more + 1, plan.metric.grain)


def _instead(sentence: str) -> Settling:
    return Settling(None, None, sentence)

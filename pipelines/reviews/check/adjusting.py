"""What a Check compares: a series without its gaps' pretence, season and shared movement. Pure."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipelines.reviews.check.inputs import NO_SERIES, MetricPlan, Readiness, Series, Window, usable
from pipelines.reviews.core.terms import Kind
from pipelines.stats.arrays import FloatArray, floats, known_mean, observed

WEEKDAYS = 7
MONTHS = 12
FEWEST_BASELINE_WEEKS = 4
FEWEST_BASELINE_MONTHS = 24
# Multiplied rather than added to: their effect is a ratio.
RATIO_KINDS = frozenset({Kind.COUNT, Kind.QUANTILE})
SEASON_NOT_CHECKED = "seasonality not checked"


@dataclass(frozen=True)
class Analysed:
    """The two stretches that are compared, in metric units; leading axes are allowed.

    Attributes:
        before: Shape (..., n0); nan is a gap.
        after: Shape (..., n1).
        exposure_before: Of counts, shape (..., n0) or broadcastable.
        exposure_after: The same of the later window.
        periods_between: Periods after the baseline and before the post window.
        is_adjusted: Whether a season or a control series was taken out.
        has_control: Whether a control series was, which replaces the test of drift.
        notes: What a reader must know about it.
    """

    before: FloatArray
    after: FloatArray
    exposure_before: FloatArray | float = 1.0
    exposure_after: FloatArray | float = 1.0
    periods_between: float = 0.0
    is_adjusted: bool = False
    has_control: bool = False
    notes: tuple[str, ...] = ()


def analysed(plan: MetricPlan, window: Window) -> Analysed:
    """The series of a metric as the Check compares it.

    Daily series lose the weekday means of a baseline of four weeks or more; monthly series
    with 24 months or more become differences to the year before; both keep the baseline's
    level. A control series is subtracted, scaled to the baseline mean. Of counts and
    quantiles, whose effect is a ratio, season and control divide instead.

    Args:
        plan: As locked; everything that is taken out is worked out from its baseline.
        window: What came after.
    """
    is_ratio = plan.metric.kind in RATIO_KINDS
    baseline, post = usable(plan, plan.baseline), usable(plan, window.post)
    found = Analysed(
        baseline.array,
        post.array,
        baseline.exposed,
        post.exposed,
        _periods_between(plan, window),
    )
    season = _season(plan.metric.grain, baseline, post)
    if season:
        found = _without(found, season, is_ratio=is_ratio)
    elif plan.metric.grain != "week":
        found = replace(found, notes=(*found.notes, SEASON_NOT_CHECKED))
    if plan.control is not None and window.control is not None:
        found = _without_control(found, plan, window, is_ratio=is_ratio)
    if season and plan.metric.grain == "month":
        # The first year is only there to be compared with.
        found = replace(
            found,
            before=found.before[MONTHS:],
            exposure_before=floats(found.exposure_before)[MONTHS:],
        )
    return found


def analysed_baseline(plan: MetricPlan) -> Analysed:
    """The baseline as the Check will compare it, before there is anything after it."""
    control = None if plan.control is None else NO_SERIES
    return analysed(plan, Window(NO_SERIES, Readiness(date.min), control=control))


def _without(
    found: Analysed, reference: tuple[FloatArray, FloatArray], *, is_ratio: bool
) -> Analysed:
    """The series less a reference, at the level that the reference has in the baseline."""
    # Divided by nothing is nothing known: a weekday without any event is left out.
    before, after = (
        (np.where(each > 0, each, np.nan) for each in reference) if is_ratio else reference
    )
    level = known_mean(np.where(np.isfinite(found.before), before, np.nan))
    if not is_ratio:
        return replace(
            found,
            before=found.before - before + level,
            after=found.after - after + level,
            is_adjusted=True,
        )
    return replace(
        found,
        before=found.before / (before / level),
        after=found.after / (after / level),
        exposure_before=found.exposure_before * before / level,
        exposure_after=found.exposure_after * after / level,
        is_adjusted=True,
    )


def _without_control(
    found: Analysed, plan: MetricPlan, window: Window, *, is_ratio: bool
) -> Analysed:
    """The series less its control, which loses its own season first."""
    baseline, post = plan.control or plan.baseline, window.control or window.post
    control = Analysed(baseline.array, post.array)
    if season := _season(plan.metric.grain, baseline, post):
        control = _without(control, season, is_ratio=is_ratio)
    both = np.isfinite(found.before) & np.isfinite(control.before)
    scale = known_mean(np.where(both, found.before, np.nan)) / observed(
        known_mean(np.where(both, control.before, np.nan))
    )
    reference = control.before * scale, control.after * scale
    return replace(_without(found, reference, is_ratio=is_ratio), has_control=True)


def _season(grain: str, baseline: Series, post: Series) -> tuple[FloatArray, FloatArray] | None:
    """What the season alone would give for each period of both windows; None if unknown."""
    if grain == "day" and len(baseline.values) >= FEWEST_BASELINE_WEEKS * WEEKDAYS:
        return _weekday_means(baseline, post)
    if grain == "month" and len(baseline.values) >= FEWEST_BASELINE_MONTHS:
        return _year_ago(baseline, post)
    return None


def _weekday_means(baseline: Series, post: Series) -> tuple[FloatArray, FloatArray]:
    days = np.array([day.weekday() for day in baseline.starts])
    means = floats([known_mean(baseline.array[days == day]) for day in range(WEEKDAYS)])
    return means[days], means[np.array([day.weekday() for day in post.starts], dtype=int)]


def _year_ago(baseline: Series, post: Series) -> tuple[FloatArray, FloatArray]:
    """The same month a year before; of a post window longer than a year, in the baseline's last."""
    known = dict(zip(map(_month, baseline.starts), baseline.values, strict=True))
    last = max(known)

    def before_of(day: date) -> float:
        month = _month(day) - MONTHS
        while month > last:
            month -= MONTHS
        return known.get(month, np.nan)

    return floats([*map(before_of, baseline.starts)]), floats([*map(before_of, post.starts)])


def _month(day: date) -> int:
    return MONTHS * day.year + day.month


def _periods_between(plan: MetricPlan, window: Window) -> float:
    """Periods that belong to neither window, counted in the baseline's usual period."""
    before, after = plan.baseline.starts, window.post.starts
    if len(before) == 1 or not before or not after:
        return float(plan.metric.lag_periods)
    if plan.metric.grain in {"month", "quarter", "year"}:
        steps = [_month(day) for day in (*before[-2:], after[0])]
        return (steps[2] - steps[1]) / (steps[1] - steps[0]) - 1
    return max((after[0] - before[-1]).days / plan.baseline.usual_days - 1, 0.0)

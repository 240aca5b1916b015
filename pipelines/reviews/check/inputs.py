"""What a Check is computed from: the locked plan of each metric and what came after. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import Any

import numpy as np

from pipelines.reviews.core.periods import SPRINT_DAYS, after
from pipelines.reviews.core.plan import ALPHA_PER_LOOK, Baseline, Plan, PlanMetric
from pipelines.reviews.core.terms import Design, Direction, Kind
from pipelines.stats.arrays import FloatArray, floats
from pipelines.stats.control_chart import Limits


@dataclass(frozen=True)
class Series:
    """Values of consecutive periods, oldest first.

    Attributes:
        starts: First day of each period, gaps included.
        values: In the metric's unit, one per period; nan where missing. Of a count its rate:
            events per unit of exposure.
        exposures: What each value was made of: exposure of a count, n of a share or ratio.
            Empty = 1 each.
    """

    starts: tuple[date, ...]
    values: tuple[float, ...]
    exposures: tuple[float, ...] = ()

    @property
    def array(self) -> FloatArray:
        """The values, shape (k,)."""
        return floats(self.values)

    @property
    def exposed(self) -> FloatArray:
        """The exposures, shape (k,)."""
        return floats(self.exposures) if self.exposures else np.ones(len(self.values))

    @property
    def missing_share(self) -> float:
        """Share of its periods without a value; 0 of an empty series."""
        return float(np.isnan(self.array).mean()) if self.values else 0.0

    @property
    def n(self) -> int:
        """Periods with a value."""
        return int(np.isfinite(self.array).sum())

    @property
    def usual_days(self) -> int:
        """Days from one period to the next; a sprint's default where there is one period."""
        if len(self.starts) <= 1:
            return SPRINT_DAYS
        return round((self.starts[-1] - self.starts[0]).days / (len(self.starts) - 1))

    def end(self, grain: str) -> date | None:
        """The day after its last period; None of an empty series."""
        if not self.starts:
            return None
        return after(self.starts[-1], 1, grain, sprint_days=self.usual_days)


NO_SERIES = Series((), ())


@dataclass(frozen=True)
class MetricPlan:
    """One metric as it was locked.

    Attributes:
        metric: Role, direction, kind, grain, smallest effect, margin, band, target, lag.
        baseline: The frozen periods before the start.
        unit: Of its values, as the metric catalogue names it.
        name: As readers know it; the id where it is empty.
        possible: Smallest and largest possible value; process limits do not go beyond.
        minimum_n: Of a ratio: a period with a smaller exposure is a gap.
        limits: Frozen centre, lower and upper process limit; None = those of the baseline.
            An adjusted series (season, control) always takes those of its own baseline.
        control: Frozen baseline of the control series, period by period; None without one.
        is_waived: Whether this guard-rail was waived before the lock.
    """

    metric: PlanMetric
    baseline: Series
    unit: str = "count"
    name: str = ""
    possible: tuple[float, float] = (-inf, inf)
    minimum_n: float = 0
    limits: Limits | None = None
    control: Series | None = None
    is_waived: bool = False

    @property
    def metric_id(self) -> str:
        """Of the metric."""
        return self.metric.metric_id

    @property
    def label(self) -> str:
        """The name that readers know."""
        return self.name or self.metric_id

    @property
    def band(self) -> tuple[float, float]:
        """What the direction `within` must stay in; an open end is infinite."""
        lowest, highest = self.metric.band_lo, self.metric.band_hi
        return (-inf if lowest is None else lowest, inf if highest is None else highest)

    @property
    def sign(self) -> int:
        """1 where more is favourable, -1 where less is."""
        return -1 if self.metric.direction is Direction.DOWN else 1


@dataclass(frozen=True)
class Readiness:
    """What is known of the data behind a Check before any number of it is looked at.

    Attributes:
        today: The day of the Check.
        ready_on: The first day it may run (V8, V11); None = not planned.
        stale_sources: Needed sources that are older than they may be.
        trust: Of the metric, 0 to 1; None = not known, which stops nothing.
        changed: What differs from the lock, by its plain name: "definition", "unit",
            "currency", "survey kind", or "baseline" of a plan from another workspace.
        restated_by: By how much the baseline's mean, computed anew, differs from the frozen
            one, in metric units.
    """

    today: date
    ready_on: date | None = None
    stale_sources: tuple[str, ...] = ()
    trust: float | None = None
    changed: tuple[str, ...] = ()
    restated_by: float = 0.0


@dataclass(frozen=True)
class ImportedResult:
    """The result of an A/B test: treatment less control, in metric units."""

    difference: float
    low: float
    high: float
    source: str = ""


@dataclass(frozen=True)
class Window:
    """The periods after the change of one metric.

    Attributes:
        post: Settled periods after actions and lag.
        readiness: What is known of the data.
        control: The control series of the same periods; None without one.
        imported: With the design `ab_test`, what replaces the comparison.
    """

    post: Series
    readiness: Readiness
    control: Series | None = None
    imported: ImportedResult | None = None


@dataclass(frozen=True)
class CheckInput:
    """One Check of one cycle.

    Attributes:
        primary: The metric that decides, with its window.
        others: Guard-rails and secondary metrics with theirs.
        design: How the effect is told from what would have happened anyway.
        look: Which look this is: 1, 2 or 3.
        alpha_per_look: As locked.
        confounders: What else moved the metric in either window, one sentence part each.
    """

    primary: tuple[MetricPlan, Window]
    others: tuple[tuple[MetricPlan, Window], ...] = ()
    design: Design = Design.BEFORE_AFTER
    look: int = 1
    alpha_per_look: tuple[float, ...] = field(default=ALPHA_PER_LOOK)
    confounders: tuple[str, ...] = ()

    @property
    def alpha(self) -> float:
        """Of this look."""
        return self.alpha_per_look[min(self.look, len(self.alpha_per_look)) - 1]


def usable(plan: MetricPlan, series: Series) -> Series:
    """A metric's series with a gap where a value says nothing.

    A ratio needs its minimum n, a quantile a value above 0, as logarithms are compared, and a
    count is never below 0.
    """
    values = series.array
    if plan.metric.kind is Kind.RATIO:
        values = np.where(series.exposed < plan.minimum_n, np.nan, values)
    elif plan.metric.kind is Kind.QUANTILE:
        values = np.where(values > 0, values, np.nan)
    elif plan.metric.kind is Kind.COUNT:
        values = np.where(values >= 0, values, np.nan)
    return replace(series, values=tuple(values.tolist()))


def locked(plan: Plan, metric: PlanMetric, **more: Any) -> MetricPlan:
    """A metric of a locked plan with its frozen baseline, limits and control.

    Args:
        plan: As locked.
        metric: One of its metrics.
        more: Any further field of `MetricPlan`: unit, name, possible, minimum_n.
    """
    baseline = plan.baseline_of(metric.metric_id)
    control = metric.control_metric_id
    return MetricPlan(
        metric,
        series_of(baseline),
        limits=limits_of_plan(baseline),
        control=series_of(plan.baseline_of(control)) if control else None,
        **more,
    )


def series_of(baseline: Baseline) -> Series:
    """The points of a locked baseline as a series, each with what it rests on."""
    starts = tuple(point.start for point in baseline.points)
    return Series(starts, baseline.values, baseline.exposures)


def limits_of_plan(baseline: Baseline) -> Limits | None:
    """The process limits of a locked baseline; None where it has none."""
    if baseline.mean is None or baseline.lnpl is None or baseline.unpl is None:
        return None
    ends = [floats(end) for end in (baseline.mean, baseline.lnpl, baseline.unpl, np.nan)]
    return Limits(*ends)

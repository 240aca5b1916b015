"""What is locked before the result is known: metrics, baselines, windows, dates. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import inf, isfinite, nan
from typing import Any

from pipelines.reviews.core.cycle import Action, Cycle, last_done_on
from pipelines.reviews.core.periods import SPRINT_DAYS, after, next_start
from pipelines.reviews.core.terms import Design, Direction, Kind, MetricRole, Rigour
from pipelines.stats.control_chart import limits_of

BASELINE_PERIODS = 26
MIN_POST_POINTS = 8
DEFAULT_POST_POINTS = 13
# From the first day a Check may run: two weekly reviews to look at it and decide.
DAYS_TO_CHECK = 14
ALPHA_PER_LOOK = (0.05, 0.02, 0.01)
JUDGED = (MetricRole.PRIMARY, MetricRole.SECONDARY, MetricRole.GUARD_RAIL)


@dataclass(frozen=True)
class PlanMetric:
    """One metric of a plan; the columns of `pdca_metric`.

    Amounts are in the metric's unit. `expected_effect`, `min_effect` and `margin` are distances,
    above 0: which way is good is said by `direction`.

    Attributes:
        filters: What the metric is narrowed to, as the definition names it.
        confidence: Stated probability of the verdict `improved`, 0 to 1.
        margin: Largest tolerated harm, of a guard-rail.
        band_lo: Lower end of the band, for the direction `within`; None = open.
        band_hi: Upper end of it.
        lag_periods: Periods after the last action before an effect can show.
        control_metric_id: The series that is subtracted, where the plan declares one.
    """

    metric_id: str
    role: MetricRole
    direction: Direction
    kind: Kind
    definition_hash: str
    grain: str
    filters: dict[str, Any] = field(default_factory=dict)
    expected_effect: float | None = None
    confidence: float | None = None
    target_value: float | None = None
    min_effect: float | None = None
    margin: float | None = None
    band_lo: float | None = None
    band_hi: float | None = None
    lag_periods: int = 0
    min_post_points: int = DEFAULT_POST_POINTS
    control_metric_id: str | None = None


@dataclass(frozen=True)
class Point:
    """One complete period of a series, half-open.

    Attributes:
        value: In the metric's unit, of a count per unit of exposure; None = a gap.
        exposure: What it rests on: exposure of a count, n of a share or ratio; None = 1.
    """

    start: date
    end: date
    value: float | None
    exposure: float | None = None


@dataclass(frozen=True)
class Baseline:
    """The periods before a change, with what they do by themselves. Numbers in metric units.

    Attributes:
        metric_id: Of this metric.
        points: Oldest first; gaps stay gaps.
        mean: X̄; None where no two periods are neighbours, as are both limits.
        lnpl: Lower natural process limit.
        unpl: Upper natural process limit.
        rho: Lag-1 autocorrelation, where it was worked out; not part of the lock.
    """

    metric_id: str
    points: tuple[Point, ...] = ()
    mean: float | None = None
    lnpl: float | None = None
    unpl: float | None = None
    rho: float | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """One number per period, nan where it is missing."""
        return tuple(nan if point.value is None else point.value for point in self.points)

    @property
    def exposures(self) -> tuple[float, ...]:
        """What each value rests on; () where no point says so."""
        if all(point.exposure is None for point in self.points):
            return ()
        return tuple(1.0 if point.exposure is None else point.exposure for point in self.points)

    @property
    def n(self) -> int:
        """Periods with a value."""
        return sum(point.value is not None for point in self.points)


@dataclass(frozen=True)
class Plan:
    """Everything that a lock fixes; its body is hashed into `plan_hash`.

    Attributes:
        metrics: One primary, any number of secondary, guard-rails and controls.
        baselines: One for each metric that is compared before and after.
        waived: Ids of guard-rails that are watched and do not decide.
        waiver: Why they are waived, or why there is no guard-rail; a sentence.
        criteria: Of a `qualitative` cycle: what must be found to call it improved.
        criteria_sources: Where that evidence will come from.
        confounders: What was known at the lock to move the same metric in the windows.
        control_because: Why the control series is a fair one.
        mde80: Smallest effect that this plan would prove in 80 of 100 cases, in metric units;
            inf = none. Worked out after the hash, which seeds it, so not part of it.
    """

    cycle_id: str
    change: str | None
    because: str | None
    metrics: tuple[PlanMetric, ...]
    baselines: tuple[Baseline, ...] = ()
    effect: str | None = None
    start_on: date | None = None
    due_on: date | None = None
    check_not_before: date | None = None
    check_due_on: date | None = None
    plan_no: int = 1
    rigour: Rigour = Rigour.LIGHT
    design: Design = Design.BEFORE_AFTER
    alpha_per_look: tuple[float, ...] = ALPHA_PER_LOOK
    sprint_days: int = SPRINT_DAYS
    waived: tuple[str, ...] = ()
    waiver: str | None = None
    criteria: tuple[str, ...] = ()
    criteria_sources: tuple[str, ...] = ()
    confounders: tuple[str, ...] = ()
    control_because: str | None = None
    mde80: float | None = None

    def of_role(self, role: MetricRole) -> tuple[PlanMetric, ...]:
        """Its metrics of one role, in their order."""
        return tuple(metric for metric in self.metrics if metric.role is role)

    @property
    def primary(self) -> PlanMetric | None:
        """The metric that decides; None without one or with several."""
        found = self.of_role(MetricRole.PRIMARY)
        return found[0] if len(found) == 1 else None

    @property
    def baseline(self) -> Baseline:
        """Of the primary metric; empty where there is none."""
        return self.baseline_of(self.primary.metric_id if self.primary else "")

    def baseline_of(self, metric_id: str) -> Baseline:
        """Of any metric; empty where there is none."""
        found = (each for each in self.baselines if each.metric_id == metric_id)
        return next(found, Baseline(metric_id))

    @property
    def judged(self) -> tuple[PlanMetric, ...]:
        """The metrics that a Check is run for: all but controls."""
        return tuple(metric for metric in self.metrics if metric.role in JUDGED)


def baseline_of(
    metric_id: str,
    points: Sequence[Point],
    start_on: date,
    *,
    most: int = BASELINE_PERIODS,
    possible: tuple[float, float] = (-inf, inf),
) -> Baseline:
    """The newest complete periods that end by the start, and their process limits.

    Args:
        metric_id: Of this metric.
        points: Complete, settled periods, oldest first.
        start_on: First day of the change; a period that ends after it is left out.
        most: How many periods, or what there is.
        possible: Smallest and largest possible value; limits do not go beyond them.

    Source:
        As `limits_of`.
    """
    kept = tuple(point for point in points if point.end <= start_on)[-most:]
    bare = Baseline(metric_id, kept)
    limits = limits_of(bare.values, possible=possible)
    if not isfinite(limits.centre):
        return bare
    return replace(
        bare, mean=float(limits.centre), lnpl=float(limits.lower), unpl=float(limits.upper)
    )


def earliest_check(
    due_on: date, metrics: Sequence[PlanMetric], *, sprint_days: int = SPRINT_DAYS
) -> date:
    """The first day that V8 allows: after lag and post points of the slowest metric.

    Args:
        due_on: When the last action is due.
        metrics: Every metric that is judged.
        sprint_days: Length of the team's sprint.
    """
    return max(
        (
            after(
                due_on,
                metric.lag_periods + metric.min_post_points,
                metric.grain,
                sprint_days=sprint_days,
            )
            for metric in metrics
        ),
        default=due_on,
    )


def planned_check(
    due_on: date, metrics: Sequence[PlanMetric], *, sprint_days: int = SPRINT_DAYS
) -> date:
    """The first day with enough whole periods: V8 counted from where the next period begins.

    A change that goes live on a Wednesday has its first whole week from Monday on. Without a
    metric, evidence gets a sprint to come in.
    """
    return max(
        (
            earliest_check(next_start(due_on, each.grain), [each], sprint_days=sprint_days)
            for each in metrics
        ),
        default=due_on + timedelta(days=sprint_days),
    )


def check_due(check_not_before: date) -> date:
    """When a Check is overdue, unless the plan says otherwise: two weeks after it may run."""
    return check_not_before + timedelta(days=DAYS_TO_CHECK)


def ready_on(plan: Plan, actions: Sequence[Action], *, so_far: date | None = None) -> date | None:
    """The day the Check may run: as planned, or later where actions were done late (V11).

    Args:
        plan: The locked plan.
        actions: All of the cycle's.
        so_far: The ready date until now; it is never made earlier.

    Returns:
        The day; None where the plan has no date yet.
    """
    done = last_done_on(actions)
    late = done and earliest_check(done, plan.judged, sprint_days=plan.sprint_days)
    return max((day for day in (plan.check_not_before, so_far, late) if day), default=None)


def plan_of(cycle: Cycle, metrics: tuple[PlanMetric, ...], **more: Any) -> Plan:
    """The plan as the draft's fields say it.

    Args:
        cycle: The draft.
        metrics: With their roles.
        more: Any further field of `Plan`: baselines, rigour, waiver, …
    """
    return Plan(
        cycle_id=cycle.cycle_id,
        change=cycle.hypothesis_change,
        effect=cycle.hypothesis_effect,
        because=cycle.hypothesis_because,
        metrics=metrics,
        start_on=cycle.start_on,
        due_on=cycle.due_on,
        check_not_before=cycle.check_not_before,
        check_due_on=cycle.check_due_on,
        design=cycle.design,
        **more,
    )


def with_plan(cycle: Cycle, plan: Plan) -> Cycle:
    """The cycle with the plan's hypothesis, design and dates in its own fields."""
    return replace(
        cycle,
        hypothesis_change=plan.change,
        hypothesis_effect=plan.effect,
        hypothesis_because=plan.because,
        design=plan.design,
        start_on=plan.start_on,
        due_on=plan.due_on,
        check_not_before=plan.check_not_before,
        check_due_on=plan.check_due_on,
    )

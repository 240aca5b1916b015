"""From five answers to a whole plan: what `light` rigour fills in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from pipelines.reviews.core.amounts import change
from pipelines.reviews.core.periods import SPRINT_DAYS
from pipelines.reviews.core.plan import (
    MIN_POST_POINTS,
    Plan,
    PlanMetric,
    Point,
    baseline_of,
    check_due,
    planned_check,
)
from pipelines.reviews.core.terms import Direction, MetricRole, Rigour


@dataclass(frozen=True)
class Asked:
    """The five answers: what and why, the metric, how much, who, when.

    Attributes:
        change: What we change; one sentence.
        because: Why it should help; one sentence.
        metric_id: Taken from the card.
        min_effect: Smallest change worth having, in metric units, above 0.
        owner_id: Who owns the cycle; the plan itself does not hold it.
        go_live_on: When the change goes live: the actions are due by then.
        start_on: When the change begins to reach people; the day it goes live by default.
    """

    change: str
    because: str
    metric_id: str
    min_effect: float
    owner_id: str
    go_live_on: date
    start_on: date | None = None


@dataclass(frozen=True)
class Known:
    """What is known without asking, for one metric of a product.

    Attributes:
        metric: As the catalogue and the card have it: direction, kind, grain, filters, hash of
            its definition; also a lag, where the product sets one.
        name: The metric's name on screen.
        unit: Its unit in words; "" without one.
        guard_rails: The product's defaults, with direction, margin or band.
        series: Complete settled periods by metric id, oldest first, of the metric and of every
            guard-rail that has any.
        possible: Smallest and largest possible value by metric id, where there are such.
        confounders: What else moves the metric in the windows (V13).
        sprint_days: Length of the team's sprint.
    """

    metric: PlanMetric
    name: str
    unit: str = ""
    guard_rails: tuple[PlanMetric, ...] = ()
    series: Mapping[str, Sequence[Point]] | None = None
    possible: Mapping[str, tuple[float, float]] | None = None
    confounders: tuple[str, ...] = ()
    sprint_days: int = SPRINT_DAYS


def light_plan(cycle_id: str, asked: Asked, known: Known) -> Plan:
    """A whole plan of which every filled-in part can be edited before the lock.

    Args:
        cycle_id: Of the draft.
        asked: The five answers.
        known: Facts about the metric and the product.

    Returns:
        With direction and unit of the metric, the product's guard-rails and margins, 26 baseline
        periods or what there is, 8 post points, dates by V8, confounders and limits.
    """
    primary = replace(
        known.metric,
        role=MetricRole.PRIMARY,
        min_effect=asked.min_effect,
        min_post_points=MIN_POST_POINTS,
    )
    guard_rails = tuple(
        replace(each, role=MetricRole.GUARD_RAIL, min_post_points=MIN_POST_POINTS)
        for each in known.guard_rails
        if each.metric_id != primary.metric_id
    )
    start_on = asked.start_on or asked.go_live_on
    metrics = (primary, *guard_rails)
    not_before = planned_check(asked.go_live_on, metrics, sprint_days=known.sprint_days)
    series, possible = known.series or {}, known.possible or {}
    return Plan(
        cycle_id=cycle_id,
        change=asked.change,
        effect=effect_sentence(primary, known.name, known.unit),
        because=asked.because,
        metrics=metrics,
        baselines=tuple(
            baseline_of(
                each.metric_id,
                series.get(each.metric_id, ()),
                start_on,
                possible=possible.get(each.metric_id, (-inf, inf)),
            )
            for each in metrics
        ),
        start_on=start_on,
        due_on=asked.go_live_on,
        check_not_before=not_before,
        check_due_on=check_due(not_before),
        rigour=Rigour.LIGHT,
        sprint_days=known.sprint_days,
        confounders=known.confounders,
    )


def effect_sentence(metric: PlanMetric, name: str, unit: str) -> str:
    r"""The second part of the hypothesis: which metric moves which way by how much.

    >>> from pipelines.reviews.core.terms import Kind
    >>> metric = PlanMetric(
    ...     "a", MetricRole.PRIMARY, Direction.UP, Kind.MEAN, "h", "week", min_effect=2.5
    ... )
    >>> effect_sentence(metric, "Activation", "points")
    'Activation goes up by at least 2.5 points'
    >>> effect_sentence(replace(metric, min_effect=0.06), "Activation", "share")
    'Activation goes up by at least 6.0\xa0pp'
    """
    way = {Direction.UP: "goes up", Direction.DOWN: "goes down"}.get(metric.direction, "changes")
    amount = metric.expected_effect or metric.min_effect
    measured = "" if amount is None else f" by at least {_distance(amount, unit)}"
    return f"{name} {way}{measured}"


def _distance(amount: float, unit: str) -> str:
    said = change(amount, unit).removeprefix("+")
    return f"{said} points" if unit == "points" else said

"""The chart of a cycle: from its frozen values once there are some, from the data before."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from dashboard import data
from dashboard.charts.process_chart import (
    Limits,
    process_alt,
    process_chart,
    process_headline,
)
from dashboard.charts.theme import THEMES, Mode
from dashboard.components.chart_card import ChartCard
from dashboard.exhibits.over_time import within
from dashboard.facts import Better, Marker, Subject
from dashboard.format import counted, day
from dashboard.question import Opened
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.check.signal_points import signal_points
from pipelines.reviews.core.plan import Baseline, Plan, PlanMetric
from pipelines.reviews.core.terms import Direction, MetricRole, ValueState
from pipelines.reviews.cycle.record import Run
from pipelines.reviews.numbers.frozen import Frozen, FrozenPoint, FrozenSeries

_SCHEMA = {
    "period": pl.Date,
    "period_end": pl.Date,
    "value": pl.Float64,
    "n": pl.Float64,
    "part": pl.String,
    "signal": pl.Int8,
}
# Their signals are found on a series that is not the one drawn.
_SEASONAL = ("day", "month")
_BETTER: dict[Direction, Better] = {Direction.UP: "up", Direction.DOWN: "down"}


def baseline_card(
    opened: Opened, about: Subject, baseline: Baseline, start_on: date | None, mode: Mode,
    *, goal: float | None = None,
) -> ChartCard:  # fmt: skip
    """What a metric did before a change that is not locked yet, from the newest data."""
    rows = [
        (each.start, each.end, each.value, each.exposure, "baseline", 0) for each in baseline.points
    ]
    points = pl.DataFrame(rows, _SCHEMA, orient="row")
    limits = Limits(baseline.mean, baseline.lnpl, baseline.unpl, start_on, goal=goal)
    marked = within(data.markers(opened), points) if rows else ()
    evidence = "Limits: mean ± 2.66 mean moving ranges of these periods."
    return _card(points, about, limits, mode, marked, rule=about.definition, evidence=evidence)


def frozen_card(
    opened: Opened, plan: Plan, freeze: Frozen, run: Run | None, mode: Mode
) -> ChartCard | None:
    """Baseline, limits and later periods as they were frozen; None without the metric.

    Args:
        opened: The snapshot, for releases and incidents only.
        plan: As locked.
        freeze: Of the newest run of the Check, else of the lock.
        run: That run.
        mode: Light or dark.
    """
    metric = plan.primary
    series = _series(freeze, metric)
    if metric is None or series is None:
        return None
    check = _check(run, metric)
    first, last = (check.post_from, check.post_to) if check else (None, None)
    baseline = plan.baseline
    points = _points(series, baseline, first, last, metric)
    limits = Limits(
        baseline.mean, baseline.lnpl, baseline.unpl, plan.start_on, first, metric.target_value
    )
    about = Subject(
        metric.metric_id,
        series.name,
        series.unit,
        _BETTER.get(metric.direction, "none"),
        series.rule_text,
        "",
    )
    marked = within(data.markers(opened), points) if not points.is_empty() else ()
    return _card(
        points, about, limits, mode, marked, rule=series.rule_text,
        evidence=_evidence(freeze, plan, run, metric),
    )  # fmt: skip


def _series(freeze: Frozen, metric: PlanMetric | None) -> FrozenSeries | None:
    if metric is None:
        return None
    of_role = [
        each
        for each in freeze.series
        if each.metric_id == metric.metric_id and each.role == MetricRole.PRIMARY.value
    ]
    return of_role[0] if of_role else freeze.of(metric.metric_id)


def _check(run: Run | None, metric: PlanMetric) -> MetricCheck | None:
    found = [row for row in (run.checks if run else ()) if row.metric_id == metric.metric_id]
    return found[0] if found else None


def _points(
    series: FrozenSeries,
    baseline: Baseline,
    first: date | None,
    last: date | None,
    metric: PlanMetric,
) -> pl.DataFrame:
    starts = {point.start for point in baseline.points}
    known = [each for each in series.points if each.state is not ValueState.IMMATURE]
    post = [each for each in known if first and last and first <= each.start <= last]
    is_raw = metric.grain not in _SEASONAL and metric.control_metric_id is None
    ways = signal_points([each.value for each in post], baseline) if is_raw else ()
    signals = dict(zip((each.start for each in post), ways, strict=False))
    begun = min(starts, default=None)
    rows = [
        (
            each.start,
            each.end,
            each.value,
            each.n,
            _part(each, starts, post),
            signals.get(each.start, 0),
        )
        for each in known
        if begun is None or each.start >= begun
    ]
    return pl.DataFrame(rows, _SCHEMA, orient="row")


def _part(point: FrozenPoint, starts: set[date], post: Sequence[FrozenPoint]) -> str:
    if point.start in starts:
        return "baseline"
    return "post" if point in post else "between"


def _evidence(freeze: Frozen, plan: Plan, run: Run | None, metric: PlanMetric) -> str:
    told = [f"Frozen {day(freeze.taken_at)}"]
    if freeze.data_as_of:
        told.append(f"data to {day((freeze.data_as_of - timedelta(microseconds=1)).date())}")
    told.append(f"baseline {counted(plan.baseline.n, metric.grain)}")
    if run is None and plan.check_not_before:
        told.append(f"the Check may run from {day(plan.check_not_before)}")
    if metric.grain in _SEASONAL:
        told.append("signals are looked for in the series without its season, so none is marked")
    return "; ".join(told) + "."


def _card(  # noqa: PLR0913 (what a card is made of)
    points: pl.DataFrame,
    about: Subject,
    limits: Limits,
    mode: Mode,
    markers: Sequence[Marker],
    *,
    rule: str,
    evidence: str,
) -> ChartCard:
    has_values = not points.is_empty() and points["value"].null_count() < points.height
    return ChartCard(
        key="process",
        headline=process_headline(points, about, limits),
        rule=rule,
        figure=process_chart(points, about, limits, THEMES[mode], markers=markers)
        if has_values
        else None,
        alt=process_alt(points, about, limits, markers),
        table=points,
        evidence=evidence,
        empty="No settled period before the start yet. Choose a later day, or another metric.",
        markers=markers,
    )

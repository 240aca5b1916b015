"""What the Check of a ledger row is computed from: its metric and guard-rails around a release."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import nan

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.check.inputs import (
    CheckInput,
    MetricPlan,
    Readiness,
    Series,
    Window,
    limits_of_plan,
)
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import MIN_POST_POINTS, Baseline, PlanMetric, Point, baseline_of
from pipelines.reviews.core.prediction import LedgerRow
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.cycle.guard_rails import GuardRail
from pipelines.reviews.cycle.values import metric_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.numbers.surroundings import confounders_of, stale_sources, trust_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import PdcaMetric


@dataclass(frozen=True)
class Around:
    """One metric around a release.

    Attributes:
        known: Its series.
        metric: As it is judged.
        baseline: The periods before the release.
        post: Those after it.
    """

    known: Known
    metric: PlanMetric
    baseline: Baseline
    post: tuple[Point, ...]

    @property
    def plan(self) -> MetricPlan:
        """As the Check takes it."""
        return MetricPlan(
            self.metric,
            series_of_points(self.baseline.points),
            unit=self.known.unit,
            name=self.known.name,
            possible=self.known.possible,
            minimum_n=self.known.minimum_n,
            limits=limits_of_plan(self.baseline),
        )

    @property
    def first_day(self) -> date | None:
        """Of the baseline; None without one."""
        return self.baseline.points[0].start if self.baseline.points else None

    @property
    def end(self) -> date | None:
        """The day after the last period that is looked at; None without any."""
        points = (*self.baseline.points, *self.post)
        return points[-1].end if points else None


def series_of_points(points: Sequence[Point]) -> Series:
    """Points as the Check takes them: gaps as nan, 1 where nothing is said of the exposure."""
    return Series(
        tuple(point.start for point in points),
        tuple(nan if point.value is None else point.value for point in points),
        tuple(1.0 if point.exposure is None else point.exposure for point in points),
    )


def around(
    known: Known, metric: PlanMetric, released_on: date, review_on: date | None, periods: int
) -> Around:
    """A metric's baseline and post window.

    The post window ends at the review date, or as soon after it as there are enough periods: it
    does not depend on the day on which somebody looks.

    Args:
        known: Its series.
        metric: As it is judged.
        released_on: The baseline ends before it, the post window begins on or after it.
        review_on: None = all that there is.
        periods: Length of the baseline, or what there is.
    """
    baseline = baseline_of(
        known.card.metric_id, known.points, released_on, most=periods, possible=known.possible
    )
    after = tuple(point for point in known.points if point.start >= released_on)
    by_review = sum(review_on is None or point.end <= review_on for point in after)
    return Around(known, metric, baseline, after[: max(by_review, metric.min_post_points)])


def primary_of(snapshot: Snapshot, rows: Sequence[LedgerRow], card: Card, periods: int) -> Around:
    """The metric that was predicted, by rows that share one judgement.

    Args:
        snapshot: Published.
        rows: Released together, with the same metric and direction.
        card: Their metric.
        periods: Length of the baseline.

    Returns:
        With what was expected, and what is worth having, of all its rows together.

    Raises:
        UsageError: The metric has no series here.
    """
    known = known_series(snapshot, card)
    metric = known.plan_metric(
        MetricRole.PRIMARY,
        direction=rows[0].expected_direction or Direction.UP,
        expected_effect=sum(row.expected_effect or 0 for row in rows),
        min_effect=sum(row.min_effect or 0 for row in rows),
        min_post_points=MIN_POST_POINTS,
    )
    return around(known, metric, rows[0].released_on, first_review(rows), periods)


def first_review(rows: Sequence[LedgerRow]) -> date | None:
    """The earliest review date: rows that share one judgement get it together."""
    return min((row.review_on for row in rows if row.review_on), default=None)


def rails_of(
    rails: Sequence[GuardRail], released_on: date, review_on: date | None, periods: int
) -> tuple[Around, ...]:
    """The guard-rails around a release.

    Args:
        rails: Of the cycle, or the defaults of the team.
        released_on: Of the release.
        review_on: None = all that there is.
        periods: Length of the baseline.
    """
    return tuple(
        around(
            known,
            replace(metric, role=MetricRole.GUARD_RAIL, min_post_points=MIN_POST_POINTS),
            released_on,
            review_on,
            periods,
        )
        for known, metric in rails
    )


def rails_of_cycle(session: RecordsSession, snapshot: Snapshot, cycle_id: str) -> list[GuardRail]:
    """The guard-rails of a cycle; one that has no series any more is left out."""
    rows = rows_of(
        session,
        PdcaMetric,
        order=["metric_id"],
        cycle_id=cycle_id,
        role=MetricRole.GUARD_RAIL.value,
        dropped_at=None,
    )
    found = []
    for metric in map(metric_value, rows):
        try:
            card = Card.of_filters(metric.metric_id, metric.filters, metric.grain)
            found.append((known_series(snapshot, card), metric))
        except UsageError:
            continue
    return found


def input_of(
    desk: Desk, primary: Around, rails: Sequence[Around], own: Sequence[str], locked: str | None
) -> CheckInput:
    """The Check of a prediction.

    Args:
        desk: For the clock.
        primary: The metric that was predicted.
        rails: Its guard-rails.
        own: Ids of the releases that were delivered: no confounders of themselves.
        locked: Hash of the definition at the lock; None = not known, which stops nothing.
    """
    start, end = primary.first_day, primary.end
    moved = confounders_of(primary.known, start, end, own=own) if start and end else ()
    changed = ("definition",) if locked not in {None, primary.known.meaning.hash} else ()
    return CheckInput(
        (primary.plan, _window(desk, primary, changed)),
        tuple((rail.plan, _window(desk, rail, ())) for rail in rails),
        confounders=moved,
    )


def _window(desk: Desk, each: Around, changed: tuple[str, ...]) -> Window:
    start, end = each.first_day, each.end
    trust = trust_of(each.known, start, end) if start and end else None
    readiness = Readiness(
        today=desk.today,
        stale_sources=stale_sources(each.known, desk.now),
        trust=trust,
        changed=changed,
    )
    return Window(series_of_points(each.post), readiness)

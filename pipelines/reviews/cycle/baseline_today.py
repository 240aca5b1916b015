"""Frozen baselines beside what later data make of them: listed, never applied."""

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.core.canonical import plain
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import Baseline, Point
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series


def baseline_today(desk: Desk, record: CycleRecord) -> list[tuple[Point, float | None]]:
    """Points of the primary metric's locked baseline that differ today, with today's value.

    Args:
        desk: Gives the newest published snapshot.
        record: Without a locked plan, or where its metric cannot be read any more, nothing is
            told; the Check itself says `invalid` then.
    """
    plan = record.plan
    if plan is None or plan.primary is None:
        return []
    metric = plan.primary
    try:
        known = known_series(
            Snapshot(desk.folder), Card.of_filters(metric.metric_id, metric.filters, metric.grain)
        )
    except UsageError:
        return []
    return differing(plan.baseline, known)


def differing(baseline: Baseline, known: Known) -> list[tuple[Point, float | None]]:
    """Points of a frozen baseline that today's data know otherwise, with today's value.

    A period that today's data do not have at all is not among them.
    """
    # Records keep twelve digits of a number, so today's is held against them as one is kept.
    now = {point.start: point.value for point in known.points}
    return [
        (point, now[point.start])
        for point in baseline.points
        if point.start in now and plain(now[point.start]) != plain(point.value)
    ]

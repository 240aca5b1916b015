"""Frozen baselines beside what later data make of them: listed, never applied."""

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import Point
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import known_series


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
    now = {point.start: point.value for point in known.points}
    return [
        (point, now[point.start])
        for point in plan.baseline.points
        if point.start in now and now[point.start] != point.value
    ]

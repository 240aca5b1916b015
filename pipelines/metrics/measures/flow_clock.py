"""How far delivery data reach: a tracker's items and its changes share one clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pipelines.metrics.definition import Coverage, Facts, Request

TRACKER = ("work_items", "work_item_changes")


def joint_coverage(facts: Facts, tables: Sequence[str]) -> Coverage | None:
    """From the oldest row of any of the tables to the newest watermark; None without rows.

    Trackers write a change when something happens, so the newest change tells how far the
    items are known, and the oldest item how far back.
    """
    known = [facts.coverage[table] for table in tables if table in facts.coverage]
    if not known:
        return None
    return Coverage(
        first_at=min(coverage.first_at for coverage in known),
        through_at=max(coverage.through_at for coverage in known),
        lateness=max((coverage.lateness for coverage in known), default=timedelta(0)),
    )


def on_clock(facts: Facts, request: Request, tables: Sequence[str]) -> Facts | None:
    """The facts with the coverage of several tables where the metric looks for its own."""
    coverage = joint_coverage(facts, tables)
    if coverage is None:
        return None
    clock = request.metric.settled_by
    return replace(facts, coverage={**facts.coverage, clock: coverage})

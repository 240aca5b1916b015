"""Which guard-rails a new plan gets, and how much harm each tolerates."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from statistics import stdev
from typing import Any

from pipelines.errors import UsageError
from pipelines.metrics.definition import Family
from pipelines.read import Snapshot
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import PlanMetric, Point
from pipelines.reviews.core.team_settings import GuardRailDefault, TeamSettings
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.rules.plan_rules import FEWEST_BASELINE

MOST_GUARD_RAILS = 2
# Without a margin of the team: one standard deviation of the baseline. By the rule of the Check
# an unharmed guard-rail passes such a margin in 44 % of cases at 12/8 periods and in 75 % at 26/13
# (reviews.md 9); half of it would hardly ever pass.
MARGIN_SIGMAS = 1.0
# What may suffer unseen when a metric of the family is pushed, nearest first.
_WATCHED = {
    Family.DELIVERY: ("reopen_rate", "change_fail_rate", "csat", "nps"),
    Family.QUALITY: ("cycle_time", "throughput", "csat", "nps"),
    Family.FINANCE: ("nps", "csat", "logo_churn", "wau"),
    Family.SATISFACTION: ("wau", "activation_rate", "logo_churn"),
    Family.FEEDBACK: ("csat", "nps", "wau"),
}
_WATCHED_ELSE = ("csat", "nps", "sentiment_share", "logo_churn", "wau")
NONE_POSSIBLE = (
    "No usual guard-rail of this workspace has six settled periods that vary, so none is watched."
)

GuardRail = tuple[Known, PlanMetric]


def default_guard_rails(
    snapshot: Snapshot, primary: Known | None, settings: TeamSettings
) -> tuple[GuardRail, ...]:
    """The team's own guard-rails, or two that the workspace has numbers for.

    Args:
        snapshot: Published.
        primary: The metric that decides; it never guards itself. None = nothing was predicted.
        settings: Of the team.
    """
    if settings.guard_rails is not None:
        found = [_of_team(snapshot, each, settings) for each in settings.guard_rails]
        return tuple(each for each in found if each and each[0].card.metric_id != _id(primary))
    derived: list[GuardRail] = []
    family = primary.request.metric.family if primary else Family.USAGE
    for metric_id in _WATCHED.get(family, _WATCHED_ELSE):
        known = _readable(snapshot, Card(metric_id)) if metric_id != _id(primary) else None
        if known is None or known.direction is None or len(derived) == MOST_GUARD_RAILS:
            continue
        margin = default_margin(known.points, settings.baseline_periods)
        if margin:
            derived.append((known, known.plan_metric(MetricRole.GUARD_RAIL, margin=margin)))
    return tuple(derived)


def default_margin(points: Sequence[Point], periods: int) -> float | None:
    """One standard deviation of the newest periods; None below six, or where nothing varies."""
    values = [point.value for point in points if point.value is not None][-periods:]
    if len(values) < FEWEST_BASELINE:
        return None
    found = MARGIN_SIGMAS * stdev(values)
    return found if found > 0 and isfinite(found) else None


def _of_team(
    snapshot: Snapshot, default: GuardRailDefault, settings: TeamSettings
) -> GuardRail | None:
    known = _readable(snapshot, Card.of_filters(default.metric_id, default.filters))
    if known is None:
        return None
    direction = default.direction or known.direction or Direction.UP
    more: dict[str, Any] = {"direction": direction}
    if direction is Direction.WITHIN:
        more |= {"band_lo": default.band_lo, "band_hi": default.band_hi}
    else:
        margin = default.margin or default_margin(known.points, settings.baseline_periods)
        more |= {"margin": margin}
    return known, known.plan_metric(MetricRole.GUARD_RAIL, **more)


def _readable(snapshot: Snapshot, card: Card) -> Known | None:
    """The series, of the first thing where a metric exists once for each of several."""
    metric = snapshot.metrics.get(card.metric_id)
    if metric is None or snapshot.unavailable(metric):
        return None
    things = snapshot.things(metric)
    if card.of is None and len(things) > 1 and metric.of_required:
        card = replace(card, of=things[0][0])
    try:
        return known_series(snapshot, card)
    except UsageError:
        return None


def _id(known: Known | None) -> str:
    return known.card.metric_id if known else ""

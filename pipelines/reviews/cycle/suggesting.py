"""What a metric could show, before anything of a plan is written: the hint beside the form."""

from dataclasses import dataclass

from pipelines.read import Snapshot
from pipelines.reviews.check.planner import Outlook
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked, light_plan
from pipelines.reviews.core.light import Known as KnownFacts
from pipelines.reviews.core.periods import after
from pipelines.reviews.core.plan import Baseline
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.cycle.planning import Planned, outlook_of, with_baselines
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import known_series

# Below any number that a metric is printed with, so that it stands in no verdict's way.
_HARDLY_ANYTHING = 1e-9


@dataclass(frozen=True)
class Suggestion:
    """What is known of a metric that somebody wants to improve.

    Attributes:
        name: As people know it, with what it is of.
        unit: Of its values.
        grain: Of its periods.
        direction: Which way is good; None = the person must say.
        baseline: The newest settled periods with their limits.
        post_periods: How many periods a light plan waits for.
        outlook: What such a plan could show; None without enough periods.
    """

    name: str
    unit: str
    grain: str
    direction: Direction | None
    baseline: Baseline
    post_periods: int
    outlook: Outlook | None


def suggestion(desk: Desk, team_id: str, card: Card, way: Direction | None = None) -> Suggestion:
    """What a light plan for a metric could show if it went live with the next period.

    Args:
        desk: Who asks.
        team_id: Whose plan it would be.
        card: The metric.
        way: Which way is good, for a metric that does not say so itself.

    Raises:
        NotAllowedError: The role does not allow it.
        UsageError: The metric has no periods.
    """
    desk.require(Permission.READ, team_id)
    snapshot = Snapshot(desk.folder)
    known = known_series(snapshot, card)
    direction = known.direction or way
    metric = known.plan_metric(MetricRole.PRIMARY, direction=direction or Direction.UP)
    days = desk.calendar(team_id).sprint_days
    start = desk.today
    if known.points:
        # The whole of what is settled, however old: the same for every reader of a snapshot.
        start = max(start, after(known.points[-1].start, 1, known.grain, sprint_days=days))
    asked = Asked("", "", card.metric_id, _HARDLY_ANYTHING, "", start)
    plan = light_plan("suggestion", asked, KnownFacts(metric, known.name, known.unit))
    periods = desk.team(team_id).settings.baseline_periods
    plan = with_baselines(plan, {known.card.metric_id: known}, periods, start)
    outlook, plan = outlook_of(Planned(plan, {known.card.metric_id: known}, snapshot))
    primary = plan.primary or metric
    return Suggestion(
        name=known.name,
        unit=known.unit,
        grain=known.grain,
        direction=direction,
        baseline=plan.baseline,
        post_periods=primary.min_post_points,
        outlook=outlook,
    )

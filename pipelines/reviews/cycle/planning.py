"""The plan of a draft as it would be locked now, and what it can show before anything is fixed."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

from pipelines.read import Snapshot
from pipelines.reviews.check.inputs import MetricPlan, Series, locked
from pipelines.reviews.check.planner import Outlook, outlook, seed_of
from pipelines.reviews.core.canonical import plan_hash
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.light import effect_sentence
from pipelines.reviews.core.plan import Baseline, Plan, baseline_of, plan_of
from pipelines.reviews.core.plan_body import plan_body
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import MetricRole, Phase
from pipelines.reviews.cycle.guard_rails import NONE_POSSIBLE
from pipelines.reviews.cycle.record import CycleRecord, facts_of, read_record
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.numbers.surroundings import confounders_of, watermarks_of
from pipelines.reviews.rules.table import findings

MOST_KEPT = 64
_outlooks: OrderedDict[str, Outlook] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Said:
    """What a person says at the lock that no column of a draft holds.

    Attributes:
        waived: Ids of guard-rails that are watched and do not decide.
        waiver: Why they are waived, or why there is no guard-rail.
        criteria: Of a qualitative cycle.
        criteria_sources: Where that evidence will come from.
        control_because: Why the control series is a fair one.
    """

    waived: tuple[str, ...] = ()
    waiver: str | None = None
    criteria: tuple[str, ...] = ()
    criteria_sources: tuple[str, ...] = ()
    control_because: str | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True)
class Planned:
    """A plan with the series that it rests on.

    Attributes:
        known: Metric id → series, of every metric of the plan.
    """

    plan: Plan
    known: Mapping[str, Known]
    snapshot: Snapshot

    @property
    def hash(self) -> str:
        """By which the plan would be known."""
        return plan_hash(plan_body(self.plan))

    @property
    def names(self) -> dict[str, str]:
        """Metric id → its name."""
        return {metric_id: each.name for metric_id, each in self.known.items()}

    @property
    def units(self) -> dict[str, str]:
        """Metric id → its unit."""
        return {metric_id: each.unit for metric_id, each in self.known.items()}


@dataclass(frozen=True)
class Preview:
    """What a page shows before the lock.

    Attributes:
        plan: With `mde80`.
        names: Metric id → its name.
        units: Metric id → its unit.
        findings: What the rules say, in their order; those that block stand in the way.
        outlook: Smallest effect, chances; None without a primary metric.
        suggested_waiver: Why there is no guard-rail, where none can be made; "" else.
        data_as_of: How far the data reach.
    """

    plan: Plan
    plan_hash: str
    names: dict[str, str]
    units: dict[str, str]
    findings: tuple[Finding, ...]
    outlook: Outlook | None
    suggested_waiver: str
    warehouse_id: str
    data_as_of: datetime | None


def preview(desk: Desk, cycle_id: str, said: Said = NOTHING_SAID) -> Preview:
    """What the lock of a draft would fix, what stands in its way, and what it can show.

    Raises:
        SnapshotError: Nothing was published yet.
        UsageError: A metric of the draft cannot be read any more.
    """
    with desk.store.reading() as session:
        record = read_record(session, cycle_id)
    desk.require(Permission.READ, record.cycle.team_id)
    planned = planned_of(desk, record, said)
    found, plan = outlook_of(planned)
    facts = facts_of(desk, record, plan=plan, confounders=plan.confounders,
                     rigour=plan.rigour, names=planned.names, units=planned.units)  # fmt: skip
    has_rails = bool(plan.of_role(MetricRole.GUARD_RAIL))
    known = planned.known
    return Preview(
        plan=plan,
        plan_hash=planned.hash,
        names=planned.names,
        units=planned.units,
        findings=findings(Phase.LOCK, facts),
        outlook=found,
        suggested_waiver="" if has_rails else NONE_POSSIBLE,
        warehouse_id=planned.snapshot.id,
        data_as_of=min(watermarks_of(list(known.values())).values(), default=None),
    )


def planned_of(desk: Desk, record: CycleRecord, said: Said) -> Planned:
    """The plan of a draft with baselines from the newest published snapshot."""
    snapshot = Snapshot(desk.folder)
    team = desk.team(record.cycle.team_id)
    known = {
        each.metric_id: known_series(
            snapshot, Card.of_filters(each.metric_id, each.filters, each.grain)
        )
        for each in record.metrics
    }
    metrics = tuple(
        replace(each, definition_hash=known[each.metric_id].meaning.hash,
                kind=known[each.metric_id].kind)
        for each in record.metrics
    )  # fmt: skip
    plan = plan_of(
        record.cycle,
        metrics,
        plan_no=len(record.plans) + 1,
        rigour=team.settings.rigour,
        sprint_days=desk.calendar(team.team_id).sprint_days,
        waived=said.waived,
        waiver=said.waiver,
        criteria=said.criteria,
        criteria_sources=said.criteria_sources,
        control_because=said.control_because,
    )
    plan = _with_effect(plan, known)
    plan = with_baselines(plan, known, team.settings.baseline_periods, plan.start_on or desk.today)
    return Planned(
        replace(plan, confounders=plan_confounders(plan, known, record)), known, snapshot
    )


def _with_effect(plan: Plan, known: Mapping[str, Known]) -> Plan:
    """The plan with what it does to its metric in words, as the amounts are now."""
    primary = plan.primary
    if primary is None:
        return plan
    series = known[primary.metric_id]
    return replace(plan, effect=effect_sentence(primary, series.name, series.unit))


def with_baselines(plan: Plan, known: Mapping[str, Known], periods: int, start_on: date) -> Plan:
    """The plan with the newest periods before a day as baselines.

    Args:
        plan: Of which every metric gets one.
        known: Metric id → series.
        periods: How many, or what there is.
        start_on: Its start; of a draft without one today, so that its page shows what there is.
    """
    baselines = tuple(
        baseline_of(
            each.metric_id,
            known[each.metric_id].points,
            start_on,
            most=periods,
            possible=known[each.metric_id].possible,
        )
        for each in plan.metrics
    )
    return replace(plan, baselines=baselines)


def plan_confounders(
    plan: Plan, known: Mapping[str, Known], record: CycleRecord
) -> tuple[str, ...]:
    """What else may move the primary metric in either window (V13)."""
    primary, points = plan.primary, plan.baseline.points
    if primary is None or not points or plan.check_due_on is None:
        return record.confounded_by
    found = confounders_of(
        known[primary.metric_id], points[0].start, plan.check_due_on, own=record.releases
    )
    return (*found, *record.confounded_by)


def metric_plan(plan: Plan, metric_id: str, known: Known) -> MetricPlan:
    """One metric of a plan as the Check takes it."""
    metric = next(each for each in plan.metrics if each.metric_id == metric_id)
    found = locked(
        plan,
        metric,
        unit=known.unit,
        name=known.name,
        possible=known.possible,
        minimum_n=known.minimum_n,
        is_waived=metric_id in plan.waived,
    )
    if metric.control_metric_id is None:
        return found
    control = plan.baseline_of(metric.control_metric_id)
    return replace(found, control=along(control, plan.baseline_of(metric_id)))


def along(control: Baseline, baseline: Baseline) -> Series:
    """A control's baseline, period by period beside the one that it controls."""
    by_start = {point.start: point for point in control.points}
    points = [by_start.get(point.start) for point in baseline.points]
    values = [float("nan") if p is None or p.value is None else p.value for p in points]
    return Series(tuple(point.start for point in baseline.points), tuple(values))


def outlook_of(planned: Planned) -> tuple[Outlook | None, Plan]:
    """What a plan can show, by simulating the Check, and the plan with it; kept by its hash."""
    plan, primary = planned.plan, planned.plan.primary
    if primary is None or plan.baseline.mean is None:
        return None, plan
    key = planned.hash
    with _lock:
        found = _outlooks.get(key)
    if found is None:
        rails = [
            metric_plan(plan, each.metric_id, planned.known[each.metric_id])
            for each in plan.of_role(MetricRole.GUARD_RAIL)
            if each.metric_id not in plan.waived
        ]
        judged = metric_plan(plan, primary.metric_id, planned.known[primary.metric_id])
        found = outlook(judged, rails, primary.min_post_points, seed=seed_of(key))
        _keep(key, found)
    return found, replace(plan, mde80=found.mde80)


def _keep(key: str, found: Outlook) -> None:
    with _lock:
        _outlooks[key] = found
        while len(_outlooks) > MOST_KEPT:
            _outlooks.popitem(last=False)

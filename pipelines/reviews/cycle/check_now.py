"""What the Check finds on the newest published snapshot; reads, computes, and records nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import nan

from pipelines.errors import NotAllowedError, UsageError
from pipelines.read import Snapshot
from pipelines.reviews.check.computing import CheckResult, check
from pipelines.reviews.check.inputs import (
    NO_SERIES,
    CheckInput,
    ImportedResult,
    MetricPlan,
    Readiness,
    Series,
    Window,
    locked,
    series_of,
)
from pipelines.reviews.check.sentence import OpenVerdict, open_verdict, sentence
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import last_done_on
from pipelines.reviews.core.periods import after, next_start
from pipelines.reviews.core.plan import Baseline, Plan, PlanMetric, Point
from pipelines.reviews.core.terms import ActionStatus, MetricRole
from pipelines.reviews.cycle.baseline_today import differing
from pipelines.reviews.cycle.planning import metric_plan, plan_confounders
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.numbers.surroundings import stale_sources, trust_of
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Definition

ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)


@dataclass(frozen=True)
class Found:
    """A Check before it is recorded.

    Attributes:
        plan: As locked.
        known: Metric id → series, of those that can still be read.
        failed: Id → name of the guard-rails that failed.
        confounders: In words.
        still_open: Of an inconclusive Check.
    """

    plan: Plan
    known: dict[str, Known]
    result: CheckResult
    sentence: str
    failed: dict[str, str]
    confounders: tuple[str, ...]
    snapshot: Snapshot
    still_open: OpenVerdict | None = None


def found_of(desk: Desk, record: CycleRecord, imported: ImportedResult | None = None) -> Found:
    """What the Check finds.

    Args:
        desk: Gives day and newest snapshot.
        record: The cycle.
        imported: Of an A/B test: its result on the primary metric.

    Raises:
        NotAllowedError: The cycle has no locked plan.
        SnapshotError: Nothing was published yet.
    """
    plan = record.plan
    if plan is None or plan.primary is None:
        raise NotAllowedError("There is no locked plan to check. Lock it first.")
    snapshot = Snapshot(desk.folder)
    known = _readable(snapshot, plan)
    has_primary = plan.primary.metric_id in known
    confounders = plan_confounders(plan, known, record) if has_primary else plan.confounders
    sides = {
        each.metric_id: _Side(desk, record, plan, each, known).checked() for each in plan.judged
    }
    others = [each for each in plan.judged if each.role is not MetricRole.PRIMARY]
    decides, window = sides[plan.primary.metric_id]
    given = CheckInput(
        primary=(decides, replace(window, imported=imported)),
        others=tuple(sides[each.metric_id] for each in others),
        design=plan.design,
        look=record.cycle.look,
        alpha_per_look=plan.alpha_per_look,
        confounders=confounders,
    )
    result = check(given)
    return Found(
        plan=plan,
        known=known,
        result=result,
        sentence=sentence(given, result),
        still_open=open_verdict(given, result),
        failed={each: sides[each][0].label for each in result.verdict.failed_guards},
        confounders=confounders,
        snapshot=snapshot,
    )


def all_ended(record: CycleRecord) -> bool:
    """Whether no action is still to be done."""
    return bool(record.actions) and all(each.status in ENDED for each in record.actions)


@dataclass(frozen=True)
class _Side:
    """One metric of a plan on its way into the Check."""

    desk: Desk
    record: CycleRecord
    plan: Plan
    metric: PlanMetric
    all_known: Mapping[str, Known]

    def checked(self) -> tuple[MetricPlan, Window]:
        """The metric as locked, and what came after."""
        known = self.all_known.get(self.metric.metric_id)
        if known is None:
            return self._gone()
        post = tuple(each for each in known.points if each.start >= self._first_day())
        return metric_plan(self.plan, self.metric.metric_id, known), Window(
            post=series_of(Baseline(self.metric.metric_id, post)),
            readiness=self._readiness(known, post),
            control=self._control(post),
        )

    def _gone(self) -> tuple[MetricPlan, Window]:
        """A metric that cannot be read any more: its locked definition cannot run (V14)."""
        is_waived = self.metric.metric_id in self.plan.waived
        gone = locked(self.plan, self.metric, is_waived=is_waived)
        readiness = Readiness(self.desk.today, changed=("definition",))
        return gone, Window(NO_SERIES, readiness)

    def _first_day(self) -> date:
        """Where the post window begins: after actions and lag, with a whole period."""
        actions, plan = self.record.actions, self.plan
        begun = [each.started_on for each in actions if each.started_on]
        # Until all is done, guard-rails are watched from the first moment that something changes.
        since = last_done_on(actions) if all_ended(self.record) else min(begun, default=None)
        since = since or plan.due_on or plan.start_on or self.desk.today
        days, grain = plan.sprint_days, self.metric.grain
        return after(next_start(since, grain), self.metric.lag_periods, grain, sprint_days=days)

    def _readiness(self, known: Known, post: tuple[Point, ...]) -> Readiness:
        baseline = self.plan.baseline_of(self.metric.metric_id)
        ready_on = self.record.cycle.look_on
        if not all_ended(self.record):
            # An action is still under way, so there is no post window yet.
            ready_on = max(ready_on or date.max, after(self.desk.today, 1, "day"))
        points = (*baseline.points, *post)
        return Readiness(
            today=self.desk.today,
            ready_on=ready_on,
            stale_sources=stale_sources(known, self.desk.now),
            trust=trust_of(known, points[0].start, points[-1].end) if points else None,
            changed=self._changed(known),
            restated_by=restated_by(baseline, known),
        )

    def _changed(self, known: Known) -> tuple[str, ...]:
        """What differs from the lock, by its plain name."""
        if known.meaning.hash == self.metric.definition_hash:
            return () if self._has_baseline(known) else ("baseline",)
        with self.desk.store.reading() as session:
            rows = rows_of(session, Definition, definition_hash=self.metric.definition_hash)
        units = {row.body["unit"] for row in rows} - {known.meaning.body["unit"]}
        if not units:
            return ("definition",)
        is_money = known.unit == known.snapshot.settings.product.currency
        return ("currency" if is_money else "unit",)

    def _has_baseline(self, known: Known) -> bool:
        """Whether a baseline of another workspace is the one of the data here, period by period.

        The means of two products may be near each other, so V15 does not tell them apart.
        """
        metric_id = self.metric.metric_id
        baseline = self.plan.baseline_of(metric_id)
        elsewhere = self.record.locked_elsewhere
        if all(plan.baseline_of(metric_id) != baseline for plan in elsewhere):
            return True
        here = {point.start for point in known.points}
        has_all = all(point.start in here for point in baseline.points)
        return has_all and not differing(baseline, known)

    def _control(self, post: tuple[Point, ...]) -> Series | None:
        control = self.metric.control_metric_id
        if control is None:
            return None
        known = self.all_known.get(control)
        values = {each.start: each.value for each in known.points} if known else {}
        found = [values.get(each.start) for each in post]
        return Series(
            tuple(each.start for each in post),
            tuple(nan if value is None else value for value in found),
        )


def restated_by(baseline: Baseline, known: Known) -> float:
    """By how much the mean of the same periods differs from the frozen one, in metric units."""
    now = {point.start: point.value for point in known.points}
    pairs = [
        (point.value, value)
        for point in baseline.points
        if point.value is not None and (value := now.get(point.start)) is not None
    ]
    if not pairs:
        return 0.0
    return sum(new - old for old, new in pairs) / len(pairs)


def _readable(snapshot: Snapshot, plan: Plan) -> dict[str, Known]:
    found = {}
    for each in plan.metrics:
        card = Card.of_filters(each.metric_id, each.filters, each.grain)
        try:
            found[each.metric_id] = known_series(snapshot, card)
        except UsageError:
            # Told as a changed definition, which makes the verdict invalid.
            continue
    return found

"""The lock: what was predicted is fixed, hashed and frozen before the result is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipelines.errors import NotAllowedError, StaleError
from pipelines.read import Snapshot
from pipelines.reviews.check.planner import Outlook
from pipelines.reviews.core import moves
from pipelines.reviews.core.canonical import plan_hash
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import Plan, PlanMetric
from pipelines.reviews.core.plan_body import plan_body, plan_changes
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import FreezePurpose
from pipelines.reviews.cycle.planning import (
    NOTHING_SAID,
    Planned,
    Said,
    outlook_of,
    plan_confounders,
    planned_of,
    with_baselines,
)
from pipelines.reviews.cycle.record import (
    LOCKED,
    REPLANNED,
    CycleRecord,
    facts_of,
    read_record,
)
from pipelines.reviews.cycle.saves import save_move
from pipelines.reviews.cycle.values import finite, metric_columns
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.freezing import Shown, ensure_definition, freeze
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import PdcaMetric, PdcaPlan
from pipelines.reviews.saving_work import Save


@dataclass(frozen=True)
class Replan:
    """What a new version of a locked plan changes (V10); all else stays.

    Attributes:
        dates: start_on, due_on, check_not_before, check_due_on.
        metrics: Metric id → columns: direction, target_value, min_effect, margin, band_lo,
            band_hi, lag_periods, min_post_points, expected_effect, confidence.
        takes_baseline_again: Today's definition and values of the baseline periods are taken, for
            a plan whose definition changed or whose baseline was restated.
        waived: Ids of guard-rails; None = as before.
        waiver: Why; None = as before.
    """

    dates: Mapping[str, date] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    takes_baseline_again: bool = False
    waived: tuple[str, ...] | None = None
    waiver: str | None = None


def lock(
    desk: Desk,
    cycle_id: str,
    expected_version: int,
    said: Said = NOTHING_SAID,
    *,
    key: str | None = None,
) -> int:
    """draft → planned: freezes the baselines, hashes the plan, works out what it can show.

    Args:
        desk: Who locks: a product manager or product owner.
        cycle_id: Of the draft.
        expected_version: `Cycle.row_version` as it was shown.
        said: Waiver, criteria and the like.
        key: Of the save.

    Returns:
        The number of the plan, 1.

    Raises:
        NotAllowedError: The role does not allow it, or one of V1 to V9 blocks.
        StaleError: Somebody else changed the draft meanwhile.
    """
    record = _read(desk, cycle_id)
    desk.require(Permission.LOCK, record.cycle.team_id)
    # Simulating takes a second; nobody waits for it with the records locked.
    planned = planned_of(desk, record, said)
    found, plan = outlook_of(planned)

    def work(save: Save) -> int:
        current = _unchanged(save, record)
        facts = facts_of(desk, current, plan=plan, rigour=plan.rigour,
                         confounders=plan.confounders, names=planned.names,
                         units=planned.units)  # fmt: skip
        moved = moves.lock(facts)
        _store(save, replace(planned, plan=plan), found, reason=None)
        save_move(save, current.cycle, moved, expected_version, action=LOCKED)
        return plan.plan_no

    with desk.saving(key) as save:
        return int(str(save.once(lambda: work(save))))


def relock(
    desk: Desk,
    cycle_id: str,
    expected_version: int,
    change: Replan,
    reason: str,
    *,
    key: str | None = None,
) -> int:
    """A new version of a locked plan, which is shown as changed after the lock (V10).

    Raises:
        NotAllowedError: The role does not allow it, nothing changes, the reason is missing, or a
            rule of the lock blocks.
        StaleError: Somebody else changed the cycle meanwhile.
    """
    record = _read(desk, cycle_id)
    desk.require(Permission.LOCK, record.cycle.team_id)
    old = record.plan
    if old is None:
        raise NotAllowedError("There is no locked plan yet. Edit the draft, then lock it.")
    planned = _replanned(desk, record, old, change)
    changed = plan_changes(old, planned.plan)
    if not changed:
        raise NotAllowedError("Nothing of the plan changes. Change a metric, window or amount.")
    found, plan = outlook_of(planned)

    def work(save: Save) -> int:
        current = _unchanged(save, record)
        facts = facts_of(desk, current, plan=plan, plan_changes=changed, plan_reason=reason,
                         confounders=plan.confounders, names=planned.names,
                         units=planned.units)  # fmt: skip
        moved = moves.relock(facts)
        _store(save, replace(planned, plan=plan), found, reason=reason)
        save_move(save, current.cycle, moved, expected_version, action=REPLANNED, reason=reason)
        return plan.plan_no

    with desk.saving(key) as save:
        return int(str(save.once(lambda: work(save))))


def _replanned(desk: Desk, record: CycleRecord, old: Plan, change: Replan) -> Planned:
    snapshot = Snapshot(desk.folder)
    known = {
        each.metric_id: known_series(
            snapshot, Card.of_filters(each.metric_id, each.filters, each.grain)
        )
        for each in old.metrics
    }
    again = change.takes_baseline_again
    waived = old.waived if change.waived is None else change.waived
    new: dict[str, Any] = {
        **change.dates,
        "metrics": tuple(_changed(each, change, known[each.metric_id]) for each in old.metrics),
        "plan_no": len(record.plans) + 1,
        "waived": waived,
        # Guard-rails that all decide again leave no reason behind.
        "waiver": change.waiver or (old.waiver if waived or not old.waived else None),
        "mde80": None,
    }
    plan = replace(old, **new)
    if plan.start_on and (again or "start_on" in change.dates):
        periods = desk.team(record.cycle.team_id).settings.baseline_periods
        plan = with_baselines(plan, known, periods, plan.start_on)
    return Planned(
        replace(plan, confounders=plan_confounders(plan, known, record)), known, snapshot
    )


def _changed(metric: PlanMetric, change: Replan, known: Known) -> PlanMetric:
    columns: dict[str, Any] = dict(change.metrics.get(metric.metric_id, {}))
    if change.takes_baseline_again:
        columns["definition_hash"] = known.meaning.hash
    return replace(metric, **columns)


def _store(save: Save, planned: Planned, found: Outlook | None, reason: str | None) -> None:
    """The plan's row with its freeze; the metrics' rows as it has them."""
    plan, known = planned.plan, planned.known
    for each in known.values():
        ensure_definition(save, each)
    snapshot_id = freeze(save, planned.snapshot, FreezePurpose.PLAN, baselines_shown(planned))
    body = plan_body(plan)
    baseline = plan.baseline
    row = PdcaPlan(
        cycle_id=plan.cycle_id,
        plan_no=plan.plan_no,
        body=body,
        plan_hash=plan_hash(body),
        snapshot_id=snapshot_id,
        baseline_mean=baseline.mean,
        lnpl=baseline.lnpl,
        unpl=baseline.unpl,
        rho=found.noise.rho if found and found.noise else None,
        mde80=finite(plan.mde80),
        locked_at=save.at,
        locked_by=save.author.actor_id,
        reason=reason,
    )
    save.insert(row, action=LOCKED, reason=reason)
    for metric in plan.metrics:
        stored = row_of(save.session, PdcaMetric, (plan.cycle_id, metric.metric_id), "metric")
        columns = metric_columns(metric)
        del columns["metric_id"]
        save.update(stored, stored.row_version, columns, action=LOCKED)


def baselines_shown(planned: Planned) -> list[Shown]:
    """The series of a plan as its lock freezes them: the baseline and what there was before."""
    end = planned.plan.start_on
    return [
        Shown(planned.known[each.metric_id], end=end, role=each.role.value)
        for each in planned.plan.metrics
    ]


def _read(desk: Desk, cycle_id: str) -> CycleRecord:
    with desk.store.reading() as session:
        return read_record(session, cycle_id)


def _unchanged(save: Save, seen: CycleRecord) -> CycleRecord:
    """The record of this transaction, if its metrics are those that the plan was made from."""
    current = read_record(save.session, seen.cycle.cycle_id)
    if current.metric_versions != seen.metric_versions:
        raise StaleError(
            "Somebody else changed the metrics of this cycle meanwhile. Look at the plan again, "
            "then lock it.",
            dict(current.metric_versions),
            dict(seen.metric_versions),
        )
    return current

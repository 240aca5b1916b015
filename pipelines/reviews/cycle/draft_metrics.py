"""The metrics of a draft: which decides, which guard, and what is expected or tolerated of each."""

from typing import Any

from pipelines.errors import NotAllowedError
from pipelines.read import Snapshot
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import (
    DEFAULT_POST_POINTS,
    MIN_POST_POINTS,
    PlanMetric,
    check_due,
    earliest_check,
    planned_check,
)
from pipelines.reviews.core.terms import MetricRole, Rigour
from pipelines.reviews.cycle.record import CycleRecord, read_record
from pipelines.reviews.cycle.saves import need_draft, require_edit, save_columns
from pipelines.reviews.cycle.values import metric_columns
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.freezing import ensure_definition
from pipelines.reviews.numbers.series import known_series
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import PdcaMetric
from pipelines.reviews.saving_work import Save

OF_METRIC = frozenset(
    "direction expected_effect confidence target_value min_effect margin band_lo band_hi "
    "lag_periods min_post_points control_metric_id".split()
)


def put_metric(
    desk: Desk,
    cycle_id: str,
    card: Card,
    role: MetricRole,
    *,
    expected_version: int | None = None,
    **columns: Any,  # noqa: ANN401  columns of the table
) -> None:
    """Sets a metric of a draft: its role, and what is expected or tolerated of it.

    Args:
        desk: Who edits.
        cycle_id: Of the draft.
        card: The metric. A new primary metric takes the place of the one before.
        role: Its part.
        expected_version: Of its row as it was shown; None = it is new.
        columns: min_effect, expected_effect, confidence, target_value, margin, band_lo, band_hi,
            direction, lag_periods, min_post_points, control_metric_id.

    Raises:
        NotAllowedError: The role or the state does not allow it.
        StaleError: Somebody else saved meanwhile; holds both texts.
    """
    if unknown := sorted(set(columns) - OF_METRIC):
        raise NotAllowedError(f"A metric of a plan has no {', '.join(unknown)}.")
    known = known_series(Snapshot(desk.folder), card)
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        require_edit(desk, record)
        need_draft(record.cycle)
        if role is MetricRole.PRIMARY:
            _drop_others(save, record, known.card.metric_id)
        kept = next((m for m in record.metrics if m.metric_id == known.card.metric_id), None)
        old: dict[str, Any] = {"min_post_points": post_points(desk, record.cycle.team_id)}
        if kept:
            old = {name: getattr(kept, name) for name in OF_METRIC}
        ensure_definition(save, known)
        _put(save, record, known.plan_metric(role, **{**old, **columns}), expected_version)
        _wait_long_enough(desk, save, cycle_id)


def drop_metric(desk: Desk, cycle_id: str, metric_id: str, expected_version: int) -> None:
    """Takes a metric out of a draft; its row is kept as dropped.

    Raises:
        NotAllowedError: The role or the state does not allow it.
        StaleError: Somebody else changed it meanwhile.
    """
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        require_edit(desk, record)
        need_draft(record.cycle)
        row = row_of(save.session, PdcaMetric, (cycle_id, metric_id), "metric")
        save.update(row, expected_version, {"dropped_at": save.at}, action="dropped")


def post_points(desk: Desk, team_id: str) -> int:
    """How many periods a metric waits for after the change, unless somebody says otherwise."""
    is_light = desk.team(team_id).settings.rigour is Rigour.LIGHT
    return MIN_POST_POINTS if is_light else DEFAULT_POST_POINTS


def _wait_long_enough(desk: Desk, save: Save, cycle_id: str) -> None:
    """Moves the dates of the Check where a new metric needs more time; never earlier (V8)."""
    record = read_record(save.session, cycle_id)
    cycle = record.cycle
    if cycle.due_on is None:
        return
    days = desk.calendar(cycle.team_id).sprint_days
    needed = earliest_check(cycle.due_on, record.metrics, sprint_days=days)
    if (cycle.check_not_before or cycle.due_on) >= needed:
        return
    first = planned_check(cycle.due_on, record.metrics, sprint_days=days)
    changes = {"check_not_before": first, "check_due_on": check_due(first)}
    save_columns(save, cycle_id, cycle.row_version, changes, action="check_moved")


def _put(save: Save, record: CycleRecord, metric: PlanMetric, expected_version: int | None) -> None:
    cycle_id = record.cycle.cycle_id
    row = save.session.get(PdcaMetric, (cycle_id, metric.metric_id))
    columns = metric_columns(metric)
    if row is None:
        save.insert(PdcaMetric(cycle_id=cycle_id, **columns))
        return
    # A dropped metric comes back; nobody saw its version.
    version = row.row_version if row.dropped_at else expected_version or 0
    del columns["metric_id"]
    save.update(row, version, {**columns, "dropped_at": None})


def _drop_others(save: Save, record: CycleRecord, metric_id: str) -> None:
    for each in record.metrics:
        if each.role is MetricRole.PRIMARY and each.metric_id != metric_id:
            row = row_of(
                save.session, PdcaMetric, (record.cycle.cycle_id, each.metric_id), "metric"
            )
            save.update(row, row.row_version, {"dropped_at": save.at}, action="dropped")

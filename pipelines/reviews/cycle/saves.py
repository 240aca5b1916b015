"""How rows of cycles are saved: with their event, from what a move of the core changed."""

from collections.abc import Mapping
from typing import Any

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.cycle import Cycle
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.cycle.values import (
    changed_columns,
    columns_of_value,
    cycle_value,
    metric_columns,
)
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import PdcaCycle, PdcaMetric
from pipelines.reviews.saving_work import Save


def save_columns(
    save: Save,
    cycle_id: str,
    expected_version: int,
    changes: Mapping[str, Any],
    *,
    action: str,
    reason: str | None = None,
) -> Cycle:
    """Changes columns of a cycle's row, with their event."""
    row = row_of(save.session, PdcaCycle, cycle_id, "cycle")
    saved = save.update(row, expected_version, changes, action=action, reason=reason)
    return cycle_value(saved)


def save_move(
    save: Save,
    before: Cycle,
    after: Cycle,
    expected_version: int,
    *,
    action: str,
    reason: str | None = None,
) -> Cycle:
    """Saves what a move of the core changed, with its event."""
    changes = changed_columns(before, after)
    return save_columns(
        save, before.cycle_id, expected_version, changes, action=action, reason=reason
    )


def insert_draft(save: Save, cycle: Cycle, metrics: tuple[PlanMetric, ...]) -> None:
    """A new draft with metrics whose definitions are stored already."""
    columns = columns_of_value(cycle)
    del columns["row_version"]
    save.insert(PdcaCycle(**columns))
    for metric in metrics:
        save.insert(PdcaMetric(cycle_id=cycle.cycle_id, **metric_columns(metric)))


def require_edit(desk: Desk, record: CycleRecord) -> None:
    """Stops who may not edit this cycle: its owner and product managers may."""
    is_owner = record.cycle.owner_id == desk.person_id
    desk.require(Permission.EDIT, record.cycle.team_id, is_owner=is_owner)


def need_draft(cycle: Cycle) -> None:
    """Stops what only a draft lets change."""
    if cycle.status is not CycleStatus.DRAFT:
        raise NotAllowedError(
            "The plan is locked. Change it as a new plan version, with a reason.", "V10"
        )

"""Numbers are frozen: read once from one published snapshot, and kept in the records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipelines.errors import SnapshotError
from pipelines.metrics.targets import InForce
from pipelines.read import Snapshot
from pipelines.reviews.core.canonical import hash_of
from pipelines.reviews.core.terms import FreezePurpose
from pipelines.reviews.numbers.series import Known, Row
from pipelines.reviews.numbers.surroundings import watermarks_of
from pipelines.reviews.records.freezes import save_freeze
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Definition, FrozenValue, Person, Target
from pipelines.reviews.records.tables import Snapshot as Freeze
from pipelines.reviews.saving_work import Save
from pipelines.warehouse import Warehouse

# Columns of a row that go into `special`: what tells apart, names or explains a value.
_SPECIAL = ("note", "label", "id", "cohort", "age", "component", "step", "percentile")
PINNED_FOR = "frozen numbers of reviews"


@dataclass(frozen=True)
class Shown:
    """What of one series is frozen.

    Attributes:
        known: The series.
        start: First day; None = from its first period on.
        end: First day no longer wanted; None = to its newest.
        role: What it is shown as, such as "tile", "primary", "guard_rail".
    """

    known: Known
    start: date | None = None
    end: date | None = None
    role: str = "tile"

    @property
    def rows(self) -> list[Row]:
        """Its rows, settled or not, oldest first."""
        return [
            row
            for row in (*self.known.rows, *self.known.unsettled)
            if (self.start is None or row["period"] >= self.start)
            and (self.end is None or row["period_end"] <= self.end)
        ]


def freeze(save: Save, snapshot: Snapshot, purpose: FreezePurpose, shown: Sequence[Shown]) -> str:
    """Freezes series of one published snapshot and keeps that snapshot from being removed.

    Args:
        save: The transaction that all is stored in.
        snapshot: Published; every series in `shown` was read from it.
        purpose: Why.
        shown: What is frozen; a series that comes twice in one grain is frozen over both times.

    Returns:
        The id, recomputed from the stored rows; the earlier one if the same numbers were frozen
        before.

    Raises:
        SnapshotError: A series was read from another snapshot.
        RecordsError: What was stored is not what was to be frozen. Nothing is saved then.
    """
    _need_one_snapshot(snapshot, shown)
    people = frozenset(row.person_id for row in rows_of(save.session, Person))
    targets: dict[str, Target] = {}
    values: dict[tuple[str, str, str, date], FrozenValue] = {}
    for each in shown:
        for row in each.rows:
            value = _value(each.known, row, targets, people)
            values[value.metric_id, value.segment_key, value.grain, value.period_start] = value
    definitions = {each.known.meaning.hash: _definition(save, each.known) for each in shown}
    stored = save_freeze(
        save.session,
        _freeze_row(snapshot, purpose, shown),
        list(values.values()),
        list(definitions.values()),
        list(targets.values()),
        save.author,
    )
    _keep(snapshot)
    return stored.snapshot_id


def _keep(snapshot: Snapshot) -> None:
    """Pins the published snapshot, unless somebody pinned it already."""
    warehouse = Warehouse(snapshot.settings.folder / "snapshots")
    pins = {each.id: each.pinned_by for each in warehouse.snapshots()}
    if pins.get(snapshot.id) is None:
        warehouse.pin(snapshot.id, PINNED_FOR)


def ensure_definition(save: Save, known: Known) -> str:
    """Stores the definition of a series, if it is not there yet; returns its hash."""
    if save.session.get(Definition, known.meaning.hash) is None:
        save.insert(_definition(save, known))
    return known.meaning.hash


def _need_one_snapshot(snapshot: Snapshot, shown: Sequence[Shown]) -> None:
    for each in shown:
        if each.known.snapshot.id != snapshot.id:
            raise SnapshotError(
                f"{each.known.name} was read from {each.known.snapshot.id}, not {snapshot.id}. "
                "Freeze numbers of one snapshot only."
            )


def _freeze_row(snapshot: Snapshot, purpose: FreezePurpose, shown: Sequence[Shown]) -> Freeze:
    watermarks = watermarks_of([each.known for each in shown])
    filters = {"series": [_about(each) for each in shown]}
    return Freeze(
        warehouse_id=snapshot.id,
        purpose=purpose.value,
        data_as_of=min(watermarks.values(), default=None),
        watermarks={source: _utc_text(at) for source, at in sorted(watermarks.items())},
        filters=filters,
        filter_hash=hash_of(filters),
        engine_version=f"launchloop {snapshot.about['program']}",
    )


def _about(each: Shown) -> dict[str, Any]:
    """What a page prints beside the numbers, which the catalogue may name otherwise later."""
    return {
        "metric_id": each.known.card.metric_id,
        "segment_key": each.known.card.segment_key,
        "grain": each.known.grain,
        "role": each.role,
        "name": each.known.name,
        "unit": each.known.unit,
        "better": each.known.request.metric.better.value,
        "definition_hash": each.known.meaning.hash,
    }


def _value(
    known: Known, row: Row, targets: dict[str, Target], people: frozenset[str]
) -> FrozenValue:
    goal = known.snapshot.target_in_force(known.request, row["period"])
    target = None if goal is None else _target(known, goal, people)
    if target is not None:
        target = targets.setdefault(target.target_id, target)
    return FrozenValue(
        metric_id=known.card.metric_id,
        definition_hash=known.meaning.hash,
        segment_key=known.card.segment_key,
        grain=known.grain,
        period_start=row["period"],
        period_end=row["period_end"],
        n=row["n"],
        total=row["total"],
        total_of_squares=row.get("total_of_squares"),
        special={
            name: row[name] for name in _SPECIAL if name in row and row[name] is not None
        } or None,
        value=row["value"],
        lo=row["low"],
        hi=row["high"],
        state=row["status"],
        target_value=goal.value if goal else None,
        target_id=target.target_id if target else None,
    )  # fmt: skip


def _target(known: Known, goal: InForce, people: frozenset[str]) -> Target:
    declared = goal.target
    columns = {
        "metric_id": declared.metric,
        "segment_key": known.card.segment_key,
        "shape": declared.shape,
        "value": declared.value if declared.value is not None else declared.low,
        "direction": known.request.metric.better.value,
        "owner_id": declared.owner if declared.owner in people else None,
        "valid_from": declared.from_on or date.min,
        "reason": declared.reason,
    }
    return Target(target_id=hash_of(declared.model_dump(mode="json") | columns), **columns)


def _definition(save: Save, known: Known) -> Definition:
    version = str(known.snapshot.about["program"])
    return Definition(
        definition_hash=known.meaning.hash,
        metric_id=known.card.metric_id,
        version=version,
        body=known.meaning.body,
        rule_text=known.meaning.rule_text,
        engine_version=f"launchloop {version}",
        created_at=save.at,
    )


def _utc_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()

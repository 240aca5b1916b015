"""Frozen numbers as they are opened again: from the records alone, years later as on the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.reviews.core.subjects import card_of
from pipelines.reviews.core.terms import FreezePurpose, ValueState
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Definition, FrozenValue
from pipelines.reviews.records.tables import Snapshot as Freeze


@dataclass(frozen=True)
class FrozenPoint:
    """One number of one period as it was frozen; unknown is None, with the note that says why."""

    start: date
    end: date
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    total: float | None
    state: ValueState
    target: float | None
    note: str | None


@dataclass(frozen=True)
class FrozenSeries:
    """A chart, its table and its rule as they were frozen.

    Attributes:
        role: What it was shown as.
        better: "up", "down" or "none".
        rule_text: Definition and formula in words.
        points: Oldest first.
    """

    metric_id: str
    segment_key: str
    grain: str
    role: str
    name: str
    unit: str
    better: str
    definition_hash: str
    rule_text: str
    points: tuple[FrozenPoint, ...]

    @property
    def newest(self) -> FrozenPoint | None:
        """The newest settled point; None without one."""
        done = [each for each in self.points if each.state is not ValueState.IMMATURE]
        return done[-1] if done else None


@dataclass(frozen=True)
class Frozen:
    """A freeze as it is opened again."""

    snapshot_id: str
    warehouse_id: str
    purpose: FreezePurpose
    taken_at: datetime
    taken_by: str
    data_as_of: datetime | None
    watermarks: dict[str, str]
    engine_version: str
    series: tuple[FrozenSeries, ...]

    def of(self, metric_id: str, segment_key: str | None = None) -> FrozenSeries | None:
        """The series of a metric; None where it was not frozen."""
        for each in self.series:
            if each.metric_id == metric_id and segment_key in {None, each.segment_key}:
                return each
        return None


def frozen(store: Store, snapshot_id: str) -> Frozen:
    """Opens a freeze. Reads the records only: neither sources nor a published snapshot.

    Raises:
        RecordsError: There is none of this id.
    """
    with store.reading() as session:
        row = row_of(session, Freeze, snapshot_id, "freeze")
        values = rows_of(session, FrozenValue, order=["period_start"], snapshot_id=snapshot_id)
        hashes = {value.definition_hash for value in values}
        rules = rows_of(session, Definition, definition_hash=hashes)
    rule_texts = {rule.definition_hash: rule.rule_text for rule in rules}
    return Frozen(
        snapshot_id=row.snapshot_id,
        warehouse_id=row.warehouse_id,
        purpose=FreezePurpose(row.purpose),
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        data_as_of=row.data_as_of,
        watermarks=dict(row.watermarks),
        engine_version=row.engine_version,
        series=tuple(_series(about, values, rule_texts) for about in row.filters["series"]),
    )


def values_of(
    session: RecordsSession, snapshot_id: str | None, subject_id: str | None
) -> list[FrozenValue]:
    """The rows that a freeze has of a subject, the newest first; [] where it is no number."""
    card = card_of(subject_id)
    if snapshot_id is None or card is None:
        return []
    return rows_of(
        session,
        FrozenValue,
        order=["-period_end", "-period_start"],
        snapshot_id=snapshot_id,
        metric_id=card.metric_id,
        segment_key=card.segment_key,
    )


def _series(
    about: dict[str, Any], values: Sequence[FrozenValue], rule_texts: dict[str, str]
) -> FrozenSeries:
    key = (about["metric_id"], about["segment_key"], about["grain"])
    return FrozenSeries(
        **about,
        rule_text=rule_texts.get(about["definition_hash"], ""),
        points=tuple(
            _point(value)
            for value in values
            if (value.metric_id, value.segment_key, value.grain) == key
        ),
    )


def _point(value: FrozenValue) -> FrozenPoint:
    special = value.special or {}
    return FrozenPoint(
        start=value.period_start,
        end=value.period_end,
        value=value.value,
        low=value.lo,
        high=value.hi,
        n=value.n,
        total=value.total,
        state=ValueState(value.state),
        target=value.target_value,
        note=special.get("note"),
    )

"""What a freeze holds: definitions, values, targets and where they were read."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import FreezePurpose, TargetShape, ValueState
from pipelines.reviews.records.tables.base import (
    Base,
    DefinitionRef,
    Id,
    InsertOnly,
    MaybePersonRef,
    Object,
    PersonRef,
    one_of,
    refers_to,
)


class Definition(InsertOnly, Base):
    """A metric's definition as it stood, known by the hash of its body."""

    __tablename__ = "definition"

    definition_hash: Mapped[Id]
    metric_id: Mapped[str]
    version: Mapped[str]
    body: Mapped[Object]
    rule_text: Mapped[str]
    engine_version: Mapped[str]
    created_at: Mapped[datetime]


class Snapshot(InsertOnly, Base):
    """A freeze: its id is the hash of its values, definitions, filters, watermarks and targets."""

    __tablename__ = "snapshot"
    __table_args__ = (one_of("purpose", FreezePurpose),)

    snapshot_id: Mapped[Id]
    warehouse_id: Mapped[str]
    taken_at: Mapped[datetime]
    taken_by: Mapped[PersonRef]
    purpose: Mapped[str]
    data_as_of: Mapped[datetime | None]
    watermarks: Mapped[Object]
    filters: Mapped[Object]
    filter_hash: Mapped[str]
    engine_version: Mapped[str]
    row_count: Mapped[int]


class Target(InsertOnly, Base):
    """What a metric is to reach, from a day on; a newer row replaces it."""

    __tablename__ = "target"
    __table_args__ = (one_of("shape", TargetShape),)

    target_id: Mapped[Id]
    metric_id: Mapped[str]
    segment_key: Mapped[str] = mapped_column(default="")
    shape: Mapped[str]
    value: Mapped[float | None]
    direction: Mapped[str]
    owner_id: Mapped[MaybePersonRef]
    valid_from: Mapped[date]
    reason: Mapped[str | None]


class FrozenValue(InsertOnly, Base):
    """One frozen number of one period; `segment_key` is empty for the whole product."""

    __tablename__ = "frozen_value"
    __table_args__ = (one_of("state", ValueState),)

    snapshot_id: Mapped[str] = mapped_column(refers_to("snapshot.snapshot_id"), primary_key=True)
    metric_id: Mapped[str] = mapped_column(primary_key=True)
    definition_hash: Mapped[DefinitionRef]
    segment_key: Mapped[str] = mapped_column(primary_key=True, default="")
    grain: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    period_end: Mapped[date]
    n: Mapped[float | None]
    total: Mapped[float | None]
    total_of_squares: Mapped[float | None]
    special: Mapped[Object | None]
    value: Mapped[float | None]
    lo: Mapped[float | None]
    hi: Mapped[float | None]
    state: Mapped[str]
    target_value: Mapped[float | None]
    target_id: Mapped[str | None] = mapped_column(refers_to("target.target_id"))

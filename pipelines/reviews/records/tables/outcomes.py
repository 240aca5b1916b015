"""The outcome ledger: what a delivered item or release was to do, and what it did."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import Direction, Verdict
from pipelines.reviews.records.tables.base import (
    Base,
    Id,
    InsertOnly,
    MaybeCycleRef,
    Versioned,
    between_0_and_1,
    one_of,
    refers_to,
)


class OutcomeLink(Versioned, Base):
    """A row of the ledger; without `metric_id` nothing was predicted."""

    __tablename__ = "outcome_link"
    __table_args__ = (one_of("expected_direction", Direction), between_0_and_1("confidence"))

    link_id: Mapped[Id]
    work_item_key: Mapped[str | None]
    release_id: Mapped[str | None]
    released_on: Mapped[date | None]
    exposure_event: Mapped[str | None]
    metric_id: Mapped[str | None]
    segment_key: Mapped[str] = mapped_column(default="")
    expected_direction: Mapped[str | None]
    expected_effect: Mapped[float | None]
    min_effect: Mapped[float | None]
    confidence: Mapped[float | None]
    rice_impact: Mapped[float | None]
    review_on: Mapped[date | None]
    cycle_id: Mapped[MaybeCycleRef]
    locked_at: Mapped[datetime | None]


class OutcomeResult(InsertOnly, Base):
    """What a run of the Check found for a row of the ledger; the latest counts."""

    __tablename__ = "outcome_result"
    __table_args__ = (one_of("verdict", Verdict),)

    link_id: Mapped[str] = mapped_column(refers_to("outcome_link.link_id"), primary_key=True)
    run_id: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    effect: Mapped[float | None]
    lo: Mapped[float | None]
    hi: Mapped[float | None]
    judged_at: Mapped[datetime]

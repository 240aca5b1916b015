"""Plan-Do-Check-Act cycles: metrics, locked plans, actions, checks and verdicts."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, Select, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    CycleStatus,
    Design,
    Direction,
    GuardState,
    Kind,
    Method,
    MetricRole,
    SignalDirection,
    TargetState,
    Verdict,
)
from pipelines.reviews.records.tables.base import (
    Base,
    CycleRef,
    Id,
    InsertOnly,
    Items,
    MaybeCycleRef,
    MaybePersonRef,
    Object,
    PersonRef,
    SnapshotRef,
    TeamRef,
    Versioned,
    between_0_and_1,
    one_of,
    refers_to,
)


class PdcaCycle(Versioned, Base):
    """One cycle with one owner and one primary metric; `seq` counts along its parents from 1."""

    __tablename__ = "pdca_cycle"
    __table_args__ = (
        one_of("status", CycleStatus),
        one_of("status_before_hold", CycleStatus),
        one_of("design", Design),
        one_of("act_decision", ActDecision),
    )

    cycle_id: Mapped[Id]
    parent_cycle_id: Mapped[MaybeCycleRef]
    seq: Mapped[int] = mapped_column(default=1)
    team_id: Mapped[TeamRef]
    product_id: Mapped[str | None]
    title: Mapped[str]
    theme: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=CycleStatus.DRAFT.value)
    status_before_hold: Mapped[str | None]
    problem: Mapped[str | None]
    root_cause: Mapped[str | None]
    root_cause_method: Mapped[str | None]
    hypothesis_change: Mapped[str | None]
    hypothesis_effect: Mapped[str | None]
    hypothesis_because: Mapped[str | None]
    owner_id: Mapped[MaybePersonRef]
    sponsor_id: Mapped[MaybePersonRef]
    design: Mapped[str] = mapped_column(default=Design.BEFORE_AFTER.value)
    start_on: Mapped[date | None]
    due_on: Mapped[date | None]
    check_not_before: Mapped[date | None]
    check_due_on: Mapped[date | None]
    ready_on: Mapped[date | None]
    looks_used: Mapped[int] = mapped_column(default=0)
    act_decision: Mapped[str | None]
    act_rationale: Mapped[str | None]
    rolled_back_on: Mapped[date | None]
    standard_link: Mapped[str | None]
    sustain_on: Mapped[date | None]
    learning: Mapped[str | None]


class PdcaMetric(Versioned, Base):
    """A metric of a cycle; one that a draft no longer wants is dropped, not deleted."""

    __tablename__ = "pdca_metric"
    __table_args__ = (
        one_of("role", MetricRole),
        one_of("direction", Direction),
        one_of("kind", Kind),
        between_0_and_1("confidence"),
        Index(
            "one_primary_metric",
            "cycle_id",
            unique=True,
            sqlite_where=text("role = 'primary' AND dropped_at IS NULL"),
            postgresql_where=text("role = 'primary' AND dropped_at IS NULL"),
        ),
    )

    cycle_id: Mapped[str] = mapped_column(refers_to("pdca_cycle.cycle_id"), primary_key=True)
    metric_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str]
    definition_hash: Mapped[str | None] = mapped_column(refers_to("definition.definition_hash"))
    grain: Mapped[str]
    filters: Mapped[Object] = mapped_column(default=dict)
    expected_effect: Mapped[float | None]
    confidence: Mapped[float | None]
    target_value: Mapped[float | None]
    min_effect: Mapped[float | None]
    margin: Mapped[float | None]
    band_lo: Mapped[float | None]
    band_hi: Mapped[float | None]
    lag_periods: Mapped[int] = mapped_column(default=0)
    min_post_points: Mapped[int | None]
    control_metric_id: Mapped[str | None]
    dropped_at: Mapped[datetime | None]

    @classmethod
    def of_cycle(cls, cycle_id: str) -> "Select[PdcaMetric]":
        """The query of a cycle's metrics without the dropped ones."""
        return (
            select(cls)
            .where(cls.cycle_id == cycle_id, cls.dropped_at.is_(None))
            .order_by(cls.role, cls.metric_id)
        )


class PdcaPlan(InsertOnly, Base):
    """A version of a plan as it was locked; `plan_no` counts from 1."""

    __tablename__ = "pdca_plan"

    cycle_id: Mapped[str] = mapped_column(refers_to("pdca_cycle.cycle_id"), primary_key=True)
    plan_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[Object]
    plan_hash: Mapped[str]
    snapshot_id: Mapped[SnapshotRef]
    baseline_mean: Mapped[float | None]
    lnpl: Mapped[float | None]
    unpl: Mapped[float | None]
    rho: Mapped[float | None]
    mde80: Mapped[float | None]
    locked_at: Mapped[datetime]
    locked_by: Mapped[PersonRef]
    reason: Mapped[str | None]


class PdcaAction(Versioned, Base):
    """Something that is done in a cycle, by one person, by a day."""

    __tablename__ = "pdca_action"
    __table_args__ = (one_of("status", ActionStatus),)

    action_id: Mapped[Id]
    cycle_id: Mapped[CycleRef]
    title: Mapped[str]
    owner_id: Mapped[MaybePersonRef]
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default=ActionStatus.TO_DO.value)
    started_on: Mapped[date | None]
    done_on: Mapped[date | None]
    scope: Mapped[str | None]
    deviation: Mapped[str | None]
    work_item_key: Mapped[str | None]


class PdcaCheck(InsertOnly, Base):
    """The computed comparison of one metric in one run of a Check."""

    __tablename__ = "pdca_check"
    __table_args__ = (
        UniqueConstraint("run_id", "metric_id"),
        ForeignKeyConstraint(
            ["cycle_id", "plan_no"],
            ["pdca_plan.cycle_id", "pdca_plan.plan_no"],
            ondelete="RESTRICT",
            deferrable=True,
            initially="DEFERRED",
        ),
        one_of("method", Method),
        one_of("signal_dir", SignalDirection),
        one_of("target_state", TargetState),
        one_of("guard_state", GuardState),
    )

    check_id: Mapped[Id]
    run_id: Mapped[str]
    cycle_id: Mapped[str]
    plan_no: Mapped[int]
    metric_id: Mapped[str]
    look: Mapped[int]
    run_at: Mapped[datetime]
    snapshot_id: Mapped[SnapshotRef]
    post_from: Mapped[date | None]
    post_to: Mapped[date | None]
    n_base: Mapped[int | None]
    n_post: Mapped[int | None]
    mean_base: Mapped[float | None]
    mean_post: Mapped[float | None]
    diff: Mapped[float | None]
    lo: Mapped[float | None]
    hi: Mapped[float | None]
    alpha: Mapped[float | None]
    method: Mapped[str | None]
    rho: Mapped[float | None]
    n_eff_base: Mapped[float | None]
    n_eff_post: Mapped[float | None]
    xmr_rules: Mapped[Items | None]
    signal_dir: Mapped[str | None]
    drift_hi: Mapped[float | None]
    drift_excluded: Mapped[bool | None]
    target_state: Mapped[str | None]
    guard_state: Mapped[str | None]


class PdcaVerdict(InsertOnly, Base):
    """What a run found, and who signed it; a signature is a new row, the latest counts."""

    __tablename__ = "pdca_verdict"
    __table_args__ = (one_of("machine_verdict", Verdict), one_of("human_verdict", Verdict))

    verdict_id: Mapped[Id]
    run_id: Mapped[str]
    cycle_id: Mapped[CycleRef]
    machine_verdict: Mapped[str | None]
    reasons: Mapped[Items] = mapped_column(default=list)
    confounders: Mapped[Items] = mapped_column(default=list)
    sentence: Mapped[str]
    human_verdict: Mapped[str | None]
    human_reason: Mapped[str | None]
    signed_by: Mapped[MaybePersonRef]
    signed_at: Mapped[datetime | None]
    self_signed: Mapped[bool] = mapped_column(default=False)

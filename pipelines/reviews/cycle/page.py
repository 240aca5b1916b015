"""One cycle as its page needs it, from the records alone: it reads the same a year later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.reviews.core.cycle import Action, Cycle, SignedVerdict
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.meeting import Decision, FollowUp
from pipelines.reviews.core.plan import Plan, PlanMetric
from pipelines.reviews.core.plan_body import plan_changes
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse, Phase
from pipelines.reviews.cycle.record import CycleRecord, Run, facts_of, read_record
from pipelines.reviews.cycle.values import plan_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.values import decision_of, follow_up_of
from pipelines.reviews.numbers.frozen import Frozen, frozen
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Decision as DecisionRow
from pipelines.reviews.records.tables import Event, OutcomeLink, PdcaPlan
from pipelines.reviews.records.tables import FollowUp as FollowUpRow
from pipelines.reviews.rules.table import findings


@dataclass(frozen=True)
class LockedPlan:
    """One version of a plan as it was locked.

    Attributes:
        mde80: Smallest effect that it would prove in 80 of 100 cases; None = none is reachable.
        changed: What differs from the version before (V10); () of the first.
    """

    plan: Plan
    plan_no: int
    plan_hash: str
    snapshot_id: str
    baseline_mean: float | None
    lnpl: float | None
    unpl: float | None
    rho: float | None
    mde80: float | None
    locked_at: datetime
    locked_by: str
    reason: str | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class HistoryLine:
    """One event of the log, told on the page."""

    at: datetime
    actor_id: str
    action: str
    from_status: str | None
    to_status: str | None
    reason: str | None
    changes: dict[str, Any]


@dataclass(frozen=True)
class EvidenceUsed:
    """A piece of evidence and what it speaks for; its text is read by its own rules."""

    evidence_id: str
    use: EvidenceUse
    kind: EvidenceKind


@dataclass(frozen=True)
class Delivered:
    """A release or work item of the cycle, by its row of the ledger."""

    link_id: str
    release_id: str | None
    work_item_key: str | None
    released_on: date | None


@dataclass(frozen=True)
class CycleRecordPage:
    """The part of the page that stands in the records and never changes by itself.

    Attributes:
        metrics: Of the draft, or of the plan in force; the primary comes first.
        plans: Every locked version, oldest first.
        plan_freeze: The numbers of the newest lock.
        check_freeze: The numbers of the newest run on the plan in force.
        runs: Of the Check, oldest first.
        signatures: Signed verdicts, oldest first; the latest counts.
        labels: What must stand beside the cycle wherever it is listed.
        is_plan_changed: The check is marked "plan changed after lock".
    """

    cycle: Cycle
    metrics: tuple[PlanMetric, ...]
    plans: tuple[LockedPlan, ...]
    plan_freeze: Frozen | None
    check_freeze: Frozen | None
    actions: tuple[Action, ...]
    runs: tuple[Run, ...]
    signatures: tuple[SignedVerdict, ...]
    decisions: tuple[Decision, ...]
    follow_ups: tuple[FollowUp, ...]
    deliveries: tuple[Delivered, ...]
    evidence: tuple[EvidenceUsed, ...]
    history: tuple[HistoryLine, ...]
    labels: tuple[str, ...]
    is_plan_changed: bool


@dataclass(frozen=True)
class CyclePage:
    """Everything that the screen of one cycle needs.

    Attributes:
        record: What stands in the records.
        run: The newest run on the plan in force; None before it.
        signature: The verdict that counts; None before it is signed.
        names: Person id → the name to show.
        findings: What the rules say now of the state that the cycle is in.
        metric_versions: Metric id → `row_version`, to hand back with an edit.
        action_versions: Action id → `row_version`.
        permissions: What the speaking person may do with this cycle.
    """

    record: CycleRecordPage
    run: Run | None
    signature: SignedVerdict | None
    names: dict[str, str]
    findings: tuple[Finding, ...]
    metric_versions: dict[str, int]
    action_versions: dict[str, int]
    permissions: frozenset[Permission]


def cycle_page(desk: Desk, cycle_id: str) -> CyclePage:
    """Reads the page of a cycle; neither sources nor a published snapshot are asked.

    Raises:
        RecordsError: There is no such cycle.
        NotAllowedError: The role does not allow reading it.
    """
    with desk.store.reading() as session:
        record = read_record(session, cycle_id)
        team_id = record.cycle.team_id
        desk.require(Permission.READ, team_id)
        kept = _kept(session, record)
    page = _with_freezes(desk, record, kept)
    is_owner = record.cycle.owner_id == desk.person_id
    return CyclePage(
        record=page,
        run=record.run,
        signature=record.signature,
        names=desk.names(),
        findings=standing_findings(desk, record),
        metric_versions=record.metric_versions,
        action_versions=record.action_versions,
        permissions=desk.permissions(team_id, is_owner=is_owner),
    )


def standing_findings(desk: Desk, record: CycleRecord) -> tuple[Finding, ...]:
    """What is printed on the record after the lock: plan changed, actions late, confounders."""
    if not record.plans:
        return ()
    run, locked = record.run, _locked(record.plans)
    confounders = run.verdict.confounders if run else locked[-1].plan.confounders
    facts = facts_of(
        desk, record, confounders=confounders, plan_changes=locked[-1].changed,
        plan_reason=locked[-1].reason,
    )  # fmt: skip
    return findings(Phase.CHECK, facts)


def _kept(session: RecordsSession, record: CycleRecord) -> dict[str, Any]:
    cycle_id = record.cycle.cycle_id
    follow_ups = rows_of(session, FollowUpRow, order=["follow_up_id"], cycle_id=cycle_id)
    made = {each.decision_id for each in follow_ups if each.decision_id}
    made |= _decided(record)
    return {
        "decisions": tuple(
            decision_of(each)
            for each in rows_of(session, DecisionRow, order=["decision_id"], decision_id=made)
        ),
        "follow_ups": tuple(follow_up_of(each) for each in follow_ups),
        "deliveries": tuple(
            Delivered(row.link_id, row.release_id, row.work_item_key, row.released_on)
            for row in rows_of(session, OutcomeLink, order=["link_id"], cycle_id=cycle_id)
        ),
    }


def _decided(record: CycleRecord) -> set[str]:
    """Ids of the Act decisions: the event beside the decision names it."""
    return {
        event.changes["decision_id"] for event in record.events if "decision_id" in event.changes
    }


def _with_freezes(desk: Desk, record: CycleRecord, kept: dict[str, Any]) -> CycleRecordPage:
    locked = _locked(record.plans)
    run = record.run
    return CycleRecordPage(
        cycle=record.cycle,
        metrics=record.metrics,
        plans=locked,
        plan_freeze=_freeze(desk, locked[-1].snapshot_id if locked else None),
        check_freeze=_freeze(desk, run.snapshot_id if run else None),
        actions=record.actions,
        runs=record.runs,
        signatures=record.signatures,
        evidence=tuple(
            EvidenceUsed(link.evidence_id, EvidenceUse(link.use), EvidenceKind(each.kind))
            for link, each in record.evidence
        ),
        history=tuple(_line(event) for event in record.events),
        labels=record.labels,
        is_plan_changed=len(locked) > 1,
        **kept,
    )


def _freeze(desk: Desk, snapshot_id: str | None) -> Frozen | None:
    if snapshot_id is None:
        return None
    return frozen(desk.store, snapshot_id)


def _locked(rows: tuple[PdcaPlan, ...]) -> tuple[LockedPlan, ...]:
    plans = [plan_value(row) for row in rows]
    return tuple(
        LockedPlan(
            plan=plan,
            plan_no=row.plan_no,
            plan_hash=row.plan_hash,
            snapshot_id=row.snapshot_id,
            baseline_mean=row.baseline_mean,
            lnpl=row.lnpl,
            unpl=row.unpl,
            rho=row.rho,
            mde80=row.mde80,
            locked_at=row.locked_at,
            locked_by=row.locked_by,
            reason=row.reason,
            changed=plan_changes(plans[place - 1], plan) if place else (),
        )
        for place, (row, plan) in enumerate(zip(rows, plans, strict=True))
    )


def _line(event: Event) -> HistoryLine:
    return HistoryLine(
        event.at, event.actor_id, event.action, event.from_status, event.to_status, event.reason,
        dict(event.changes),
    )  # fmt: skip

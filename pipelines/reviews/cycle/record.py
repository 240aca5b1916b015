"""Everything that the records hold about one cycle, read at once, and the facts for its rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.cycle import Action, Cycle, SignedVerdict
from pipelines.reviews.core.plan import Plan, PlanMetric
from pipelines.reviews.core.states import ACTIVE_CYCLE
from pipelines.reviews.core.terms import (
    ActDecision,
    EvidenceKind,
    EvidenceUse,
    MetricRole,
    Verdict,
)
from pipelines.reviews.cycle.values import (
    action_value,
    check_value,
    cycle_value,
    metric_value,
    plan_value,
    verdict_value,
)
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.other_logs import IMPORTED, PLACES
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import (
    Event,
    Evidence,
    EvidenceLink,
    OutcomeLink,
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    PdcaVerdict,
)
from pipelines.reviews.rules.facts import Facts

CYCLE = PdcaCycle.__tablename__
# Words of events: a run of the Check, and the fast path that a failed guard-rail opens.
CHECKED, FAST_PATH = "checked", "fast_path"
# Words of events: the first plan, and each new version of it.
LOCKED, REPLANNED = "locked", "replanned"
# Evidence that a problem is real.
_OF_PROBLEM = (EvidenceUse.PROBLEM, EvidenceUse.CAUSE)


@dataclass(frozen=True)
class Run:
    """One run of the Check.

    Attributes:
        at: When it ran.
        snapshot_id: The freeze that it judged; None of a qualitative cycle.
        checks: A row for each metric that was judged.
        verdict: What the machine found, unsigned.
        suggestion: What to do next, in words.
        decisions: The Act decisions that this suggests, best first.
        failed: Id → name of the guard-rails that failed; they open the fast path.
        decide_by: The last day for the decision of the fast path.
        notes: What must be printed beside the verdict.
        known: Of an inconclusive Check what is known; a part of its sentence.
        settling: What would settle it; a part of its sentence.
        settles_on: When that would be; None where waiting does not settle it.
    """

    run_id: str
    at: datetime
    plan_no: int
    look: int
    snapshot_id: str | None
    checks: tuple[MetricCheck, ...]
    verdict: SignedVerdict
    suggestion: str
    decisions: tuple[ActDecision, ...]
    failed: dict[str, str]
    decide_by: date | None
    notes: tuple[str, ...]
    known: str = ""
    settling: str = ""
    settles_on: date | None = None


@dataclass(frozen=True)
class CycleRecord:
    """A cycle with all that belongs to it.

    Attributes:
        cycle: As it stands.
        metrics: Of the draft or the plan in force, without dropped ones.
        plans: Every locked version, oldest first.
        actions: By id, which is the order in which they were added.
        runs: Of the Check, oldest first.
        signatures: Signed verdicts, oldest first; the latest counts.
        events: The log of the cycle, oldest first.
        evidence: (link, evidence) of everything that speaks for it.
        confounded_by: Titles of other cycles on one of its metrics.
        others: The team's other active cycles by title.
        releases: Ids of the releases by which its change reaches people.
        work_items: Keys of the backlog items that bring it.
    """

    cycle: Cycle
    metrics: tuple[PlanMetric, ...]
    metric_versions: dict[str, int]
    plans: tuple[PdcaPlan, ...]
    actions: tuple[Action, ...]
    action_versions: dict[str, int]
    runs: tuple[Run, ...]
    signatures: tuple[SignedVerdict, ...]
    events: tuple[Event, ...]
    evidence: tuple[tuple[EvidenceLink, Evidence], ...]
    others: tuple[str, ...]
    confounded_by: tuple[str, ...]
    releases: tuple[str, ...] = ()
    work_items: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan | None:
        """The plan in force; None before the lock."""
        return plan_value(self.plans[-1]) if self.plans else None

    @property
    def run(self) -> Run | None:
        """The latest run on the plan in force."""
        number = self.plans[-1].plan_no if self.plans else None
        found = [run for run in self.runs if run.plan_no == number]
        return found[-1] if found else None

    @property
    def judged_since(self) -> datetime | None:
        """Since when the machine says what its newest run says; None before the first.

        Every refresh runs a due Check again; the same verdict once more is nothing to wait for.
        """
        since = None
        for run in reversed(self.runs):
            said = self.run and (self.run.plan_no, self.run.look, self.run.verdict.sentence)
            if (run.plan_no, run.look, run.verdict.sentence) != said:
                break
            since = run.at
        return since

    @property
    def signature(self) -> SignedVerdict | None:
        """The one that counts."""
        return self.signatures[-1] if self.signatures else None

    @property
    def is_imported(self) -> bool:
        """Whether it was made in another workspace."""
        return any(each.action == IMPORTED for each in self.events)

    @property
    def locked_elsewhere(self) -> tuple[Plan, ...]:
        """Versions of its plan that were locked in another workspace, on the data of there."""
        locks = [each for each in self.events if each.action in {LOCKED, REPLANNED}]
        count = sum(PLACES in each.changes for each in locks)
        return tuple(plan_value(each) for each in self.plans[:count])

    @property
    def labels(self) -> tuple[str, ...]:
        """What must stand beside the cycle wherever it is shown."""
        return (*self.cycle.labels, *((IMPORTED,) if self.is_imported else ()))

    @property
    def came_by_fast_path(self) -> bool:
        """Whether it came to acting because a guard-rail failed."""
        moves = [each for each in self.events if each.to_status == "acting"]
        return bool(moves) and moves[-1].action == FAST_PATH


def read_record(session: RecordsSession, cycle_id: str) -> CycleRecord:
    """Reads a cycle whole.

    Raises:
        RecordsError: There is none of this id.
    """
    row = row_of(session, PdcaCycle, cycle_id, "cycle")
    metrics = list(session.scalars(PdcaMetric.of_cycle(cycle_id)))
    actions = rows_of(session, PdcaAction, order=["action_id"], cycle_id=cycle_id)
    verdicts = rows_of(session, PdcaVerdict, order=["verdict_id"], cycle_id=cycle_id)
    links = rows_of(session, EvidenceLink, subject=CYCLE, subject_id=cycle_id)
    delivered = rows_of(session, OutcomeLink, order=["link_id"], cycle_id=cycle_id)
    events = rows_of(session, Event, order=["seq"], entity=CYCLE, entity_id=cycle_id)
    team = rows_of(session, PdcaCycle, order=["title", "cycle_id"], team_id=row.team_id)
    active = [each for each in team if each.status in ACTIVE_CYCLE and each.cycle_id != cycle_id]
    return CycleRecord(
        cycle=cycle_value(row),
        metrics=tuple(sorted((metric_value(each) for each in metrics), key=_by_role)),
        metric_versions={each.metric_id: each.row_version for each in metrics},
        plans=tuple(rows_of(session, PdcaPlan, order=["plan_no"], cycle_id=cycle_id)),
        actions=tuple(action_value(each) for each in actions),
        action_versions={each.action_id: each.row_version for each in actions},
        runs=_runs(session, cycle_id, verdicts, events),
        signatures=tuple(verdict_value(each) for each in verdicts if each.signed_by),
        events=tuple(events),
        evidence=tuple(
            (link, row_of(session, Evidence, link.evidence_id, "evidence")) for link in links
        ),
        others=tuple(each.title for each in active),
        confounded_by=_confounding(session, active, metrics),
        releases=tuple(each.release_id for each in delivered if each.release_id),
        work_items=tuple(each.work_item_key for each in delivered if each.work_item_key),
    )


def facts_of(desk: Desk, record: CycleRecord, **more: Any) -> Facts:  # noqa: ANN401
    """What the rules are asked about a cycle.

    Args:
        desk: Gives day, settings and teams.
        record: The cycle.
        more: Fields of `Facts` that belong to the one move.
    """
    team = desk.team(record.cycle.team_id)
    run, plan = record.run, record.plan
    judged = run if run and run.verdict.machine_verdict is not Verdict.NOT_READY else None
    given: dict[str, Any] = {
        "today": desk.today,
        "rigour": plan.rigour if plan else team.settings.rigour,
        "solo": team.settings.solo,
        "cycle": record.cycle,
        "plan": plan,
        "team_ids": frozenset(each.team_id for each in desk.teams()),
        "has_evidence": any(link.use in _OF_PROBLEM for link, _ in record.evidence),
        "active_cycles": record.others,
        "active_limit": team.settings.active_limit,
        "actions": record.actions,
        "checked": {row.metric_id for row in judged.checks} if judged else (),
        "checked_at": record.judged_since if judged else None,
        "verdict": judged.verdict if judged else None,
        "evidence_kinds": frozenset(EvidenceKind(each.kind) for _, each in record.evidence),
        "breached": ", ".join(run.failed.values()) if run else "",
        "fast_path": record.came_by_fast_path,
    }
    return Facts(**{**given, **more})


def _by_role(metric: PlanMetric) -> tuple[int, str]:
    return list(MetricRole).index(metric.role), metric.metric_id


def _runs(
    session: RecordsSession, cycle_id: str, verdicts: Sequence[PdcaVerdict], events: Sequence[Event]
) -> tuple[Run, ...]:
    rows = rows_of(session, PdcaCheck, order=["check_id"], cycle_id=cycle_id)
    machine = {each.run_id: each for each in verdicts if each.signed_by is None}
    return tuple(
        _run(event, machine[event.changes["run_id"]], rows)
        for event in events
        if event.action == CHECKED
    )


def _run(event: Event, verdict: PdcaVerdict, rows: Sequence[PdcaCheck]) -> Run:
    told = event.changes
    return Run(
        run_id=verdict.run_id,
        at=event.at,
        plan_no=told["plan_no"],
        look=told["look"],
        snapshot_id=told["snapshot_id"],
        checks=tuple(check_value(row) for row in rows if row.run_id == verdict.run_id),
        verdict=verdict_value(verdict),
        suggestion=told["suggestion"],
        decisions=tuple(ActDecision(word) for word in told["decisions"]),
        failed=told["failed"],
        decide_by=_day(told["decide_by"]),
        notes=tuple(told["notes"]),
        known=told.get("known", ""),
        settling=told.get("settling", ""),
        settles_on=_day(told.get("settles_on")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _confounding(
    session: RecordsSession, active: Sequence[PdcaCycle], metrics: Sequence[PdcaMetric]
) -> tuple[str, ...]:
    """Active cycles that mean to move one of these metrics too."""
    primary = {each.metric_id for each in metrics if each.role == MetricRole.PRIMARY}
    found = rows_of(
        session,
        PdcaMetric,
        cycle_id=[each.cycle_id for each in active],
        metric_id=list(primary),
        dropped_at=None,
    )
    moved = {each.cycle_id for each in found}
    return tuple(f"cycle “{each.title}”" for each in active if each.cycle_id in moved)

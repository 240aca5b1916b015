"""What the validation rules are asked about: a record and what is known around it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pipelines.reviews.core.amounts import amount, change
from pipelines.reviews.core.cycle import Act, Action, Cycle, SignedVerdict
from pipelines.reviews.core.meeting import Decision, FollowUp, Item
from pipelines.reviews.core.plan import Plan
from pipelines.reviews.core.terms import EvidenceKind, Rigour

ACTIVE_LIMIT = 3


@dataclass(frozen=True)
class Facts:
    """Everything that a rule may need; each phase reads its own part, the rest keeps its default.

    Attributes:
        today: By the clock of the desk.
        rigour: Of the team before the lock, of the plan after it.
        solo: The team works as one person.
        cycle: The record, before the move.
        plan: The draft plan, or the locked one.
        team_ids: Ids of teams, so that none of them owns a cycle.
        has_evidence: Evidence is linked to the cycle as problem or cause.
        active_cycles: Titles of the team's other active cycles.
        active_limit: How many active cycles the team allows itself.
        confounders: What else moved or may move the metric in either window, in words.
        actions: All of the cycle's.
        plan_changes: What differs from the plan locked before (`plan_changes`).
        plan_reason: Why it was changed.
        definition_trouble: Why the locked definition cannot run any more; "" = it runs.
        baseline_restated_by: Later difference of the baseline mean, in metric units.
        checked: Ids of the metrics that the latest run on the plan in force judged.
        checked_at: When that run was, in UTC.
        verdict: Its verdict; with a human verdict and `signed_by` where one is to be signed.
        evidence_kinds: Kinds of evidence linked to a qualitative cycle.
        extend_to: The new date of an extension.
        reason: Why it is extended.
        breached: Name of the guard-rail whose check failed; "" = none.
        fast_path: The cycle came to acting by the fast path.
        act: The Act decision to be made.
        decisions: Of the meeting, or those that go with the Act.
        follow_ups: Of the meeting, or those that go with the Act.
        items: Of the meeting.
        overdue: Names of follow-ups, sustain checks and ledger rows past their date.
        writes_event: The change and its event are saved in one transaction.
        names: Metric id → its name, for sentences.
        units: Metric id → its unit, for sentences.
    """

    today: date
    rigour: Rigour = Rigour.LIGHT
    solo: bool = False
    cycle: Cycle | None = None
    plan: Plan | None = None
    team_ids: Collection[str] = ()
    has_evidence: bool = False
    active_cycles: tuple[str, ...] = ()
    active_limit: int = ACTIVE_LIMIT
    confounders: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    plan_changes: tuple[str, ...] = ()
    plan_reason: str | None = None
    definition_trouble: str = ""
    baseline_restated_by: float | None = None
    checked: Collection[str] = ()
    checked_at: datetime | None = None
    verdict: SignedVerdict | None = None
    evidence_kinds: frozenset[EvidenceKind] = frozenset()
    extend_to: date | None = None
    reason: str | None = None
    breached: str = ""
    fast_path: bool = False
    act: Act | None = None
    decisions: tuple[Decision, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    items: tuple[Item, ...] = ()
    overdue: tuple[str, ...] = ()
    writes_event: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def name(self, metric_id: str) -> str:
        """Of a metric, as people know it; its id where no name is known."""
        return self.names.get(metric_id, metric_id)

    def amount(self, metric_id: str, value: float) -> str:
        """A value of a metric with its unit."""
        return amount(value, self.units.get(metric_id, ""))

    def distance(self, metric_id: str, value: float) -> str:
        """A size of a change of a metric: of shares in percentage points."""
        return change(abs(value), self.units.get(metric_id, "")).removeprefix("+")

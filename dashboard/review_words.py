"""The words of records on screen: fields, states, verdicts, decisions. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    CycleStatus,
    GuardState,
    MetricRole,
    TargetState,
    Verdict,
)

_FIELDS: Mapping[str, str] = {
    "hypothesis_change": "What we change",
    "hypothesis_because": "Why it should help",
    "hypothesis_effect": "What it does to the metric",
    "min_effect": "Smallest change worth having",
    "expected_effect": "Expected change",
    "target_value": "Target",
    "owner_id": "Owner",
    "due_on": "Goes live on",
    "start_on": "Begins on",
    "check_not_before": "Check not before",
    "check_due_on": "Check due by",
    "root_cause_method": "How we found the cause",
    "root_cause": "Root cause",
    "sponsor_id": "Sponsor",
    "margin": "Largest harm that is tolerated",
    "dropped_at": "Taken out",
    "rigour": "Rigour of new plans",
    "active_limit": "Active cycles at once",
    "agenda_minutes": "Length of a meeting",
    "is_text_only_preread": "Pre-read",
    "baseline_periods": "Baseline",
    "ledger_from_points": "Outcome rows",
    "guard_rails": "Default guard-rails",
    "solo": "Works as one person",
}
CYCLE: Mapping[CycleStatus, str] = {
    CycleStatus.DRAFT: "Draft",
    CycleStatus.PLANNED: "Planned",
    CycleStatus.DOING: "Doing",
    CycleStatus.CHECKING: "Checking",
    CycleStatus.ACTING: "Acting",
    CycleStatus.CLOSED: "Closed",
    CycleStatus.ON_HOLD: "On hold",
    CycleStatus.CANCELLED: "Cancelled",
}
VERDICT: Mapping[Verdict, str] = {
    Verdict.NOT_READY: "Not ready",
    Verdict.INVALID: "Invalid",
    Verdict.WORSE: "Worse",
    Verdict.NO_USEFUL_EFFECT: "No useful effect",
    Verdict.INCONCLUSIVE: "Inconclusive",
    Verdict.IMPROVED_WITH_HARM: "Improved, with harm",
    Verdict.IMPROVED_GUARDRAIL_OPEN: "Improved, a guard-rail is open",
    Verdict.IMPROVED: "Improved",
}
GUARD: Mapping[GuardState, str] = {
    GuardState.PASS: "passes",
    GuardState.FAIL: "fails",
    GuardState.NOT_PROVEN: "not proven",
}
TARGET: Mapping[TargetState, str] = {
    TargetState.REACHED: "reached",
    TargetState.REACHED_NOT_PROVEN: "reached, not proven",
    TargetState.MISSED: "missed",
}
DECISION: Mapping[ActDecision, str] = {
    ActDecision.STANDARDISE: "Standardise",
    ActDecision.KEEP: "Keep",
    ActDecision.ADJUST: "Adjust",
    ActDecision.ABANDON: "Abandon",
}
# What each decision means and demands (V19, V20, V22).
DEMANDS: Mapping[ActDecision, str] = {
    ActDecision.STANDARDISE: "It works and becomes the way we work. Needs a link to the standard "
    "and somebody who looks after it; a check in three months comes by itself.",
    ActDecision.KEEP: "It stays in place without proof, and says so everywhere: kept, not proven. "
    "It is no hit. Needs a reason.",
    ActDecision.ADJUST: "We try again, differently. A new draft is made that knows this one.",
    ActDecision.ABANDON: "We stop. Needs what we learned, and the day on which it was undone, if "
    "it was.",
}


def words(term: StrEnum) -> str:
    """Any word of reviews as people say it.

    >>> words(Verdict.NO_USEFUL_EFFECT), words(MetricRole.GUARD_RAIL), words(ActionStatus.TO_DO)
    ('No useful effect', 'Guard-rail', 'To do')
    """
    known: Mapping[StrEnum, str] = dict([*CYCLE.items(), *VERDICT.items(), *DECISION.items()])
    spelled = {MetricRole.GUARD_RAIL: "Guard-rail", ActionStatus.TO_DO: "To do"}.get(term, "")
    return spelled or known.get(term) or term.value.replace("_", " ").capitalize()


def field_name(name: str) -> str:
    """A column of a record as people know it.

    >>> field_name("hypothesis_change"), field_name("theme")
    ('What we change', 'Theme')
    """
    return _FIELDS.get(name) or name.replace("_", " ").capitalize()


def amount_on_screen(value: float | None, unit: str) -> float | None:
    """An amount as it is typed, in four figures: shares in percentage points, all else as it is.

    >>> amount_on_screen(0.042, "share"), amount_on_screen(3.61638, "count")
    (4.2, 3.616)
    """
    if value is None:
        return None
    return float(f"{100 * value if unit == 'share' else value:.4g}")


def amount_of_screen(value: float | None, unit: str) -> float | None:
    """The inverse of `amount_on_screen`."""
    if value is None:
        return None
    return round(value / 100, 8) if unit == "share" else float(value)


def typed_unit(unit: str) -> str:
    """What a typed amount is counted in.

    >>> typed_unit("share"), typed_unit("days"), typed_unit("ratio")
    ('percentage points', 'days', '')
    """
    return {"share": "percentage points", "count": "", "ratio": ""}.get(unit, unit)

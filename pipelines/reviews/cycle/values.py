"""Rows of cycles as the frozen values that the core works on, and back."""

from dataclasses import fields, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.cycle import Action, Cycle, SignedVerdict
from pipelines.reviews.core.plan import MIN_POST_POINTS, Plan, PlanMetric
from pipelines.reviews.core.plan_body import plan_from
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
    Reason,
    SignalDirection,
    TargetState,
    Verdict,
)
from pipelines.reviews.records.tables import (
    Base,
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    PdcaVerdict,
    columns_of,
)

_WORDS: dict[str, type[StrEnum]] = {
    "status_before_hold": CycleStatus,
    "act_decision": ActDecision,
    "design": Design,
    "role": MetricRole,
    "direction": Direction,
    "kind": Kind,
    "machine_verdict": Verdict,
    "human_verdict": Verdict,
}

_OF_CHECK: dict[str, type[StrEnum]] = {
    "method": Method,
    "signal_dir": SignalDirection,
    "target_state": TargetState,
    "guard_state": GuardState,
}


def cycle_value(row: PdcaCycle) -> Cycle:
    """A cycle as a value."""
    return Cycle(**_columns(row, status=CycleStatus(row.status)))


def action_value(row: PdcaAction) -> Action:
    """An action as a value."""
    return Action(**_columns(row, without=("row_version",), status=ActionStatus(row.status)))


def metric_value(row: PdcaMetric) -> PlanMetric:
    """A metric of a cycle as a value."""
    return PlanMetric(
        **_columns(
            row,
            without=("row_version", "cycle_id", "dropped_at"),
            definition_hash=row.definition_hash or "",
            min_post_points=row.min_post_points or MIN_POST_POINTS,
        )
    )


def metric_columns(metric: PlanMetric) -> dict[str, Any]:
    """The columns of a metric's row."""
    return columns_of_value(metric)


def verdict_value(row: PdcaVerdict) -> SignedVerdict:
    """A verdict as a value; without a computed one it is inconclusive until a human signs."""
    return SignedVerdict(
        **_columns(
            row,
            machine_verdict=Verdict(row.machine_verdict or Verdict.INCONCLUSIVE),
            reasons=tuple(Reason(word) for word in row.reasons),
            confounders=tuple(row.confounders),
        )
    )


def check_value(row: PdcaCheck) -> MetricCheck:
    """One metric in one run as a value."""
    wanted = [each.name for each in fields(MetricCheck)]
    found = {name: getattr(row, name) for name in wanted}
    for name, words in _OF_CHECK.items():
        if found[name] is not None:
            found[name] = words(found[name])
    return MetricCheck(**{**found, "xmr_rules": tuple(row.xmr_rules or ())})


def plan_value(row: PdcaPlan) -> Plan:
    """A locked plan as a value; the smallest effect is infinite where none is reachable."""
    plan = plan_from(row.body)
    return replace(plan, mde80=row.mde80)


def finite(number: float | None) -> float | None:
    """A number that records can keep; infinity, which nothing reaches, is null."""
    return number if number is not None and isfinite(number) else None


def columns_of_value(value: Any) -> dict[str, Any]:  # noqa: ANN401  any record of the core
    """Field → what a column holds: words instead of enumerations, lists instead of tuples."""
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def changed_columns(before: Any, after: Any) -> dict[str, Any]:  # noqa: ANN401
    """The columns in which two versions of a record differ, `row_version` aside."""
    old, new = columns_of_value(before), columns_of_value(after)
    return {
        name: value for name, value in new.items() if name != "row_version" and value != old[name]
    }


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, StrEnum):
        return value.value
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _columns(row: Base, without: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:  # noqa: ANN401
    found = {name: value for name, value in columns_of(row).items() if name not in without}
    for name, words in _WORDS.items():
        if found.get(name) is not None:
            found[name] = words(found[name])
    return {**found, **given}

"""The locked text of a plan: what is hashed, how it is read back, what differs. Pure."""

from collections.abc import Hashable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from pipelines.reviews.core.plan import Baseline, Plan, PlanMetric, Point
from pipelines.reviews.core.terms import Design, Direction, Kind, MetricRole, Rigour

# Columns of a metric that stand in a part of their own, by metric id.
PARTS = {
    "target": "target_value",
    "min_effect": "min_effect",
    "margins": "margin",
    "lag": "lag_periods",
}
DATES = ("start_on", "due_on", "check_not_before", "check_due_on")


def plan_body(plan: Plan) -> dict[str, Any]:
    """Everything that a lock fixes, as `canonical.plan_hash` hashes it.

    The parts of reviews.md 6 (hypothesis, metrics, baseline values and limits, target, smallest
    effect, margins, lag, windows, alpha per look, control), and with them rigour, design,
    waiver, criteria and the confounders known. Metrics are sorted, so that their order
    changes no hash; `rho` and `mde80` are worked out after the hash and are not in it.
    """
    metrics = sorted(plan.metrics, key=lambda each: each.metric_id)
    baselines = sorted(plan.baselines, key=lambda each: each.metric_id)
    return {
        "cycle_id": plan.cycle_id,
        "plan_no": plan.plan_no,
        "rigour": plan.rigour.value,
        "design": plan.design.value,
        "hypothesis": {"change": plan.change, "effect": plan.effect, "because": plan.because},
        "metrics": [_metric_row(metric) for metric in metrics],
        **{
            part: {each.metric_id: getattr(each, column) for each in metrics}
            for part, column in PARTS.items()
        },
        "baseline": [_baseline_row(each) for each in baselines],
        "windows": {
            **{name: _iso(getattr(plan, name)) for name in DATES},
            "sprint_days": plan.sprint_days,
        },
        "alpha": list(plan.alpha_per_look),
        "control": plan.control_because,
        "waived": sorted(plan.waived),
        "waiver": plan.waiver,
        "criteria": list(plan.criteria),
        "criteria_sources": list(plan.criteria_sources),
        "confounders": list(plan.confounders),
    }


def plan_from(body: Mapping[str, Any]) -> Plan:
    """The plan that a stored body holds; `plan_body` of it is that body again.

    Args:
        body: As `plan_body` wrote it, also after JSON.
    """
    windows = body["windows"]
    return Plan(
        cycle_id=body["cycle_id"],
        plan_no=body["plan_no"],
        rigour=Rigour(body["rigour"]),
        design=Design(body["design"]),
        change=body["hypothesis"]["change"],
        effect=body["hypothesis"]["effect"],
        because=body["hypothesis"]["because"],
        metrics=tuple(_metric(row, body) for row in body["metrics"]),
        baselines=tuple(_baseline(row) for row in body["baseline"]),
        sprint_days=windows["sprint_days"],
        alpha_per_look=tuple(body["alpha"]),
        control_because=body["control"],
        waived=tuple(body["waived"]),
        waiver=body["waiver"],
        criteria=tuple(body["criteria"]),
        criteria_sources=tuple(body["criteria_sources"]),
        confounders=tuple(body["confounders"]),
        start_on=_day(windows["start_on"]),
        due_on=_day(windows["due_on"]),
        check_not_before=_day(windows["check_not_before"]),
        check_due_on=_day(windows["check_due_on"]),
    )


def plan_changes(old: Plan, new: Plan) -> tuple[str, ...]:
    """What V10 counts as a change between two plans, each by its plain name."""
    before, after = _compared(old), _compared(new)
    return tuple(name for name in before if before[name] != after[name])


def _compared(plan: Plan) -> dict[str, Hashable]:
    by_id = sorted(plan.metrics, key=lambda each: each.metric_id)

    def of_metrics(*columns: str) -> Hashable:
        return tuple((m.metric_id, *(getattr(m, column) for column in columns)) for m in by_id)

    dates = tuple(getattr(plan, name) for name in DATES)
    return {
        "metric": (
            of_metrics("role", "definition_hash"),
            tuple(repr(sorted(each.filters.items())) for each in by_id),
        ),
        "baseline": frozenset((each.metric_id, each.points) for each in plan.baselines),
        "target": of_metrics("target_value"),
        "smallest effect": of_metrics("min_effect"),
        "direction": of_metrics("direction", "band_lo", "band_hi"),
        "margin": (of_metrics("margin"), frozenset(plan.waived)),
        "window": (dates, of_metrics("grain", "lag_periods", "min_post_points")),
    }


def _metric_row(metric: PlanMetric) -> dict[str, Any]:
    named = {each.name: getattr(metric, each.name) for each in fields(metric)}
    return {
        name: getattr(value, "value", value)
        for name, value in named.items()
        if name not in PARTS.values()
    }


def _metric(row: Mapping[str, Any], body: Mapping[str, Any]) -> PlanMetric:
    lifted = {column: body[part][row["metric_id"]] for part, column in PARTS.items()}
    words = {
        "role": MetricRole(row["role"]),
        "direction": Direction(row["direction"]),
        "kind": Kind(row["kind"]),
    }
    return PlanMetric(**{**row, **lifted, **words})


def _baseline_row(baseline: Baseline) -> dict[str, Any]:
    return {
        "metric_id": baseline.metric_id,
        "points": [
            [_iso(each.start), _iso(each.end), each.value, each.exposure]
            for each in baseline.points
        ],
        "mean": baseline.mean,
        "lnpl": baseline.lnpl,
        "unpl": baseline.unpl,
    }


def _baseline(row: Mapping[str, Any]) -> Baseline:
    points = tuple(
        Point(date.fromisoformat(start), date.fromisoformat(end), value, exposure)
        for start, end, value, exposure in row["points"]
    )
    return Baseline(row["metric_id"], points, row["mean"], row["lnpl"], row["unpl"])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

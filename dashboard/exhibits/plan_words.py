"""What a plan can show, and what was filled in, in words. Pure."""

from collections.abc import Sequence
from math import isfinite

from dashboard.format import counted, day, difference, interval, number
from dashboard.review_words import typed_unit
from pipelines.reviews.check.planner import Outlook
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.plan import Baseline, Plan, PlanMetric
from pipelines.reviews.core.terms import Direction, Level, MetricRole
from pipelines.reviews.cycle.planning import Preview
from pipelines.reviews.cycle.suggesting import Suggestion

_WAYS = {Direction.UP: "up", Direction.DOWN: "down", Direction.WITHIN: "within its band"}
_SCALE = 100
# Below this chance most honest verdicts will be inconclusive.
_EVEN = 0.5


def amount(value: float, unit: str) -> str:
    """A distance without a sign: of shares in percentage points."""
    return difference(abs(value), unit).removeprefix("+")


def suggestion_told(found: Suggestion) -> list[str]:
    """What the metric does by itself, and how large a change would have to be to be seen."""
    sentences = [baseline_told(found.baseline, found.name, found.unit, found.grain)]
    after = counted(found.post_periods, found.grain)
    sentences.append(smallest_told(found.outlook, found.baseline.n, after, found.unit, found.grain))
    return [sentence for sentence in sentences if sentence]


def baseline_told(baseline: Baseline, name: str, unit: str, grain: str) -> str:
    """Length, centre and limits of a baseline."""
    if not baseline.n:
        return f"{name} has no settled {grain} before the start yet."
    periods = counted(baseline.n, grain)
    first, last = baseline.points[0].start, baseline.points[-1].end
    window = f"{periods} from {day(first)} until {day(last)}"
    if baseline.mean is None:
        return f"{window}; too few neighbours for limits."
    between = f"{number(baseline.lnpl, unit)} and {number(baseline.unpl, unit)}"
    return f"{window}: {number(baseline.mean, unit)} on average, by itself between {between}."


def smallest_told(outlook: Outlook | None, before: int, after: str, unit: str, grain: str) -> str:
    """The smallest change that would be proven in 80 of 100 cases."""
    if outlook is None or outlook.mde80 is None:
        return "How large a change could be seen is not known: the baseline says too little."
    design = f"With {counted(before, grain)} before and {after} after"
    if not isfinite(outlook.mde80):
        return (
            f"{design}, no change would be proven in 80 of 100 cases. Plan more {grain}s, or pick "
            "a nearer metric; a cycle can still teach something."
        )
    return (
        f"{design}, a change of {amount(outlook.mde80, unit)} would be proven in 80 of 100 cases."
    )


def chance_told(preview: Preview) -> str:
    """The chance of the verdict `improved`, before anything is locked."""
    outlook, primary = preview.outlook, preview.plan.primary
    if outlook is None or primary is None or outlook.chance is None:
        return "The chance of a verdict is not known: the baseline says too little."
    unit = preview.units.get(primary.metric_id, "")
    effect = primary.expected_effect or primary.min_effect or 0.0
    kind = "expected change" if primary.expected_effect else "smallest change worth having"
    chance = f"{_SCALE * outlook.chance:.0f} of {_SCALE}"
    told = f"If the {kind}, {amount(effect, unit)}, is real, {chance} such cycles say “improved”."
    if outlook.chance < _EVEN:
        return f"{told} Most likely the honest answer will be “inconclusive”."
    return told


def outlook_told(preview: Preview) -> list[str]:
    """What the plan can show: chance, smallest change, guard-rails."""
    plan, primary = preview.plan, preview.plan.primary
    if primary is None:
        return []
    unit = preview.units.get(primary.metric_id, "")
    after = counted(primary.min_post_points, primary.grain)
    told = [
        chance_told(preview),
        smallest_told(preview.outlook, plan.baseline.n, after, unit, primary.grain),
    ]
    chances = preview.outlook.guard_chances if preview.outlook else {}
    for metric_id, chance in chances.items():
        if chance is not None:
            name = preview.names.get(metric_id, metric_id)
            told.append(
                f"{name} passes as a guard-rail in {_SCALE * chance:.0f} of {_SCALE} cases in "
                "which nothing harms it."
            )
    return told


def split_findings(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Those that stand in the way of the lock, and those that are printed beside it."""
    blocks = [each for each in findings if each.level is Level.BLOCKS]
    return blocks, [each for each in findings if each.level is not Level.BLOCKS]


def target_told(metric: PlanMetric, name: str, unit: str) -> str:
    """Which way the metric should go, by how much, to where."""
    parts = [f"{name} goes {_WAYS[metric.direction]}"]
    if metric.min_effect:
        parts[0] += f" by at least {amount(metric.min_effect, unit)}"
    if metric.expected_effect:
        parts.append(f"expected {amount(metric.expected_effect, unit)}")
    if metric.target_value is not None:
        parts.append(f"target {number(metric.target_value, unit)}")
    return ", ".join(parts)


def guard_told(metric: PlanMetric, name: str, unit: str, *, is_waived: bool = False) -> str:
    """What of a guard-rail is tolerated."""
    if metric.direction is Direction.WITHIN:
        told = f"{name} stays within {interval(metric.band_lo, metric.band_hi, unit)}"
    elif metric.margin is None:
        told = f"{name} must not get worse"
    else:
        told = f"{name} gets worse by less than {amount(metric.margin, unit)}"
    return f"{told} (waived)" if is_waived else told


def guards_told(plan: Plan, names: dict[str, str], units: dict[str, str]) -> list[str]:
    """Every guard-rail of a plan in a line."""
    return [
        guard_told(
            each,
            names.get(each.metric_id, each.metric_id),
            units.get(each.metric_id, ""),
            is_waived=each.metric_id in plan.waived,
        )
        for each in plan.of_role(MetricRole.GUARD_RAIL)
    ]


def amount_label(label: str, unit: str) -> str:
    """A label with what the amount is counted in.

    >>> amount_label("Smallest change worth having", "share")
    'Smallest change worth having (percentage points)'
    """
    typed = typed_unit(unit)
    return f"{label} ({typed})" if typed else label

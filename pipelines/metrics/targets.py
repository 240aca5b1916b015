"""Which target is in force for a number, and whether the number meets it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from pipelines.metrics.definition import Better, Metric, Request, Unit
from pipelines.metrics.spans import Row
from pipelines.stats import pacing
from pipelines.workspace import Target

Where = Sequence[tuple[str, str]]

# A number that people would bend if it were a goal (metrics.md 12).
_WITHOUT_TARGET = ("velocity", "say_do", "score_360", "gap_360")
_SUMMABLE = (Unit.COUNT, Unit.MONEY)
# These variants change how many days are counted together, not what is counted.
_SAME_MEANING = "trailing_"


@dataclass(frozen=True)
class InForce:
    """What a metric is to reach in one period.

    Attributes:
        value: The goal, in the metric's unit; the lower end of a band.
        high: The upper end of a band, else None.
        target: The setting it comes from, with owner and reason.
    """

    value: float
    high: float | None
    target: Target


@dataclass(frozen=True)
class Standing:
    """Whether a settled value meets its target.

    Attributes:
        state: "interval_spans_target" where its interval holds values on both sides.
        sentence: Why it is unknown, "" where it is known.
        in_force: The target, None where there is none.
        actual: What was held against it: the value, or the sum so far of a cumulative one.
    """

    state: pacing.Standing
    sentence: str = ""
    in_force: InForce | None = None
    actual: float | None = None


def refusal(metric: Metric) -> str | None:
    """Why a metric takes no target; None if it takes one."""
    if metric.id not in _WITHOUT_TARGET:
        return None
    return (
        f"{metric.name} takes no target: as a goal it would be met by estimating or rating "
        "differently."
    )


def declared(
    targets: Sequence[Target], metric: Metric, of: str | None, variant: str | None, where: Where
) -> tuple[Target, ...]:
    """The targets that a number may be held against, the closest one first.

    Exact segment, then those of fewer conditions, then the one for all; among equals the later
    revision. A target of a segment is never used for more than that segment.

    Args:
        targets: All of a workspace, in the order of the file.
        metric: Of the number.
        of: The funnel, feature or survey of the number.
        variant: Of the number.
        where: Segment = value pairs that the number is narrowed to.
    """
    if refusal(metric):
        return ()
    fitting = [
        (_closeness(target, number), target)
        for number, target in enumerate(targets)
        if _is_about(target, metric, variant)
        and target.of in {None, of}
        and all(any(name == n and v in values for n, v in where) for name, values in target.where)
    ]
    return tuple(target for _, target in sorted(fitting, key=lambda pair: pair[0], reverse=True))


def _is_about(target: Target, metric: Metric, variant: str | None) -> bool:
    name, _, own = target.metric.partition(".")
    if name != metric.id:
        return False
    return own == (variant or "") or (not own and (variant or "").startswith(_SAME_MEANING))


def _closeness(target: Target, number: int) -> tuple[object, ...]:
    alternatives = sum(len(values) for _, values in target.where)
    since = target.from_on or date.min
    return ("." in target.metric, len(target.where), -alternatives, bool(target.of), since, number)


def in_force(candidates: Sequence[Target], period: date, starts: Sequence[date]) -> InForce | None:
    """The closest target that says something about a period.

    Args:
        candidates: From `declared`.
        period: The first day of the period.
        starts: First days of all periods of the grain, for cumulative targets.
    """
    for target in candidates:
        if target.from_on and period < target.from_on:
            continue
        if target.to_on and period >= target.to_on:
            continue
        if target.low is not None and target.high is not None:
            return InForce(target.low, target.high, target)
        value = _value(target, period, starts)
        if not isnan(value):
            return InForce(value, None, target)
    return None


def _value(target: Target, period: date, starts: Sequence[date]) -> float:
    points = [(point.on, point.value) for point in target.points]
    if target.shape == "cumulative":
        if not points and target.value is not None:
            points = [(start, target.value) for start in starts if _holds(target, start)]
        return pacing.target_at("cumulative", points, period) if points else nan
    if target.value is not None:
        return target.value
    # Several values without a shape hold until the next one.
    shape = "step" if target.shape == "constant" else target.shape
    return pacing.target_at(shape, sorted(points), period)


def _holds(target: Target, day: date) -> bool:
    return (target.from_on is None or target.from_on <= day) and (
        target.to_on is None or day < target.to_on
    )


def target_line(candidates: Sequence[Target], starts: Sequence[date]) -> list[tuple[date, float]]:
    """(first day, value) of every period that a target says something about, oldest first.

    Of a band the lower end.
    """
    found = [(start, in_force(candidates, start, starts)) for start in starts]
    return [(start, known.value) for start, known in found if known]


def standing(
    request: Request, row: Row, known: InForce | None, so_far: Sequence[Row] = ()
) -> Standing:
    """Whether a row meets the target in force for it.

    Args:
        request: The question that the row answers.
        row: A contract row.
        known: From `in_force`.
        so_far: Rows up to this one, oldest first, for a cumulative target.
    """
    metric = request.metric
    sentence = refusal(metric)
    if sentence or known is None:
        return Standing("unknown", sentence or "No target is set.")
    if row["status"] != "ok" or row["value"] is None:
        return Standing("unknown", row["note"] or "The value is not known.", known)
    if known.high is None and metric.better is Better.NONE:
        return Standing(
            "unknown",
            f"{metric.name} has no better direction: declare `low` and `high`.",
            known,
            row["value"],
        )
    if known.target.shape == "cumulative":
        return _cumulative(metric, known, so_far)
    return Standing(_state(metric, known, row), "", known, row["value"])


def _cumulative(metric: Metric, known: InForce, so_far: Sequence[Row]) -> Standing:
    if metric.unit not in _SUMMABLE:
        return Standing(
            "unknown", f"{metric.name} cannot be summed: only counts and money can.", known
        )
    first = known.target.points[0].on if known.target.points else known.target.from_on
    values = [row["value"] for row in so_far if first is None or row["period"] >= first]
    if any(value is None for value in values):
        return Standing("unknown", "A period since the target began has no value.", known)
    actual = float(sum(values))
    return Standing(_state(metric, known, {"value": actual}), "", known, actual)


def _state(metric: Metric, known: InForce, row: Row) -> pacing.Standing:
    low, high = (nan if row.get(end) is None else row[end] for end in ("low", "high"))
    if known.high is not None:
        return pacing.band_standing(row["value"], known.value, known.high, low=low, high=high)
    better: pacing.Better = "lower" if metric.better is Better.DOWN else "higher"
    return pacing.standing(row["value"], known.value, better=better, low=low, high=high)

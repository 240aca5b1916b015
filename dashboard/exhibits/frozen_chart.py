"""A number of a meeting as it was frozen: its chart, and what it says in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.enlarged import enlarged
from dashboard.charts.process_chart import Limits, process_chart
from dashboard.charts.theme import THEMES, Mode
from dashboard.facts import Better, Marker, MarkerKind, Subject
from dashboard.format import DASH, day, difference, goal, interval, number, period, small_share
from pipelines.reviews.check.own_limits import OwnLimits, own_limits
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.meeting.since_review import SinceReview
from pipelines.reviews.numbers.frozen import FrozenPoint, FrozenSeries

_FACTOR, _HEIGHT = 1.45, 440
_SCHEMA = {
    "period": pl.Date,
    "period_end": pl.Date,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Float64,
    "target": pl.Float64,
    "part": pl.String,
    "signal": pl.Int8,
}
_BETTER: Mapping[str, Better] = {"up": "up", "down": "down"}
_KINDS: Mapping[str, MarkerKind] = {
    "release": "release",
    "incident": "incident",
    "definition_change": "definition",
}
_NOT_BELOW_ZERO = ("share", "count", "days", "hours", "ratio", "per 1,000")


def frozen_points(series: FrozenSeries) -> pl.DataFrame:
    """Settled periods, oldest first, with the points that the limits do not explain."""
    known = [each for each in series.points if each.state is not ValueState.IMMATURE]
    found = own_limits([each.value for each in known])
    ways = found.ways if found else (0,) * len(known)
    rows = [
        (each.start, each.end, each.value, each.low, each.high, each.n, each.target, "post", way)
        for each, way in zip(known, ways, strict=True)
    ]
    return pl.DataFrame(rows, _SCHEMA, orient="row")


def frozen_figure(
    series: FrozenSeries, markers: Sequence[Mapping[str, Any]], mode: Mode
) -> go.Figure | None:
    """Values, centre, limits, target and what happened; None where no value is known."""
    points = frozen_points(series)
    if points.is_empty() or points["value"].null_count() == points.height:
        return None
    figure = process_chart(
        points, _subject(series), _limits(series), THEMES[mode], markers=marked(markers)
    )
    return enlarged(figure, _FACTOR, _HEIGHT)


def frozen_alt(series: FrozenSeries, markers: Sequence[Mapping[str, Any]]) -> str:
    """What the figure shows, for those who cannot see it."""
    points = frozen_points(series)
    told = [f"{series.name}: {limits_told(series)}"]
    told.append(", ".join(number(value, series.unit) for value in points["value"]))
    told += [f"{each.kind} {each.text} on {day(each.on)}" for each in marked(markers)]
    return "; ".join(told)


def marked(markers: Sequence[Mapping[str, Any]]) -> tuple[Marker, ...]:
    """What happened meanwhile, as charts take it."""
    return tuple(
        Marker(
            date.fromisoformat(str(each["happened_on"])[:10]),
            str(each["title_text"]),
            _KINDS.get(str(each["marker_kind"]), "note"),
        )
        for each in markers
    )


def value_told(series: FrozenSeries) -> tuple[str, str]:
    """The newest settled value, and the period that it is of."""
    newest = series.newest
    if newest is None:
        return DASH, "no settled period"
    return number(newest.value, series.unit), period(newest.start, newest.end)


def facts_told(series: FrozenSeries) -> list[tuple[str, str]]:
    """Interval, n and target of the newest value: label and text."""
    newest = series.newest
    if newest is None:
        return [("Value", "Not known yet.")]
    if newest.value is None:
        return [("Value", newest.note or "Not known.")]
    lines = [
        ("95 % interval", _interval_told(newest, series.unit)),
        ("n", f"{newest.n:,.0f}" if newest.n is not None else "not known"),
        ("Target", _target_told(newest, series)),
        ("By itself", limits_told(series)),
    ]
    return [(label, text) for label, text in lines if text]


def _interval_told(newest: FrozenPoint, unit: str) -> str:
    is_few = newest.state is ValueState.TOO_FEW and newest.total is not None
    if is_few and unit == "share" and newest.n:
        return small_share(newest.total or 0, int(newest.n), newest.low, newest.high)
    return interval(newest.low, newest.high, unit) or "not given for this metric"


def _target_told(newest: FrozenPoint, series: FrozenSeries) -> str:
    if newest.target is None or newest.value is None:
        return "none set"
    wanted = goal(newest.target, series.unit)
    if series.better not in _BETTER:
        return wanted
    is_met = (
        newest.value >= newest.target if series.better == "up" else newest.value <= newest.target
    )
    ends = [end for end in (newest.low, newest.high) if end is not None]
    is_inside = len(ends) == 2 and ends[0] <= newest.target <= ends[1]  # noqa: PLR2004
    state = "within the interval" if is_inside else "met" if is_met else "missed"
    return f"{wanted}, {state}"


def limits_told(series: FrozenSeries) -> str:
    """What the number does by itself, in words."""
    limits = _limits(series)
    if limits.centre is None:
        return "too few settled periods for limits"
    between = interval(limits.lower, limits.upper, series.unit)
    return f"{between}, {number(limits.centre, series.unit)} on average"


def since_told(since: SinceReview | None, unit: str) -> str:
    """The difference since the last review in its parts; "" where there was none."""
    if since is None:
        return ""
    change = since.change
    if change.total is None:
        return f"Since last review: {change.sentence}"
    parts = ", ".join(
        f"{name} {difference(part, unit) if part is not None else 'not known'}"
        for name, part in change.parts
    )
    frozen = number(change.frozen, unit)
    total = difference(change.total, unit)
    return (
        f"Since last review: {total} from {frozen} ({parts}). "
        f"Newest span against the one before it: {since.words}"
    )


def _limits(series: FrozenSeries) -> Limits:
    known = [each for each in series.points if each.state is not ValueState.IMMATURE]
    found = own_limits([each.value for each in known])
    target = series.newest.target if series.newest else None
    if found is None:
        return Limits(None, None, None, None, goal=target)
    lower, upper = _possible(found, series.unit)
    return Limits(found.centre, lower, upper, None, goal=target)


def _possible(found: OwnLimits, unit: str) -> tuple[float, float]:
    """Limits as they are drawn: not beyond what can be."""
    lower = max(found.lower, 0.0) if unit in _NOT_BELOW_ZERO else found.lower
    upper = min(found.upper, 1.0) if unit == "share" else found.upper
    return lower, upper


def _subject(series: FrozenSeries) -> Subject:
    better = _BETTER.get(series.better, "none")
    return Subject(series.metric_id, series.name, series.unit, better, series.rule_text, "")

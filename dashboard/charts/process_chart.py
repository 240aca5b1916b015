"""A process before and after a change: its own limits, and which points they do not explain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import time_axis, value_axis
from dashboard.charts.markers import marker_layers
from dashboard.charts.theme import Theme, base_layout
from dashboard.facts import Better, Marker, Subject
from dashboard.format import day, interval, number, period

_HEIGHT = 330
# Of the time that is shown.
_ROOM = 0.03
# Pixels: markers take two lines of labels.
_ABOVE_MARKERS = 26


@dataclass(frozen=True)
class Limits:
    """What a process does by itself, frozen at the lock. In the metric's unit.

    Attributes:
        start_on: First day of the change; the baseline ends before it.
        post_from: First day that the Check compares; None before it ran.
        goal: Where the team wants it to be; None without a target.
    """

    centre: float | None
    lower: float | None
    upper: float | None
    start_on: date | None
    post_from: date | None = None
    goal: float | None = None


def process_chart(
    points: pl.DataFrame,
    subject: Subject,
    limits: Limits,
    theme: Theme,
    *,
    markers: Sequence[Marker] = (),
) -> go.Figure:
    """Baseline and later periods on one line, with centre, limits, start and target.

    Args:
        points: One row per period, oldest first. Columns: period, period_end (date); value
            (float, in the subject's unit; null is a gap); part ("baseline", "between", "post");
            signal (int: 1 above, -1 below, 0 none).
        subject: What the line shows.
        limits: Frozen.
        theme: Colours.
        markers: Releases, incidents and notes.
    """
    layout = base_layout(theme, height=_HEIGHT)
    layout["margin"] = {**layout["margin"], "r": 88}
    first, last = _ends(points)
    layers = marker_layers(markers, first, last, theme) if first and last else None
    ends = [limits.centre, limits.lower, limits.upper, limits.goal]
    layout["xaxis"] |= {"range": _span(first, last), **time_axis(points["period"].to_list())}
    layout["yaxis"] |= value_axis([*points["value"], *ends], subject.unit)
    layout["yaxis2"] = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    layout["shapes"] = [*(layers.shapes if layers else []), *_start(limits, last, theme)]
    layout["annotations"] = [
        *(layers.annotations if layers else []),
        *_labels(limits, subject, theme, layout["yaxis"].get("range", (0, 1))),
        *_start_label(limits, last, theme),
    ]
    data = [
        *_lines(points, limits, theme),
        _line(points, subject, theme),
        *_signals(points, subject, theme),
        *(layers.traces if layers else []),
    ]
    return go.Figure({"data": data, "layout": layout})


def process_headline(points: pl.DataFrame, subject: Subject, limits: Limits) -> str:
    """What the limits say of the points after the start; true of the rows, no verdict.

    Args:
        points: As in `process_chart`.
        subject: What the line shows.
        limits: Frozen.
    """
    post = points.filter(pl.col("part") == "post", pl.col("value").is_not_null())
    if limits.centre is None:
        return f"{subject.name}: too few neighbouring periods for limits"
    if post.is_empty():
        lower, upper = number(limits.lower, subject.unit), number(limits.upper, subject.unit)
        return f"{subject.name}: by itself between {lower} and {upper}"
    found = post.filter(pl.col("signal") != 0)
    if found.is_empty():
        return f"{subject.name}: no point after the start leaves what it does by itself"
    above = found.filter(pl.col("signal") > 0).height
    way = "above" if above == found.height else "below" if above == 0 else "off"
    return f"{subject.name}: {found.height} of {post.height} points signal {way} the old centre"


def process_alt(
    points: pl.DataFrame, subject: Subject, limits: Limits, markers: Sequence[Marker] = ()
) -> str:
    """What the figure shows, for those who cannot see it."""
    baseline = points.filter(pl.col("part") == "baseline", pl.col("value").is_not_null())
    post = points.filter(pl.col("part") == "post", pl.col("value").is_not_null())
    told = [process_headline(points, subject, limits)]
    told.append(f"{baseline.height} periods before")
    if limits.centre is not None:
        between = interval(limits.lower, limits.upper, subject.unit)
        told.append(f"centre {number(limits.centre, subject.unit)}, limits {between}")
    if limits.start_on:
        told.append(f"change from {day(limits.start_on)} on")
    if post.height:
        values = [number(value, subject.unit) for value in post["value"]]
        told.append(f"{post.height} periods after: {', '.join(values)}")
    if limits.goal is not None:
        told.append(f"target {number(limits.goal, subject.unit)}")
    told += [f"{marker.kind} {marker.text} on {day(marker.on)}" for marker in markers]
    return f"{'; '.join(told)}."


def _ends(points: pl.DataFrame) -> tuple[date | None, date | None]:
    if points.is_empty():
        return None, None
    return points["period"][0], points["period"][-1]


def _span(first: date | None, last: date | None) -> list[str] | None:
    """A little more than the periods, so that the first and last marks are whole."""
    if first is None or last is None:
        return None
    room = max((last - first) * _ROOM, timedelta(days=1))
    return [(first - room).isoformat(), (last + room).isoformat()]


def _line(points: pl.DataFrame, subject: Subject, theme: Theme) -> dict[str, Any]:
    is_post = points["part"].to_list()
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": subject.name,
        "x": [start.isoformat() for start in points["period"]],
        "y": points["value"].to_list(),
        "line": {"color": theme.line, "width": 2},
        "marker": {
            "size": [7 if part == "post" else 4 for part in is_post],
            "color": theme.line,
        },
        "connectgaps": False,
        "hovertemplate": "%{text}<extra></extra>",
        "text": [
            f"{period(row['period'], row['period_end'])}<br>"
            f"<b>{number(row['value'], subject.unit)}</b>"
            for row in points.iter_rows(named=True)
        ],
    }


def _signals(points: pl.DataFrame, subject: Subject, theme: Theme) -> list[dict[str, Any]]:
    found = points.filter(pl.col("signal") != 0, pl.col("value").is_not_null())
    if found.is_empty():
        return []
    colors = [_color(way, subject.better, theme) for way in found["signal"]]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "signal",
            "x": [start.isoformat() for start in found["period"]],
            "y": found["value"].to_list(),
            "marker": {
                "size": 13,
                "color": "rgba(0,0,0,0)",
                "line": {"color": colors, "width": 2},
            },
            "hoverinfo": "skip",
        }
    ]


def _color(way: int, better: Better, theme: Theme) -> str:
    if better == "none":
        return theme.muted
    return theme.good if (way > 0) == (better == "up") else theme.bad


def _lines(points: pl.DataFrame, limits: Limits, theme: Theme) -> list[dict[str, Any]]:
    first, last = _ends(points)
    if first is None or last is None:
        return []
    wanted = (
        ("centre", limits.centre, theme.muted, "solid"),
        ("upper limit", limits.upper, theme.muted, "dot"),
        ("lower limit", limits.lower, theme.muted, "dot"),
        ("target", limits.goal, theme.good, "dash"),
    )
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": [first.isoformat(), last.isoformat()],
            "y": [value, value],
            "line": {"color": color, "width": 1.5 if dash == "dash" else 1, "dash": dash},
            "hoverinfo": "skip",
        }
        for name, value, color, dash in wanted
        if value is not None
    ]


def _labels(
    limits: Limits, subject: Subject, theme: Theme, axis: Sequence[float]
) -> list[dict[str, Any]]:
    """Names of the lines in the right margin, from below, none upon another."""
    wanted = (
        ("Lower limit", limits.lower, theme.muted),
        ("Centre", limits.centre, theme.muted),
        ("Upper limit", limits.upper, theme.muted),
        ("Target", limits.goal, theme.good),
    )
    known = sorted(
        ((value, name, color) for name, value, color in wanted if value is not None),
        key=lambda one: one[0],
    )
    gap = 0.105 * (axis[1] - axis[0])
    placed: list[dict[str, Any]] = []
    lowest = axis[0]
    for value, name, color in known:
        place = max(value, lowest)
        lowest = place + gap
        placed.append(
            {
                "x": 1,
                "xref": "paper",
                "y": place,
                "text": f"{name}<br>{number(value, subject.unit)}",
                "align": "left",
                "showarrow": False,
                "xanchor": "left",
                "xshift": 6,
                "font": {"color": color, "size": 11},
            }
        )
    return placed


def _start(limits: Limits, last: date | None, theme: Theme) -> list[dict[str, Any]]:
    if limits.start_on is None or last is None or limits.start_on > last:
        return []
    on = limits.start_on.isoformat()
    return [
        {
            "type": "line",
            "x0": on,
            "x1": on,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": theme.text, "width": 1.5},
        }
    ]


def _start_label(limits: Limits, last: date | None, theme: Theme) -> list[dict[str, Any]]:
    """Above the plot, and above the labels of markers, so that no line runs through it."""
    if limits.start_on is None or last is None or limits.start_on > last:
        return []
    return [
        {
            "x": limits.start_on.isoformat(),
            "y": 1,
            "yref": "paper",
            "text": "Change",
            "showarrow": False,
            "xanchor": "center",
            "yanchor": "bottom",
            "yshift": _ABOVE_MARKERS,
            "font": {"color": theme.text, "size": 11},
        }
    ]

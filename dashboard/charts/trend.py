"""One series over time with its 95 % band, its target and what happened meanwhile."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import time_axis, value_axis
from dashboard.charts.markers import Layers, marker_layers
from dashboard.charts.periods import days, hover_words, solid
from dashboard.charts.target_line import target_label, target_line
from dashboard.charts.theme import Theme, base_layout
from dashboard.facts import Marker, Subject, Target
from dashboard.format import number

# Up to this many periods each one has a dot to point at.
_DOTS_UP_TO = 14
# Of the axis' length.
_CLEARANCE = 0.04


def trend(
    points: pl.DataFrame,
    subject: Subject,
    theme: Theme,
    *,
    target: Target | None = None,
    markers: Sequence[Marker] = (),
) -> go.Figure:
    """Line of the settled periods; what is not settled is a shaded span without a line.

    Args:
        points: One row per period, oldest first. Columns: period, period_end (date); value,
            low, high (float, in the subject's unit; null where unknown); n (int); status.
            Periods of status `too_few` are hollow dots with their interval, off the line.
        subject: What the line shows.
        theme: Colours.
        target: Drawn as a dashed line where there is one.
        markers: Releases, incidents and notes.
    """
    settled = points.filter(pl.col("value").is_not_null())
    line = _line(points, subject, theme)
    few = _too_few(settled.filter(pl.col("status") == "too_few"), subject, theme)
    layers = _marked(points, markers, theme)
    goal = target_line(points, target, theme)
    known = [*settled["value"], *settled["low"], *settled["high"], *(goal["y"] if goal else [])]
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "r": 72}
    layout["xaxis"] |= {"range": _span(points), **time_axis(points["period"].to_list())}
    layout["yaxis"] |= value_axis(known, subject.unit)
    layout["yaxis2"] = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    layout["shapes"] = [*layers.shapes, *_unsettled(points, theme)]
    layout["annotations"] = [
        *layers.annotations,
        *_end_label(points, subject, theme),
        *target_label(points, target, subject, theme, layout["yaxis"].get("range", (0, 1))),
    ]
    data = [*_band(points, theme), line, *few, *([goal] if goal else []), *layers.traces]
    return go.Figure({"data": data, "layout": layout})


def _span(points: pl.DataFrame) -> list[str] | None:
    """From the first period to the last; a dot and its interval stand clear of the axis."""
    if points.is_empty():
        return None
    first, last = points["period"][0], points["period"][-1]
    if points["status"][0] == "too_few":
        first -= timedelta(days=math.ceil(_CLEARANCE * (last - first).days))
    return [str(first), str(last)]


def _line(points: pl.DataFrame, subject: Subject, theme: Theme) -> dict[str, Any]:
    values = solid(points, "value")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": subject.name,
        "x": days(points),
        "y": values,
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": theme.line, "width": 2.5},
        "marker": {"color": theme.line, "size": _dot_sizes(values)},
        "text": hover_words(points, subject),
        "hovertemplate": "%{text}<extra></extra>",
    }


def _dot_sizes(values: Sequence[float | None]) -> list[int]:
    """Every dot of a short series; of a long one the last, and any without a neighbour."""
    last = max((i for i, value in enumerate(values) if value is not None), default=-1)
    padded = [None, *values, None]
    alone = [padded[i] is None and padded[i + 2] is None for i in range(len(values))]
    if len(values) <= _DOTS_UP_TO:
        return [9 if i == last else 6 for i in range(len(values))]
    return [9 if i == last else 6 if alone[i] else 0 for i in range(len(values))]


def _band(points: pl.DataFrame, theme: Theme) -> list[dict[str, Any]]:
    if points["low"].is_null().all() or points["high"].is_null().all():
        return []
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": days(points),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "connectgaps": False,
    }
    return [
        {**edge, "name": "lower end", "y": solid(points, "low")},
        {
            **edge,
            "name": "95 % interval",
            "y": solid(points, "high"),
            "fill": "tonexty",
            "fillcolor": theme.band,
        },
    ]


def _too_few(few: pl.DataFrame, subject: Subject, theme: Theme) -> list[dict[str, Any]]:
    if few.is_empty():
        return []
    values = few["value"]
    up, down = (few["high"] - values).to_list(), (values - few["low"]).to_list()
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "too few to judge",
            "cliponaxis": False,
            "x": days(few),
            "y": values.to_list(),
            "error_y": {
                "type": "data",
                "array": [end or 0 for end in up],
                "arrayminus": [end or 0 for end in down],
                "color": theme.muted,
                "thickness": 1,
                "width": 0,
            },
            "marker": {
                "color": theme.background,
                "size": 7,
                "line": {"color": theme.muted, "width": 1.5},
            },
            "text": [f"{words}<br>too few to judge" for words in hover_words(few, subject)],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def _marked(points: pl.DataFrame, markers: Sequence[Marker], theme: Theme) -> Layers:
    if points.is_empty():
        return Layers()
    first, last = points["period"][0], points["period"][-1]
    return marker_layers(markers, first, last, theme)


def _unsettled(points: pl.DataFrame, theme: Theme) -> list[dict[str, Any]]:
    """A shade over the periods at the end that have begun but are not settled."""
    open_from = _first_open(points)
    if open_from is None:
        return []
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": open_from.isoformat(),
            "x1": str(points["period"].max()),
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "fillcolor": theme.surface,
            "line": {"width": 0},
        }
    ]


def _first_open(points: pl.DataFrame) -> date | None:
    """From where on nothing is settled: the last settled period, or the first of all."""
    rows = points.select("period", "status").rows()
    settled = [index for index, (_, status) in enumerate(rows) if status != "immature"]
    last = max(settled, default=0)
    first_open: date = rows[last][0] if rows else date.min
    return first_open if last < len(rows) - 1 else None


def _end_label(points: pl.DataFrame, subject: Subject, theme: Theme) -> list[dict[str, Any]]:
    settled = points.filter(pl.col("status") == "ok", pl.col("value").is_not_null())
    if settled.is_empty():
        return []
    return [
        {
            "x": settled["period"][-1].isoformat(),
            "y": settled["value"][-1],
            "text": f"<b>{number(settled['value'][-1], subject.unit)}</b>",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 9,
            "font": {"color": theme.text, "size": 15},
        }
    ]

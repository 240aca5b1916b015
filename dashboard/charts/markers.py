"""Releases, incidents and notes as layers that any chart over time can carry. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.charts.theme import Theme
from dashboard.facts import Marker
from dashboard.format import day, figure_text

# A phone's plot is 200 px wide, a label 60: neighbours this near share one label, and labels
# take turns on two lines, so that those on one line are twice as far apart.
_NEAR = 0.14
_LONGEST_LABEL = 10
_LINE_PIXELS = 15


@dataclass(frozen=True)
class Layers:
    """Parts of a figure: shapes and annotations of its layout, and traces for hovering."""

    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    traces: list[dict[str, Any]] = field(default_factory=list)


def marker_layers(markers: Sequence[Marker], first: date, last: date, theme: Theme) -> Layers:
    """A thin line per marker between two days, labelled where there is room.

    Markers that are too near to each other share the label of the first, with how many more;
    all of them are read out on hover.

    Args:
        markers: In any order; those outside the axis are left out.
        first: Where the axis starts.
        last: Where it ends.
        theme: Colours.
    """
    shown = sorted((m for m in markers if first <= m.on <= last), key=lambda m: m.on)
    if not shown:
        return Layers()
    days = max((last - first).days, 1)
    return Layers(
        shapes=[_line(marker, theme) for marker in shown],
        annotations=[
            _label(group, index % 2, theme) for index, group in enumerate(_neighbours(shown, days))
        ],
        traces=[_hover(shown, theme)],
    )


def _neighbours(markers: Sequence[Marker], days: int) -> list[list[Marker]]:
    groups: list[list[Marker]] = []
    for marker in markers:
        if groups and (marker.on - groups[-1][0].on).days < _NEAR * days:
            groups[-1].append(marker)
        else:
            groups.append([marker])
    return groups


def _line(marker: Marker, theme: Theme) -> dict[str, Any]:
    color = theme.bad if marker.kind == "incident" else theme.muted
    return {
        "type": "line",
        "x0": marker.on.isoformat(),
        "x1": marker.on.isoformat(),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": color, "width": 1, "dash": "dot"},
    }


def _label(group: Sequence[Marker], line: int, theme: Theme) -> dict[str, Any]:
    text = group[0].text
    if len(text) > _LONGEST_LABEL:
        text = f"{text[: _LONGEST_LABEL - 1].rstrip()}…"
    more = f" +{len(group) - 1}" if len(group) > 1 else ""
    color = theme.bad if any(marker.kind == "incident" for marker in group) else theme.muted
    return {
        "x": group[0].on.isoformat(),
        "y": 1,
        "yref": "paper",
        "text": f"{figure_text(text)}{more}",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": -2,
        "yshift": line * _LINE_PIXELS,
        "font": {"color": color, "size": 11},
    }


def _hover(markers: Sequence[Marker], theme: Theme) -> dict[str, Any]:
    words = [f"{day(m.on)}<br>{m.kind}: {figure_text(m.text)}" for m in markers]
    return {
        "type": "scatter",
        "mode": "markers",
        "showlegend": False,
        "x": [marker.on.isoformat() for marker in markers],
        "y": [1] * len(markers),
        "yaxis": "y2",
        "marker": {"color": theme.muted, "size": 12, "opacity": 0},
        "hovertemplate": "%{text}<extra></extra>",
        "text": words,
    }

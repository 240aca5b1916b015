"""One number per sprint or release, and the range that the next one will likely fall into."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import Theme, base_layout
from dashboard.format import NO_BREAK, figure_text, interval, number

# With fewer there is no range, and bars would suggest a comparison (metrics.md 7, velocity).
_BARS_FROM = 5


@dataclass(frozen=True)
class Range:
    """Where the next value will likely lie.

    Attributes:
        low: In the unit of the bars.
        high: In the unit of the bars.
        probability: That it does, as a fraction of 1.
    """

    low: float
    high: float
    probability: float


def range_bars(
    points: pl.DataFrame, unit: str, theme: Theme, *, following: Range | None = None
) -> go.Figure:
    """Bars, or dots while there are fewer than five, with the range as a shade behind.

    Args:
        points: One row per sprint or release, oldest first. Columns: label (text); value
            (float, in `unit`; null where unknown).
        unit: Of value.
        theme: Colours.
        following: The range for the next one.
    """
    rows = points.filter(pl.col("value").is_not_null()).to_dicts()
    ends = [following.low, following.high] if following else []
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "t": 12, "r": 110 if following else 8}
    layout["bargap"] = 0.35
    layout["xaxis"] |= {
        "tickvals": list(range(len(rows))),
        "ticktext": [figure_text(label) for label in short_labels([r["label"] for r in rows])],
        "range": [-0.6, max(len(rows), 1) - 0.4],
    }
    layout["yaxis"] |= value_axis([*(row["value"] for row in rows), *ends], unit, from_zero=True)
    if following:
        layout["shapes"] = [_shade(following, theme)]
        layout["annotations"] = [_label(following, unit, theme)]
    return go.Figure({"data": [_marks(rows, unit, theme)], "layout": layout})


def short_labels(labels: list[str]) -> list[str]:
    """Without the words that all begin with, if something is left of each.

    >>> short_labels(["Atlas Sprint 9", "Atlas Sprint 10"]), short_labels(["v1", "v2"])
    (['9', '10'], ['v1', 'v2'])
    """
    words = [label.split() for label in labels]
    shortest = min((len(parts) for parts in words), default=0)
    shared = 0
    while shared < shortest - 1 and len({parts[shared] for parts in words}) == 1:
        shared += 1
    return [" ".join(parts[shared:]) for parts in words]


def _marks(rows: list[dict[str, Any]], unit: str, theme: Theme) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "bar", "marker": {"color": theme.line}, "textposition": "none"}
    if len(rows) < _BARS_FROM:
        shape = {"type": "scatter", "mode": "markers", "marker": {"color": theme.line, "size": 11}}
    return {
        **shape,
        "x": list(range(len(rows))),
        "y": [row["value"] for row in rows],
        "text": [
            f"{figure_text(row['label'])}<br><b>{number(row['value'], unit)}</b>" for row in rows
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _shade(following: Range, theme: Theme) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": following.low,
        "y1": following.high,
        "fillcolor": theme.band,
        "line": {"width": 0},
    }


def _label(following: Range, unit: str, theme: Theme) -> dict[str, Any]:
    chance = f"{100 * following.probability:.0f}{NO_BREAK}%"
    return {
        "x": 1,
        "xref": "paper",
        "y": (following.low + following.high) / 2,
        "text": f"next: <b>{interval(following.low, following.high, unit)}</b><br>{chance} likely",
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "xshift": 8,
        "font": {"color": theme.muted, "size": 12},
    }

"""Work in progress by stage and age: what is older than work usually gets."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import Theme, base_layout
from dashboard.format import NO_BREAK, figure_text, number

# Beyond this many points SVG is slower than the graphics card.
_SVG_UP_TO = 10_000


def ageing(
    items: pl.DataFrame,
    stages: Sequence[str],
    theme: Theme,
    *,
    percentiles: Sequence[tuple[int, float]] = (),
) -> go.Figure:
    """One dot per item, stages from left to right, with lines where finished work ended.

    Args:
        items: One row per item in progress. Columns: id, label, component (its stage) (text);
            value (age in days, float).
        stages: In the order of work.
        theme: Colours.
        percentiles: (percentile, days) of the time that finished items took.
    """
    rows = items.filter(pl.col("component").is_in(list(stages))).sort("value").to_dicts()
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "t": 12, "r": 96}
    layout["xaxis"] |= {
        "tickvals": list(range(len(stages))),
        "ticktext": [figure_text(stage) for stage in stages],
        "range": [-0.5, len(stages) - 0.5],
    }
    ages = [row["value"] for row in rows]
    layout["yaxis"] |= value_axis([*ages, *(d for _, d in percentiles)], "days", from_zero=True)
    layout["shapes"] = [_line(days, theme) for _, days in percentiles]
    layout["annotations"] = [_label(share, days, theme) for share, days in percentiles]
    dots = {
        "type": "scattergl" if len(rows) > _SVG_UP_TO else "scatter",
        "mode": "markers",
        "x": _beside(rows, stages),
        "y": ages,
        "marker": {"color": theme.line, "size": 9, "opacity": 0.85},
        "text": [
            f"{figure_text(row['id'])} {figure_text(row['label'])}"
            f"<br><b>{number(row['value'], 'days')}</b> old"
            for row in rows
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }
    return go.Figure({"data": [dots], "layout": layout})


def _beside(rows: Sequence[dict[str, Any]], stages: Sequence[str]) -> list[float]:
    """Items of one stage and age stand beside each other, not on each other."""
    seen: dict[tuple[str, float], int] = {}
    places = []
    for row in rows:
        key = (row["component"], row["value"])
        count = seen.get(key, 0)
        seen[key] = count + 1
        side = (count + 1) // 2 * (1 if count % 2 else -1)
        places.append(stages.index(row["component"]) + max(-0.42, min(0.42, 0.05 * side)))
    return places


def _line(days: float, theme: Theme) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": days,
        "y1": days,
        "layer": "below",
        "line": {"color": theme.muted, "width": 1, "dash": "dash"},
    }


def _label(share: int, days: float, theme: Theme) -> dict[str, Any]:
    return {
        "x": 1,
        "xref": "paper",
        "y": days,
        "text": f"{share}{NO_BREAK}%: {number(days, 'days')}",
        "showarrow": False,
        "xanchor": "left",
        "xshift": 6,
        "font": {"color": theme.muted, "size": 12},
    }

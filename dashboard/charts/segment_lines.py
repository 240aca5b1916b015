"""One line per segment over time, named in a legend; without bands, which would overlap."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.periods import days, hover_words, solid
from dashboard.charts.theme import Theme, base_layout
from dashboard.facts import Subject
from dashboard.format import figure_text

# More lines than colours that a reader can tell apart.
MOST_SEGMENTS = 6


def segment_lines(points: pl.DataFrame, subject: Subject, theme: Theme) -> go.Figure:
    """Lines of the settled periods of the largest segments.

    Args:
        points: One row per period and segment, oldest first. Columns: period, period_end
            (date); segment (text); value, low, high (float; null where unknown); n (int); status.
        subject: What the lines show.
        theme: Colours.
    """
    names = largest_segments(points)
    layout = base_layout(theme)
    layout["showlegend"] = True
    layout["margin"] = {**layout["margin"], "t": 28}
    layout["xaxis"] |= {"type": "date", "tickformat": "%-d %b\n%Y"}
    shown = points.filter(pl.col("segment").is_in(names), pl.col("status") == "ok")
    layout["yaxis"] |= value_axis(shown["value"].to_list(), subject.unit)
    data = [_line(points, name, subject, theme.categorical[i]) for i, name in enumerate(names)]
    return go.Figure({"data": data, "layout": layout})


def largest_segments(points: pl.DataFrame) -> list[str]:
    """Up to `MOST_SEGMENTS` segments, most people first; equal ones by name."""
    sizes = points.group_by("segment").agg(pl.col("n").sum()).sort("n", "segment")
    largest = sizes.sort(pl.col("n").fill_null(0), descending=True, maintain_order=True)
    return largest["segment"].head(MOST_SEGMENTS).to_list()


def _line(points: pl.DataFrame, name: str, subject: Subject, color: str) -> dict[str, Any]:
    rows = points.filter(pl.col("segment") == name)
    words = hover_words(rows, subject)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": figure_text(name),
        "x": days(rows),
        "y": solid(rows, "value"),
        "connectgaps": False,
        "line": {"color": color, "width": 2},
        "marker": {"size": 4},
        "text": [f"{figure_text(name)}<br>{text}" for text in words],
        "hovertemplate": "%{text}<extra></extra>",
    }

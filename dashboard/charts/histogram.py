"""A distribution as bars: which share falls on which value."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import Theme, axis_title, base_layout
from dashboard.format import interval, number


def histogram(bins: pl.DataFrame, bin_name: str, unit: str, theme: Theme) -> go.Figure:
    """One bar per bin, in order, with its interval as a thin line where there is one.

    Args:
        bins: One row per bin. Columns: component (a whole number as text); value, low, high
            (float, in `unit`; null where unknown).
        bin_name: What a bin counts, as in "active days".
        unit: Of value.
        theme: Colours.
    """
    known = bins.filter(pl.col("value").is_not_null())
    rows = known.sort(pl.col("component").cast(pl.Int64)).to_dicts()
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "t": 8}
    layout["bargap"] = 0.15
    layout["xaxis"] |= {"title": axis_title(bin_name, theme), "dtick": 1}
    if len(rows) > 14:  # noqa: PLR2004 (two digits beside each other stop being readable)
        layout["xaxis"]["dtick"] = 7
        layout["xaxis"]["tick0"] = 7
    highs = [row["high"] for row in rows]
    layout["yaxis"] |= value_axis([*(row["value"] for row in rows), *highs], unit, from_zero=True)
    bars = {
        "type": "bar",
        "x": [int(row["component"]) for row in rows],
        "y": [row["value"] for row in rows],
        "marker": {"color": theme.line},
        "error_y": {
            "type": "data",
            "array": [(row["high"] or row["value"]) - row["value"] for row in rows],
            "arrayminus": [row["value"] - (row["low"] or row["value"]) for row in rows],
            "color": theme.muted,
            "thickness": 1,
            "width": 0,
        },
        "text": [
            f"{row['component']} {bin_name}<br><b>{number(row['value'], unit)}</b>"
            f"<br>{interval(row['low'], row['high'], unit)}"
            for row in rows
        ],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    return go.Figure({"data": [bars], "layout": layout})

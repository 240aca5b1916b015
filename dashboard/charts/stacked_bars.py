"""Parts of a count or an amount over time, stacked: what came above zero, what went below."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import time_axis, value_axis
from dashboard.charts.markers import marker_layers
from dashboard.charts.theme import Theme, base_layout
from dashboard.facts import Marker
from dashboard.format import figure_text, number, period


@dataclass(frozen=True)
class Part:
    """One component of the rows.

    Attributes:
        component: As in the rows.
        name: For people.
        color: Index into the theme's categorical colours.
        is_loss: Drawn below zero, though its value is positive.
    """

    component: str
    name: str
    color: int
    is_loss: bool = False


def stacked_bars(
    points: pl.DataFrame,
    parts: Sequence[Part],
    unit: str,
    theme: Theme,
    *,
    markers: Sequence[Marker] = (),
) -> go.Figure:
    """Bars of the settled periods, one colour per part.

    Args:
        points: One row per period and component, oldest first. Columns: period, period_end
            (date), component (text), value (float; null where unknown). Components that are
            not among `parts` are left out.
        parts: From the zero line outwards.
        unit: Of value.
        theme: Colours.
        markers: Releases, incidents and notes.
    """
    known = points.filter(pl.col("value").is_not_null())
    signed = known.with_columns(
        pl.when(pl.col("component").is_in([part.component for part in parts if part.is_loss]))
        .then(-pl.col("value"))
        .otherwise(pl.col("value"))
        .alias("drawn")
    )
    layout = base_layout(theme)
    layout |= {"barmode": "relative", "bargap": 0.25, "showlegend": len(parts) > 1}
    layout["margin"] = {**layout["margin"], "t": 76}
    layout["legend"] = {**layout["legend"], "y": 1.2}
    layout["xaxis"] |= time_axis(known["period"].unique().sort().to_list())
    layout["yaxis"] |= value_axis(_reach(signed, parts), unit, from_zero=True)
    layout["yaxis"] |= {"zeroline": True, "zerolinecolor": theme.muted, "zerolinewidth": 1}
    layout["yaxis2"] = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    traces = [_bars(signed, part, unit, theme) for part in parts]
    if not known.is_empty():
        first, last = known["period"][0], known["period_end"][-1]
        layers = marker_layers(markers, first, last, theme)
        layout |= {"shapes": layers.shapes, "annotations": layers.annotations}
        traces += layers.traces
    return go.Figure({"data": traces, "layout": layout})


def _bars(signed: pl.DataFrame, part: Part, unit: str, theme: Theme) -> dict[str, object]:
    rows = signed.filter(pl.col("component") == part.component)
    words = [
        f"{period(row['period'], row['period_end'])}<br>"
        f"<b>{number(row['value'], unit)}</b> {figure_text(part.name)}"
        for row in rows.iter_rows(named=True)
    ]
    return {
        "type": "bar",
        "name": figure_text(part.name),
        "x": rows["period"].dt.to_string("%Y-%m-%d").to_list(),
        "y": rows["drawn"].to_list(),
        "marker": {
            "color": theme.categorical[part.color],
            "line": {"color": theme.background, "width": 0.5},
        },
        "text": words,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _reach(signed: pl.DataFrame, parts: Sequence[Part]) -> list[float]:
    """Height of the tallest stack, and depth of the deepest."""
    drawn = signed.filter(pl.col("component").is_in([part.component for part in parts]))
    sums = drawn.group_by("period").agg(
        pl.col("drawn").filter(pl.col("drawn") > 0).sum().alias("above"),
        pl.col("drawn").filter(pl.col("drawn") < 0).sum().alias("below"),
    )
    return [*sums["above"], *sums["below"]]

"""Work in scope and work done, day by day, with the even pace that would get there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import Theme, base_layout
from dashboard.format import day, number


def step_lines(
    points: pl.DataFrame,
    unit: str,
    theme: Theme,
    *,
    ideal: Sequence[tuple[date, float]] = (),
) -> go.Figure:
    """Two step lines, named at their ends; nothing is drawn beyond the last known day.

    Args:
        points: One row per day and component, oldest first. Columns: period (date);
            component ("scope" or "done"); value (float, in `unit`; null where unknown).
        unit: Of value.
        theme: Colours.
        ideal: Even pace over the working days of the team, up to the sprint's last day.
    """
    known = points.filter(pl.col("value").is_not_null())
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "t": 12, "r": 96}
    layout["xaxis"] |= {"type": "date", "tickformat": "%-d %b", **_range(known, ideal)}
    values = [*known["value"], *(value for _, value in ideal)]
    layout["yaxis"] |= value_axis(values, unit, from_zero=True)
    parts = [("scope", "Scope", theme.muted), ("done", "Done", theme.line)]
    lines = [_steps(known, part, unit) for part in parts]
    labels = [label for part in parts for label in _end_label(known, part, unit)]
    # The even pace may cross them.
    layout["annotations"] = [label | {"bgcolor": theme.background} for label in labels]
    return go.Figure({"data": [*_ideal(ideal, theme), *lines], "layout": layout})


def _range(known: pl.DataFrame, ideal: Sequence[tuple[date, float]]) -> dict[str, Any]:
    dates = [*known["period"], *(on for on, _ in ideal)]
    return {"range": [min(dates).isoformat(), max(dates).isoformat()]} if dates else {}


def _steps(known: pl.DataFrame, part: tuple[str, str, str], unit: str) -> dict[str, Any]:
    component, name, color = part
    rows = known.filter(pl.col("component") == component).to_dicts()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [row["period"].isoformat() for row in rows],
        "y": [row["value"] for row in rows],
        "line": {"color": color, "width": 2.5, "shape": "hv"},
        "text": [
            f"{day(row['period'])}<br><b>{number(row['value'], unit)}</b> {name.lower()}"
            for row in rows
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _end_label(known: pl.DataFrame, part: tuple[str, str, str], unit: str) -> list[dict[str, Any]]:
    component, name, color = part
    rows = known.filter(pl.col("component") == component)
    if rows.is_empty():
        return []
    return [
        {
            "x": rows["period"][-1].isoformat(),
            "y": rows["value"][-1],
            "text": f"<b>{number(rows['value'][-1], unit)}</b> {name.lower()}",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 8,
            "font": {"color": color, "size": 13},
        }
    ]


def _ideal(ideal: Sequence[tuple[date, float]], theme: Theme) -> list[dict[str, Any]]:
    if not ideal:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "even pace",
            "x": [on.isoformat() for on, _ in ideal],
            "y": [value for _, value in ideal],
            "line": {"color": theme.muted, "width": 1.5, "dash": "dot"},
            "hoverinfo": "skip",
        }
    ]

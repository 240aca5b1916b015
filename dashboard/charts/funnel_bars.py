"""Steps of a funnel as bars: how many of those who began got how far."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.theme import Theme, base_layout
from dashboard.format import NO_BREAK, figure_text, interval, number

# The name stands above its bar: beside it, it would leave a phone no room for the bar.
_ROW_HEIGHT, _BAR_HEIGHT = 64, 26


def funnel_bars(steps: pl.DataFrame, theme: Theme) -> go.Figure:
    """One bar per step, first on top; its length is the share of those who began.

    Args:
        steps: One row per step, in order. Columns: step (int from 1); component (text, may
            repeat); value, low, high (share of step 1; null where unknown); n (int, who began);
            total (float, who got this far).
        theme: Colours.
    """
    rows = steps.sort("step").to_dicts()
    layout = base_layout(theme, height=_ROW_HEIGHT * max(len(rows), 2) + 16)
    layout["margin"] = {**layout["margin"], "t": 12, "r": 120}
    layout["bargap"] = 1 - _BAR_HEIGHT / _ROW_HEIGHT
    layout["xaxis"] |= {"visible": False, "range": [0, 1]}
    layout["yaxis"] |= {"visible": False, "range": [max(len(rows), 2) + 0.5, 0.5]}
    layout["annotations"] = [
        *(_name(row, theme) for row in rows),
        *(_label(row, before, theme) for row, before in _with_before(rows)),
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [row["value"] for row in rows],
        "y": [row["step"] for row in rows],
        "marker": {"color": theme.line},
        "hovertemplate": "%{text}<extra></extra>",
        "text": [_hover(row, before) for row, before in _with_before(rows)],
        "textposition": "none",
    }
    return go.Figure(
        {"data": [_track(rows, theme), bars], "layout": layout | {"barmode": "overlay"}}
    )


def _with_before(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    return list(zip(rows, [None, *rows][: len(rows)], strict=True))


def _track(rows: list[dict[str, Any]], theme: Theme) -> dict[str, Any]:
    """The whole length in grey, so that what is missing is seen too."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [1] * len(rows),
        "y": [row["step"] for row in rows],
        "marker": {"color": theme.surface},
        "hoverinfo": "skip",
    }


def _name(row: dict[str, Any], theme: Theme) -> dict[str, Any]:
    return {
        "x": 0,
        "y": row["step"],
        "text": f"{row['step']}. {figure_text(row['component'])}",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": _BAR_HEIGHT / 2,
        "font": {"color": theme.text},
    }


def _label(row: dict[str, Any], before: dict[str, Any] | None, theme: Theme) -> dict[str, Any]:
    figure = f"<b>{number(row['value'], 'share')}</b>{NO_BREAK * 2}{_people(row)}"
    return {
        "x": 1,
        "y": row["step"],
        "text": f"{figure}<br>{_kept(row, before)}" if before else figure,
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "xshift": 10,
        "font": {"color": theme.text, "size": 12},
    }


def _people(row: dict[str, Any]) -> str:
    return "" if row["total"] is None else number(row["total"], "count")


def _kept(row: dict[str, Any], before: dict[str, Any]) -> str:
    if not before["total"] or row["total"] is None:
        return ""
    return f"{number(row['total'] / before['total'], 'share')} of step {before['step']}"


def _hover(row: dict[str, Any], before: dict[str, Any] | None) -> str:
    plausible = interval(row["low"], row["high"], "share")
    lines = [
        figure_text(row["component"]),
        f"<b>{number(row['value'], 'share')}</b> of {row['n'] or 0:,} who began",
        f"95 %: {plausible}" if plausible else "",
        _kept(row, before) if before else "",
    ]
    return "<br>".join(line for line in lines if line)

"""How one amount became another: from a start through what was added and taken to an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import Theme, base_layout
from dashboard.format import difference, figure_text, number


@dataclass(frozen=True)
class Step:
    """One bar.

    Attributes:
        name: For people.
        value: Signed where it is a change.
        is_level: A total that stands on the ground, not a change that hangs from the last bar.
    """

    name: str
    value: float
    is_level: bool = False


def bridge(steps: Sequence[Step], unit: str, theme: Theme) -> go.Figure:
    """Levels stand on zero; changes hang between them.

    Neither colour is a judgement: more scope is not bad in itself.

    Args:
        steps: From left to right; the first is a level.
        unit: Of the values.
        theme: Colours.
    """
    tops, bottoms = _ends(steps)
    layout = base_layout(theme)
    layout["margin"] = {**layout["margin"], "t": 16}
    layout["bargap"] = 0.3
    layout["xaxis"] |= {"tickfont": {"color": theme.text}, "tickangle": 0, "type": "category"}
    layout["yaxis"] |= value_axis([*tops, *bottoms], unit, from_zero=True)
    layout["annotations"] = [
        _label(step, top, unit, theme) for step, top in zip(steps, tops, strict=True)
    ]
    bars = {
        "type": "bar",
        "x": [figure_text(step.name) for step in steps],
        "y": [top - bottom for top, bottom in zip(tops, bottoms, strict=True)],
        "base": bottoms,
        "marker": {"color": [_color(step, theme) for step in steps]},
        "text": [f"{figure_text(step.name)}<br><b>{_words(step, unit)}</b>" for step in steps],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    return go.Figure({"data": [bars], "layout": layout})


def _ends(steps: Sequence[Step]) -> tuple[list[float], list[float]]:
    tops, bottoms, at = [], [], 0.0
    for step in steps:
        start, at = (0.0, step.value) if step.is_level else (at, at + step.value)
        tops.append(max(start, at))
        bottoms.append(min(start, at))
    return tops, bottoms


def _color(step: Step, theme: Theme) -> str:
    if step.is_level:
        return theme.line
    return theme.categorical[1] if step.value >= 0 else theme.categorical[5]


def _words(step: Step, unit: str) -> str:
    return number(step.value, unit) if step.is_level else difference(step.value, unit)


def _label(step: Step, top: float, unit: str, theme: Theme) -> dict[str, Any]:
    return {
        "x": figure_text(step.name),
        "y": top,
        "text": f"<b>{_words(step, unit)}</b>" if step.is_level or step.value else "0",
        "showarrow": False,
        "yanchor": "bottom",
        "yshift": 2,
        "font": {"color": theme.text, "size": 12},
    }

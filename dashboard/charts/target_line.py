"""Where a team wants to be, as a dashed line with its value."""

from typing import Any

import polars as pl

from dashboard.charts.theme import Theme
from dashboard.facts import Subject, Target
from dashboard.format import goal as goal_text


def target_line(points: pl.DataFrame, target: Target | None, theme: Theme) -> dict[str, Any] | None:
    """A trace of the target over the periods, or None without a target or period."""
    if target is None or points.is_empty():
        return None
    through = ((points["period"][0], target.value), (points["period"][-1], target.value))
    line = target.line or through
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "target",
        "x": [on.isoformat() for on, _ in line],
        "y": [value for _, value in line],
        "line": {"color": theme.good, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
    }


def target_label(
    goal: dict[str, Any] | None, target: Target | None, subject: Subject, theme: Theme
) -> list[dict[str, Any]]:
    """The annotation that names the line; none without a line.

    It names the value that is in force at the newest period, as the headline does. A level line
    is named at its start, one that rises at its end, below.
    """
    if goal is None or target is None:
        return []
    is_level = len(set(goal["y"])) == 1
    at = 0 if is_level else -1
    return [
        {
            "x": goal["x"][at],
            "y": goal["y"][at],
            "text": f"Target {goal_text(target.value, subject.unit)}",
            "showarrow": False,
            "xanchor": "left" if is_level else "right",
            "yanchor": "bottom" if is_level else "top",
            "yshift": 0 if is_level else -6,
            # Lines that cross it would make it unreadable.
            "bgcolor": theme.background,
            "borderpad": 1,
            "font": {"color": theme.good, "size": 12},
        }
    ]

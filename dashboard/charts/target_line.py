"""Where a team wants to be, as a dashed line with its value."""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.charts.theme import Theme
from dashboard.facts import Subject, Target
from dashboard.format import goal as goal_text

# Of the value axis: what its two lines and a neighbour's one take up.
_LABEL_HEIGHT = 0.12


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
    points: pl.DataFrame,
    target: Target | None,
    subject: Subject,
    theme: Theme,
    axis: Sequence[float],
) -> list[dict[str, Any]]:
    """The annotation that names the value in force at the newest period, as the headline does.

    It stands in the margin on the right, where no line runs, above or below the newest value's
    own label; none without a target or period.

    Args:
        points: As in `target_line`; also value and status.
        target: The one in force.
        subject: What the figure shows.
        theme: Colours.
        axis: Range of the value axis.
    """
    if target is None or points.is_empty():
        return []
    judged = points.filter(pl.col("status") == "ok")["value"].drop_nulls()
    place, gap = target.value, _LABEL_HEIGHT * (axis[1] - axis[0])
    if len(judged) and abs(place - judged[-1]) < gap:
        place = judged[-1] + math.copysign(gap, place - judged[-1])
    return [
        {
            "x": points["period"][-1].isoformat(),
            "y": place,
            "text": f"Target<br>{goal_text(target.value, subject.unit)}",
            "align": "left",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 9,
            "font": {"color": theme.good, "size": 11},
        }
    ]

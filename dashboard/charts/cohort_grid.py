"""Cohorts by age as a grid of shares: newest on top, as far as each has come."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.theme import Theme, axis_title, base_layout
from dashboard.format import day, interval, number

# A grid beyond this costs the browser more than all the server's work.
MOST_CELLS = 500
_ROW_HEIGHT = 30
# From this share of the scale on, words need the colour of the page to be read.
_DARK_FROM = 0.5


def cohort_grid(cells: pl.DataFrame, every: str, theme: Theme) -> go.Figure:
    """Heat map with the share in every settled cell.

    Cells that are not settled stay empty. Cells of too few people carry their counts but no
    colour. Age 0 is left out: everybody is there.

    Args:
        cells: One row per cohort and age. Columns: cohort (date); age (int, whole intervals);
            value, low, high, total (float; null where unknown); n (int); status.
        every: Grain of cohort and age: "day", "week", "month", …
        theme: Colours.
    """
    shown = newest(cells.filter(pl.col("age") > 0, pl.col("value").is_not_null()))
    cohorts = sorted(set(shown["cohort"]))
    ages = sorted(set(shown["age"]))
    layout = base_layout(theme, height=_ROW_HEIGHT * max(len(cohorts), 2) + 64)
    labels = _labels(cohorts, every)
    layout["xaxis"] |= {
        "side": "top",
        "tickvals": ages,
        "tickangle": 0,
        "title": axis_title(f"{every}s since the start, % of each cohort", theme),
        "range": [min(ages, default=1) - 0.5, max(ages, default=1) + 0.5],
        "showline": False,
    }
    layout["yaxis"] |= {
        "tickvals": list(range(len(cohorts))),
        "ticktext": labels,
        "showgrid": False,
        "range": [-0.5, max(len(cohorts), 1) - 0.5],
    }
    rows = shown.sort("cohort", "age").to_dicts()
    place = {cohort: index for index, cohort in enumerate(cohorts)}
    data = [_heat(rows, place, ages, theme), _words(rows, place, every, theme)]
    return go.Figure({"data": data, "layout": layout})


def newest(cells: pl.DataFrame) -> pl.DataFrame:
    """The newest cohorts that together have no more than `MOST_CELLS` cells."""
    sizes = cells.group_by("cohort").len().sort("cohort", descending=True)
    kept = sizes.filter(pl.col("len").cum_sum() <= MOST_CELLS)["cohort"]
    return cells.filter(pl.col("cohort").is_in(kept.implode()))


def _labels(cohorts: list[Any], every: str) -> list[str]:
    """Short, for a phone: the year only where there are two."""
    if every == "month" or len({cohort.year for cohort in cohorts}) > 1:
        return [_cohort_name(cohort, every) for cohort in cohorts]
    return [f"{cohort.day} {cohort:%b}" for cohort in cohorts]


def _cohort_name(cohort: Any, every: str) -> str:  # noqa: ANN401 (a date, untyped in a Series)
    if every == "month":
        return f"{cohort:%b %Y}"
    return day(cohort)


def _heat(
    rows: list[dict[str, Any]], place: dict[Any, int], ages: list[int], theme: Theme
) -> dict[str, Any]:
    column = {age: index for index, age in enumerate(ages)}
    grid: list[list[float | None]] = [[None] * len(ages) for _ in place]
    for row in rows:
        if row["status"] == "ok":
            grid[place[row["cohort"]]][column[row["age"]]] = row["value"]
    low, high = _scale(rows)
    steps = len(theme.sequential) - 1
    return {
        "type": "heatmap",
        "x": ages,
        "y": list(range(len(place))),
        "z": grid,
        "zmin": low,
        "zmax": high,
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "hoverinfo": "skip",
        "colorscale": [[i / steps, color] for i, color in enumerate(theme.sequential)],
    }


def _scale(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """From nothing to the largest share, so that colour is comparable between cohorts."""
    return 0.0, max((row["value"] for row in rows if row["status"] == "ok"), default=1.0) or 1.0


def _words(
    rows: list[dict[str, Any]], place: dict[Any, int], every: str, theme: Theme
) -> dict[str, Any]:
    _, high = _scale(rows)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [row["age"] for row in rows],
        "y": [place[row["cohort"]] for row in rows],
        "text": [_cell(row) for row in rows],
        "textfont": {
            # A fraction's figures are raised and lowered, and smaller than that.
            "size": [12 if row["status"] == "ok" else 14 for row in rows],
            "color": [_ink(row, high, theme) for row in rows],
        },
        "customdata": [_hover(row, every) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _cell(row: dict[str, Any]) -> str:
    if row["status"] == "ok":
        return f"{100 * row['value']:.0f}"
    if row["total"] is None:
        return ""
    # As a fraction it is no wider than a cell of a phone.
    return f"<sup>{row['total']:.0f}</sup>/<sub>{row['n']}</sub>"


def _ink(row: dict[str, Any], high: float, theme: Theme) -> str:
    if row["status"] != "ok":
        return theme.muted
    return theme.background if row["value"] / high >= _DARK_FROM else theme.text


def _hover(row: dict[str, Any], every: str) -> str:
    few = "<br>too few to judge" if row["status"] == "too_few" else ""
    plausible = interval(row["low"], row["high"], "share")
    return (
        f"cohort of {_cohort_name(row['cohort'], every)}, {every} {row['age']}<br>"
        f"<b>{number(row['value'], 'share')}</b> of {row['n']:,}"
        f"{f'<br>95 %: {plausible}' if plausible else ''}{few}"
    )

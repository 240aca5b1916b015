"""The recent course of a metric in a card: its shape, without axes, as a small SVG.

A drawing of our own, because Streamlit's loads a second chart library of 900 kB and has no
alternative text.
"""

from dataclasses import dataclass

import polars as pl

from dashboard.facts import Subject
from dashboard.format import number, period

# Half a year of weeks: what fits a card and still shows a bend.
MOST_POINTS = 26
_WIDTH, _HEIGHT, _EDGE = 260, 48, 6


@dataclass(frozen=True)
class Sparkline:
    """A drawing and what it shows in words."""

    svg: str
    alt: str


def sparkline(points: pl.DataFrame, subject: Subject, color: str) -> Sparkline | None:
    """The newest settled periods as a line; None where a line would say nothing.

    Args:
        points: One row per period, oldest first. Columns: period, period_end (date); value
            (float), status.
        subject: What the line shows.
        color: Of the line; a shade of it fills the ground.
    """
    settled = points.filter(pl.col("status") == "ok", pl.col("value").is_not_null())
    shown = settled.tail(MOST_POINTS)
    if shown.height <= 2:  # noqa: PLR2004 (two points are a difference, not a course)
        return None
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    begun, now = number(first["value"], subject.unit), number(last["value"], subject.unit)
    alt = (
        f"{subject.name}, {shown.height} periods: {begun} in "
        f"{period(first['period'], first['period_end'])}, {now} in "
        f"{period(last['period'], last['period_end'])}"
    )
    return Sparkline(_svg(shown["value"].to_list(), color), alt)


def _svg(values: list[float], color: str) -> str:
    lowest, span = min(values), (max(values) - min(values)) or 1.0
    step = (_WIDTH - 2 * _EDGE) / (len(values) - 1)
    spots = [
        (_EDGE + index * step, _HEIGHT - _EDGE - (value - lowest) / span * (_HEIGHT - 2 * _EDGE))
        for index, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    ground = f"{_EDGE},{_HEIGHT} {line} {_WIDTH - _EDGE},{_HEIGHT}"
    x, y = spots[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}">'
        f'<polygon points="{ground}" fill="{color}" fill-opacity="0.12"/>'
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{color}"/></svg>'
    )

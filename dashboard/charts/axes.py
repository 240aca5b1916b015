"""Axes that do not exaggerate: where they start, and how their numbers read. Pure."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dashboard.format import NO_BREAK, is_currency

# Shares that differ by less than this would fill the chart with noise.
_LEAST_SPAN = {"share": 0.10, "points": 10.0}
_PADDING = 0.12
_START_AT_ZERO_BELOW = 0.5
_MOST_TICKS = 6
# Up to this many periods ticks stand on their first days, as many as a phone has room for.
_NAMED_PERIODS, _NAMED_TICKS = 10, 4
_SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)


def value_axis(
    values: Iterable[float | None], unit: str, *, from_zero: bool = False
) -> dict[str, Any]:
    """Range and number format of a value axis.

    It starts at zero when the smallest value is under half of the largest; only then would
    cutting it off make a small difference look like a large one.

    Args:
        values: All that will be drawn, intervals and targets included.
        unit: Of the values.
        from_zero: Always start at zero, as bars must: their length is the number.
    """
    known = [value for value in values if value is not None]
    if not known:
        return tick_format(unit, 0, 1)
    lowest, highest = min(known), max(known)
    if from_zero or 0 <= lowest < _START_AT_ZERO_BELOW * highest:
        reach = max(highest, 0) - min(lowest, 0) or 1.0
        bottom = lowest - _PADDING * reach if lowest < 0 else 0.0
        top = highest + _PADDING * reach if highest > 0 else 0.0
    else:
        span = max(highest - lowest, _LEAST_SPAN.get(unit, 0.0), 0.04 * abs(highest)) or 1.0
        middle = (highest + lowest) / 2
        bottom, top = middle - span * (0.5 + _PADDING), middle + span * (0.5 + _PADDING)
        if lowest >= 0:
            bottom = max(bottom, 0.0)
    return {"range": [bottom, top], **tick_format(unit, bottom, top)}


def time_axis(starts: Sequence[date]) -> dict[str, Any]:
    """Ticks of an axis of periods.

    Plotly's own stand on Sundays and months; where there are few periods a reader would take
    them for the periods' names.

    Args:
        starts: First days of the periods, oldest first.
    """
    if not starts or len(starts) > _NAMED_PERIODS:
        return {"type": "date", "tickformat": "%-d %b\n%Y"}
    named = starts[:: math.ceil(len(starts) / _NAMED_TICKS)]
    years = [start.year for start in named]
    texts = [
        f"{start.day} {start:%b}{f'<br>{start.year}' if start.year not in years[:at] else ''}"
        for at, start in enumerate(named)
    ]
    values = [start.isoformat() for start in named]
    return {"type": "date", "tickmode": "array", "tickvals": values, "ticktext": texts}


def tick_format(unit: str, bottom: float, top: float) -> dict[str, Any]:
    """How an axis from `bottom` to `top` prints its numbers."""
    if unit == "share":
        # Plotly's own % has no space before it, as our words have.
        values = _share_ticks(bottom, top)
        texts = [f"{100 * value:.0f}{NO_BREAK}%" for value in values]
        return {"tickmode": "array", "tickvals": values, "ticktext": texts}
    if is_currency(unit):
        return {"tickformat": "~s", "ticksuffix": f"{NO_BREAK}{unit}"}
    if unit in {"days", "hours"}:
        return {"tickformat": ",~f", "ticksuffix": f"{NO_BREAK}{unit}"}
    return {"tickformat": ",~f"}


def _share_ticks(bottom: float, top: float) -> list[float]:
    fitting = (step for step in _SHARE_STEPS if (top - bottom) / step <= _MOST_TICKS)
    step = next(fitting, _SHARE_STEPS[-1])
    first, last = math.ceil(bottom / step - 1e-9), math.floor(top / step + 1e-9)
    return [round(index * step, 4) for index in range(first, last + 1)]

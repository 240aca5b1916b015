"""Targets: what was to be reached by a date, and whether it is."""

from collections.abc import Sequence
from datetime import date
from math import isnan
from typing import Literal

Shape = Literal["constant", "step", "ramp", "table", "cumulative"]
Better = Literal["higher", "lower"]
Standing = Literal["met", "not_met", "interval_spans_target", "unknown"]


def target_at(shape: Shape, points: Sequence[tuple[date, float]], on: date) -> float:
    """The target in force on a date.

    Args:
        shape: How the points are read. "constant": the one value, from its date on.
            "step": each value holds until the next. "ramp": straight lines between the
            points, the last value after them. "table": a value for exactly the period
            that begins on its date. "cumulative": as table, summed over all periods up
            to and with the one that begins on the date; for counts and money only.
        points: First day and value, in the metric's unit, in order of the days.
        on: For table and cumulative the first day of a period, else any day.

    Returns:
        The target; nan before the first point, and in a table (also a cumulative one,
        after its end) for a period that it does not name: none is made up.

    Raises:
        ValueError: If there is no point, the days do not ascend, or a constant target
            has several values.

    Source:
        Linear interpolation a + (b - a)(t - t0)/(t1 - t0) for the ramp.

    >>> target_at("ramp", [(date(2026, 5, 1), 100), (date(2026, 5, 11), 200)], date(2026, 5, 6))
    150.0
    """
    days = [day for day, _ in points]
    if not points or any(later <= day for day, later in zip(days, days[1:], strict=False)):
        raise ValueError("a target needs points on days that ascend")
    if shape == "constant" and len(points) > 1:
        raise ValueError("a constant target has one value")
    so_far = [(day, value) for day, value in points if day <= on]
    if not so_far or (shape in {"table", "cumulative"} and so_far[-1][0] != on):
        return float("nan")
    day, value = so_far[-1]
    if shape == "cumulative":
        return float(sum(value for _, value in so_far))
    if shape == "ramp" and len(so_far) < len(points):
        next_day, next_value = points[len(so_far)]
        return value + (next_value - value) * ((on - day) / (next_day - day))
    return float(value)


def standing(
    value: float,
    target: float,
    *,
    better: Better = "higher",
    low: float = float("nan"),
    high: float = float("nan"),
) -> Standing:
    """Whether a settled value meets its target, as far as its interval lets us say.

    Args:
        value: The number, in the metric's unit; nan where there is none.
        target: What it was to reach; reaching it exactly meets it.
        better: Which side of the target is the good one.
        low: Lower end of the value's interval. Both ends nan: a full count, without
            sampling error. One end nan: open.
        high: Upper end.

    Returns:
        "unknown" without a value or a target.

    >>> standing(0.43, 0.40, low=0.38, high=0.48)
    'interval_spans_target'
    >>> standing(4, 5, better="lower")
    'met'
    """
    if better == "lower":
        return standing(-value, -target, low=-high, high=-low)
    return band_standing(value, target, float("inf"), low=low, high=high)


def band_standing(
    value: float,
    band_low: float,
    band_high: float,
    *,
    low: float = float("nan"),
    high: float = float("nan"),
) -> Standing:
    """Whether a settled value lies in its band, as far as its interval lets us say.

    Args:
        value: The number, in the metric's unit; nan where there is none.
        band_low: Lower edge, which belongs to the band.
        band_high: Upper edge, which belongs to the band.
        low: Lower end of the value's interval; nan as in `standing`.
        high: Upper end.

    Returns:
        "unknown" without a value or an edge.

    >>> band_standing(2.4, 2, 3), band_standing(2.4, 2, 3, low=1.8, high=2.9)
    ('met', 'interval_spans_target')
    """
    if isnan(value) or isnan(band_low) or isnan(band_high):
        return "unknown"
    if isnan(low) and isnan(high):
        low = high = value
    low = -float("inf") if isnan(low) else low
    high = float("inf") if isnan(high) else high
    if band_low <= low and high <= band_high:
        return "met"
    if high < band_low or low > band_high:
        return "not_met"
    return "interval_spans_target"

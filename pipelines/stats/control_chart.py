"""Individuals charts (XmR): what a process does by itself, and what is a signal.

`process_limits` and `signals` take one series; `limits_of` and `signals_among` are the same for
any number of series at once.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.stats.arrays import FloatArray, floats, known_mean

# 3 / 1.128 rounded as Wheeler prints it: mean moving range to three standard deviations.
LIMIT_FACTOR = 2.66
# The same for the median range, which one wild range does not widen.
MEDIAN_LIMIT_FACTOR = 3.145
# Ranges above this many mean (or median) ranges are beyond what the process does by itself.
RANGE_FACTOR, MEDIAN_RANGE_FACTOR = 3.268, 3.865
RUN_LENGTH = 8
WINDOW, NEAR_IN_WINDOW = 4, 3
# A constant series' mean may differ from it by rounding; that is no deviation.
ROUNDING = 1e-9

Direction = NDArray[np.int8]
Variant = Literal["mean", "median"]


@dataclass(frozen=True)
class ProcessLimits:
    """Centre and natural limits, in the unit of the values; all nan below two neighbours."""

    centre: float
    mean_moving_range: float

    @property
    def lower(self) -> float:
        """Lower natural process limit; may lie below what is possible."""
        return self.centre - LIMIT_FACTOR * self.mean_moving_range

    @property
    def upper(self) -> float:
        """Upper natural process limit; may lie above what is possible."""
        return self.centre + LIMIT_FACTOR * self.mean_moving_range


@dataclass(frozen=True)
class Limits:
    """Process limits of many series, each of shape (...); nan below two neighbours.

    `centre`, `lower` and `upper` are in the unit of the values, `upper_range` bounds their
    moving ranges.
    """

    centre: FloatArray
    lower: FloatArray
    upper: FloatArray
    upper_range: FloatArray


@dataclass(frozen=True)
class Signals:
    """Which points signal, per rule: 1 above the centre, -1 below, 0 no signal. Shape (..., k)."""

    outside: Direction
    run: Direction
    near_limit: Direction

    @property
    def direction(self) -> Direction:
        """Any rule's signal. The rules cannot disagree: a point has one side."""
        rules = self.outside + self.run + self.near_limit
        return (rules > 0).astype(np.int8) - (rules < 0).astype(np.int8)


def process_limits(values: ArrayLike) -> ProcessLimits:
    """Centre and limits of an individuals chart.

    Args:
        values: One value per period, oldest first, shape (k,); nan where a period is
            missing. Only neighbours form a moving range.

    Returns:
        X̄ and mR̄, with the limits X̄ ± 2.66·mR̄. Nan where no two periods are neighbours.

    Source:
        Wheeler (2000), Understanding Variation, 2nd ed., appendix. No moving range is
        screened out.

    >>> limits = process_limits([10, 12, 11, 13])
    >>> print(f"{limits.lower:.2f}, {limits.centre:.2f}, {limits.upper:.2f}")
    7.07, 11.50, 15.93
    """
    found = limits_of(values)
    return ProcessLimits(float(found.centre), float(found.upper_range) / RANGE_FACTOR)


def limits_of(
    values: ArrayLike,
    *,
    variant: Variant = "mean",
    possible: tuple[float, float] = (-np.inf, np.inf),
) -> Limits:
    """Centre and limits of many individuals charts.

    Args:
        values: One value per period, oldest first, shape (..., k); nan where a period is
            missing. Only neighbours form a moving range.
        variant: "median" takes the median moving range, with factors 3.145 and 3.865.
        possible: Smallest and largest possible value; limits do not go beyond them.

    Source:
        Wheeler (2000), Understanding Variation, 2nd ed., appendix; the median's factors as
        in xmrit (github.com/xmrit/xmrit).

    >>> found = limits_of([[10, 12, 11, 13], [1, 2, 1, 2]], possible=(0, 100))
    >>> found.lower.round(2).tolist(), found.upper.round(2).tolist()
    ([7.07, 0.0], [15.93, 4.16])
    """
    series = floats(values)
    ranges = np.abs(np.diff(series, axis=-1))
    if variant == "mean":
        typical, factor, range_factor = known_mean(ranges), LIMIT_FACTOR, RANGE_FACTOR
    else:
        typical, factor, range_factor = (
            _known_median(ranges),
            MEDIAN_LIMIT_FACTOR,
            MEDIAN_RANGE_FACTOR,
        )
    centre = np.where(np.isfinite(typical), known_mean(series), np.nan)
    lowest, highest = possible
    return Limits(
        centre,
        np.maximum(centre - factor * typical, lowest),
        np.minimum(centre + factor * typical, highest),
        range_factor * typical,
    )


def signals(values: ArrayLike, limits: ProcessLimits) -> Signals:
    """The points that routine variation does not explain.

    Args:
        values: One value per period, oldest first, shape (k,); nan where a period is
            missing, which ends a run.
        limits: Of these values, or frozen from an earlier baseline.

    Returns:
        Per rule, the points that belong to it: outside a limit; one of 8 or more in a
        row on one side of the centre; one of 3 out of 4 nearer the same limit than the
        centre (the odd fourth is not marked). No signal without limits.

    Source:
        Wheeler (2000), Understanding Variation, 2nd ed.; NHS England, Making data count.

    >>> found = signals([1, 1, 1, 9], ProcessLimits(centre=1.0, mean_moving_range=1.0))
    >>> found.outside.tolist(), found.run.tolist()
    ([0, 0, 0, 1], [0, 0, 0, 0])
    """
    return signals_among(
        values,
        Limits(
            floats(limits.centre),
            floats(limits.lower),
            floats(limits.upper),
            floats(RANGE_FACTOR * limits.mean_moving_range),
        ),
    )


def signals_among(values: ArrayLike, limits: Limits) -> Signals:
    """The points of many series that routine variation does not explain, as `signals`.

    Args:
        values: Shape (..., k); nan where a period is missing, which ends a run.
        limits: Shape (...). A limit that was clipped to the possible range is nearer, and
            so is the half-way line between it and the centre.
    """
    series = floats(values)
    centre = limits.centre[..., None]
    distance = series - centre
    tolerance = ROUNDING * np.maximum(np.abs(series), np.abs(centre))
    above, below = limits.upper[..., None] - centre, centre - limits.lower[..., None]
    return Signals(
        outside=_beyond(distance, above + tolerance, below + tolerance),
        run=_windows(_beyond(distance, tolerance, tolerance), RUN_LENGTH, RUN_LENGTH),
        near_limit=_windows(
            _beyond(distance, above / 2 + tolerance, below / 2 + tolerance), WINDOW, NEAR_IN_WINDOW
        ),
    )


def _known_median(values: FloatArray) -> FloatArray:
    """Median along the last axis of what is known; nan where nothing is."""
    ordered = np.sort(values, axis=-1)  # nan last
    n = np.isfinite(values).sum(axis=-1, keepdims=True)
    if values.shape[-1] == 0:
        return np.full(values.shape[:-1], np.nan)
    middle = [np.maximum(n - 1, 0) // 2, np.minimum(n // 2, values.shape[-1] - 1)]
    ends = [np.take_along_axis(ordered, each, axis=-1)[..., 0] for each in middle]
    return floats((ends[0] + ends[1]) / 2)


def _beyond(distance: FloatArray, above: FloatArray, below: FloatArray) -> Direction:
    """1 where farther above than `above`, -1 where farther below than `below`; 0 for nan too."""
    return (distance > above).astype(np.int8) - (distance < -below).astype(np.int8)


def _windows(sides: Direction, length: int, needed: int) -> Direction:
    """Sides of the points in some window of `length` that has `needed` on their side."""
    marked = np.zeros_like(sides)
    for start in range(sides.shape[-1] - length + 1):
        window = np.s_[..., start : start + length]
        for side in (1, -1):
            on_side = sides[window] == side
            enough = on_side.sum(axis=-1, keepdims=True) >= needed
            marked[window] += (on_side & enough & (marked[window] == 0)) * np.int8(side)
    return marked

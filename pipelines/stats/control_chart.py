"""Individuals charts (XmR): what a process does by itself, and what is a signal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.stats.arrays import FloatArray, floats

# 3 / 1.128 rounded as Wheeler prints it: mean moving range to three standard deviations.
LIMIT_FACTOR = 2.66
RUN_LENGTH = 8
WINDOW, NEAR_IN_WINDOW = 4, 3
# A constant series' mean may differ from it by rounding; that is no deviation.
ROUNDING = 1e-9

Direction = NDArray[np.int8]


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
class Signals:
    """Which points signal, per rule: 1 above the centre, -1 below, 0 no signal. Shape (k,)."""

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
    series = floats(values)
    moving_ranges = np.abs(np.diff(series))
    moving_ranges = moving_ranges[np.isfinite(moving_ranges)]
    if moving_ranges.size == 0:
        return ProcessLimits(float("nan"), float("nan"))
    centre = series[np.isfinite(series)].mean()
    return ProcessLimits(float(centre), float(moving_ranges.mean()))


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
    series = floats(values)
    distance = series - limits.centre
    tolerance = ROUNDING * np.maximum(np.abs(series), abs(limits.centre))
    reach = LIMIT_FACTOR * limits.mean_moving_range
    return Signals(
        outside=_beyond(distance, reach + tolerance),
        run=_windows(_beyond(distance, tolerance), RUN_LENGTH, RUN_LENGTH),
        near_limit=_windows(_beyond(distance, reach / 2 + tolerance), WINDOW, NEAR_IN_WINDOW),
    )


def _beyond(distance: FloatArray, threshold: FloatArray) -> Direction:
    """1 where farther above than the threshold, -1 where farther below; 0 for nan too."""
    return (distance > threshold).astype(np.int8) - (distance < -threshold).astype(np.int8)


def _windows(sides: Direction, length: int, needed: int) -> Direction:
    """Sides of the points in some window of `length` that has `needed` on their side."""
    marked = np.zeros_like(sides)
    for start in range(len(sides) - length + 1):
        window = slice(start, start + length)
        for side in (1, -1):
            on_side = sides[window] == side
            if on_side.sum() >= needed:
                marked[window][on_side] = side
    return marked

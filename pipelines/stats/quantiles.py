"""Percentiles of durations: values that occurred, and bounds that occurred too."""

from fractions import Fraction
from functools import lru_cache
from math import ceil

import numpy as np
import scipy
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats

# Ranks farther than this many standard deviations from n·p hold less than 1e-15
# of the probability, so no interval of practical confidence can end there.
REACH = 9.0


def rank_of(p: float, n: int) -> int:
    """The 1-based rank ⌈p·n⌉ of a percentile among n members.

    Worked out on the decimal that was written: in floating point 0.07 · 100 is above
    7, which would be one rank too many.

    >>> rank_of(0.07, 100)
    7
    """
    if not 0 < p < 1:
        raise ValueError(f"p == {p}, must lie between 0 and 1")
    return ceil(Fraction(str(p)) * n)


def nearest_rank(sorted_values: ArrayLike, p: float, *, censored: int = 0) -> float:
    """The percentile by nearest rank: x_(⌈p·n⌉).

    Args:
        sorted_values: Known values, ascending, shape (k,).
        p: Which percentile, as a fraction strictly between 0 and 1.
        censored: Members whose value is only known to be longer than every known one
            (not activated in the window, not answered yet). They count into n.

    Returns:
        A value that occurred; nan without members, or where the rank falls among the
        censored: "not reached".

    Raises:
        ValueError: If p is outside (0, 1), censored is negative, or values not sorted.

    Source:
        Hyndman & Fan (1996), The American Statistician 50(4), 361-365, definition 1.

    >>> nearest_rank([1, 2, 3, 4, 10], 0.85)
    10.0
    >>> nearest_rank([1, 2, 3], 0.5, censored=4)
    nan
    """
    values = floats(sorted_values)
    if censored < 0:
        raise ValueError("censored must not be negative")
    if (np.diff(values) < 0).any():
        raise ValueError("sorted_values must ascend")
    return _value_at(values, rank_of(p, values.size + censored))


@lru_cache(maxsize=4096)
def order_statistic_interval(n: int, p: float, *, confidence: float = 0.95) -> tuple[int, int]:
    """Ranks between which the true percentile lies, whatever the distribution.

    The closest pair of ranks l < u with P(l ≤ Bin(n, p) ≤ u - 1) ≥ confidence; among
    equally close ones the pair with the more even tails. Where no pair is that likely,
    the end that is the harder to reach is open, and the other takes the whole
    risk: p85 has both ends from n = 19, p95 from n = 59.

    Args:
        n: Members.
        p: Which percentile, as a fraction strictly between 0 and 1.
        confidence: Coverage at least, strictly between 0 and 1.

    Returns:
        1-based ranks (l, u); 0 stands for an open end.

    Raises:
        ValueError: If p or confidence is outside (0, 1).

    Source:
        Hahn & Meeker (1991), Statistical Intervals, section 5.2.

    >>> order_statistic_interval(19, 0.85), order_statistic_interval(18, 0.85)
    ((12, 19), (13, 0))
    """
    if not (0 < p < 1 and 0 < confidence < 1):
        raise ValueError("p and confidence must lie between 0 and 1")
    deviation = REACH * (n * p * (1 - p)) ** 0.5 + REACH
    ranks = np.arange(max(1, int(n * p - deviation)), min(n, int(n * p + deviation)) + 1)
    if ranks.size == 0:
        return 0, 0
    # A hair of tolerance: a pair at exactly the confidence must not fail by rounding.
    needed = confidence - 1e-12
    below = scipy.special.bdtr((ranks - 1).astype(float), n, p)  # P(Bin ≤ rank - 1)
    partner = np.searchsorted(below, below + needed)
    lower = np.flatnonzero(partner < ranks.size)
    if lower.size:
        upper = partner[lower]
        unevenness = np.abs(below[lower] - (1 - below[upper]))
        best = np.lexsort((unevenness, upper - lower))[0]
        return int(ranks[lower[best]]), int(ranks[upper[best]])
    with_open_top = ranks[1 - below >= needed]
    with_open_bottom = ranks[below >= needed]
    if with_open_top.size and (p >= 0.5 or not with_open_bottom.size):
        return int(with_open_top[-1]), 0
    return 0, int(with_open_bottom[0]) if with_open_bottom.size else 0


def quantile_interval(
    sorted_values: ArrayLike, p: float, *, censored: int = 0, confidence: float = 0.95
) -> tuple[float, float]:
    """Confidence interval of a percentile, between two values that occurred.

    Args:
        sorted_values: Known values, ascending, shape (k,).
        p: Which percentile, as a fraction strictly between 0 and 1.
        censored: Members that rank as longer than every known value.
        confidence: Coverage at least, strictly between 0 and 1.

    Returns:
        Low and high in the unit of the values; an end is nan where it is open, by too
        few members or because its rank falls among the censored.

    Raises:
        ValueError: If p or confidence is outside (0, 1).

    Source:
        As `order_statistic_interval`.

    >>> quantile_interval(range(1, 31), 0.5)
    (10.0, 21.0)
    >>> quantile_interval([1, 2, 3, 4, 5, 6], 0.5, censored=4)
    (2.0, nan)
    """
    values = floats(np.asarray(sorted_values))
    low, high = order_statistic_interval(values.size + censored, p, confidence=confidence)
    return _value_at(values, low), _value_at(values, high)


def _value_at(values: FloatArray, rank: int) -> float:
    return float(values[rank - 1]) if 1 <= rank <= values.size else float("nan")

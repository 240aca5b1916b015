"""The arrays that every statistic takes and returns."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def floats(values: ArrayLike) -> FloatArray:
    """Numbers of any kind as floats, unchanged in shape; missing ones are nan."""
    return np.asarray(values, dtype=np.float64)


def observed(counts: ArrayLike) -> FloatArray:
    """Counts to divide by, shape (k,): nan where 0, as nothing was observed there."""
    n = floats(counts)
    return np.where(n == 0, np.nan, n)


def upper_tail_point(confidence: float) -> float:
    """Where the upper end of a two-sided interval lies, as a probability.

    >>> upper_tail_point(0.95)
    0.975
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence == {confidence}, must lie between 0 and 1")
    return (1 + confidence) / 2

"""The arrays that every statistic takes and returns."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Flags = NDArray[np.bool_]


def floats(values: ArrayLike) -> FloatArray:
    """Numbers of any kind as floats, unchanged in shape; missing ones are nan."""
    return np.asarray(values, dtype=np.float64)


def observed(counts: ArrayLike) -> FloatArray:
    """Counts to divide by, shape (k,): nan where 0, as nothing was observed there."""
    n = floats(counts)
    return np.where(n == 0, np.nan, n)


def known_count(values: FloatArray) -> FloatArray:
    """How many values along the last axis are known, shape (...)."""
    return floats(np.isfinite(values).sum(axis=-1))


def known_sum(values: FloatArray) -> FloatArray:
    """Sum along the last axis of what is known, shape (...); 0 where nothing is."""
    return floats(np.where(np.isfinite(values), values, 0.0).sum(axis=-1))


def known_mean(values: FloatArray) -> FloatArray:
    """Mean along the last axis of what is known, shape (...); nan where nothing is.

    >>> known_mean(floats([[1, 2, float("nan")], [4, 4, 4]])).tolist()
    [1.5, 4.0]
    """
    return known_sum(values) / observed(known_count(values))


def upper_tail_point(confidence: float) -> float:
    """Where the upper end of a two-sided interval lies, as a probability.

    >>> upper_tail_point(0.95)
    0.975
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence == {confidence}, must lie between 0 and 1")
    return (1 + confidence) / 2

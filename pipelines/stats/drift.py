"""Was it moving anyway? How steep a drift a baseline could hide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, known_count, known_mean, known_sum, observed
from pipelines.stats.before_after import inflation, student


@dataclass(frozen=True)
class Drift:
    """Slope of a baseline per period and the steepest that it cannot rule out, shape (...)."""

    slope: FloatArray
    low: FloatArray
    high: FloatArray


def baseline_drift(baseline: ArrayLike, rho: ArrayLike, *, alpha: float = 0.05) -> Drift:
    """Slope of a baseline with its interval, allowing for autocorrelation.

    Args:
        baseline: Values per period, oldest first, shape (..., n0); nan where missing.
        rho: Lag-1 autocorrelation of the whole series, shape (...).
        alpha: 1 - coverage, strictly between 0 and 1.

    Returns:
        In the values' unit per period; the ends are nan below three values.

    Source:
        Least squares; the variance of the slope is widened as that of a mean in
        `before_after.mean_effect`.

    >>> found = baseline_drift([1, 2, 3, 4, 5, 6], 0.0)
    >>> found.slope.item(), round(found.high.item(), 9)
    (1.0, 1.0)
    """
    series, factor = floats(baseline), inflation(floats(rho))
    n = known_count(series)
    time = np.where(np.isfinite(series), np.arange(series.shape[-1]), np.nan)
    time = time - known_mean(time)[..., None]
    residuals = series - known_mean(series)[..., None]
    spread = observed(known_sum(time**2))
    slope = known_sum(time * residuals) / spread
    freedom = np.where(n > 2, n - 2, np.nan)
    variance = known_sum((residuals - slope[..., None] * time) ** 2) / freedom
    quantile = student(alpha, np.maximum(n / factor - 2, 1))
    width = quantile * np.sqrt(factor * variance / spread)
    return Drift(slope, slope - width, slope + width)


def windows_apart(before: ArrayLike, after: ArrayLike, periods_between: float = 0) -> FloatArray:
    """Distance between the mean times of two windows, in periods, shape (...).

    Args:
        before: Values of the earlier window, shape (..., n0); a missing one has no time.
        after: The same of the later window, shape (..., n1).
        periods_between: Periods between the two that belong to neither.

    >>> windows_apart([5, 5, 5], [7, 7, 7]).item()
    3.0
    """
    sides = [floats(before), floats(after)]
    means = [
        known_mean(np.where(np.isfinite(side), np.arange(side.shape[-1]), np.nan)) for side in sides
    ]
    return floats(sides[0].shape[-1] + periods_between + means[1] - means[0])

"""Counts of events in a period, and rates per unit of exposure."""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, observed, upper_tail_point


def poisson_interval(
    count: ArrayLike,
    exposure: ArrayLike = 1.0,
    dispersion: ArrayLike = 1.0,
    *,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of a count or, with an exposure, of a rate.

    Args:
        count: Events seen, shape (k,).
        exposure: What the rate is per (weeks, thousands of active persons), shape (k,).
        dispersion: Variance over mean of such counts, shape (k,). Above 1 it widens
            both arms by its square root; at 1, below, or nan (unknown) it does nothing.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds, in events per unit of exposure, each of shape (k,); both
        nan where `exposure` is 0.

    Raises:
        ValueError: If a count or an exposure is negative.

    Source:
        Garwood (1936), Biometrika 28, 437-442. The chi-square quantiles are twice the
        gamma quantiles used here. Dispersion: McCullagh & Nelder (1989), section 6.2.3.

    >>> low, high = poisson_interval([10])
    >>> print(f"{low[0]:.3f} to {high[0]:.3f}")
    4.795 to 18.390
    """
    seen, per = floats(count), observed(exposure)
    if (seen < 0).any() or (per < 0).any():
        raise ValueError("count and exposure must not be negative")
    upper = upper_tail_point(confidence)
    lowest = np.where(
        seen > 0, scipy.special.gammaincinv(np.where(seen > 0, seen, 1.0), 1 - upper), 0.0
    )
    lowest = np.where(np.isnan(seen), np.nan, lowest)
    highest = scipy.special.gammaincinv(seen + 1, upper)
    stretch = np.sqrt(np.fmax(floats(dispersion), 1.0))
    return (
        np.maximum(seen - stretch * (seen - lowest), 0) / per,
        (seen + stretch * (highest - seen)) / per,
    )


def dispersion(counts: ArrayLike, exposures: ArrayLike = 1.0) -> float:
    """How much more a series of counts varies than chance alone would make it.

    Args:
        counts: Events per period, shape (k,); nan where a period is missing.
        exposures: What the rate is per, of each period, shape (k,) or one number.

    Returns:
        Pearson's chi-square over its degrees of freedom: 1 for pure chance, more for
        counts that come in clusters. Nan below two periods or without any event.

    Source:
        McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., section 6.2.3.

    >>> round(dispersion([4, 6, 5, 9, 1]), 2)
    1.7
    """
    seen, per = np.broadcast_arrays(floats(counts), floats(exposures))
    known = np.isfinite(seen) & (per > 0)
    seen, per = seen[known], per[known]
    if seen.size < 2 or seen.sum() == 0:
        return float("nan")
    expected = per * seen.sum() / per.sum()
    return float(((seen - expected) ** 2 / expected).sum() / (seen.size - 1))

"""Made-up noise in which neighbouring periods are alike."""

from collections.abc import Sequence

import numpy as np

from pipelines.stats.arrays import FloatArray


def autoregressive(rho: float, runs: int, periods: int, seed: int | Sequence[int]) -> FloatArray:
    """Normal noise of standard deviation 1 with a lag-1 autocorrelation.

    Args:
        rho: The autocorrelation, at least 0 and below 1.
        runs: How many series.
        periods: Values in each.
        seed: The same seed makes the same noise.

    Returns:
        Shape (runs, periods), settled from the first value on.

    >>> noise = autoregressive(0.5, 2_000, 40, seed=1)
    >>> noise.shape, round(noise.std().item(), 2)
    ((2000, 40), 1.0)
    """
    # Time first, so that each step writes one stretch of memory.
    noise = np.random.default_rng(seed).normal(size=(periods, runs))
    noise[1:] *= np.sqrt(1 - rho**2)
    for period in range(1, periods):
        noise[period] += rho * noise[period - 1]
    return np.ascontiguousarray(noise.T)

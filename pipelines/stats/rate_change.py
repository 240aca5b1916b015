"""How many times the rate of events changed, from counts per period of two windows."""

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, known_count, known_sum, observed
from pipelines.stats.before_after import (
    Effect,
    Side,
    inflation,
    lag_one,
    student,
    with_interval,
)

# Added to both totals where one is 0, as its logarithm does not exist.
HALF_AN_EVENT = 0.5


def rate_effect(
    before: ArrayLike,
    after: ArrayLike,
    exposure_before: ArrayLike = 1.0,
    exposure_after: ArrayLike = 1.0,
    *,
    alpha: float = 0.05,
) -> Effect:
    """Logarithm of the ratio of two rates, allowing for clusters and for autocorrelation.

    Args:
        before: Events per settled period, shape (..., n0); nan where missing.
        after: The same of the later window, shape (..., n1).
        exposure_before: What the rate is per, of each period; above 0.
        exposure_after: The same of the later window.
        alpha: 1 - coverage, strictly between 0 and 1.

    Returns:
        ln(rate after / rate before); means are logarithms of rates. The ends are nan where
        a side has no period, or neither side an event. Where one side has none, half an
        event is added to both.

    Source:
        McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., section 6.2.3, for the
        dispersion; Haldane (1956), Annals of Human Genetics 20, 309-311, for the half.

    >>> found = rate_effect([4, 6, 5, 5, 4, 6], [10, 9, 11, 10, 9, 11])
    >>> print(f"{np.exp(found.difference):.1f} times")
    2.0 times
    """
    counts = [floats(before), floats(after)]
    exposures = [
        np.where(np.isfinite(count), floats(exposure), np.nan)
        for count, exposure in zip(counts, (exposure_before, exposure_after), strict=True)
    ]
    n = [known_count(count) for count in counts]
    totals = [known_sum(count) for count in counts]
    per = [observed(known_sum(exposure)) for exposure in exposures]
    rho = lag_one(counts[0] / exposures[0], counts[1] / exposures[1])
    spare = np.where((totals[0] == 0) != (totals[1] == 0), HALF_AN_EVENT, 0.0)
    seen = [observed(total + spare) for total in totals]
    phi = _dispersion(counts, exposures)
    widened = inflation(rho) * phi
    quantile = student(alpha, np.maximum((n[0] + n[1]) / inflation(rho) - 2, 1))
    sides = [
        Side(count, np.log(total / exposure), widened / total * count, count / inflation(rho))
        for count, total, exposure in zip(n, seen, per, strict=True)
    ]
    return with_interval(
        (sides[0], sides[1]),
        sides[1].mean - sides[0].mean,
        (widened * (1 / seen[0] + 1 / seen[1]), widened / seen[1]),
        rho,
        quantile,
    )


def _dispersion(counts: list[FloatArray], exposures: list[FloatArray]) -> FloatArray:
    """Pearson's chi-square around each side's own rate, over its freedom; at least 1."""
    chi_square, n = floats(0.0), floats(0.0)
    for count, exposure in zip(counts, exposures, strict=True):
        rate = known_sum(count) / observed(known_sum(exposure))
        expected = observed(exposure * rate[..., None])
        chi_square = chi_square + known_sum((count - expected) ** 2 / expected)
        n = n + known_count(count)
    return np.maximum(1.0, chi_square / np.maximum(n - 2, 1))

"""The mean of a series before and after a change, neighbouring periods being alike.

Every array has any number of leading axes, (...): one series or thousands of simulated ones
are the same call. The last axis is time, oldest first; nan is a missing period.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from pipelines.stats.arrays import (
    Flags,
    FloatArray,
    floats,
    known_count,
    known_mean,
    known_sum,
    observed,
)
from pipelines.stats.change import ROUNDING

# Above this a series is so inert that its effective length cannot be told.
MOST_AUTOCORRELATION = 0.9
FEWEST_EFFECTIVE_POINTS = 2


@dataclass(frozen=True)
class Side:
    """One side of the comparison, each of shape (...).

    Attributes:
        n: Known periods.
        mean: Their mean; nan where none is known.
        variance: Sample variance of the values (n - 1); nan below two.
        effective: How many independent periods they are worth.
    """

    n: FloatArray
    mean: FloatArray
    variance: FloatArray
    effective: FloatArray


@dataclass(frozen=True)
class Effect:
    """After less before with its interval, each of shape (...).

    Attributes:
        difference: On the scale of the values that were compared.
        low: Lower end of the interval.
        high: Upper end.
        after_low: Lower end of the interval of the later mean alone.
        after_high: Upper end of it.
        rho: Lag-1 autocorrelation, 0 to 0.9.
        quantile: Of Student's t, by which the interval is made.
        before: The earlier side.
        after: The later side.
    """

    difference: FloatArray
    low: FloatArray
    high: FloatArray
    after_low: FloatArray
    after_high: FloatArray
    rho: FloatArray
    quantile: FloatArray
    before: Side
    after: Side

    @property
    def inflation(self) -> FloatArray:
        """How many alike periods are worth one independent one."""
        return inflation(self.rho)

    @property
    def is_too_alike(self) -> Flags:
        """Whether a side is worth fewer than two independent periods."""
        effective = np.minimum(self.before.effective, self.after.effective)
        return np.asarray(effective < FEWEST_EFFECTIVE_POINTS)


def inflation(rho: FloatArray) -> FloatArray:
    """By how much autocorrelation widens the variance of a mean: (1 + ρ)/(1 - ρ)."""
    return (1 + rho) / (1 - rho)


def lag_one(*stretches: ArrayLike) -> FloatArray:
    """Lag-1 autocorrelation of stretches of a series, each around its own mean.

    Args:
        stretches: Values per period, each of shape (..., n); only neighbours within a
            stretch form a pair. Two for a comparison, one for a baseline alone.

    Returns:
        Shape (...), between 0 and 0.9, corrected for the bias of short series; 0 for series
        without spread. Negative estimates count as 0: they would narrow the interval.

    Source:
        Marriott & Pope (1954), Biometrika 41, 390-402, for the bias (1 + 4ρ)/n; of two
        stretches with twice the constant, as each has its own mean.

    >>> lag_one([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]).round(2).item()
    0.83
    """
    sides = [floats(stretch) for stretch in stretches]
    residuals = [side - known_mean(side)[..., None] for side in sides]
    n = floats(sum(known_count(side) for side in sides))
    squares = floats(sum(known_sum(side**2) for side in residuals))
    products = floats(sum(known_sum(side[..., 1:] * side[..., :-1]) for side in residuals))
    # A constant series' mean may differ from it by rounding, which would look like inertia.
    scale = np.max([np.fmax.reduce(np.abs(side), axis=-1, initial=0) for side in sides], axis=0)
    is_flat = squares <= n * (ROUNDING * scale) ** 2
    estimate = products / np.where(is_flat, 1.0, squares)
    bias = (len(sides) + 4 * estimate) / observed(n)
    corrected = np.clip(estimate + bias, 0, MOST_AUTOCORRELATION)
    return floats(np.where(is_flat, 0.0, corrected))


def side_of(values: FloatArray, rho: FloatArray) -> Side:
    """What is known of one side, given its autocorrelation of shape (...)."""
    n, mean = known_count(values), known_mean(values)
    squares = known_sum((values - mean[..., None]) ** 2)
    freedom = np.where(n > 1, n - 1, np.nan)
    return Side(n, mean, squares / freedom, n / inflation(rho))


def mean_effect(before: ArrayLike, after: ArrayLike, *, alpha: float = 0.05) -> Effect:
    """Difference of two stretches' means, with an interval that allows for autocorrelation.

    Each side counts as n(1 - ρ)/(1 + ρ) independent points. A plain test of neighbouring
    days raises 16 to 53 % false alarms at autocorrelations of .3 to .8.

    Args:
        before: Values per settled period, shape (..., n0).
        after: The same of the later window, shape (..., n1).
        alpha: 1 - coverage, strictly between 0 and 1.

    Returns:
        In the values' unit. The ends are nan where a side has fewer than two values; they
        mean little where `is_too_alike`.

    Source:
        Welch (1947), Biometrika 34, 28-35, with effective sample sizes as in Bayley &
        Hammersley (1946), JRSS Supplement 8, 184-197.

    >>> found = mean_effect([10, 12, 11, 13, 9, 11], [21, 19, 22, 20, 18, 20])
    >>> print(f"{found.difference:.1f} ({found.low:.1f} to {found.high:.1f})")
    9.0 (7.2 to 10.8)
    """
    series = floats(before), floats(after)
    rho = lag_one(*series)
    sides = [side_of(each, rho) for each in series]
    parts = [inflation(rho) * side.variance / observed(side.n) for side in sides]
    weights = sum(
        part**2 / np.maximum(side.effective - 1, 1) for part, side in zip(parts, sides, strict=True)
    )
    total = parts[0] + parts[1]
    # Two constant sides leave no variance to be uncertain about.
    freedom = np.where(weights == 0, 1.0, total**2 / np.where(weights == 0, 1.0, weights))
    quantile = student(alpha, freedom)
    return with_interval(
        (sides[0], sides[1]), sides[1].mean - sides[0].mean, (total, parts[1]), rho, quantile
    )


def student(alpha: float, freedom: FloatArray) -> FloatArray:
    """Upper quantile of Student's t for a two-sided interval, shape (...)."""
    return floats(scipy.special.stdtrit(freedom, 1 - alpha / 2))


def with_interval(
    sides: tuple[Side, Side],
    difference: FloatArray,
    variances: tuple[FloatArray, FloatArray],
    rho: FloatArray,
    quantile: FloatArray,
) -> Effect:
    """An effect from its parts.

    Args:
        sides: Before and after; the later mean is on the scale of `difference`.
        difference: After less before, shape (...).
        variances: Of the difference and of the later mean alone.
        rho: Lag-1 autocorrelation.
        quantile: Of Student's t.
    """
    width, after_width = (quantile * np.sqrt(variance) for variance in variances)
    mean = sides[1].mean
    return Effect(
        difference=difference,
        low=difference - width,
        high=difference + width,
        after_low=mean - after_width,
        after_high=mean + after_width,
        rho=rho,
        quantile=quantile,
        before=sides[0],
        after=sides[1],
    )

"""Is it more than chance? Two stretches of one series compared, neighbours being alike."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from pipelines.stats.arrays import FloatArray, floats, upper_tail_point
from pipelines.stats.change import ROUNDING, Change, judged, withheld

# Below six points a side neither spread nor autocorrelation can be estimated.
FEWEST_POINTS = 6
FEWEST_EFFECTIVE_POINTS = 2
# Above this a series is so inert that its effective length cannot be told.
MOST_AUTOCORRELATION = 0.9


def autocorrelation(before: ArrayLike, after: ArrayLike) -> float:
    """Lag-1 autocorrelation of two stretches of a series, each around its own mean.

    Args:
        before: Values per period, oldest first, shape (k,); nan where a period is
            missing. Only neighbours form a pair. At least one value a side.
        after: The same of the later stretch; the two need not touch.

    Returns:
        Between 0 and 0.9, corrected for the bias of short series; 0 for series without
        spread. Negative estimates count as 0: they would narrow the interval.

    Source:
        Marriott & Pope (1954), Biometrika 41, 390-402, for the bias (1 + 4ρ)/n; here
        with twice the constant, as each side has its own mean.

    >>> round(autocorrelation([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]), 2)
    0.83
    """
    sides = [floats(side) for side in (before, after)]
    n = sum(_known(side).size for side in sides)
    residuals = [side - _known(side).mean() for side in sides]
    squares = sum(float(np.nansum(side**2)) for side in residuals)
    # A constant series' mean may differ from it by rounding, which would look like inertia.
    if squares <= n * (ROUNDING * max(float(np.abs(_known(side)).max()) for side in sides)) ** 2:
        return 0.0
    products = sum(float(np.nansum(side[1:] * side[:-1])) for side in residuals)
    estimate = products / squares
    return float(np.clip(estimate + (2 + 4 * estimate) / n, 0, MOST_AUTOCORRELATION))


def series_change(before: ArrayLike, after: ArrayLike, *, confidence: float = 0.95) -> Change:
    """Change of a series' mean, allowing for neighbouring periods being alike.

    A plain test of daily means raises 16 to 53 % false alarms at autocorrelations of
    .3 to .8. Here each side counts as n(1-ρ)/(1+ρ) independent points.

    Args:
        before: Values per settled period, oldest first, shape (k,); nan where missing.
        after: The same of the later window, of equal length where that is possible.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        The change in periods' unit. Below six points a side, or where they are worth
        fewer than two independent ones, "too_little_data" without an interval.

    Raises:
        ValueError: If confidence is outside (0, 1).

    Source:
        Welch (1947), Biometrika 34, 28-35, with effective sample sizes as in Bayley &
        Hammersley (1946), JRSS Supplement 8, 184-197.

    >>> change = series_change([10, 12, 11, 13, 9, 11], [21, 19, 22, 20, 18, 20])
    >>> print(f"{change.difference:.1f} ({change.low:.1f} to {change.high:.1f}): {change.state}")
    9.0 (7.2 to 10.8): higher
    """
    upper = upper_tail_point(confidence)
    sides = [_known(before), _known(after)]
    n = np.array([side.size for side in sides])
    if n.min() == 0:
        return withheld("too_little_data", n_before=int(n[0]), n_after=int(n[1]))
    means = np.array([side.mean() for side in sides])
    difference = float(means[1] - means[0])
    rho = autocorrelation(before, after)
    inflation = (1 + rho) / (1 - rho)
    effective = n / inflation
    if n.min() < FEWEST_POINTS or effective.min() < FEWEST_EFFECTIVE_POINTS:
        return withheld(
            "too_little_data", n_before=int(n[0]), n_after=int(n[1]), difference=difference
        )
    parts = inflation * np.array([side.var(ddof=1) for side in sides]) / n
    weights = float((parts**2 / np.maximum(effective - 1, 1)).sum())
    freedom = float(parts.sum()) ** 2 / weights if weights > 0 else 1.0
    quantile = float(stdtrit(freedom, upper))
    half_width = quantile * float(np.sqrt(parts.sum()))
    return judged(
        difference,
        (difference - half_width, difference + half_width),
        (int(n[0]), int(n[1])),
        quantile=quantile,
        scale=float(np.abs(means).max()),
    )


def _known(values: ArrayLike) -> FloatArray:
    series = floats(values)
    return series[np.isfinite(series)]

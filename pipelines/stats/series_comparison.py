"""Is it more than chance? Two stretches of one series compared, neighbours being alike."""

from numpy.typing import ArrayLike

from pipelines.stats.arrays import upper_tail_point
from pipelines.stats.before_after import lag_one, mean_effect
from pipelines.stats.change import Change, judged, withheld

# Below six points a side neither spread nor autocorrelation can be estimated.
FEWEST_POINTS = 6


def autocorrelation(before: ArrayLike, after: ArrayLike) -> float:
    """Lag-1 autocorrelation of two stretches of one series, as `before_after.lag_one`.

    >>> round(autocorrelation([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]), 2)
    0.83
    """
    return float(lag_one(before, after))


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
        As `before_after.mean_effect`.

    >>> change = series_change([10, 12, 11, 13, 9, 11], [21, 19, 22, 20, 18, 20])
    >>> print(f"{change.difference:.1f} ({change.low:.1f} to {change.high:.1f}): {change.state}")
    9.0 (7.2 to 10.8): higher
    """
    alpha = 2 * (1 - upper_tail_point(confidence))
    found = mean_effect(before, after, alpha=alpha)
    n_before, n_after = int(found.before.n), int(found.after.n)
    if min(n_before, n_after) < FEWEST_POINTS or found.is_too_alike:
        return withheld(
            "too_little_data",
            n_before=n_before,
            n_after=n_after,
            difference=float(found.difference),
        )
    return judged(
        float(found.difference),
        (float(found.low), float(found.high)),
        (n_before, n_after),
        quantile=float(found.quantile),
        scale=max(abs(float(found.before.mean)), abs(float(found.after.mean))),
    )

"""Means and ratios of sums, from the sums alone: no row is needed again."""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, observed, upper_tail_point


def sample_variance(n: ArrayLike, total: ArrayLike, total_of_squares: ArrayLike) -> FloatArray:
    """Variance of single observations, from their sums, with n - 1 below.

    Args:
        n: Observations. Counts, shape (k,).
        total: Their sum, shape (k,).
        total_of_squares: The sum of their squares, shape (k,).

    Returns:
        Variances, shape (k,); nan below two observations.

    Raises:
        ValueError: If the sums cannot belong together: squares below total²/n.

    Source:
        The identity Σ(x - x̄)² = Σx² - (Σx)²/n.

    >>> sample_variance([4], [10], [30])  # 1, 2, 3, 4
    array([1.66666667])
    """
    count, sum_of, squares = observed(n), floats(total), floats(total_of_squares)
    around_mean = squares - sum_of**2 / count
    # The two terms cancel, so equal observations leave rounding noise of either sign.
    if (around_mean < -1e-9 * np.abs(squares)).any():
        raise ValueError("total_of_squares must be at least total² / n")
    return np.maximum(around_mean, 0) / np.where(count > 1, count - 1, np.nan)


def t_interval_from_sums(
    n: ArrayLike, total: ArrayLike, total_of_squares: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of a mean.

    Args:
        n: Observations. Counts, shape (k,).
        total: Their sum, shape (k,), in the unit of the metric.
        total_of_squares: The sum of their squares, shape (k,).
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds in the unit of `total`, each of shape (k,); both nan
        below two observations, as one says nothing about spread.

    Raises:
        ValueError: If the sums cannot belong together.

    Source:
        Student (1908), Biometrika 6(1), 1-25.

    >>> low, high = t_interval_from_sums([4], [10], [30])  # 1, 2, 3, 4
    >>> print(f"{low[0]:.3f} to {high[0]:.3f}")
    0.446 to 4.554
    """
    count = observed(n)
    mean = floats(total) / count
    standard_error = np.sqrt(sample_variance(n, total, total_of_squares) / count)
    half_width = scipy.special.stdtrit(count - 1, upper_tail_point(confidence)) * standard_error
    return mean - half_width, mean + half_width


def ratio_interval(
    n: ArrayLike,
    sum_y: ArrayLike,
    sum_x: ArrayLike,
    sum_yy: ArrayLike,
    sum_xx: ArrayLike,
    sum_xy: ArrayLike,
    *,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of a ratio of sums Σy/Σx, linearised (delta method).

    Args:
        n: Units that each carry a y and an x. Counts, shape (k,).
        sum_y: Σy, shape (k,).
        sum_x: Σx, shape (k,).
        sum_yy: Σy², shape (k,).
        sum_xx: Σx², shape (k,).
        sum_xy: Σxy, shape (k,).
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds in units of y per x, each of shape (k,); both nan below
        two units or where Σx is 0.

    Source:
        Cochran (1977), Sampling Techniques, 3rd ed., section 2.11, without the
        finite population correction.

    >>> low, high = ratio_interval([4], [20], [10], [126], [30], [61])
    >>> print(f"{low[0]:.3f} to {high[0]:.3f}")
    1.480 to 2.520
    """
    count, denominator = floats(n), observed(sum_x)
    ratio = floats(sum_y) / denominator
    residuals = floats(sum_yy) - 2 * ratio * floats(sum_xy) + ratio**2 * floats(sum_xx)
    freedom = np.where(count > 1, count - 1, np.nan)
    # Rounding may leave a perfect ratio's residuals just below 0.
    spread = np.sqrt(count / freedom * np.maximum(residuals, 0))
    half_width = (
        scipy.special.stdtrit(freedom, upper_tail_point(confidence)) * spread / np.abs(denominator)
    )
    return ratio - half_width, ratio + half_width


def welch_difference(
    first: tuple[ArrayLike, ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of the difference of two means, first less second.

    Args:
        first: `n`, `total` and `total_of_squares` of the first group, each of shape (k,).
        second: The same of the second group.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds in the unit of the metric, each of shape (k,); both nan
        where a group has fewer than two observations.

    Raises:
        ValueError: If the sums of a group cannot belong together.

    Source:
        Welch (1947), Biometrika 34, 28-35; degrees of freedom by Satterthwaite.

    >>> low, high = welch_difference(([4], [10], [30]), ([4], [6], [10]))
    >>> print(f"{low[0]:.3f} to {high[0]:.3f}")
    -0.935 to 2.935
    """
    n_1, n_2 = observed(first[0]), observed(second[0])
    part_1 = sample_variance(*first) / n_1
    part_2 = sample_variance(*second) / n_2
    difference = floats(first[1]) / n_1 - floats(second[1]) / n_2
    variance = part_1 + part_2
    # Two groups without any spread have no degrees of freedom: 0 wide whatever they are.
    weights = part_1**2 / (n_1 - 1) + part_2**2 / (n_2 - 1)
    freedom = np.where(weights > 0, variance**2 / np.where(weights > 0, weights, 1), 1.0)
    half_width = scipy.special.stdtrit(freedom, upper_tail_point(confidence)) * np.sqrt(variance)
    return difference - half_width, difference + half_width

"""Shares of people or things: k of n, and the difference of two such shares."""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, observed, upper_tail_point


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of a share, dependable for small samples.

    Unlike p ± z·se, it never leaves [0, 1] and does not collapse to a point
    when every trial, or none, succeeded.

    Args:
        successes: Users who did it. Counts, shape (k,).
        trials: Users who could have. Counts, shape (k,).
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds as fractions of 1, each of shape (k,); both nan
        where `trials` is 0, as nothing was observed.

    Raises:
        ValueError: If a count is negative, or successes exceed trials.

    Source:
        Wilson (1927), JASA 22(158), 209-212. Preferred for n <= 40 by Brown,
        Cai & DasGupta (2001), Statistical Science 16(2), 101-133.

    >>> low, high = wilson_interval([8], [10])
    >>> print(f"{low[0]:.3f} to {high[0]:.3f}")
    0.490 to 0.943
    """
    won, n = floats(successes), observed(trials)
    if (won < 0).any() or (won > floats(trials)).any():
        raise ValueError("successes must be between 0 and trials")
    z = scipy.special.ndtri(upper_tail_point(confidence))
    centre = (won + z**2 / 2) / (n + z**2)
    half_width = z / (n + z**2) * np.sqrt(won * (n - won) / n + z**2 / 4)
    # At 0 of n and n of n the bound is exactly 0 or 1; rounding would leave it 1e-17 off.
    return (
        np.where(won == 0, 0 * n, centre - half_width),
        np.where(won == n, n / n, centre + half_width),
    )


def newcombe_difference(
    successes_1: ArrayLike,
    trials_1: ArrayLike,
    successes_2: ArrayLike,
    trials_2: ArrayLike,
    *,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of the difference p1 - p2 of two independent shares.

    The distances from each share to its Wilson bounds are combined as squares,
    so the interval stays in [-1, 1] and is not symmetric where the shares are not.

    Args:
        successes_1: Users of the first group who did it. Counts, shape (k,).
        trials_1: Users of the first group who could have. Counts, shape (k,).
        successes_2: As `successes_1`, of the second group.
        trials_2: As `trials_1`, of the second group.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high bounds as fractions of 1, each of shape (k,); both nan
        where either group is empty.

    Raises:
        ValueError: If a count is negative, or successes exceed trials.

    Source:
        Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    >>> low, high = newcombe_difference([56], [70], [48], [80])  # Newcombe, table II (a)
    >>> print(f"{low[0]:.4f} to {high[0]:.4f}")
    0.0524 to 0.3339
    """
    low_1, high_1 = wilson_interval(successes_1, trials_1, confidence=confidence)
    low_2, high_2 = wilson_interval(successes_2, trials_2, confidence=confidence)
    p_1 = floats(successes_1) / observed(trials_1)
    p_2 = floats(successes_2) / observed(trials_2)
    difference = p_1 - p_2
    return (
        difference - np.hypot(p_1 - low_1, high_2 - p_2),
        difference + np.hypot(high_1 - p_1, p_2 - low_2),
    )

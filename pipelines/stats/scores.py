"""Net Promoter Scores: promoters less detractors, per hundred answers."""

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, observed

# The rounded normal quantile that the published tables and examples use.
Z_95 = 1.96
# Rocks adds three answers: 3/4 promoter, 3/4 detractor, the rest passive.
ADDED_ANSWERS = 3
ADDED_EACH_SIDE = 0.75


def adjusted_wald_nps(
    promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """95 % interval of a Net Promoter Score.

    Three invented answers pull the score towards 0 and keep the interval from
    collapsing when everybody answered alike.

    Args:
        promoters: Answers 9-10. Counts, shape (k,).
        detractors: Answers 0-6. Counts, shape (k,).
        n: All answers, passives included. Counts, shape (k,).

    Returns:
        Low and high bounds in points, each of shape (k,), within ±100; both nan
        where `n` is 0, as no answer is not a score of 0.

    Raises:
        ValueError: If a count is negative, or promoters and detractors exceed n.

    Source:
        Rocks (2016), "Interval estimation for the Net Promoter Score", The
        American Statistician 70(4), 365-372.

    >>> low, high = adjusted_wald_nps([291], [395], [1162])
    >>> print(f"{low[0]:.2f} to {high[0]:.2f}")
    -13.31 to -4.55
    """
    score, variance_of_mean = _adjusted(promoters, detractors, n)
    half_width = Z_95 * np.sqrt(variance_of_mean)
    return (
        np.clip(100 * (score - half_width), -100, 100),
        np.clip(100 * (score + half_width), -100, 100),
    )


def nps_difference(
    promoters_1: ArrayLike,
    detractors_1: ArrayLike,
    n_1: ArrayLike,
    promoters_2: ArrayLike,
    detractors_2: ArrayLike,
    n_2: ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """95 % interval of the difference of two waves' scores, first less second.

    d ± 1.96·√(se₁² + se₂²) around the observed difference. The standard errors are
    the adjusted ones: the plain ones are 0 for a wave in which all answered alike.

    Args:
        promoters_1: Answers 9-10 of the first wave. Counts, shape (k,).
        detractors_1: Answers 0-6 of the first wave. Counts, shape (k,).
        n_1: All answers of the first wave. Counts, shape (k,).
        promoters_2: As `promoters_1`, of the second wave.
        detractors_2: As `detractors_1`, of the second wave.
        n_2: As `n_1`, of the second wave.

    Returns:
        Low and high bounds in points, each of shape (k,), within ±200; both nan
        where either wave has no answer.

    Raises:
        ValueError: If a count is negative, or promoters and detractors exceed n.

    Source:
        Sauro & Lewis (2016), Quantifying the User Experience, 2nd ed., chapter 5,
        for two independent means; standard errors as in `adjusted_wald_nps`.

    >>> low, high = nps_difference([50], [20], [100], [40], [25], [100])
    >>> print(f"{low[0]:.1f} to {high[0]:.1f}")
    -6.5 to 36.5
    """
    _, variance_1 = _adjusted(promoters_1, detractors_1, n_1)
    _, variance_2 = _adjusted(promoters_2, detractors_2, n_2)
    difference = (floats(promoters_1) - floats(detractors_1)) / observed(n_1) - (
        floats(promoters_2) - floats(detractors_2)
    ) / observed(n_2)
    half_width = Z_95 * np.sqrt(variance_1 + variance_2)
    return (
        np.clip(100 * (difference - half_width), -200, 200),
        np.clip(100 * (difference + half_width), -200, 200),
    )


def _adjusted(
    promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Adjusted score as a fraction of 1, and the variance of it; nan where n is 0."""
    for_it, against_it, answers = floats(promoters), floats(detractors), observed(n)
    if (for_it < 0).any() or (against_it < 0).any() or (for_it + against_it > floats(n)).any():
        raise ValueError("promoters and detractors must be at least 0 and together at most n")
    weight = answers + ADDED_ANSWERS
    p = (for_it + ADDED_EACH_SIDE) / weight
    d = (against_it + ADDED_EACH_SIDE) / weight
    return p - d, (p + d - (p - d) ** 2) / weight

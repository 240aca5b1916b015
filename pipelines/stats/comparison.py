"""Is it more than chance? Two samples compared."""

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import floats
from pipelines.stats.bootstrap import bootstrap_ratio_difference
from pipelines.stats.change import Change, judged
from pipelines.stats.means import welch_difference
from pipelines.stats.proportions import newcombe_difference
from pipelines.stats.scores import nps_difference

# Shares: fewer are told as "x of n".
FEWEST_PEOPLE = 30
# Survey scores: half-width ±15 points at 100 answers, ±26 at 30.
FEWEST_ANSWERS = 100
FEWEST_CUSTOMERS = 20


def proportion_change(
    successes_before: int,
    n_before: int,
    successes_after: int,
    n_after: int,
    *,
    minimum_n: int = FEWEST_PEOPLE,
) -> Change:
    """Change of a share between two samples of different people.

    Args:
        successes_before: People of the earlier sample who did it.
        n_before: People of the earlier sample.
        successes_after: People of the later sample who did it.
        n_after: People of the later sample.
        minimum_n: Fewest people a side for a verdict.

    Returns:
        The change as a fraction of 1; below `minimum_n` with its interval, but
        "too_little_data".

    Raises:
        ValueError: If a count is negative, or successes exceed n.

    Source:
        As `newcombe_difference`.

    >>> proportion_change(48, 80, 56, 70).state
    'higher'
    """
    low, high = newcombe_difference(successes_after, n_after, successes_before, n_before)
    difference = _quotient(successes_after, n_after) - _quotient(successes_before, n_before)
    sizes = (n_before, n_after)
    return judged(difference, (float(low), float(high)), sizes, minimum_n=minimum_n)


def nps_change(
    before: tuple[int, int, int],
    after: tuple[int, int, int],
    *,
    minimum_n: int = FEWEST_ANSWERS,
) -> Change:
    """Change of a Net Promoter Score between two waves of different people.

    Args:
        before: Promoters, detractors and all answers of the earlier wave.
        after: The same of the later wave.
        minimum_n: Fewest answers a side for a verdict.

    Returns:
        The change in points; below `minimum_n` with its interval, but "too_little_data".

    Raises:
        ValueError: If a count is negative, or promoters and detractors exceed n.

    Source:
        As `nps_difference`.

    >>> nps_change((40, 25, 100), (50, 20, 100)).state
    'no_clear_change'
    """
    low, high = nps_difference(*after, *before)
    difference = 100 * (
        _quotient(after[0] - after[1], after[2]) - _quotient(before[0] - before[1], before[2])
    )
    sizes = (before[2], after[2])
    return judged(difference, (float(low), float(high)), sizes, minimum_n=minimum_n)


def mean_change(
    before: tuple[int, float, float],
    after: tuple[int, float, float],
    *,
    minimum_n: int = FEWEST_PEOPLE,
) -> Change:
    """Change of a mean between two samples of different people.

    Args:
        before: `n`, `total` and `total_of_squares` of the earlier sample.
        after: The same of the later sample.
        minimum_n: Fewest people a side for a verdict.

    Returns:
        The change in the metric's unit; below `minimum_n` "too_little_data".

    Raises:
        ValueError: If the sums of a sample cannot belong together.

    Source:
        As `welch_difference`.

    >>> mean_change((40, 80.0, 200.0), (40, 120.0, 400.0)).state
    'higher'
    """
    low, high = welch_difference(after, before)
    means = [_quotient(side[1], side[0]) for side in (before, after)]
    return judged(
        means[1] - means[0],
        (float(low), float(high)),
        (before[0], after[0]),
        minimum_n=minimum_n,
        scale=max(abs(mean) for mean in means),
    )


def ratio_change(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    *,
    seed_parts: tuple[str, ...],
    minimum_n: int = FEWEST_CUSTOMERS,
) -> Change:
    """Change of Σy/Σx between two periods whose customers are partly the same.

    Args:
        before: y and x of the earlier period, each of shape (n,): one place per customer
            of either period, 0 and 0 where the customer is absent.
        after: The same customers in the later period.
        seed_parts: As in `bootstrap_ratio`.
        minimum_n: Fewest customers with an x other than 0, a side, for a verdict.

    Returns:
        The change in units of y per x; below `minimum_n` "too_little_data".

    Raises:
        ValueError: If the four differ in length or hold a missing value.

    Source:
        As `bootstrap_ratio_difference`.

    >>> ones = [1] * 30
    >>> ratio_change((range(30), ones), (range(5, 35), ones), seed_parts=("arpa",)).state
    'higher'
    """
    ends = bootstrap_ratio_difference(after, before, seed_parts=seed_parts)
    values = [_quotient(floats(y).sum(), floats(x).sum()) for y, x in (before, after)]
    sizes = (int(np.count_nonzero(before[1])), int(np.count_nonzero(after[1])))
    return judged(
        values[1] - values[0],
        ends,
        sizes,
        minimum_n=minimum_n,
        scale=max(abs(value) for value in values),
    )


def _quotient(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")

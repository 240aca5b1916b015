"""What the next sprint may hold, from the sprints so far."""

from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats

# Below five sprints even smallest to largest holds the next one only 60 % of the time.
FEWEST = 5
# Rounded as the calculator prints it.
NORMAL_90 = 1.645


def next_value_range(history: ArrayLike) -> tuple[float, float, float]:
    """Range for the next value, with the probability that it holds.

    [x_(j), x_(n+1-j)] holds the next of n + 1 exchangeable values with probability
    (n+1-2j)/(n+1), whatever their distribution. Taken is the narrowest with at least
    80 %; below nine values that is more than they can promise, and it is smallest to
    largest.

    Args:
        history: Completed work per closed sprint, any order, shape (k,); nan is left out.

    Returns:
        Low, high in the unit of `history`, and the probability as a fraction of 1; all
        nan below five values.

    Source:
        Wilks (1941), Annals of Mathematical Statistics 12, 91-96.

    >>> low, high, probability = next_value_range([21, 30, 25, 18, 27])
    >>> low, high, round(probability, 3)
    (18.0, 30.0, 0.667)
    """
    ordered = _known(history)
    n = ordered.size
    if n < FEWEST:
        return float("nan"), float("nan"), float("nan")
    j = max(1, (n + 1) // 10)
    return float(ordered[j - 1]), float(ordered[n - j]), (n + 1 - 2 * j) / (n + 1)


def median_range(history: ArrayLike) -> tuple[float, float]:
    """90 % range for the median of the process, which is no range for the next value.

    The ranks ⌈n/2 ± 1.645·√(n/4)⌉. They hold the median in 82 to 97 of 100 cases, as the
    binomial is approximated, but the next value only in 33 to 71 (5 to 20 values).

    Args:
        history: Completed work per closed sprint, any order, shape (k,); nan is left out.

    Returns:
        Low and high in the unit of `history`; both nan below five values.

    Source:
        Cohn, mountaingoatsoftware.com, velocity range calculator, "How it works".

    >>> median_range([21, 30, 25, 18, 27, 24, 29, 22])
    (21.0, 29.0)
    """
    ordered = _known(history)
    n = ordered.size
    if n < FEWEST:
        return float("nan"), float("nan")
    reach = NORMAL_90 * sqrt(n / 4)
    return float(ordered[ceil(n / 2 - reach) - 1]), float(ordered[ceil(n / 2 + reach) - 1])


def _known(history: ArrayLike) -> FloatArray:
    values = floats(history)
    return np.sort(values[np.isfinite(values)])

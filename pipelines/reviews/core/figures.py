"""A share or a median of judged things, each with its interval. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from pipelines.stats.proportions import wilson_interval
from pipelines.stats.quantiles import nearest_rank, quantile_interval

MIDDLE = 0.5


@dataclass(frozen=True)
class Share:
    """k of n.

    Attributes:
        k: How many did.
        n: Of how many.
        value: k / n as a fraction of 1; None where n is 0.
        low: Lower end of the 95 % interval by Wilson.
        high: Upper end of it.
        sentence: Why there is no value; "" where there is one.
    """

    k: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sentence: str = ""


def share(k: int, n: int, *, without: str) -> Share:
    """A share with its Wilson interval.

    Args:
        k: How many did, 0 to n.
        n: Of how many.
        without: What is said where n is 0.

    >>> share(0, 0, without="Nothing judged yet.").value is None
    True
    """
    if n == 0:
        return Share(k, n, sentence=without)
    low, high = wilson_interval([k], [n])
    return Share(k, n, k / n, float(low[0]), float(high[0]))


@dataclass(frozen=True)
class Median:
    """The middle of some values, in their unit.

    Attributes:
        n: How many values.
        value: One that occurred; None without any.
        low: Lower end of the 95 % interval, one that occurred; None = open, by too few.
        high: Upper end of it.
    """

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def median(values: Sequence[float]) -> Median:
    """The median with its order-statistic interval.

    Args:
        values: In any order.

    Source:
        As `nearest_rank` and `quantile_interval`.
    """
    if not values:
        return Median(0)
    ascending = sorted(values)
    low, high = quantile_interval(ascending, MIDDLE)
    return Median(len(ascending), nearest_rank(ascending, MIDDLE), _known(low), _known(high))


def _known(value: float) -> float | None:
    return None if isnan(value) else value

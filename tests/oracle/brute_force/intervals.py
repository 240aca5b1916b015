"""The 95 % intervals of the catalogue, written again from their formulas."""

from collections.abc import Callable, Sequence
from functools import cache
from math import comb, exp, lgamma, log, pi, pow, sqrt
from random import Random
from statistics import NormalDist

Interval = tuple[float | None, float | None]
OPEN: Interval = (None, None)
RESAMPLES = 2000
Z = NormalDist().inv_cdf(0.975)


def wilson(total: float, n: int) -> Interval:
    """Of a share: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)."""
    p, weight = total / n, 1 + Z * Z / n
    arm = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    centre = p + Z * Z / (2 * n)
    return (centre - arm) / weight, (centre + arm) / weight


def adjusted_wald(promoters: int, detractors: int, n: int) -> Interval:
    """Of a Net Promoter Score: three quarters of an answer more on either side, of three more."""
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    arm = 196 * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return max(-100.0, 100 * (p - d) - arm), min(100.0, 100 * (p - d) + arm)


def student(total: float, squares: float, n: int) -> Interval:
    """Of a mean: x̄ ± t(.975, n−1)·s/√n."""
    mean, spread = total / n, sqrt(max(0.0, squares - total**2 / n) / (n - 1))
    arm = t_quantile(n - 1) * spread / sqrt(n)
    return mean - arm, mean + arm


def poisson(count: int, dispersion: float) -> tuple[float, float]:
    """Of a count: where its own tails hold 2.5 %; both arms longer if counts come in clusters."""
    low = 0.0 if count == 0 else _root(lambda rate: 1 - _at_most(count - 1, rate) < 0.025)
    high = _root(lambda rate: _at_most(count, rate) > 0.025)
    stretch = sqrt(max(1.0, dispersion))
    return max(0.0, count - stretch * (count - low)), count + stretch * (high - count)


def dispersion(counts: Sequence[int], exposures: Sequence[float] | None = None) -> float:
    """Pearson's chi-square of counts at one common rate, over its degrees of freedom."""
    per = exposures or [1.0] * len(counts)
    rate = sum(counts) / sum(per)
    return sum((c - rate * e) ** 2 / (rate * e) for c, e in zip(counts, per, strict=True)) / (
        len(counts) - 1
    )


def resampled(groups: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Σy/Σx over 2,000 resamples of whole customers, each (y, x), ascending."""
    dice, size = Random("brute force"), len(groups)
    ratios = []
    for _ in range(RESAMPLES):
        drawn = dice.choices(groups, k=size)
        ratios.append(sum(each[0] for each in drawn) / sum(each[1] for each in drawn))
    return tuple(sorted(ratios))


def nearest_rank(percent: int, n: int) -> int:
    """⌈p·n⌉ in whole numbers."""
    return -(-percent * n // 100)


@cache
def rank_pairs(percent: int, n: int) -> tuple[tuple[int | None, int | None], ...]:
    """Ranks l, u with P(l ≤ Bin(n, p) ≤ u − 1) ≥ .95: the closest pairs with the evenest tails.

    At the median two pairs that mirror each other are equally good. Where no pair is so
    likely, the upper end is open and the lower takes the whole risk.
    """
    p, below = percent / 100, [0.0]
    for k in range(n + 1):
        below.append(below[-1] + comb(n, k) * p**k * (1 - p) ** (n - k))
    pairs = {
        (lower, upper): (upper - lower, round(abs(below[lower] - (1 - below[upper])), 9))
        for lower in range(1, n + 1)
        for upper in range(lower + 1, n + 1)
        if below[upper] - below[lower] >= 0.95 - 1e-12
    }
    if pairs:
        best = min(pairs.values())
        return tuple(pair for pair, quality in pairs.items() if quality == best)
    lows = [lower for lower in range(1, n + 1) if 1 - below[lower] >= 0.95 - 1e-12]
    return ((lows[-1] if lows else None, None),)


@cache
def t_quantile(freedom: int) -> float:
    """t(.975): where Simpson's rule finds 47.5 % of the density right of the middle."""
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)

    def right_of_middle(t: float, steps: int = 400) -> float:
        width = t / steps
        power = -(freedom + 1) / 2
        heights = [pow(1 + (width * i) ** 2 / freedom, power) for i in range(steps + 1)]
        inner = 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        return scale * width / 3 * (heights[0] + inner + heights[-1])

    return _root(lambda t: right_of_middle(t) < 0.475)


def _at_most(count: int, rate: float) -> float:
    if rate == 0:
        return 1.0
    return sum(exp(k * log(rate) - rate - lgamma(k + 1)) for k in range(count + 1))


def _root(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    while is_below(high):
        low, high = high, 2 * high
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return high

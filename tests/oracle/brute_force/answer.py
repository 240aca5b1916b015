"""What a row of an answer must say."""

from dataclasses import dataclass

from brute_force.intervals import (
    OPEN,
    Interval,
    adjusted_wald,
    nearest_rank,
    rank_pairs,
    wilson,
)

ENOUGH_PEOPLE = 30
ENOUGH_DURATIONS = {50: 10, 85: 10, 95: 20}
Key = tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """The numbers of one row; None where there is none.

    Attributes:
        status: ok, too_few, immature or no_data.
        value: The number.
        n: Its denominator; of a count, the count.
        total: Numerator of a share, or the sum behind a mean.
        intervals: Low and high; several where the definition leaves a choice.
        draws: Where an interval is found by drawing lots: values that were drawn, ascending.
    """

    status: str
    value: float | None
    n: int
    total: float | None = None
    intervals: tuple[Interval, ...] = (OPEN,)
    draws: tuple[float, ...] = ()


def immature(n: int) -> Cell:
    """A period that has begun and is not settled."""
    return Cell("immature", None, n)


def unknown(n: int = 0) -> Cell:
    """A period of which nothing can be said."""
    return Cell("no_data", None, n)


def count(n: int) -> Cell:
    """A full count."""
    return Cell("ok", n, n, n)


def share(total: int, n: int, *, enough: int = ENOUGH_PEOPLE) -> Cell:
    """A proportion with its Wilson interval."""
    if not n:
        return unknown()
    return Cell("ok" if n >= enough else "too_few", total / n, n, total, (wilson(total, n),))


def exact_share(total: float, n: float) -> Cell:
    """A ratio of a full count: no interval, and no minimum holds it back."""
    return Cell("ok", total / n, round(n), total) if n else unknown()


def score(promoters: int, detractors: int, n: int) -> Cell:
    """A Net Promoter Score of five answers or more."""
    if not n:
        return unknown()
    net = promoters - detractors
    interval = adjusted_wald(promoters, detractors, n)
    return Cell("ok" if n >= ENOUGH_PEOPLE else "too_few", 100 * net / n, n, net, (interval,))


def quantile(known: list[float], n: int, percent: int) -> Cell:
    """The nearest rank among n durations, of which the longest may not be known yet.

    Args:
        known: Those that are, ascending.
        n: All of them.
        percent: Which percentile.
    """

    def at(rank: int | None) -> float | None:
        return known[rank - 1] if rank is not None and rank <= len(known) else None

    value = at(nearest_rank(percent, n)) if n else None
    if value is None:
        return unknown(n)
    intervals = tuple((at(lower), at(upper)) for lower, upper in rank_pairs(percent, n))
    return Cell("ok" if n >= ENOUGH_DURATIONS[percent] else "too_few", value, n, None, intervals)

"""Bootstrap intervals for money and shares, where customers weigh unequally."""

import hashlib
import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from pipelines.stats.arrays import FloatArray, floats, upper_tail_point
from pipelines.stats.quantiles import rank_of

RESAMPLES = 2_000
# Cells drawn at a time: 8 MB of random numbers, whatever the number of customers.
CELLS_PER_CHUNK = 1_000_000
# One multinomial cell costs about 8 times one index draw (70 against 9 ns), so counting
# kinds of customers pays from 8 customers of a kind.
CUSTOMERS_PER_KIND = 8


def bootstrap_ratio(
    y: ArrayLike,
    x: ArrayLike,
    *,
    seed_parts: tuple[str, ...],
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Percentile-bootstrap interval of Σy/Σx, resampling whole customers.

    Args:
        y: Numerator of each customer, shape (n,).
        x: Denominator of each customer, shape (n,); ones for a mean.
        seed_parts: What the number is (metric id, segment, period). The same parts and
            customers give the same interval, in whatever order the customers come.
        resamples: How often the customers are drawn again.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high in units of y per x. An end is nan where it is open (so many
        resamples without denominator that it has no bound); both below two customers.

    Raises:
        ValueError: If y and x differ in length or hold a missing value.

    Source:
        Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    >>> low, high = bootstrap_ratio([90, 100, 50, 120], [100] * 4, seed_parts=("nrr", "", "2026"))
    >>> 0.5 <= low < 0.9 < high <= 1.2
    True
    """
    customers = _columns(y, x)
    if len(customers) < 2:
        return float("nan"), float("nan")
    sums = _resampled_sums(customers, seed_parts, resamples)
    return _percentile_ends(_ratios(sums[:, 0], sums[:, 1]), confidence)


def bootstrap_share(
    successes: ArrayLike,
    trials: ArrayLike,
    *,
    seed_parts: tuple[str, ...],
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Percentile-bootstrap interval of a share, resampling whole clusters.

    For items that come in accounts: ten complaints of one account are not ten
    independent complaints.

    Args:
        successes: Items of each cluster that have it. Counts, shape (n,).
        trials: All items of each cluster. Counts, shape (n,).
        seed_parts: As in `bootstrap_ratio`.
        resamples: How often the clusters are drawn again.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high as fractions of 1; both nan below two clusters.

    Raises:
        ValueError: If a count is negative, or successes exceed trials.

    Source:
        Field & Welsh (2007), Journal of the Royal Statistical Society B 69, 369-390,
        the randomised cluster bootstrap.

    >>> low, high = bootstrap_share([3, 0, 1], [10, 10, 10], seed_parts=("theme_share",))
    >>> 0 <= low < 4 / 30 < high <= 0.3
    True
    """
    won, n = floats(successes), floats(trials)
    if (won < 0).any() or (won > n).any():
        raise ValueError("successes must be between 0 and trials")
    return bootstrap_ratio(
        won, n, seed_parts=seed_parts, resamples=resamples, confidence=confidence
    )


def bootstrap_ratio_difference(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    seed_parts: tuple[str, ...],
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Percentile-bootstrap interval of a change of Σy/Σx, first less second.

    The customers of both periods are drawn together, so that one who is in both
    stays in both: most of the revenue of two months comes from the same customers.

    Args:
        first: y and x of the first period, each of shape (n,): one place per customer
            of either period, 0 and 0 where the customer is absent.
        second: The same customers in the second period.
        seed_parts: As in `bootstrap_ratio`.
        resamples: How often the customers are drawn again.
        confidence: Coverage, strictly between 0 and 1.

    Returns:
        Low and high in units of y per x; ends nan as in `bootstrap_ratio`.

    Raises:
        ValueError: If the four differ in length or hold a missing value.

    Source:
        As `bootstrap_ratio`; paired resampling as in section 8.3 there.

    >>> low, high = bootstrap_ratio_difference(
    ...     ([12, 11, 14], [1, 1, 1]), ([10, 10, 10], [1, 1, 1]), seed_parts=("arpa",)
    ... )
    >>> 1 <= low <= high <= 4
    True
    """
    customers = _columns(*first, *second)
    if len(customers) < 2:
        return float("nan"), float("nan")
    sums = _resampled_sums(customers, seed_parts, resamples)
    changes = _ratios(sums[:, 0], sums[:, 1]) - _ratios(sums[:, 2], sums[:, 3])
    return _percentile_ends(changes, confidence)


def seed_of(parts: tuple[str, ...]) -> int:
    """A seed from text, the same on every machine and in every process.

    JSON keeps ("a", "bc") and ("ab", "c") apart.

    >>> seed_of(("nrr", "all", "2026-10-01")) == seed_of(("nrr", "all", "2026-10-01"))
    True
    """
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    return int.from_bytes(digest[:16], "big")


def _columns(*columns: ArrayLike) -> FloatArray:
    """One row per customer, shape (n, number of columns)."""
    numbers = [floats(column) for column in columns]
    if len({column.shape for column in numbers}) > 1:
        raise ValueError("every customer needs one value in each column")
    rows = np.column_stack(numbers)
    if not np.isfinite(rows).all():
        raise ValueError("a customer's value is missing or not finite")
    return rows


def _resampled_sums(
    customers: FloatArray, seed_parts: tuple[str, ...], resamples: int
) -> FloatArray:
    """Column sums of each resample, shape (resamples, columns)."""
    kinds, repeats = np.unique(customers, axis=0, return_counts=True)
    random = np.random.default_rng(seed_of(seed_parts))
    n = len(customers)
    sums = []
    if len(kinds) * CUSTOMERS_PER_KIND <= n:
        for size in _chunk_sizes(resamples, len(kinds)):
            sums.append(random.multinomial(n, repeats / n, size=size) @ kinds)
    else:
        in_fixed_order = np.repeat(kinds, repeats, axis=0).T.copy()
        for size in _chunk_sizes(resamples, n):
            drawn = random.integers(0, n, size=(size, n), dtype=np.uint32)
            sums.append(np.column_stack([column[drawn].sum(axis=1) for column in in_fixed_order]))
    return np.concatenate(sums)


def _chunk_sizes(resamples: int, cells: int) -> Iterator[int]:
    most = max(1, CELLS_PER_CHUNK // cells)
    for start in range(0, resamples, most):
        yield min(most, resamples - start)


def _ratios(numerators: FloatArray, denominators: FloatArray) -> FloatArray:
    """Ratios, infinite over a denominator of 0, so that they rank as beyond all others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return numerators / denominators


def _percentile_ends(resampled: FloatArray, confidence: float) -> tuple[float, float]:
    """Nearest-rank percentiles of the resampled values; nan where not finite."""
    known = np.sort(resampled[~np.isnan(resampled)])
    if known.size == 0:
        return float("nan"), float("nan")
    upper = upper_tail_point(confidence)
    low = known[rank_of(round(1 - upper, 12), known.size) - 1]
    high = known[rank_of(round(upper, 12), known.size) - 1]
    return (
        float(low) if np.isfinite(low) else float("nan"),
        float(high) if np.isfinite(high) else float("nan"),
    )

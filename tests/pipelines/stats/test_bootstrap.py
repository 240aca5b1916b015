"""Bootstrap intervals: repeatable, in any order, covering, bounded in memory."""

import tracemalloc
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap as scipy_bootstrap

from pipelines.stats.bootstrap import (
    bootstrap_ratio,
    bootstrap_ratio_difference,
    bootstrap_share,
    seed_of,
)

SEED = ("nrr", "all", "2026-10-01")


def customers(n, seed=1):
    rng = np.random.default_rng(seed)
    start = rng.lognormal(4, 1, n).round(2)
    return start * rng.choice([0, 0.5, 1, 1, 1, 1.5], n), start


def test_the_interval_of_distinct_customers_agrees_with_scipys_bootstrap():
    end, start = customers(300)
    low, high = bootstrap_ratio(end, start, seed_parts=SEED)
    oracle = scipy_bootstrap(
        (end, start),
        lambda y, x, axis: y.sum(axis=axis) / x.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    width = oracle.high - oracle.low
    assert low == pytest.approx(oracle.low, abs=0.06 * width)
    assert high == pytest.approx(oracle.high, abs=0.06 * width)


def test_customers_of_a_few_kinds_are_counted_to_the_same_interval_as_single_ones():
    """Kinds are drawn by another route; a hair on each price forces the first route."""
    rng = np.random.default_rng(3)
    mrr = rng.choice([29.0, 99.0, 499.0], 400)
    by_kind = bootstrap_ratio(mrr, np.ones(400), seed_parts=SEED, resamples=20_000)
    single = bootstrap_ratio(
        mrr + np.arange(400) * 1e-9, np.ones(400), seed_parts=SEED, resamples=20_000
    )
    width = by_kind[1] - by_kind[0]
    assert by_kind == pytest.approx(single, abs=0.04 * width)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_customers_does_not_matter(random):
    end, start = customers(60)
    order = random.sample(range(60), 60)
    assert bootstrap_ratio(end, start, seed_parts=SEED) == bootstrap_ratio(
        end[order], start[order], seed_parts=SEED
    )


def test_another_metric_segment_or_period_draws_other_customers():
    end, start = customers(60)
    intervals = {
        bootstrap_ratio(end, start, seed_parts=parts)
        for parts in (SEED, ("grr", "all", "2026-10-01"), ("nrr", "all2026", "-10-01"))
    }
    assert len(intervals) == 3


def test_the_seed_is_the_same_on_every_machine():
    """The expected digits are those that `sha256sum` prints for the list as JSON."""
    assert f"{seed_of(SEED):x}" == "8249df7b8fc28eb1deb13b953266b9ac"
    assert seed_of(("a", "bc")) != seed_of(("ab", "c"))


def test_a_mean_of_60_skewed_customers_is_covered_nine_times_in_ten():
    rng = np.random.default_rng(60)
    held = 0
    for run in range(300):
        low, high = bootstrap_ratio(
            rng.gamma(2, 50, 60), np.ones(60), seed_parts=(str(run),), resamples=400
        )
        held += low <= 100 <= high
    assert held / 300 >= 0.9


def test_the_interval_holds_the_ratio_widens_with_confidence_and_narrows_with_customers():
    end, start = customers(50)
    value = end.sum() / start.sum()
    low, high = bootstrap_ratio(end, start, seed_parts=SEED)
    wide_low, wide_high = bootstrap_ratio(end, start, seed_parts=SEED, confidence=0.99)
    many_low, many_high = bootstrap_ratio(np.tile(end, 9), np.tile(start, 9), seed_parts=SEED)
    assert wide_low < low < value < high < wide_high
    assert many_high - many_low < (high - low) / 2


def test_fewer_than_two_customers_give_no_interval():
    assert np.isnan(bootstrap_ratio([], [], seed_parts=SEED)).all()
    assert np.isnan(bootstrap_ratio([5], [4], seed_parts=SEED)).all()


def test_an_end_that_lies_among_resamples_without_denominator_is_open():
    """Gains over losses with one loser of 30: 36 % of resamples have no loss at all."""
    losses = np.zeros(30)
    losses[0] = 10
    low, high = bootstrap_ratio(np.full(30, 1.0), losses, seed_parts=("quick_ratio",))
    assert low > 0
    assert isnan(high)
    assert np.isnan(bootstrap_ratio([0, 0], [0, 0], seed_parts=SEED)).all()


@pytest.mark.parametrize(("y", "x"), [([1, 2], [1]), ([1, np.nan], [1, 1]), ([1, 2], [1, np.inf])])
def test_unequal_lengths_and_missing_values_are_refused(y, x):
    with pytest.raises(ValueError, match="customer"):
        bootstrap_ratio(y, x, seed_parts=SEED)


def test_memory_stays_bounded_with_50_000_distinct_customers():
    end, start = customers(50_000)
    tracemalloc.start()
    bootstrap_ratio(end, start, seed_parts=SEED, resamples=100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000  # all 100 resamples at once would take 80 MB, 2,000 take 1.6 GB


def test_items_that_come_in_accounts_have_a_wider_interval_than_single_items():
    complaints = np.repeat([10, 0], [6, 24])
    clustered = bootstrap_share(complaints, np.full(30, 10), seed_parts=("theme_share",))
    single = bootstrap_share(np.repeat([1, 0], [60, 240]), np.ones(300), seed_parts=("x",))
    assert 0 <= clustered[0] < single[0] < 0.2 < single[1] < clustered[1] <= 1


def test_a_share_with_more_successes_than_trials_is_refused():
    with pytest.raises(ValueError, match="between 0 and trials"):
        bootstrap_share([3], [2], seed_parts=SEED)


def test_the_same_customers_in_both_periods_are_compared_with_themselves():
    rng = np.random.default_rng(8)
    before = rng.lognormal(5, 1, 80)
    after = before * 1.1
    ones = np.ones(80)
    low, high = bootstrap_ratio_difference((after, ones), (before, ones), seed_parts=SEED)
    apart = bootstrap_ratio(before, ones, seed_parts=SEED)
    assert 0 < low < 0.1 * before.mean() < high
    assert high - low < 0.2 * (apart[1] - apart[0])


def test_customers_who_come_and_go_count_only_where_they_are():
    """40 old customers at 10, 40 new at 20, nobody in both: the change is exactly 10."""
    old, new = np.repeat([1, 0], 40), np.repeat([0, 1], 40)
    ends = bootstrap_ratio_difference((20 * new, new), (10 * old, old), seed_parts=SEED)
    assert ends == (10.0, 10.0)


def test_a_difference_needs_two_customers():
    ends = bootstrap_ratio_difference(([1], [1]), ([1], [1]), seed_parts=SEED)
    assert np.isnan(ends).all()

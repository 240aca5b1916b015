"""Percentiles: nearest rank, distribution-free bounds, members longer than the window."""

from fractions import Fraction
from math import ceil, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, lognorm

from pipelines.stats.quantiles import (
    nearest_rank,
    order_statistic_interval,
    quantile_interval,
    rank_of,
)


# SOURCE: mikebowler/jirametrics (Apache-2.0) @22b164c, spec/time_based_histogram_spec.rb,
# "#stats_for calculates percentiles".
@pytest.mark.parametrize(
    ("values", "percentiles"),
    [
        (range(1, 11), {0.30: 3, 0.50: 5, 0.75: 8, 0.99: 10}),
        ([3, 6, *[7] * 10, 15, 20], {0.50: 7, 0.75: 7, 0.92: 15}),
    ],
)
def test_nearest_rank_reproduces_jirametrics(values, percentiles):
    assert {p: nearest_rank(list(values), p) for p in percentiles} == percentiles


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=80), st.integers(1, 99))
def test_nearest_rank_agrees_with_numpy_and_is_a_value_that_occurred(values, percent):
    ordered = sorted(values)
    found = nearest_rank(ordered, percent / 100)
    assert found in ordered
    rank = ceil(Fraction(percent, 100) * len(ordered))
    assert found == ordered[rank - 1]


@given(st.integers(1, 10_000), st.integers(1, 999))
def test_ranks_are_exact_where_floating_point_is_one_off(n, per_mille):
    assert rank_of(per_mille / 1000, n) == ceil(Fraction(per_mille, 1000) * n)


def test_members_longer_than_the_window_count_and_a_percentile_among_them_is_not_reached():
    known = [1.0, 2, 3, 4]
    assert nearest_rank(known, 0.5, censored=4) == 4
    assert isnan(nearest_rank(known, 0.5, censored=5))
    assert isnan(nearest_rank([], 0.5, censored=3))


def test_nobody_has_no_percentile():
    assert isnan(nearest_rank([], 0.5))
    assert np.isnan(quantile_interval([], 0.5)).all()


@pytest.mark.parametrize("p", [0, 1, 85])
def test_a_percentile_outside_0_and_1_is_refused(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        nearest_rank([1, 2], p)
    with pytest.raises(ValueError, match="between 0 and 1"):
        order_statistic_interval(10, p)


def test_unsorted_values_and_negative_censoring_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        nearest_rank([2, 1], 0.5)
    with pytest.raises(ValueError, match="censored"):
        nearest_rank([1, 2], 0.5, censored=-1)


def likely_pairs(n, p, confidence):
    """Every pair of ranks that the definition allows, by brute force."""
    below = [float(binom.cdf(k, n, p)) for k in range(-1, n + 1)]  # below[k + 1] = P(Bin ≤ k)
    return {
        (lower, upper)
        for lower in range(1, n + 1)
        for upper in range(lower + 1, n + 1)
        if below[upper] - below[lower] >= confidence - 1e-12
    }


@pytest.mark.parametrize("p", [0.25, 0.5, 0.85, 0.95])
@pytest.mark.parametrize("n", [1, 4, 5, 6, 9, 10, 18, 19, 22, 23, 41, 58, 59, 90])
def test_the_pair_of_ranks_is_among_the_likely_ones_and_none_is_closer(n, p):
    pairs = likely_pairs(n, p, 0.95)
    lower, upper = order_statistic_interval(n, p)
    if pairs:
        assert (lower, upper) in pairs
        assert upper - lower == min(u - low for low, u in pairs)
    else:
        assert lower == 0 or upper == 0
    if lower and not upper:
        assert binom.sf(lower - 1, n, p) >= 0.95 > binom.sf(lower, n, p)
    if upper and not lower:
        assert binom.cdf(upper - 1, n, p) >= 0.95


@pytest.mark.parametrize(("p", "enough"), [(0.85, 19), (0.95, 59), (0.5, 6)])
def test_both_ends_are_reached_from_the_n_that_the_catalogue_names(p, enough):
    assert all(order_statistic_interval(n, p)[1] == 0 for n in range(enough))
    assert all(0 not in order_statistic_interval(n, p) for n in range(enough, 200))


def test_a_low_percentile_has_its_lower_end_open():
    lower, upper = order_statistic_interval(10, 0.05)
    assert lower == 0
    assert upper > 0


@given(st.integers(1, 400), st.sampled_from([0.5, 0.85, 0.95]))
@settings(deadline=None)
def test_ranks_are_further_apart_with_more_confidence(n, p):
    close = order_statistic_interval(n, p, confidence=0.8)
    far = order_statistic_interval(n, p, confidence=0.99)
    if 0 not in far:
        assert far[1] - far[0] >= close[1] - close[0]


@pytest.mark.parametrize("p", [0.5, 0.85])
def test_a_million_members_have_ranks_that_cover_as_promised(p):
    lower, upper = order_statistic_interval(1_000_000, p)
    coverage = binom.cdf(upper - 1, 1_000_000, p) - binom.cdf(lower - 1, 1_000_000, p)
    assert 0.95 <= coverage < 0.951


@pytest.mark.parametrize(("n", "p"), [(12, 0.5), (30, 0.85), (41, 0.85), (80, 0.95)])
def test_the_interval_covers_the_true_percentile_of_a_skewed_distribution(n, p):
    rng = np.random.default_rng(85)
    draws = np.sort(rng.lognormal(1, 1, (4_000, n)), axis=1)
    lower, upper = order_statistic_interval(n, p)
    true = lognorm.ppf(p, 1, scale=np.e)
    assert ((draws[:, lower - 1] <= true) & (true <= draws[:, upper - 1])).mean() >= 0.94


def test_bounds_among_members_longer_than_the_window_are_open():
    known = list(range(1, 13))
    assert quantile_interval(known, 0.5) == (3, 10)
    low, high = quantile_interval(known, 0.5, censored=8)
    assert low == 6
    assert isnan(high)


def test_p95_of_20_members_keeps_an_open_upper_end():
    low, high = quantile_interval(range(1, 21), 0.95)
    assert low == 17
    assert isnan(high)

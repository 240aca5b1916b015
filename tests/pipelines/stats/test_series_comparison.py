"""Two stretches of a series: coverage and false alarms under autocorrelation, by simulation."""

from math import isnan, sqrt

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import norm, ttest_ind

from pipelines.stats.series_comparison import autocorrelation, series_change

RUNS = 1_000
# Bars are widened by 2.6 standard errors of a simulated share, and by nothing else.
MARGIN = 2.6


def autoregressive(rho, length, seed):
    """RUNS series of standard deviation 1, settled before their first point."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, sqrt(1 - rho**2), (RUNS, length + 200))
    return lfilter([1], [1, -rho], noise, axis=1)[:, 200:]


def at_most(bar):
    return bar + MARGIN * sqrt(bar * (1 - bar) / RUNS)


@pytest.mark.parametrize(("n_before", "n_after"), [(12, 8), (26, 13)])
@pytest.mark.parametrize(("rho", "bar"), [(0.0, 0.085), (0.3, 0.085), (0.5, 0.085), (0.8, 0.11)])
def test_few_series_show_an_interval_that_misses_the_true_change(n_before, n_after, rho, bar):
    """Of all series; those worth fewer than two points show none, and so miss nothing."""
    series = autoregressive(rho, n_before + n_after, seed=int(10 * rho) + n_before)
    series[:, n_before:] += 1.5
    changes = [series_change(run[:n_before], run[n_before:]) for run in series]
    missed = [change.low > 1.5 or change.high < 1.5 for change in changes]
    assert np.mean(missed) <= at_most(bar)


@pytest.mark.parametrize(("rho", "plain_alarms"), [(0.3, 0.16), (0.6, 0.34), (0.8, 0.53)])
def test_14_days_a_side_raise_few_false_alarms_where_a_plain_test_raises_many(rho, plain_alarms):
    series = autoregressive(rho, 28, seed=14)
    before, after = series[:, :14], series[:, 14:]
    errors = np.sqrt((before.var(axis=1, ddof=1) + after.var(axis=1, ddof=1)) / 14)
    plain = np.abs(after.mean(axis=1) - before.mean(axis=1)) > norm.ppf(0.975) * errors
    assert plain.mean() == pytest.approx(plain_alarms, abs=0.04)
    states = [series_change(a, b).state for a, b in zip(before, after, strict=True)]
    called = np.mean([state in {"higher", "lower"} for state in states])
    assert called <= at_most(0.085)


def test_without_autocorrelation_the_interval_is_welchs():
    before = [10.0, 12, 9, 13, 8, 12, 9, 12]  # zigzag: the estimate is negative, so 0
    after = [15.0, 12, 16, 11, 17, 12, 15]
    change = series_change(before, after)
    expected = ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert autocorrelation(before, after) == 0
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))


def test_autocorrelation_is_the_pooled_estimate_with_its_correction():
    before, after = np.array([1.0, 2, 2, 3, 5, 5]), np.array([4.0, 4, 3, 3, 2, 2, 1])
    residuals = [before - before.mean(), after - after.mean()]
    r = sum(e[1:] @ e[:-1] for e in residuals) / sum(e @ e for e in residuals)
    assert autocorrelation(before, after) == pytest.approx(min(0.9, r + (2 + 4 * r) / 13))


def test_autocorrelation_is_estimated_without_much_bias():
    series = autoregressive(0.5, 60, seed=50)
    estimates = [autocorrelation(run[:30], run[30:]) for run in series]
    assert np.mean(estimates) == pytest.approx(0.5, abs=0.04)


def test_a_pair_across_a_missing_period_does_not_count():
    gap = [1.0, 4, 2, np.nan, 3, 4, 7]
    residuals = np.array(gap) - np.nanmean(gap)
    products = sum(residuals[i] * residuals[i + 1] for i in (0, 1, 4, 5))
    squares = np.nansum(residuals**2)
    flat = [5.0] * 6
    r = products / squares
    assert autocorrelation(gap, flat) == pytest.approx(r + (2 + 4 * r) / 12)


def test_missing_periods_do_not_count_as_points():
    change = series_change([1, 2, 3, 2, 1, np.nan, 2], [4, 5, np.nan, 4, 5, 4, 5])
    assert (change.n_before, change.n_after) == (6, 6)


@pytest.mark.parametrize(
    ("before", "after"), [([1, 2, 3, 2, 1], [9] * 8), ([1, 2] * 4, [9, 8, 9, 8, np.nan, 9])]
)
def test_below_six_points_a_side_there_are_values_and_no_interval(before, after):
    change = series_change(before, after)
    assert change.state == "too_little_data"
    assert not isnan(change.difference)
    assert isnan(change.low)
    assert isnan(change.smallest_visible)


def test_an_empty_side_has_no_difference_either():
    change = series_change([1, 2, 3, 2, 1, 2], [np.nan])
    assert change.state == "too_little_data"
    assert isnan(change.difference)
    assert (change.n_before, change.n_after) == (6, 0)


def test_a_series_worth_fewer_than_two_independent_points_is_too_little_data():
    """Straight slopes: autocorrelation at its bound of .9 leaves 6 of 0.3 points."""
    change = series_change(range(12), range(12, 24))
    assert change.state == "too_little_data"
    assert isnan(change.low)


def test_constant_series_are_compared_without_rounding_noise():
    same = series_change([0.1] * 6, [0.1] * 10)
    assert (same.state, same.difference) == ("no_clear_change", pytest.approx(0))
    assert series_change([1.0] * 6, [2.0] * 6).state == "higher"


def test_more_confidence_widens_the_interval():
    before, after = [10, 12, 9, 13, 8, 12, 9, 12], [13, 12, 14, 11, 13, 12, 13, 14]
    first, third = series_change(before, after), series_change(before, after, confidence=0.99)
    assert third.low < first.low < first.difference < first.high < third.high
    with pytest.raises(ValueError, match="confidence"):
        series_change(before, after, confidence=95)

"""Means and ratios from sums, against SciPy and statsmodels on the rows behind the sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from pipelines.stats.means import (
    ratio_interval,
    sample_variance,
    t_interval_from_sums,
    welch_difference,
)

values = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60).filter(
    lambda rows: np.var(rows) > 1e-3
)


def sums(rows):
    rows = np.asarray(rows, dtype=float)
    return [len(rows)], [rows.sum()], [(rows**2).sum()]


@given(values, st.floats(0.5, 0.999))
@settings(deadline=None)
def test_the_t_interval_agrees_with_scipy_on_the_rows(rows, confidence):
    low, high = t_interval_from_sums(*sums(rows), confidence=confidence)
    expected = stats.ttest_1samp(rows, 0).confidence_interval(confidence)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-6)


@given(values)
def test_sample_variance_agrees_with_numpy_on_the_rows(rows):
    assert sample_variance(*sums(rows))[0] == pytest.approx(np.var(rows, ddof=1), rel=1e-6)


def test_equal_answers_have_no_spread_in_spite_of_rounding():
    low, high = t_interval_from_sums([1000], [np.sum([0.1] * 1000)], [np.sum([0.01] * 1000)])
    assert low[0] == pytest.approx(0.1, abs=1e-6)
    assert high[0] == pytest.approx(0.1, abs=1e-6)


def test_one_observation_says_nothing_about_spread():
    low, high = t_interval_from_sums([0, 1, 2], [0, 4, 9], [0, 16, 41])
    assert np.isnan(low).tolist() == [True, True, False]
    assert np.isnan(high).tolist() == [True, True, False]


def test_sums_that_cannot_belong_together_are_refused():
    with pytest.raises(ValueError, match="total_of_squares"):
        t_interval_from_sums([4], [10], [20])


def test_the_t_interval_is_wider_with_confidence_and_narrower_with_n():
    rows = np.array([3.0, 5, 4, 9, 1])
    ends = [t_interval_from_sums(*sums(rows), confidence=c) for c in (0.8, 0.95, 0.99)]
    widths = [high[0] - low[0] for low, high in ends]
    low, high = t_interval_from_sums(*sums(np.tile(rows, 4)))
    assert widths[0] < widths[1] < widths[2]
    assert high[0] - low[0] < widths[1]


def test_the_ratio_of_revenue_per_session_has_the_delta_method_interval():
    """Oracle: the mean of the linearised rows (y - Rx)/x̄, by SciPy."""
    rng = np.random.default_rng(7)
    x = rng.poisson(4, 200) + 1.0
    y = 3 * x + rng.normal(0, 2, 200)
    low, high = ratio_interval(
        [200], [y.sum()], [x.sum()], [y @ y], [x @ x], [x @ y], confidence=0.9
    )
    ratio = y.sum() / x.sum()
    expected = stats.ttest_1samp((y - ratio * x) / x.mean(), 0).confidence_interval(0.9)
    assert (low[0], high[0]) == pytest.approx((ratio + expected.low, ratio + expected.high))


def test_the_ratio_interval_covers_95_percent():
    rng = np.random.default_rng(2026)
    x = rng.gamma(4, 1, (4_000, 60))
    y = 0.5 * x + rng.normal(0, 0.5, x.shape)
    sums_of = [part.sum(axis=1) for part in (y, x, y * y, x * x, x * y)]
    low, high = ratio_interval(np.full(4_000, 60), *sums_of)
    assert ((low <= 0.5) & (high >= 0.5)).mean() == pytest.approx(0.95, abs=0.015)


def test_a_ratio_over_ones_is_the_mean():
    rows = np.array([2.0, 3, 7, 11])
    n, total, squares = sums(rows)
    as_ratio = ratio_interval(n, total, [4], squares, [4], total)
    np.testing.assert_allclose(as_ratio, t_interval_from_sums(n, total, squares))


def test_a_ratio_without_denominator_or_with_one_unit_is_unknown():
    low, high = ratio_interval([5, 1], [3, 3], [0, 2], [9, 9], [0, 4], [0, 6])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


@given(values, values)
@settings(deadline=None)
def test_welch_agrees_with_statsmodels_on_the_rows(first, second):
    low, high = welch_difference(sums(first), sums(second))
    oracle = CompareMeans(DescrStatsW(first), DescrStatsW(second))
    expected = oracle.tconfint_diff(usevar="unequal")
    assert (low[0], high[0]) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_welch_reproduces_orders_per_user_of_tea_tasting():
    # SOURCE: e10v/tea-tasting (MIT) @90306f1, tests/metrics/test_mean.py,
    # test_ratio_of_means_analyze_basic; sums of orders over make_users_data(n_users=100,
    # covariates=True, rng=42): 47 users of the treatment, 53 of the control.
    low, high = welch_difference(([47], [18.0], [30.0]), ([53], [30.0], [58.0]))
    assert (low[0], high[0]) == pytest.approx((-0.5004359360326984, 0.13431791114309583), abs=1e-9)


def test_welch_is_unknown_for_a_single_observation_and_0_wide_without_spread():
    low, high = welch_difference(([1, 3], [2, 6], [4, 12]), ([5, 3], [9, 3], [30, 3]))
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == (1.0, 1.0)

"""Shares: published values, statsmodels and SciPy as oracles, properties, exact coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pipelines.stats.proportions import newcombe_difference, wilson_interval

# SOURCE: statsmodels/statsmodels (BSD-3-Clause), statsmodels/stats/tests/results/
# results_proportion.py, as asserted by test_proportion.py::test_confint_proportion;
# reference values from R's package binom, printed to 7 to 16 digits.
WILSON_95 = {
    (18, 20): (0.6989663547715128, 0.972133518786232),
    (4, 20): (0.0806576625797981, 0.4160174322518935),
    (4, 200): (0.00780442641634947, 0.05028708690582643),
    (190, 200): (0.910421851861224, 0.972617354399236),
    (1, 30): (0.00590859, 0.16670391),
    (29, 30): (0.8332961, 0.9940914),
    (0, 30): (0.0, 0.11351339),
    (30, 30): (0.8864866, 1.0),
}

# SOURCE: Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10,
# the contrasts a to h, printed to 4 digits.
NEWCOMBE_TABLE_2 = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0000),
    (10, 10, 0, 10): (0.6075, 1.0000),
}

trials = st.integers(1, 10_000)
counts = trials.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("count", "bounds"), WILSON_95.items())
def test_wilson_reproduces_the_reference_values_of_r(count, bounds):
    low, high = wilson_interval([count[0]], [count[1]])
    assert (low[0], high[0]) == pytest.approx(bounds, rel=1e-6)


def test_wilson_agrees_with_statsmodels_on_every_count_up_to_200():
    n = np.repeat(np.arange(1, 201), 201)
    won = np.tile(np.arange(201), 200)
    won, n = won[won <= n], n[won <= n]
    low, high = wilson_interval(won, n)
    expected_low, expected_high = proportion_confint(won, n, method="wilson")
    np.testing.assert_allclose(low, expected_low, atol=1e-15, rtol=1e-13)
    np.testing.assert_allclose(high, expected_high, atol=1e-15, rtol=1e-13)


@given(counts, st.floats(0.5, 0.999))
@settings(deadline=None)
def test_wilson_agrees_with_scipy_at_any_confidence(count, confidence):
    low, high = wilson_interval([count[0]], [count[1]], confidence=confidence)
    expected = binomtest(*count).proportion_ci(confidence, method="wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(counts)
def test_wilson_stays_within_0_and_1_and_holds_the_share(count):
    low, high = wilson_interval([count[0]], [count[1]])
    assert 0 <= low[0] <= count[0] / count[1] <= high[0] <= 1
    assert low[0] < high[0]


@given(counts)
def test_wilson_of_the_failures_is_the_mirror_image(count):
    won, n = count
    low, high = wilson_interval([won], [n])
    mirrored_low, mirrored_high = wilson_interval([n - won], [n])
    assert (low[0], high[0]) == pytest.approx((1 - mirrored_high[0], 1 - mirrored_low[0]))


@given(counts, st.floats(0.5, 0.9), st.floats(0.91, 0.999))
def test_wilson_is_wider_with_more_confidence(count, less, more):
    low, high = wilson_interval([count[0]], [count[1]], confidence=less)
    wide_low, wide_high = wilson_interval([count[0]], [count[1]], confidence=more)
    assert wide_low[0] <= low[0]
    assert high[0] <= wide_high[0]
    assert wide_high[0] - wide_low[0] > high[0] - low[0]


@given(counts, st.integers(2, 50))
def test_wilson_is_narrower_with_more_people_at_the_same_share(count, times):
    low, high = wilson_interval([count[0]], [count[1]])
    many_low, many_high = wilson_interval([times * count[0]], [times * count[1]])
    assert many_high[0] - many_low[0] < high[0] - low[0]


@given(trials.flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_wilson_rises_with_each_success(count):
    won, n = count
    lows, highs = wilson_interval([won, won + 1], [n, n])
    assert lows[0] < lows[1]
    assert highs[0] < highs[1]


def test_wilson_cannot_answer_without_trials():
    low, high = wilson_interval([0, 1], [0, 2])
    assert np.isnan(low).tolist() == [True, False]
    assert np.isnan(high).tolist() == [True, False]


@pytest.mark.parametrize(("won", "n"), [(-1, 10), (11, 10), (1, 0)])
def test_impossible_counts_are_refused(won, n):
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson_interval([won], [n])


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_outside_0_and_1_is_refused_with_its_value(confidence):
    with pytest.raises(ValueError, match=f"confidence == {confidence}"):
        wilson_interval([1], [2], confidence=confidence)


def test_wilson_covers_93_to_97_percent_on_average_and_91_at_every_single_point():
    """Exact coverage: the binomial summed over every possible count, no simulation."""
    shares = np.linspace(0.02, 0.98, 97)
    coverage = []
    for n in (30, 40, 55, 75, 100, 150, 200, 300, 500, 750, 1000):
        won = np.arange(n + 1)
        low, high = wilson_interval(won, np.full(n + 1, n))
        holds = (low <= shares[:, None]) & (shares[:, None] <= high)
        coverage.append((binom.pmf(won, n, shares[:, None]) * holds).sum(axis=1))
    assert 0.93 <= np.mean(coverage) <= 0.97
    assert np.min(coverage) >= 0.91


@pytest.mark.parametrize(("count", "bounds"), NEWCOMBE_TABLE_2.items())
def test_newcombe_reproduces_the_table_of_the_paper(count, bounds):
    low, high = newcombe_difference(*([number] for number in count))
    assert (low[0], high[0]) == pytest.approx(bounds, abs=5e-5)


def test_newcombe_reproduces_the_value_that_statsmodels_asserts():
    # SOURCE: statsmodels/statsmodels (BSD-3-Clause), test_proportion.py::
    # test_confint_2indep_propcis: R's PropCIs and Fagerland (2015), printed to 2 digits.
    low, high = newcombe_difference([7], [34], [1], [34])
    assert (low[0], high[0]) == pytest.approx((0.019, 0.34), abs=0.005)


@given(counts, counts)
@settings(deadline=None)
def test_newcombe_agrees_with_statsmodels(first, second):
    low, high = newcombe_difference(*([number] for number in (*first, *second)))
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)


@given(counts, counts)
def test_newcombe_stays_within_1_and_turns_with_the_order(first, second):
    low, high = newcombe_difference(*([number] for number in (*first, *second)))
    turned_low, turned_high = newcombe_difference(*([number] for number in (*second, *first)))
    assert -1 - 1e-12 <= low[0] < high[0] <= 1 + 1e-12
    assert (low[0], high[0]) == pytest.approx((-turned_high[0], -turned_low[0]))


def test_newcombe_cannot_answer_when_a_group_is_empty():
    low, high = newcombe_difference([0, 3], [0, 9], [1, 0], [2, 0])
    assert np.isnan(low).all()
    assert np.isnan(high).all()

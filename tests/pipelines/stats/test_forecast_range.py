"""Ranges for the next sprint and for the median: exact probabilities, Cohn's calculator."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pipelines.stats.forecast_range import median_range, next_value_range


@pytest.mark.parametrize(
    ("n", "j", "probability"),
    [(5, 1, 4 / 6), (8, 1, 7 / 9), (9, 1, 0.8), (18, 1, 17 / 19), (19, 2, 0.8), (29, 3, 0.8)],
)
def test_the_range_is_the_narrowest_that_holds_four_times_in_five(n, j, probability):
    low, high, found = next_value_range(np.arange(1, n + 1)[::-1])
    assert (low, high) == (j, n + 1 - j)
    assert found == pytest.approx(probability)


@given(st.integers(9, 500))
def test_one_sprint_narrower_would_hold_less_often_than_promised(n):
    low, high, probability = next_value_range(range(1, n + 1))
    assert probability >= 0.8
    assert (high - low - 2) / (n + 1) < 0.8


@pytest.mark.parametrize("n", [5, 9, 12, 25])
def test_the_next_sprint_falls_into_the_range_as_often_as_printed(n):
    rng = np.random.default_rng(n)
    sprints = rng.gamma(5, 5, (6_000, n + 1))
    held = []
    for run in sprints:
        low, high, probability = next_value_range(run[:n])
        held.append(low <= run[n] <= high)
    assert np.mean(held) == pytest.approx(probability, abs=0.02)


def test_below_five_sprints_there_is_no_range():
    assert np.isnan(next_value_range([20, 25, 22, 30])).all()
    assert np.isnan(median_range([20, 25, 22, 30])).all()


def test_a_missing_velocity_is_left_out():
    history = [20, 25, np.nan, 22, 30, 28]
    assert next_value_range(history) == next_value_range([20, 25, 22, 30, 28])
    assert median_range(history) == (20, 30)


# SOURCE: Mike Cohn, mountaingoatsoftware.com, velocity range calculator: "With five velocity
# observations, all five are used"; with eight the second to the seventh. The other rows are
# its formula, worked out by hand.
@pytest.mark.parametrize(
    ("n", "low", "high"), [(5, 1, 5), (6, 1, 6), (8, 2, 7), (16, 5, 12), (20, 7, 14)]
)
def test_the_median_range_takes_the_ranks_of_cohns_calculator(n, low, high):
    assert median_range(range(1, n + 1)) == (low, high)


def test_a_median_range_holds_the_median_82_to_97_percent_of_the_time():
    coverage = []
    for n in range(5, 101):
        low, high = median_range(range(1, n + 1))
        coverage.append(binom.cdf(high - 1, n, 0.5) - binom.cdf(low - 1, n, 0.5))
    assert (min(coverage), max(coverage)) == pytest.approx((0.820, 0.969), abs=5e-4)
    assert np.mean(coverage) == pytest.approx(0.9, abs=0.005)


def test_a_median_range_holds_the_next_sprint_only_33_to_71_percent_of_the_time():
    ranges = {n: median_range(range(1, n + 1)) for n in range(5, 21)}
    held = [(high - low) / (n + 1) for n, (low, high) in ranges.items()]
    assert (min(held), max(held)) == pytest.approx((1 / 3, 5 / 7))

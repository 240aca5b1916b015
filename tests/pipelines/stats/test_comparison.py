"""Two samples compared: what may be said, and from how many."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from pipelines.stats.change import judged, withheld
from pipelines.stats.comparison import mean_change, nps_change, proportion_change, ratio_change
from pipelines.stats.proportions import newcombe_difference


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ((0.1, 2.0), "higher"),
        ((-2.0, -0.1), "lower"),
        ((-0.1, 2.0), "no_clear_change"),
        ((0.0, 2.0), "no_clear_change"),
        ((-2.0, 0.0), "no_clear_change"),
        ((float("nan"), 2.0), "too_little_data"),
        ((1.0, float("inf")), "too_little_data"),
    ],
)
def test_a_direction_needs_an_interval_that_excludes_0(ends, state):
    assert judged(1.0, ends, (50, 50)).state == state


def test_rounding_is_no_change():
    assert judged(1e-16, (1e-17, 2e-16), (50, 50)).state == "no_clear_change"
    assert judged(1e-3, (1e-3, 1e-3), (50, 50), scale=1e9).state == "no_clear_change"


def test_too_few_on_either_side_are_no_verdict_but_keep_their_interval():
    change = judged(2.0, (1.0, 3.0), (30, 29), minimum_n=30)
    assert (change.state, change.low, change.high) == ("too_little_data", 1.0, 3.0)
    assert judged(2.0, (1.0, 3.0), (30, 30), minimum_n=30).state == "higher"


def test_a_withheld_comparison_has_no_interval():
    change = withheld("too_early", n_before=80, n_after=12)
    assert (change.state, change.n_before, change.n_after) == ("too_early", 80, 12)
    assert all(
        isnan(part)
        for part in (change.difference, change.low, change.high, change.smallest_visible)
    )


def test_a_change_as_large_as_the_smallest_visible_one_is_seen_four_times_in_five():
    rng = np.random.default_rng(80)
    visible = proportion_change(200, 500, 200, 500).smallest_visible
    after = rng.binomial(500, 0.4 + visible, 2_000)
    before = rng.binomial(500, 0.4, 2_000)
    low, _ = newcombe_difference(after, np.full(2_000, 500), before, np.full(2_000, 500))
    assert (low > 0).mean() == pytest.approx(0.8, abs=0.04)


def test_a_share_that_rose_from_60_to_80_percent_is_higher():
    change = proportion_change(48, 80, 56, 70)
    assert change.state == "higher"
    assert change.difference == pytest.approx(0.2)
    # SOURCE: Newcombe (1998), table II (a), method 10.
    assert (change.low, change.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (change.n_before, change.n_after) == (80, 70)


@given(st.integers(30, 300), st.integers(30, 300), st.data())
def test_swapping_the_sides_swaps_the_words(n_before, n_after, data):
    one = data.draw(st.integers(0, n_before))
    two = data.draw(st.integers(0, n_after))
    words = {"higher": "lower", "lower": "higher", "no_clear_change": "no_clear_change"}
    there = proportion_change(one, n_before, two, n_after)
    back = proportion_change(two, n_after, one, n_before)
    assert back.state == words[there.state]
    assert back.difference == pytest.approx(-there.difference)


def test_a_share_of_nobody_is_too_little_data():
    change = proportion_change(0, 0, 40, 80)
    assert change.state == "too_little_data"
    assert isnan(change.difference)


def test_false_alarms_between_equal_shares_stay_at_5_percent():
    rng = np.random.default_rng(5)
    draws = rng.binomial(200, 0.3, (1_000, 2))
    called = [
        proportion_change(int(a), 200, int(b), 200).state != "no_clear_change" for a, b in draws
    ]
    assert np.mean(called) <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 1_000)


def test_a_score_of_99_answers_gets_no_direction_however_far_it_moved():
    assert nps_change((0, 99, 99), (99, 0, 99)).state == "too_little_data"
    assert nps_change((0, 100, 100), (100, 0, 100)).state == "higher"


def test_ten_points_between_waves_of_100_are_no_clear_change():
    change = nps_change((40, 25, 100), (45, 20, 100))
    assert change.state == "no_clear_change"
    assert change.difference == pytest.approx(10)
    # 2.8 standard errors of √(2 · .6 / 100), in points.
    assert change.smallest_visible == pytest.approx(100 * 2.8 * np.sqrt(2 * 0.6 / 100), rel=0.05)


def test_a_score_without_answers_is_too_little_data():
    assert nps_change((0, 0, 0), (50, 10, 100)).state == "too_little_data"


def test_means_of_two_samples_are_compared_by_welch():
    change = mean_change((53, 30.0, 58.0), (47, 18.0, 30.0))
    assert change.state == "no_clear_change"
    # SOURCE: e10v/tea-tasting (MIT) @90306f1, tests/metrics/test_mean.py.
    assert (change.difference, change.low, change.high) == pytest.approx(
        (-0.18305901244480127, -0.5004359360326984, 0.13431791114309583)
    )
    assert mean_change((29, 30.0, 58.0), (47, 180.0, 3_000.0)).state == "too_little_data"
    assert mean_change((0, 0.0, 0.0), (47, 18.0, 30.0)).state == "too_little_data"


def test_a_ratio_of_money_that_moved_with_every_customer_is_higher():
    start = np.linspace(50, 500, 40)
    ones = np.ones(40)
    change = ratio_change((start, ones), (1.2 * start, ones), seed_parts=("arpa", "all"))
    assert change.state == "higher"
    assert change.difference == pytest.approx(0.2 * start.mean())
    assert (change.n_before, change.n_after) == (40, 40)


def test_a_ratio_of_19_customers_is_no_verdict():
    ones = np.repeat([1, 0], [19, 1])
    y = np.linspace(1, 2, 20) * ones
    assert ratio_change((y, ones), (3 * y, ones), seed_parts=("a",)).state == "too_little_data"


def test_unchanged_customers_are_no_clear_change():
    start = np.linspace(50, 500, 40)
    change = ratio_change((start, np.ones(40)), (start, np.ones(40)), seed_parts=("a",))
    assert (change.state, change.difference) == ("no_clear_change", 0.0)


def test_the_power_constant_is_the_80_percent_quantile_as_the_catalogue_rounds_it():
    visible = judged(0.0, (-1.0, 1.0), (9, 9)).smallest_visible
    assert visible == pytest.approx(1 + norm.ppf(0.8) / norm.ppf(0.975), abs=1e-3)

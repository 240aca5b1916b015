"""Individuals charts: published limits, the three rules, gaps, constant series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stats.control_chart import ProcessLimits, process_limits, signals

# SOURCE: NIST/SEMATECH e-Handbook of Statistical Methods (public domain), 6.3.2.2.
NIST_FLOWRATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]

# SOURCE: nhs-r-community/NHSRplotthedots (MIT) @050b07d, tests/testthat/
# test-ptd_spc_standard.R: rnorm(20) of R's seed 123 with y[15] = 10.
NHSR_OUTLIER = [
    -0.56047565,
    -0.23017749,
    1.55870831,
    0.07050839,
    0.12928774,
    1.71506499,
    0.46091621,
    -1.26506123,
    -0.68685285,
    -0.44566197,
    1.2240818,
    0.35981383,
    0.40077145,
    0.11068272,
    10,
    1.78691314,
    0.49785048,
    -1.96661716,
    0.7013559,
    -0.47279141,
]

# Centre 0 and limits ±2.66: the midpoints between centre and limit lie at ±1.33.
UNIT = ProcessLimits(centre=0.0, mean_moving_range=1.0)


def test_the_chart_of_the_nist_flow_rates_is_the_printed_one():
    """NIST divides by 1.128, which is a factor 2.6596: the fourth digit differs."""
    limits = process_limits(NIST_FLOWRATE)
    assert limits.centre == pytest.approx(50.81)
    assert limits.mean_moving_range == pytest.approx(1.8778, abs=5e-5)
    assert limits.upper == pytest.approx(55.8041, abs=1e-3)
    assert limits.lower == pytest.approx(45.8159, abs=1e-3)
    assert not signals(NIST_FLOWRATE, limits).direction.any()


def test_an_outlier_signals_although_its_moving_ranges_are_not_screened_out():
    """NHSRplotthedots screens and gets -2.38 to 3.72; unscreened limits are wider."""
    limits = process_limits(NHSR_OUTLIER)
    assert limits.centre == pytest.approx(0.6694159, abs=1e-6)
    assert limits.lower < -2.383666
    assert limits.upper > 3.722497
    assert np.flatnonzero(signals(NHSR_OUTLIER, limits).outside).tolist() == [14]


@pytest.mark.parametrize(("last", "direction"), [(2.66, 0), (2.67, 1), (-2.66, 0), (-2.67, -1)])
def test_a_point_signals_beyond_a_limit_and_not_on_it(last, direction):
    assert signals([0.5, -0.5, last], UNIT).outside.tolist() == [0, 0, direction]


# SOURCE: the run cases of nhs-r-community/NHSRplotthedots (MIT) @050b07d, tests/testthat/
# test-ptd_calculate_point_type.R, ptd_seven_point_one_side_mean, with one point more in
# each: its rule takes 7 in a row, ours 8. All points of a run are marked.
@pytest.mark.parametrize(
    ("side", "marked"),
    [
        ([1] * 7, [0] * 7),
        ([1] * 7 + [-1], [0] * 8),
        ([1] * 9 + [-1], [1] * 9 + [0]),
        ([-1] * 9 + [1], [-1] * 9 + [0]),
        ([-1, 1] * 3 + [1] * 8, [0] * 5 + [1] * 9),
    ],
)
def test_eight_in_a_row_on_one_side_signal_and_seven_do_not(side, marked):
    assert signals(0.1 * np.array(side), UNIT).run.tolist() == marked


@pytest.mark.parametrize("breaker", [0.0, np.nan])
def test_a_point_on_the_centre_or_a_missing_period_ends_a_run(breaker):
    series = [0.1] * 7 + [breaker] + [0.1] * 7
    assert not signals(series, UNIT).run.any()


@pytest.mark.parametrize(
    ("series", "marked"),
    [
        ([1.4, 1.4, 0.1, 1.4], [1, 1, 0, 1]),
        ([1.4, -0.1, 1.4, 1.4], [1, 0, 1, 1]),
        ([-1.4, -1.4, -1.4, 2.0], [-1, -1, -1, 0]),
        ([1.4, 1.4, -1.4, 0.1], [0, 0, 0, 0]),
        ([1.33, 1.33, 1.33, 1.33], [0, 0, 0, 0]),
        ([1.4, 1.4, 0.1, 0.1, 1.4], [0, 0, 0, 0, 0]),
        ([1.4, 1.4, 1.4], [0, 0, 0]),
    ],
)
def test_three_of_four_nearer_the_same_limit_than_the_centre_signal(series, marked):
    assert signals(series, UNIT).near_limit.tolist() == marked


def test_the_direction_joins_the_three_rules():
    series = [0.1] * 8 + [-3.0]
    assert signals(series, UNIT).direction.tolist() == [1] * 8 + [-1]


def test_only_neighbours_form_a_moving_range():
    limits = process_limits([1, 2, np.nan, 9, 8])
    assert limits.mean_moving_range == 1.0
    assert limits.centre == 5.0


@pytest.mark.parametrize("values", [[], [4.0], [4.0, np.nan, 5.0]])
def test_without_neighbours_there_are_no_limits_and_no_signals(values):
    limits = process_limits(values)
    assert np.isnan([limits.centre, limits.lower, limits.upper]).all()
    assert not signals(values, limits).direction.any()


def test_a_constant_series_does_not_signal_by_rounding():
    series = [0.1] * 12
    assert np.mean(series) != 0.1
    assert not signals(series, process_limits(series)).direction.any()


def test_frozen_limits_judge_later_points():
    baseline = [10, 12, 11, 9, 10, 11, 9, 12]
    assert signals([11, 25, 10], process_limits(baseline)).outside.tolist() == [0, 1, 0]


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40))
def test_turning_a_series_upside_down_turns_its_signals(values):
    series = np.array(values, dtype=float)
    found = signals(series, process_limits(series)).direction
    turned = signals(-series, process_limits(-series)).direction
    assert found.tolist() == (-turned).tolist()


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40))
def test_a_signal_points_to_the_side_on_which_its_point_lies(values):
    limits = process_limits(values)
    direction = signals(values, limits).direction
    side = np.sign(np.array(values) - limits.centre)
    assert (direction * side >= 0).all()


def test_false_alarms_of_pure_chance_are_rare():
    """Wheeler's limits hold about 99 % of single points; with three rules a few more signal."""
    rng = np.random.default_rng(99)
    flagged = [
        (signals(series, process_limits(series)).outside != 0).mean()
        for series in rng.normal(0, 1, (400, 40))
    ]
    assert np.mean(flagged) < 0.01

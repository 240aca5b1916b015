"""Targets: every shape on every kind of date, and what an interval lets one say."""

from datetime import date, timedelta
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stats.pacing import band_standing, standing, target_at

MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))
POINTS = [(MAY, 100.0), (JUNE, 200.0), (JULY, 150.0)]


@pytest.mark.parametrize(
    ("shape", "on", "target"),
    [
        ("step", MAY, 100),
        ("step", date(2026, 5, 31), 100),
        ("step", JUNE, 200),
        ("step", date(2030, 1, 1), 150),
        ("ramp", MAY, 100),
        ("ramp", date(2026, 6, 16), 175),
        ("ramp", JULY, 150),
        ("ramp", AUGUST, 150),
        ("table", JUNE, 200),
        ("cumulative", MAY, 100),
        ("cumulative", JULY, 450),
    ],
)
def test_each_shape_has_its_target_on_a_date(shape, on, target):
    assert target_at(shape, POINTS, on) == target


@pytest.mark.parametrize("shape", ["step", "ramp", "table", "cumulative"])
def test_no_target_is_made_up_before_the_first_point(shape):
    assert isnan(target_at(shape, POINTS, date(2026, 4, 30)))


@pytest.mark.parametrize("shape", ["table", "cumulative"])
@pytest.mark.parametrize("on", [date(2026, 5, 2), AUGUST])
def test_a_period_that_the_table_does_not_name_has_no_target(shape, on):
    assert isnan(target_at(shape, POINTS, on))


def test_a_constant_target_holds_from_its_date_on():
    assert target_at("constant", [(JULY, 0.45)], AUGUST) == 0.45
    assert isnan(target_at("constant", [(JULY, 0.45)], JUNE))


@pytest.mark.parametrize("points", [[], [(JUNE, 1.0), (MAY, 2.0)], [(MAY, 1.0), (MAY, 2.0)]])
def test_points_that_do_not_ascend_are_refused(points):
    with pytest.raises(ValueError, match="ascend"):
        target_at("step", points, MAY)


def test_a_constant_target_with_two_values_is_refused():
    with pytest.raises(ValueError, match="one value"):
        target_at("constant", POINTS, MAY)


@given(st.integers(0, 400), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(1, 400))
def test_a_ramp_stays_between_its_ends(day, start, end, length):
    points = [(MAY, start), (MAY + timedelta(days=length), end)]
    target = target_at("ramp", points, MAY + timedelta(days=day))
    slack = 1e-9 * max(abs(start), abs(end), 1)
    assert min(start, end) - slack <= target <= max(start, end) + slack


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.41, 0.50, "met"),
        (0.40, 0.50, "met"),
        (0.35, 0.50, "interval_spans_target"),
        (0.30, 0.39, "not_met"),
        (nan, 0.39, "not_met"),
        (0.41, nan, "met"),
        (nan, 0.50, "interval_spans_target"),
    ],
)
def test_a_target_to_exceed_is_judged_by_the_interval(low, high, expected):
    assert standing(0.40, 0.40, low=low, high=high) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (3, 5, "met"),
        (3, 6, "interval_spans_target"),
        (6, 9, "not_met"),
        (nan, 5, "met"),
        (6, nan, "not_met"),
        (3, nan, "interval_spans_target"),
    ],
)
def test_a_target_to_stay_below_is_judged_by_the_interval(low, high, expected):
    assert standing(5, 5, better="lower", low=low, high=high) == expected


def test_a_full_count_is_judged_by_its_value():
    assert standing(400, 400) == "met"
    assert standing(399, 400) == "not_met"
    assert standing(5, 5, better="lower") == "met"
    assert standing(6, 5, better="lower") == "not_met"


def test_without_value_or_target_nothing_is_said():
    assert standing(nan, 400) == "unknown"
    assert standing(400, nan) == "unknown"
    assert standing(400, nan, better="lower") == "unknown"
    assert band_standing(2.5, nan, 3) == "unknown"


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (2.5, nan, nan, "met"),
        (3.0, nan, nan, "met"),
        (3.1, nan, nan, "not_met"),
        (1.9, nan, nan, "not_met"),
        (2.5, 2.1, 2.9, "met"),
        (2.5, 1.9, 2.9, "interval_spans_target"),
        (2.5, 1.0, 4.0, "interval_spans_target"),
        (3.5, 3.2, 4.0, "not_met"),
        (1.0, 0.5, 1.9, "not_met"),
    ],
)
def test_a_band_is_met_by_an_interval_inside_it(value, low, high, expected):
    assert band_standing(value, 2, 3, low=low, high=high) == expected

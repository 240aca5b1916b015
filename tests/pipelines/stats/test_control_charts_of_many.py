"""Limits and signals of many series at once, against brute force and the one-series chart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stats.control_chart import (
    Limits,
    limits_of,
    process_limits,
    signals,
    signals_among,
)

STEPS = st.integers(-30, 30).map(float) | st.just(float("nan"))


def brute_force(values, centre, lower, upper):
    """The three rules as a reader would check them with a pencil."""
    outside = [int(v > upper) - int(v < lower) for v in values]
    run, near = [0] * len(values), [0] * len(values)
    for start in range(len(values) - 7):
        window = values[start : start + 8]
        for side in (1, -1):
            if all(side * (v - centre) > 0 for v in window):
                run[start : start + 8] = [side] * 8
    for start in range(len(values) - 3):
        window = range(start, start + 4)
        for limit, side in ((upper, 1), (lower, -1)):
            nearer = [k for k in window if abs(values[k] - limit) < abs(values[k] - centre)]
            # Beyond the limit is nearer to it, too; on the other side nothing is.
            nearer = [k for k in nearer if side * (values[k] - centre) > 0]
            if len(nearer) >= 3:
                for k in nearer:
                    near[k] = side
    return outside, run, near


@given(st.lists(STEPS, min_size=1, max_size=20), st.integers(1, 8), st.integers(1, 8))
def test_signals_are_those_of_brute_force_between_any_limits(values, below, above):
    limits = Limits(
        *(np.array(float(end)) for end in (0.25, 0.25 - 3 * below, 0.25 + 3 * above, 9))
    )
    found = signals_among(values, limits)
    expected = brute_force(values, 0.25, 0.25 - 3 * below, 0.25 + 3 * above)
    assert tuple(rule.tolist() for rule in (found.outside, found.run, found.near_limit)) == tuple(
        expected
    )


def test_many_series_at_once_are_the_same_as_one_by_one():
    rng = np.random.default_rng(8)
    baselines, later = rng.normal(size=(3, 4, 20)), rng.normal(0.8, 1.3, size=(3, 4, 12))
    later[rng.random(later.shape) < 0.1] = np.nan
    limits = limits_of(baselines)
    together = signals_among(later, limits).direction
    for place in np.ndindex(3, 4):
        alone = process_limits(baselines[place])
        assert limits.lower[place] == pytest.approx(alone.lower)
        assert limits.upper[place] == pytest.approx(alone.upper)
        assert together[place].tolist() == signals(later[place], alone).direction.tolist()


def test_limits_do_not_leave_what_is_possible_and_no_point_is_beyond_them():
    limits = limits_of([0.02, 0.10, 0.01, 0.09, 0.03], possible=(0, 1))
    assert limits.lower == 0
    assert limits.upper == pytest.approx(0.05 + 2.66 * 0.0775)
    # Below half-way between the centre and the clipped limit: 0.025 of 0 to 0.05.
    near = signals_among([0.02, 0.02, 0.02, 0.06], limits)
    assert not near.outside.any()
    assert near.near_limit.tolist() == [-1, -1, -1, 0]


def test_the_median_variant_is_not_widened_by_one_wild_range():
    """SOURCE: the factors of the median moving range in github.com/xmrit/xmrit (MIT)."""
    values = [10.0, 11, 10, 11, 10, 40, 10, 11, 10]
    limits = limits_of(values, variant="median")
    ranges = np.abs(np.diff(values))
    assert limits.upper == pytest.approx(np.mean(values) + 3.145 * np.median(ranges))
    assert limits.lower == pytest.approx(np.mean(values) - 3.145 * np.median(ranges))
    assert limits.upper_range == pytest.approx(3.865 * np.median(ranges))
    assert limits_of(values).upper_range == pytest.approx(3.268 * np.mean(ranges))
    assert limits.upper < limits_of(values).upper


@given(st.lists(STEPS, min_size=0, max_size=15))
def test_the_median_range_is_that_of_the_known_ranges(values):
    ranges = np.abs(np.diff(np.array(values, float)))
    known = ranges[np.isfinite(ranges)]
    found = limits_of(values, variant="median").upper_range
    if known.size:
        assert found == pytest.approx(3.865 * np.median(known))
    else:
        assert np.isnan(found)

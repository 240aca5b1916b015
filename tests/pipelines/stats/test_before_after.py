"""Before and after: Welch's interval, gaps, drift, rates and trends against other libraries."""

from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t as student_t
from scipy.stats import ttest_ind

from pipelines.stats.before_after import lag_one, mean_effect
from pipelines.stats.drift import baseline_drift, windows_apart
from pipelines.stats.rate_change import rate_effect
from pipelines.stats.segmented import segmented_trend
from pipelines.stats.simulated import autoregressive

# Zigzag: the estimated autocorrelation is negative, so 0.
ZIGZAG = [10.0, 12, 9, 13, 8, 12, 9, 12]
HIGHER = [15.0, 12, 16, 11, 17, 12, 15]


def by_hand(before, after, alpha):
    """Step 3 of the rule, one series at a time and one sum at a time."""
    sides = [np.array(before, float), np.array(after, float)]
    known = [side[~np.isnan(side)] for side in sides]
    products = squares = 0.0
    for side, values in zip(sides, known, strict=True):
        e = side - values.mean()
        squares += sum(x**2 for x in e if not np.isnan(x))
        products += sum(x * y for x, y in zip(e, e[1:], strict=False) if not np.isnan(x * y))
    n = [len(values) for values in known]
    r = products / squares
    rho = min(max(r + (2 + 4 * r) / sum(n), 0), 0.9)
    f = (1 + rho) / (1 - rho)
    v = [f * values.var(ddof=1) / len(values) for values in known]
    weights = sum(part**2 / max(size / f - 1, 1) for part, size in zip(v, n, strict=True))
    quantile = student_t.ppf(1 - alpha / 2, sum(v) ** 2 / weights)
    d = known[1].mean() - known[0].mean()
    return d - quantile * sqrt(sum(v)), d + quantile * sqrt(sum(v)), rho


def with_gaps(seed, n, share=0.1):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n).cumsum() * 0.3 + rng.normal(size=n)
    values[rng.random(n) < share] = np.nan
    return values


@pytest.mark.parametrize("alpha", [0.05, 0.02, 0.01])
def test_without_autocorrelation_the_interval_is_welchs(alpha):
    found = mean_effect(ZIGZAG, HIGHER, alpha=alpha)
    expected = ttest_ind(HIGHER, ZIGZAG, equal_var=False).confidence_interval(1 - alpha)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_the_interval_is_the_written_rule_with_gaps(seed, alpha):
    before, after = with_gaps(seed, 26), with_gaps(seed + 100, 13)
    found = mean_effect(before, after, alpha=alpha)
    assert (found.low, found.high, found.rho) == pytest.approx(by_hand(before, after, alpha))


def test_many_series_at_once_are_the_same_as_one_by_one():
    before = np.stack([with_gaps(seed, 26) for seed in range(30)]).reshape(5, 6, 26)
    after = np.stack([with_gaps(seed + 50, 13) for seed in range(30)]).reshape(5, 6, 13)
    together = mean_effect(before, after)
    for place in np.ndindex(5, 6):
        alone = mean_effect(before[place], after[place])
        for name in ("difference", "low", "high", "rho", "after_low", "after_high"):
            assert getattr(together, name)[place] == pytest.approx(getattr(alone, name))


def test_the_interval_of_the_later_mean_uses_its_own_variance():
    found = mean_effect(ZIGZAG, HIGHER)
    half = found.quantile * np.std(HIGHER, ddof=1) / sqrt(len(HIGHER))
    assert found.after_low == pytest.approx(np.mean(HIGHER) - half)
    assert found.after_high == pytest.approx(np.mean(HIGHER) + half)


def test_a_series_worth_fewer_than_two_independent_periods_is_too_alike():
    assert mean_effect(range(12), range(12, 20)).is_too_alike
    assert not mean_effect(ZIGZAG, HIGHER).is_too_alike


def test_one_stretch_is_corrected_for_one_mean_and_two_for_two():
    side = np.array([1.0, 2, 2, 3, 5, 5, 4, 6])
    e = side - side.mean()
    r = (e[1:] @ e[:-1]) / (e @ e)
    assert lag_one(side) == pytest.approx(r + (1 + 4 * r) / 8)
    assert lag_one(side, side) == pytest.approx(min(r + (2 + 4 * r) / 16, 0.9))


def test_constant_sides_differ_for_certain():
    found = mean_effect([0.1] * 6, [0.3] * 8)
    assert (found.low, found.high) == pytest.approx((0.2, 0.2))
    assert found.rho == 0


@pytest.mark.parametrize("empty", [[], [np.nan] * 4])
def test_an_empty_side_has_no_interval(empty):
    found = mean_effect(ZIGZAG, empty)
    assert np.isnan([found.difference, found.low, found.high]).all()


@given(
    arrays(float, 26, elements=st.floats(-5, 5, width=32)),
    arrays(float, 13, elements=st.floats(-5, 5, width=32)),
)
def test_turning_both_windows_upside_down_turns_the_interval(before, after):
    up, down = mean_effect(before, after), mean_effect(-before, -after)
    assert up.low == pytest.approx(-down.high, abs=1e-9)
    assert up.high == pytest.approx(-down.low, abs=1e-9)


@given(arrays(float, 20, elements=st.floats(-5, 5, width=32)), st.floats(-10, 10))
def test_a_shift_moves_the_interval_and_not_its_width(values, shift):
    still, moved = (
        mean_effect(values[:12], values[12:]),
        mean_effect(values[:12], values[12:] + shift),
    )
    assert moved.high - moved.low == pytest.approx(still.high - still.low, abs=1e-6)
    assert moved.difference == pytest.approx(still.difference + shift, abs=1e-6)


# Drift ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.05, 0.02])
@pytest.mark.parametrize("seed", range(5))
def test_without_autocorrelation_the_drift_is_that_of_least_squares(seed, alpha):
    values = with_gaps(seed, 26)
    known = np.isfinite(values)
    fit = sm.OLS(values[known], sm.add_constant(np.arange(26.0)[known])).fit()
    found = baseline_drift(values, 0.0, alpha=alpha)
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int(alpha)[1]))


def test_autocorrelation_widens_the_drift_by_its_inflation():
    values, rho = with_gaps(1, 26, share=0), 0.5
    plain, wide = baseline_drift(values, 0.0), baseline_drift(values, rho)
    ratio = student_t.ppf(0.975, 26 / 3 - 2) / student_t.ppf(0.975, 24) * sqrt(3)
    assert wide.high - wide.slope == pytest.approx(ratio * (plain.high - plain.slope))


def test_windows_are_apart_by_their_mean_times():
    assert windows_apart([1.0] * 12, [1.0] * 8) == 10
    assert windows_apart([1.0] * 12, [1.0] * 8, periods_between=3) == 13
    # The missing first period moves the mean time of what is known by half a period.
    assert windows_apart([np.nan] + [1.0] * 11, [1.0] * 8) == 9.5


# Rates ---------------------------------------------------------------------------------------


def quasi_poisson(counts, exposures, later):
    """The step's logarithm and its standard error by another library."""
    design = sm.add_constant(later)
    family = sm.families.Poisson()
    return sm.GLM(counts, design, family=family, offset=np.log(exposures)).fit(scale="X2")


def test_without_autocorrelation_a_rate_is_that_of_quasi_poisson_regression():
    rng = np.random.default_rng(4)
    exposures = rng.uniform(50, 150, 39)
    later = np.repeat([0.0, 1.0], [26, 13])
    # Zigzag on top, so that no autocorrelation is found, and more than chance allows.
    counts = np.round(exposures * (0.2 + 0.1 * later) * (1 + 0.4 * (-1.0) ** np.arange(39)))
    fit = quasi_poisson(counts, exposures, later)
    found = rate_effect(counts[:26], counts[26:], exposures[:26], exposures[26:])
    half = student_t.ppf(0.975, 37) * fit.bse[1]
    assert fit.scale > 1
    assert found.rho == 0
    assert found.difference == pytest.approx(fit.params[1])
    assert (found.low, found.high) == pytest.approx(
        (fit.params[1] - half, fit.params[1] + half), rel=1e-6
    )


def test_fewer_counts_than_chance_do_not_narrow_the_interval():
    found = rate_effect([10.0] * 8, [20.0] * 8)
    half = student_t.ppf(0.975, 14) * sqrt(1 / 80 + 1 / 160)
    assert found.difference == pytest.approx(np.log(2))
    assert found.high == pytest.approx(np.log(2) + half)


def test_a_side_without_events_gets_half_an_event_and_so_does_the_other():
    found = rate_effect([2.0, 1, 2, 1, 2, 1], [0.0] * 6)
    assert found.difference == pytest.approx(np.log(0.5 / 9.5))
    assert found.low < found.difference < found.high < np.inf


def test_two_sides_without_events_say_nothing():
    found = rate_effect([0.0] * 6, [0.0] * 6)
    assert np.isnan([found.difference, found.low, found.high]).all()


def test_missing_counts_have_no_exposure():
    found = rate_effect([4.0, np.nan, 6.0, 5.0], [10.0, 10.0, np.nan, 10.0], 2.0, 4.0)
    assert np.exp(found.before.mean) == pytest.approx(15 / 6)
    assert np.exp(found.after.mean) == pytest.approx(30 / 12)


# Trends --------------------------------------------------------------------------------------


def test_without_autocorrelated_errors_the_trends_are_those_of_least_squares():
    """Errors are made so that no pair of neighbours is alike on balance: ρ = 0."""
    time = np.arange(26.0)
    later = (time >= 16).astype(float)
    e = np.tile([1.0, 1.0, -1.0, -1.0], 7)[:26]
    values = 5 + 0.2 * time + 3 * later + 0.1 * (time - 16) * later + e
    design = np.column_stack([np.ones(26), time, later, (time - 16) * later])
    found = segmented_trend(values[:16], values[16:])
    plain = sm.OLS(values, design).fit()
    residuals = plain.resid
    expected = sm.GLS(
        values, design, sigma=found.rho ** np.abs(np.subtract.outer(time, time))
    ).fit()
    assert abs(found.rho) < 0.35
    assert found.step == pytest.approx(expected.params[2])
    assert (found.step_low, found.step_high) == pytest.approx(tuple(expected.conf_int()[2]))
    residuals = values - design @ expected.params
    rho = (residuals[1:] @ residuals[:-1]) / (residuals @ residuals)
    assert found.rho == pytest.approx(rho, abs=1e-6)


def test_prais_winsten_is_least_squares_on_the_transformed_series():
    """The textbook's transformation: first value times √(1 - ρ²), then differences."""
    values = 5 + autoregressive(0.6, 1, 40, seed=3)[0] + np.repeat([0.0, 2.0], [26, 14])
    time = np.arange(40.0)
    later = (time >= 26).astype(float)
    design = np.column_stack([np.ones(40), time, later, (time - 26) * later])
    found = segmented_trend(values[:26], values[26:])

    def transformed(x):
        return np.concatenate([x[:1] * sqrt(1 - found.rho**2), x[1:] - found.rho * x[:-1]])

    fit = sm.OLS(transformed(values), transformed(design)).fit()
    each = [(found.trend, found.trend_low, found.trend_high)]
    each += [(found.step, found.step_low, found.step_high)]
    each += [(found.trend_change, found.trend_change_low, found.trend_change_high)]
    for place, (value, low, high) in enumerate(each, start=1):
        assert value == pytest.approx(fit.params[place])
        assert (low, high) == pytest.approx(tuple(fit.conf_int()[place]))


@pytest.mark.parametrize(("n0", "n1"), [(11, 8), (12, 7)])
def test_below_12_and_8_periods_there_is_no_trend(n0, n1):
    assert segmented_trend(np.arange(n0), np.arange(n1)) is None


def test_an_exact_line_with_a_step_is_found_exactly():
    found = segmented_trend(np.arange(12.0), np.arange(14.0, 22.0) + 3, periods_between=2)
    assert (found.trend, found.step, found.trend_change) == pytest.approx((1, 3, 0), abs=1e-6)


def test_missing_periods_keep_their_time():
    values = np.arange(24.0)
    values[[3, 15]] = np.nan
    found = segmented_trend(values[:14], values[14:])
    assert found.trend == pytest.approx(1)
    assert found.step == pytest.approx(0, abs=1e-6)

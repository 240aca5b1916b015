"""Counts and rates, against SciPy's chi-square and exact Poisson coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, poisson
from statsmodels.stats.rates import confint_poisson

from pipelines.stats.counts import dispersion, poisson_interval


@given(st.integers(0, 100_000), st.floats(0.1, 1e4), st.floats(0.5, 0.999))
@settings(deadline=None)
def test_the_interval_is_the_chi_square_one(count, exposure, confidence):
    low, high = poisson_interval([count], exposure, confidence=confidence)
    tail = (1 - confidence) / 2
    expected_low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    expected_high = chi2.ppf(1 - tail, 2 * count + 2) / 2
    assert (low[0], high[0]) == pytest.approx(
        (expected_low / exposure, expected_high / exposure), rel=1e-8
    )


@pytest.mark.parametrize("count", [1, 4, 25, 400])
def test_the_interval_agrees_with_statsmodels(count):
    low, high = poisson_interval([count], 3.0)
    assert (low[0], high[0]) == pytest.approx(confint_poisson(count, 3.0, method="exact-c"))


def test_no_event_in_a_covered_week_has_the_upper_end_3_69():
    # SOURCE: Garwood (1936), Biometrika 28, table: 0 observed, 95 % limits 0 and 3.69.
    low, high = poisson_interval([0])
    assert low[0] == 0
    assert high[0] == pytest.approx(3.69, abs=0.005)


def test_coverage_is_at_least_95_percent_for_every_mean():
    counts = np.arange(200)
    low, high = poisson_interval(counts)
    for mean in np.linspace(0.1, 100, 150):
        holds = (low <= mean) & (mean <= high)
        assert poisson.pmf(counts, mean)[holds].sum() >= 0.95 - 1e-9


@given(st.integers(0, 1000), st.floats(1, 50))
def test_dispersion_stretches_both_arms_by_its_root_and_never_below_0(count, phi):
    low, high = poisson_interval([count])
    wide_low, wide_high = poisson_interval([count], 1.0, phi)
    assert wide_high[0] - count == pytest.approx(np.sqrt(phi) * (high[0] - count))
    assert wide_low[0] == pytest.approx(max(0.0, count - np.sqrt(phi) * (count - low[0])))
    assert wide_low[0] >= 0


@pytest.mark.parametrize("phi", [0.2, 1.0, np.nan])
def test_dispersion_at_most_1_or_unknown_changes_nothing(phi):
    np.testing.assert_allclose(poisson_interval([7], 2.0, phi), poisson_interval([7], 2.0))


def test_a_rate_without_exposure_is_unknown():
    low, high = poisson_interval([0, 3], [0, 2])
    assert np.isnan(low).tolist() == [True, False]
    assert np.isnan(high).tolist() == [True, False]


def test_an_unknown_count_has_no_bounds():
    assert np.isnan(poisson_interval([np.nan])).all()


@pytest.mark.parametrize(("count", "exposure"), [(-1, 1), (1, -1)])
def test_negative_counts_and_exposures_are_refused(count, exposure):
    with pytest.raises(ValueError, match="negative"):
        poisson_interval([count], exposure)


def test_dispersion_is_1_for_chance_and_more_for_clusters():
    rng = np.random.default_rng(11)
    single = rng.poisson(6, 5_000)
    assert dispersion(single) == pytest.approx(1, abs=0.1)
    assert dispersion(3 * rng.poisson(2, 5_000)) == pytest.approx(3, abs=0.3)


def test_dispersion_takes_unequal_exposures_into_account():
    rng = np.random.default_rng(12)
    exposures = rng.uniform(1, 50, 5_000)
    assert dispersion(rng.poisson(exposures), exposures) == pytest.approx(1, abs=0.1)


def test_dispersion_of_missing_periods_single_periods_or_no_event_is_unknown():
    assert dispersion([4, np.nan, 6, 5]) == pytest.approx(dispersion([4, 6, 5]))
    assert np.isnan(dispersion([5]))
    assert np.isnan(dispersion([0, 0, 0]))
    assert np.isnan(dispersion([]))

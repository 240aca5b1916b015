"""Net Promoter Scores: the formula, published standard errors, exact coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, xlogy

from pipelines.stats.scores import adjusted_wald_nps, nps_difference

waves = st.integers(1, 5_000).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda promoters: st.tuples(st.just(promoters), st.integers(0, n - promoters), st.just(n))
    )
)


def lists(*counts):
    return ([count] for count in counts)


def test_the_interval_of_1162_answers_is_the_derived_one():
    # SOURCE: promoters, passives and detractors from the worked example at
    # measuringu.com/nps-confidence-intervals; bounds derived from its formula.
    low, high = adjusted_wald_nps([291], [395], [1162])
    assert (low[0], high[0]) == pytest.approx((-13.308450926331684, -4.54562632688721), abs=1e-9)


def test_with_many_answers_the_width_is_that_of_the_published_standard_error():
    # SOURCE: whuber, stats.stackexchange.com/a/18609 (CC BY-SA 4.0; figures only): half
    # promoters, a third passives, a sixth detractors, n = 324: variance 5/9, error 4.1 %.
    low, high = adjusted_wald_nps([162], [54], [324])
    assert (high[0] - low[0]) / (2 * 1.96) == pytest.approx(4.1, abs=0.05)


@pytest.mark.parametrize(("n", "half_width"), [(30, 26), (100, 15), (400, 7.5)])
def test_half_widths_near_25_points_are_those_of_the_catalogue(n, half_width):
    promoters, detractors = round(0.465 * n), round(0.215 * n)
    low, high = adjusted_wald_nps([promoters], [detractors], [n])
    assert (high[0] - low[0]) / 2 == pytest.approx(half_width, abs=0.6)


@given(waves)
def test_the_interval_stays_within_100_points_and_never_collapses(wave):
    low, high = adjusted_wald_nps(*lists(*wave))
    assert -100 <= low[0] < high[0] <= 100


@given(waves)
def test_swapping_promoters_and_detractors_mirrors_the_interval(wave):
    promoters, detractors, n = wave
    low, high = adjusted_wald_nps([promoters], [detractors], [n])
    mirrored_low, mirrored_high = adjusted_wald_nps([detractors], [promoters], [n])
    assert (low[0], high[0]) == pytest.approx((-mirrored_high[0], -mirrored_low[0]))


@given(waves, st.integers(2, 20))
def test_more_answers_of_the_same_mixture_narrow_the_interval(wave, times):
    low, high = adjusted_wald_nps(*lists(*wave))
    many_low, many_high = adjusted_wald_nps(*lists(*(times * count for count in wave)))
    unclipped = low[0] > -100 and high[0] < 100
    if unclipped:
        assert many_high[0] - many_low[0] < high[0] - low[0]
    assert many_high[0] - many_low[0] <= 200


def test_no_answers_are_not_a_score_of_0():
    low, high = adjusted_wald_nps([0], [0], [0])
    assert np.isnan([low[0], high[0]]).all()


@pytest.mark.parametrize("wave", [(-1, 0, 5), (0, -1, 5), (3, 3, 5), (1, 0, 0)])
def test_impossible_counts_are_refused(wave):
    with pytest.raises(ValueError, match="together at most n"):
        adjusted_wald_nps(*lists(*wave))


def test_the_interval_covers_93_to_97_percent_on_average_and_91_at_every_single_point():
    """Exact coverage: the multinomial summed over every possible outcome."""
    shares = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96, 0.98)
    mixtures = [(p, d) for p in shares for d in shares if p + d < 1 + 1e-9]
    coverage = []
    for n in (30, 50, 100, 200, 400, 1000):
        promoters, detractors = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
        passives = n - promoters - detractors
        low, high = adjusted_wald_nps(promoters, detractors, np.full(promoters.shape, n))
        ways = gammaln(n + 1) - sum(gammaln(k + 1) for k in (promoters, detractors, passives))
        # Every mixture at each size but the largest, where half a million outcomes weigh.
        for p, d in mixtures if n < 1000 else mixtures[::10]:
            holds = (low <= 100 * (p - d) + 1e-9) & (100 * (p - d) - 1e-9 <= high)
            logs = xlogy(promoters, p) + xlogy(detractors, d) + xlogy(passives, max(0, 1 - p - d))
            coverage.append(np.exp(ways + logs)[holds].sum())
    assert 0.93 <= np.mean(coverage) <= 0.97
    assert np.min(coverage) >= 0.91


@pytest.mark.parametrize("score", [0.8, -0.8])
@pytest.mark.parametrize(("n", "expected"), [(10, 0.945), (30, 0.963)])
def test_coverage_at_a_score_of_80_is_what_the_catalogue_names(n, expected, score):
    """.84 promoters and .04 detractors; exact, so only the printed digits differ."""
    p, d = (0.84, 0.04) if score > 0 else (0.04, 0.84)
    promoters, detractors = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
    passives = n - promoters - detractors
    low, high = adjusted_wald_nps(promoters, detractors, np.full(promoters.shape, n))
    ways = gammaln(n + 1) - sum(gammaln(k + 1) for k in (promoters, detractors, passives))
    weight = np.exp(ways + xlogy(promoters, p) + xlogy(detractors, d) + xlogy(passives, 1 - p - d))
    assert weight[(low <= 100 * score) & (100 * score <= high)].sum() == pytest.approx(
        expected, abs=0.03
    )


def test_about_940_answers_a_wave_show_ten_points_four_times_in_five():
    """Variance .6 of one answer, +20 against +30 points."""
    rng = np.random.default_rng(940)
    first = rng.multinomial(940, (0.431, 0.338, 0.231), 4_000)
    second = rng.multinomial(940, (0.481, 0.338, 0.181), 4_000)
    everyone = np.full(4_000, 940)
    low, _ = nps_difference(
        second[:, 0], second[:, 2], everyone, first[:, 0], first[:, 2], everyone
    )
    assert (low > 0).mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0.5, 0.3, 0.2), (0.5, 0.3, 0.2)),
        ((0.9, 0.05, 0.05), (0.02, 0.08, 0.9)),
        ((0.95, 0.03, 0.02), (0.5, 0.3, 0.2)),
    ],
)
@pytest.mark.parametrize("sizes", [(30, 30), (30, 100), (300, 1000)])
def test_the_difference_covers_91_percent_where_plain_errors_fall_to_89(first, second, sizes):
    rng = np.random.default_rng(1998)
    one, two = rng.multinomial(sizes[0], first, 8_000), rng.multinomial(sizes[1], second, 8_000)
    low, high = nps_difference(
        one[:, 0],
        one[:, 2],
        np.full(8_000, sizes[0]),
        two[:, 0],
        two[:, 2],
        np.full(8_000, sizes[1]),
    )
    true = 100 * (first[0] - first[2] - second[0] + second[2])
    assert ((low <= true) & (true <= high)).mean() >= 0.91


@given(waves, waves)
def test_the_difference_is_centred_on_the_observed_one_and_turns_with_the_order(first, second):
    low, high = nps_difference(*lists(*first, *second))
    turned_low, turned_high = nps_difference(*lists(*second, *first))
    assert (low[0], high[0]) == pytest.approx((-turned_high[0], -turned_low[0]))
    observed = 100 * ((first[0] - first[1]) / first[2] - (second[0] - second[1]) / second[2])
    assert low[0] <= observed + 1e-9
    assert observed - 1e-9 <= high[0]


def test_a_difference_to_a_wave_without_answers_is_unknown():
    low, high = nps_difference(*lists(5, 1, 9, 0, 0, 0))
    assert np.isnan([low[0], high[0]]).all()

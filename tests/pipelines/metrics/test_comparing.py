"""Comparisons say no more than their interval allows, and cry wolf no more often than stated."""

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.metrics import comparing, spans
from pipelines.metrics.catalogue import built_in
from pipelines.metrics.definition import Request
from pipelines.metrics.samples import answers_behind, is_sample, sums_behind
from pipelines.metrics.spans import Sides
from pipelines.stats.means import t_interval_from_sums
from pipelines.stats.scores import adjusted_wald_nps

METRICS = {metric.id: metric for metric in built_in()}
MONDAY = date(2026, 1, 5)
RUNS = 2000


def asked(metric, every, variant=None):
    return Request(METRICS[metric], every=every, variant=variant)


def row(position=0, *, days=7, start=MONDAY, **values):
    begin = start + timedelta(days=days * position)
    given_values = {"value": None, "low": None, "high": None, "n": 0, "total": None}
    return {
        "period": begin,
        "period_end": begin + timedelta(days=days),
        **given_values,
        "status": "ok",
        "note": None,
        **values,
    }


def share(position, total, n, **others):
    return row(position, value=total / n if n else None, total=float(total), n=n, **others)


def score(position, promoters, detractors, n):
    (low,), (high,) = adjusted_wald_nps([promoters], [detractors], [n])
    net = promoters - detractors
    return row(position, value=100 * net / n, total=float(net), n=n, low=low, high=high)


def series(values, every="week", **others):
    days = {"day": 1, "week": 7}[every]
    return [row(i, days=days, value=float(v), n=int(v), **others) for i, v in enumerate(values)]


def pair(before, after):
    return Sides((before,), (after,))


# shares of people ---------------------------------------------------------------------------


def test_a_share_is_compared_as_newcombe_published_it():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56/70 less 48/80, method 10.
    found = comparing.compared(asked("activation_rate", "week"),
                               pair(share(0, 48, 80), share(1, 56, 70)))  # fmt: skip

    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (found.state, found.n_before, found.n_after) == ("higher", 80, 70)
    assert (found.before, found.after) == pytest.approx((0.6, 0.8))


def test_a_fall_is_lower_whatever_direction_is_good():
    found = comparing.compared(asked("logo_churn", "month"),
                               pair(share(0, 60, 100), share(1, 20, 100)))  # fmt: skip

    assert found.state == "lower"


def test_an_interval_that_holds_zero_prints_the_smallest_change_it_would_have_shown():
    found = comparing.compared(asked("activation_rate", "week"),
                               pair(share(0, 50, 100), share(1, 55, 100)))  # fmt: skip

    assert found.state == "no_clear_change"
    # Half the interval, widened to a power of 80 %: (1.96 + .84) / 1.96.
    assert found.smallest_visible == pytest.approx(
        (found.high - found.low) / 2 * 2.8 / 1.96, rel=1e-3
    )


@pytest.mark.parametrize(
    ("metric", "every", "n", "fewest"),
    [
        ("activation_rate", "week", 29, 30),
        ("csat", "month", 99, 100),
        ("logo_churn", "month", 19, 20),
    ],
)
def test_below_its_minimum_n_no_share_is_judged(metric, every, n, fewest):
    few = comparing.compared(asked(metric, every), pair(share(0, 1, n), share(1, n - 1, n)))
    enough = comparing.compared(
        asked(metric, every), pair(share(0, 1, fewest), share(1, fewest - 1, fewest))
    )

    assert few.state == "too_little_data"
    assert f"at least {fewest} a side" in few.sentence
    assert (few.before, few.after) == (pytest.approx(1 / n), pytest.approx((n - 1) / n))
    assert enough.state == "higher"


def test_an_unknown_value_is_explained_by_its_own_note():
    unknown = row(1, n=0, status="no_data", note="Nobody signed up whose time is over.")

    found = comparing.compared(asked("activation_rate", "week"), pair(share(0, 40, 80), unknown))

    assert found.sentence == "Too little data: Nobody signed up whose time is over."
    assert (found.before, found.after, found.difference) == (0.5, None, None)


# scores and means ---------------------------------------------------------------------------


@given(st.data())
def test_the_answers_behind_a_score_are_read_back_from_its_interval(data):
    n = data.draw(st.integers(1, 5000))
    promoters = data.draw(st.integers(0, n))
    detractors = data.draw(st.integers(0, n - promoters))
    found = score(0, promoters, detractors, n)
    if found["low"] > -100 or found["high"] < 100:
        assert answers_behind(found) == (promoters, detractors, n)


@given(st.lists(st.integers(0, 28), min_size=2, max_size=60))
def test_the_sums_behind_a_mean_are_read_back_from_its_interval(values):
    n, total, squares = len(values), sum(values), sum(value**2 for value in values)
    (low,), (high,) = t_interval_from_sums([n], [total], [squares])

    found = sums_behind(row(value=total / n, low=low, high=high, n=n))

    assert found == pytest.approx((n, total, squares), abs=1e-6)


def test_two_scores_differ_by_the_root_of_both_squared_errors():
    found = comparing.compared(
        asked("nps", "month"), pair(score(0, 40, 25, 100), score(1, 50, 20, 100))
    )

    # Adjusted as Rocks (2016): n + 3, promoters and detractors + 3/4.
    def variance(promoters, detractors, n):
        p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
        return (p + d - (p - d) ** 2) / (n + 3)

    half = 196 * sqrt(variance(40, 25, 100) + variance(50, 20, 100))
    assert found.difference == pytest.approx(15)
    assert (found.low, found.high) == pytest.approx((15 - half, 15 + half))
    assert found.state == "no_clear_change"


def test_scores_below_a_hundred_answers_get_no_direction():
    found = comparing.compared(
        asked("nps", "month"), pair(score(0, 0, 99, 99), score(1, 99, 0, 99))
    )

    assert found.state == "too_little_data"


def test_the_mean_of_answers_is_a_mean_and_not_a_share():
    (low,), (high,) = t_interval_from_sums([200], [800], [3400])
    early = row(0, value=4.0, low=low, high=high, n=200, total=800.0)
    late = row(1, value=4.5, low=low + 0.5, high=high + 0.5, n=200, total=900.0)

    found = comparing.compared(asked("csat", "month", "mean"), pair(early, late))

    assert (found.state, found.difference) == ("higher", pytest.approx(0.5))


def test_a_ratio_that_can_exceed_one_is_no_share_of_people():
    incidents = [row(0, value=1.5, total=60.0, n=40), row(1, value=0.5, total=20.0, n=40)]

    assert not is_sample(asked("change_fail_rate", "month", "incidents_per_deployment"), incidents)
    assert not is_sample(
        asked("retention", "week", "simple"), [row(0, value=0.65, total=900.0, n=1500)]
    )


# series -------------------------------------------------------------------------------------


def test_a_series_is_compared_by_the_means_of_its_halves():
    values = [10, 12, 11, 13, 9, 11, 21, 19, 22, 20, 18, 20]

    found = comparing.compared(
        asked("throughput", "week"), spans.newest_halves(series(values), "week", 0)
    )

    # The example of pipelines/stats/series_comparison.py.
    assert (found.before, found.after, found.difference) == (11, 20, 9)
    assert (found.low, found.high) == pytest.approx((7.2, 10.8), abs=0.05)
    assert (found.state, found.n_before, found.n_after) == ("higher", 6, 6)
    assert found.spans == "the 6 weeks to 29 Mar 2026 against the 6 before"
    assert found.against == "vs 6 weeks before"


def test_below_six_points_a_side_only_values_are_shown():
    found = comparing.compared(
        asked("throughput", "week"), spans.newest_halves(series(range(11)), "week", 0)
    )

    assert (found.state, found.before, found.after) == ("too_little_data", 9, 10)
    assert (found.low, found.high) == (None, None)
    assert "at least 6 a side" in found.sentence


def test_too_many_gaps_leave_nothing_to_judge():
    rows = series(range(26))
    for position in (15, 18):
        rows[position] |= {"value": None, "status": "no_data"}

    found = comparing.compared(asked("throughput", "week"), spans.newest_halves(rows, "week", 0))

    assert found.state == "too_little_data"
    assert "2 of 26 periods have no value" in found.sentence


def test_values_that_rest_on_too_few_are_gaps():
    rows = series(range(12), status="too_few")

    found = comparing.compared(asked("cycle_time", "week"), spans.newest_halves(rows, "week", 0))

    assert (found.state, found.n_before, found.n_after) == ("too_little_data", 0, 0)


def test_the_weekly_rhythm_of_days_does_not_widen_the_interval():
    rhythm = np.array([30, 34, 33, 35, 31, 6, 4])
    noise = np.random.default_rng(7).normal(scale=2, size=56)
    rows = series(100 + np.resize(rhythm, 56) + noise, "day")

    daily = comparing.compared(asked("dau", "day"), spans.newest_halves(rows, "day", 0))

    assert daily.spans == "the 4 weeks to 1 Mar 2026 against the 4 before"
    assert daily.high - daily.low < 6


# gates --------------------------------------------------------------------------------------


def test_nothing_settled_is_too_early_and_nothing_before_is_too_little():
    request = asked("activation_rate", "week")

    assert comparing.compared(request, Sides((), ())).state == "too_early"
    assert comparing.compared(request, Sides((), (share(0, 4, 8),))).state == "too_little_data"


def test_a_changed_definition_takes_the_verdict_and_the_interval():
    judged = comparing.compared(asked("activation_rate", "week"),
                                pair(share(0, 10, 100), share(1, 90, 100)))  # fmt: skip

    found = comparing.not_comparable(judged, "the definition changed on 1 May 2026.")

    assert (found.state, found.low, found.high) == ("not_comparable", None, None)
    assert found.sentence == "Not comparable: the definition changed on 1 May 2026."
    assert (found.before, found.after) == (judged.before, judged.after)


def test_only_judged_tiles_can_raise_flags_by_chance():
    judged = comparing.Comparison("no_clear_change", "")
    tiles = [judged] * 19 + [replace(judged, state="higher"), replace(judged, state="too_early")]

    assert comparing.expected_chance_flags(tiles) == 1.0


def test_a_launch_is_named_in_both_spans():
    before, after = spans.whole_weeks_around(date(2026, 5, 4), date(2026, 3, 1), date(2026, 6, 17))
    found = replace(
        comparing.Comparison("higher", ""), before_span=before, after_span=after,
        since=date(2026, 5, 4),
    )  # fmt: skip

    assert found.spans == "the 6 weeks to 14 Jun 2026 since 4 May 2026 against the 6 before"
    assert found.against == "vs 6 weeks before launch"


def test_two_values_that_do_not_touch_are_told_by_their_days():
    rows = series(range(20), "day")

    found = comparing.compared(asked("dau", "day"), spans.newest_pair(rows, "day", 0))

    assert found.spans == "24 Jan 2026 against 17 Jan 2026"
    assert found.against == "vs 17 Jan 2026"


# false alarms -------------------------------------------------------------------------------


def alarm_bar(bar):
    """A bar with the play that 2,000 runs leave a simulated share (reviews.md 8)."""
    return bar + 2.6 * sqrt(bar * (1 - bar) / RUNS)


def alarms(one):
    return sum(one().state in {"higher", "lower"} for _ in range(RUNS)) / RUNS


@pytest.mark.parametrize(("n", "p"), [(40, 0.1), (150, 0.3), (400, 0.9)])
def test_equal_shares_are_coloured_in_at_most_one_of_twenty_cases(n, p):
    rng = np.random.default_rng(11)
    request = asked("activation_rate", "week")

    def one():
        early, late = rng.binomial(n, p, 2)
        return comparing.compared(request, pair(share(0, early, n), share(1, late, n)))

    assert alarms(one) <= alarm_bar(0.05)


def test_equal_scores_are_coloured_in_at_most_one_of_twenty_cases():
    rng = np.random.default_rng(12)
    request = asked("nps", "month")

    def one():
        (p1, d1, _), (p2, d2, _) = rng.multinomial(150, [0.45, 0.2, 0.35], 2)
        return comparing.compared(request, pair(score(0, p1, d1, 150), score(1, p2, d2, 150)))

    assert alarms(one) <= alarm_bar(0.05)


@pytest.mark.parametrize(
    ("metric", "every", "length"), [("dau", "day", 56), ("throughput", "week", 26)]
)
@pytest.mark.parametrize(("rho", "bar"), [(0.0, 0.085), (0.5, 0.085), (0.8, 0.11)])
def test_an_unchanged_series_is_coloured_no_more_often_than_the_bars_of_the_check(
    metric, every, length, rho, bar
):
    rng = np.random.default_rng(13)
    rhythm = np.resize([10, 12, 11, 12, 11, 3, 2], length) if every == "day" else np.zeros(length)

    def one():
        noise = rng.normal(size=length + 40)
        for place in range(1, len(noise)):
            noise[place] += rho * noise[place - 1]
        rows = series(200 + 3 * rhythm + 5 * noise[40:], every)
        return comparing.compared(asked(metric, every), spans.newest_halves(rows, every, 0))

    assert alarms(one) <= alarm_bar(bar)

"""What a Check compares: series without season and shared movement, at the baseline's level."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.reviews.check.adjusting import SEASON_NOT_CHECKED, analysed, analysed_baseline
from pipelines.reviews.check.computing import check
from pipelines.reviews.check.inputs import (
    NO_SERIES,
    CheckInput,
    MetricPlan,
    Readiness,
    Series,
    Window,
)
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import Direction, Kind, MetricRole, Verdict

DAY = timedelta(days=1)
# A Thursday, so that weeks do not begin with the series.
FIRST = date(2026, 1, 1)
WEEKLY = np.array([5.0, 6, 7, 6, 5, -14, -15])


def days(values, first=FIRST):
    return Series(tuple(first + k * DAY for k in range(len(values))), tuple(map(float, values)))


def months(values, year=2022):
    starts = tuple(date(year + k // 12, k % 12 + 1, 1) for k in range(len(values)))
    return Series(starts, tuple(map(float, values)))


def split(series, n):
    return (
        Series(series.starts[:n], series.values[:n]),
        Series(series.starts[n:], series.values[n:]),
    )


def parts(series, n, grain, kind=Kind.MEAN, **more):
    before, after = split(series, n)
    own = PlanMetric("m", MetricRole.PRIMARY, Direction.UP, kind, "d", grain, min_effect=1.0)
    return MetricPlan(own, before, **more), Window(after, Readiness(date(2027, 1, 1)))


def test_daily_series_lose_the_weekday_means_of_their_baseline():
    season = np.array([WEEKLY[(FIRST + k * DAY).weekday()] for k in range(42)])
    rest = np.random.default_rng(1).normal(100, 1, 42)
    found = analysed(*parts(days(rest + season), 28, "day"))
    # Worked out again with the calendar only: every weekday stands four times in 28 days.
    raw = (rest + season)[:28].reshape(4, 7)
    means = raw.mean(axis=0)
    expected = rest + season - np.tile(means, 6) + means.mean()
    assert found.before == pytest.approx(expected[:28])
    assert found.after == pytest.approx(expected[28:])
    assert found.before.mean() == pytest.approx((rest + season)[:28].mean())
    assert found.notes == ()


def test_a_gain_hidden_by_weekends_is_found_without_them():
    season = np.array([WEEKLY[(FIRST + k * DAY).weekday()] for k in range(56)])
    rest = np.random.default_rng(3).normal(100, 1, 56)
    rest[35:] += 4
    result = check(CheckInput(parts(days(rest + season), 35, "day")))
    assert result.verdict.verdict is Verdict.IMPROVED
    # The means are those of 35 days of noise: the season itself has left no trace.
    assert result.primary.hi - result.primary.lo < 3


def test_below_four_weeks_a_daily_season_is_not_checked_and_that_is_said():
    plan, window = parts(days(range(40)), 27, "day")
    found = analysed(plan, window)
    assert found.notes == (SEASON_NOT_CHECKED,)
    assert not found.is_adjusted


def test_counts_are_divided_by_their_weekday_so_that_they_stay_counts():
    season = np.array([10.0 if (FIRST + k * DAY).weekday() < 5 else 5.0 for k in range(42)])
    found = analysed(*parts(days(season), 28, "day", Kind.COUNT))
    level = (5 * 10 + 2 * 5) / 7
    assert found.before == pytest.approx([level] * 28)
    assert found.before * found.exposure_before == pytest.approx(season[:28])
    assert found.after * found.exposure_after == pytest.approx(season[28:])


def test_a_weekday_on_which_nothing_ever_happens_is_left_out_of_counts():
    season = np.array([10.0 if (FIRST + k * DAY).weekday() < 5 else 0.0 for k in range(42)])
    found = analysed(*parts(days(season), 28, "day", Kind.COUNT))
    assert np.isnan(found.before).sum() == 8
    assert np.nanmean(found.before) == pytest.approx(10.0)


def test_monthly_series_become_differences_to_the_year_before():
    season = np.tile(np.arange(12.0) * 3, 3)
    values = 100 + season + np.random.default_rng(2).normal(0, 1, 36)
    found = analysed(*parts(months(values), 26, "month"))
    differences = values[12:] - values[:-12]
    level = values[: 26 - 12].mean()
    assert found.before == pytest.approx(differences[: 26 - 12] + level)
    assert found.after == pytest.approx(differences[26 - 12 :] + level)
    assert found.before.shape == (14,)


def test_a_post_window_longer_than_a_year_is_not_compared_with_itself():
    values = np.concatenate([np.tile(np.arange(12.0), 2), np.tile(np.arange(12.0), 2) + 5])
    found = analysed(*parts(months(values), 24, "month"))
    assert found.after - found.before.mean() == pytest.approx([5.0] * 24)


def test_medians_by_month_are_divided_by_the_year_before():
    values = np.tile([1.0, 2, 4, 8, 4, 2, 1, 2, 4, 8, 4, 2], 3)
    values[24:] *= 1.5
    found = analysed(*parts(months(values), 24, "month", Kind.QUANTILE))
    assert found.after / found.before.mean() == pytest.approx([1.5] * 12)


@pytest.mark.parametrize(
    ("grain", "n", "notes"),
    [
        ("month", 23, (SEASON_NOT_CHECKED,)),
        ("month", 24, ()),
        ("week", 20, ()),
        ("sprint", 20, (SEASON_NOT_CHECKED,)),
    ],
)
def test_where_a_season_cannot_be_checked_it_is_said(grain, n, notes):
    assert analysed(*parts(months(range(40)), n, grain)).notes == notes


def test_the_note_is_printed_with_the_verdict():
    result = check(CheckInput(parts(days(np.tile([40.0, 41, 39], 14)), 24, "day")))
    assert SEASON_NOT_CHECKED in result.verdict.notes


def test_a_control_of_counts_divides_and_keeps_the_level():
    y, c = np.array([10.0, 20, 10, 20, 30, 60]), np.array([1.0, 2, 1, 2, 1, 2])
    plan, window = parts(days(y), 4, "week", Kind.COUNT)
    plan = replace(plan, control=days(c[:4]))
    found = analysed(plan, replace(window, control=days(c[4:])))
    assert found.before == pytest.approx([15.0] * 4)
    assert found.after == pytest.approx([45.0] * 2)
    assert found.has_control


def test_a_control_loses_its_own_season_first():
    season = np.array([WEEKLY[(FIRST + k * DAY).weekday()] for k in range(42)])
    shared = np.linspace(0, 8, 42)
    plan, window = parts(days(100 + season + shared), 28, "day")
    control = days(200 - 2 * season + 2 * shared)
    before, after = split(control, 28)
    found = analysed(replace(plan, control=before), replace(window, control=after))
    # Weekday means of a trend hold a little of it; what is left is far below the 8 shared.
    assert np.ptp(np.concatenate([found.before, found.after])) < 0.5


@pytest.mark.parametrize(
    ("grain", "starts", "first", "between"),
    [
        ("week", [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19)], date(2026, 2, 9), 2),
        ("month", [date(2025, 11, 1), date(2025, 12, 1)], date(2026, 3, 1), 2),
        ("quarter", [date(2025, 4, 1), date(2025, 7, 1)], date(2026, 1, 1), 1),
        ("sprint", [date(2026, 1, 5), date(2026, 1, 26)], date(2026, 2, 16), 0),
    ],
)
def test_periods_between_the_windows_are_counted_in_the_grain(grain, starts, first, between):
    plan, _ = parts(Series(tuple(starts), (1.0,) * len(starts)), len(starts), grain)
    window = Window(Series((first,), (1.0,)), Readiness(date(2027, 1, 1)))
    assert analysed(plan, window).periods_between == between


def test_a_baseline_can_be_looked_at_before_there_is_anything_after_it():
    plan, window = parts(days(np.arange(42.0)), 28, "day")
    assert analysed_baseline(plan).before == pytest.approx(analysed(plan, window).before)
    with_control = replace(plan, control=days(np.arange(28.0) + 5))
    assert analysed_baseline(with_control).has_control
    assert analysed_baseline(replace(plan, baseline=NO_SERIES)).before.size == 0

"""A locked baseline goes into the Check as it was frozen."""

from datetime import date, timedelta

from pipelines.reviews.check.inputs import series_of
from pipelines.reviews.core.plan import Baseline, Point

MONDAY = date(2026, 5, 4)
WEEK = timedelta(days=7)


def point(number, value, exposure=None):
    start = MONDAY + number * WEEK
    return Point(start, start + WEEK, value, exposure)


def test_a_baselines_values_keep_what_each_rests_on():
    series = series_of(Baseline("a", (point(0, 0.25, 40.0), point(1, 0.5, 400.0))))
    assert series.starts == (MONDAY, MONDAY + WEEK)
    assert series.values == (0.25, 0.5)
    assert series.exposed.tolist() == [40.0, 400.0]


def test_values_that_rest_on_nothing_count_one_each():
    series = series_of(Baseline("a", (point(0, 3.0), point(1, 5.0))))
    assert series.exposures == ()
    assert series.exposed.tolist() == [1.0, 1.0]

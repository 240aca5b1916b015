"""Which periods are put side by side."""

from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.metrics import spans
from pipelines.metrics.catalogue import built_in

METRICS = {metric.id: metric for metric in built_in()}
MONDAY = date(2026, 1, 5)


def rows(count, days=7, start=MONDAY):
    begins = [start + timedelta(days=days * place) for place in range(count)]
    return [
        {"period": day, "period_end": day + timedelta(days=days), "status": "ok"} for day in begins
    ]


def starts(side):
    return [row["period"] for row in side]


def test_unsettled_periods_at_the_end_are_left_out_and_others_stay():
    listed = rows(4)
    listed[1]["status"] = "no_data"
    listed[3]["status"] = "immature"

    assert [row["status"] for row in spans.settled(pl.DataFrame(listed))] == ["ok", "no_data", "ok"]


def test_a_day_is_put_beside_the_same_weekday():
    sides = spans.newest_pair(rows(20, days=1), "day", 0)

    assert (starts(sides.after), starts(sides.before)) == ([date(2026, 1, 24)], [date(2026, 1, 17)])


@pytest.mark.parametrize(
    ("metric", "variant", "every", "width"),
    [
        ("wau", None, "day", 7),
        ("wau", None, "week", 0),
        ("mau", "trailing_28", "month", 28),
        ("mau", "trailing_30", "day", 30),
        ("stickiness", None, "day", 28),
        ("feature_adoption", None, "week", 28),
        ("days_active", "at_least", "day", 28),
        ("nps", "trailing_90", "month", 90),
        ("nps", None, "month", 0),
        ("throughput", None, "week", 0),
    ],
)
def test_measures_say_how_many_days_a_value_looks_back(metric, variant, every, width):
    assert spans.window_days(METRICS[metric], variant, every) == width


def test_trailing_windows_are_compared_at_one_windows_distance():
    sides = spans.newest_pair(rows(60, days=1), "day", 28)

    assert sides.after[0]["period_end"] - sides.before[0]["period_end"] == timedelta(days=28)


def test_a_series_of_trailing_windows_keeps_one_value_per_window():
    sides = spans.newest_halves(rows(28 * 14, days=1), "day", 28)

    kept = starts(sides.before) + starts(sides.after)
    assert {late - early for early, late in zip(kept, kept[1:], strict=False)} == {
        timedelta(days=28)
    }
    assert (len(sides.before), len(sides.after)) == (6, 6)


@pytest.mark.parametrize(
    ("every", "days", "count", "side"),
    [
        ("day", 1, 80, 28),
        ("day", 1, 55, 21),
        ("week", 7, 60, 13),
        ("week", 7, 15, 7),
        ("month", 30, 40, 6),
    ],
)
def test_stretches_are_equal_recent_and_of_whole_weeks(every, days, count, side):
    listed = rows(count, days=days)

    sides = spans.newest_halves(listed, every, 0)

    assert starts(sides.after) == starts(listed)[-side:]
    assert starts(sides.before) == starts(listed)[-2 * side : -side]


def test_the_period_that_holds_the_launch_stands_on_neither_side():
    sides = spans.around(rows(10), date(2026, 2, 5), "week", 0)

    assert starts(sides.before) == starts(rows(4))
    assert starts(sides.after) == [
        date(2026, 2, 9) + timedelta(days=7 * place) for place in range(4)
    ]


def test_a_trailing_window_that_began_before_the_launch_does_not_count_as_after_it():
    sides = spans.around(rows(120, days=1), date(2026, 3, 2), "day", 28)

    assert sides.after[0]["period_end"] == date(2026, 3, 30)
    assert sides.before[-1]["period_end"] == date(2026, 3, 2)


def test_days_around_a_launch_are_whole_weeks():
    sides = spans.around(rows(60, days=1), date(2026, 2, 3), "day", 0)

    assert len(sides.before) == len(sides.after) == 28


def test_since_a_launch_as_many_whole_weeks_as_the_data_hold_before_it():
    launch = date(2026, 5, 4)

    before, after = spans.whole_weeks_around(launch, date(2026, 4, 10), date(2026, 9, 1))

    assert (before.start, before.end) == (date(2026, 4, 13), launch)
    assert (after.start, after.end) == (launch, date(2026, 5, 25))
    assert spans.whole_weeks_around(launch, date(2026, 4, 28), date(2026, 9, 1)) is None
    assert spans.whole_weeks_around(launch, date(2026, 1, 1), date(2026, 5, 10)) is None


def test_a_trailing_window_since_the_launch_is_put_beside_the_last_one_before_it():
    sides = spans.newest_on_both_sides(rows(120, days=1), date(2026, 3, 2), 28)

    assert (sides.before[0]["period_end"], sides.after[0]["period_end"]) == (
        date(2026, 3, 2),
        date(2026, 5, 5),
    )
    early = spans.newest_on_both_sides(rows(120, days=1), date(2026, 4, 20), 28)
    assert early.after == ()


def test_the_span_of_a_trailing_value_is_its_window():
    span = spans.span_of(rows(1, days=1), "day", 28)

    assert (span.start, span.end) == (date(2025, 12, 9), date(2026, 1, 6))
    assert (span.words, span.length) == ("the 4 weeks to 5 Jan 2026", "4 weeks")


def test_a_sprint_is_called_by_its_name():
    sprint = {**rows(1, days=14)[0], "label": "Sprint 14"}

    assert spans.span_of([sprint], "sprint").words == "Sprint 14"
    assert spans.span_of(rows(1, days=1), "day").words == "5 Jan 2026"
    assert spans.span_of([], "week") is None

"""The chart of a cycle draws frozen limits and marks only what signals against them."""

from datetime import date, timedelta

import polars as pl

from dashboard.charts.process_chart import (
    Limits,
    process_alt,
    process_chart,
    process_headline,
)
from dashboard.charts.theme import LIGHT
from dashboard.facts import Marker, Subject
from pipelines.reviews.check.signal_points import signal_points
from pipelines.reviews.core.plan import Baseline, Point

FIRST = date(2026, 1, 5)
WEEK = timedelta(weeks=1)
USERS = Subject("wau", "Weekly active users", "count", "up", "", "")
LIMITS = Limits(100.0, 90.0, 110.0, FIRST + 4 * WEEK, FIRST + 4 * WEEK, goal=115.0)


def points(values: list[float | None], signals: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "period": [FIRST + at * WEEK for at in range(len(values))],
            "period_end": [FIRST + (at + 1) * WEEK for at in range(len(values))],
            "value": values,
            "part": ["baseline" if at < 4 else "post" for at in range(len(values))],
            "signal": signals,
        }
    )


ROWS = points([98.0, 102.0, 99.0, 101.0, 118.0, 104.0], [0, 0, 0, 0, 1, 0])


def trace(figure, name):
    return next(each for each in figure.data if each.name == name)


def test_the_line_is_the_values_and_a_gap_stays_a_gap():
    figure = process_chart(points([98.0, None, 99.0], [0, 0, 0]), USERS, LIMITS, LIGHT)
    assert list(trace(figure, "Weekly active users").y) == [98.0, None, 99.0]
    assert not trace(figure, "Weekly active users").connectgaps


def test_centre_limits_and_target_run_through_the_whole_chart():
    figure = process_chart(ROWS, USERS, LIMITS, LIGHT)
    ends = (ROWS["period"][0].isoformat(), ROWS["period"][-1].isoformat())
    for name, value in (
        ("centre", 100.0), ("lower limit", 90.0), ("upper limit", 110.0), ("target", 115.0),
    ):  # fmt: skip
        assert tuple(trace(figure, name).x) == ends
        assert tuple(trace(figure, name).y) == (value, value)


def test_only_signals_are_ringed_in_the_colour_of_their_side():
    ring = trace(process_chart(ROWS, USERS, LIMITS, LIGHT), "signal")
    assert list(ring.y) == [118.0]
    assert list(ring.marker.line.color) == [LIGHT.good]
    fewer_is_better = Subject("wau", "Errors", "count", "down", "", "")
    ring = trace(process_chart(ROWS, fewer_is_better, LIMITS, LIGHT), "signal")
    assert list(ring.marker.line.color) == [LIGHT.bad]
    no_side = Subject("wau", "Visits", "count", "none", "", "")
    ring = trace(process_chart(ROWS, no_side, LIMITS, LIGHT), "signal")
    assert list(ring.marker.line.color) == [LIGHT.muted]


def test_without_limits_or_rows_the_chart_says_so_and_draws_what_there_is():
    none = Limits(None, None, None, None)
    assert [each.name for each in process_chart(ROWS, USERS, none, LIGHT).data] == [
        "Weekly active users",
        "signal",
    ]
    assert "too few neighbouring periods" in process_headline(ROWS, USERS, none)
    assert process_chart(ROWS.clear(), USERS, LIMITS, LIGHT).data[0].x in ((), None)


def test_the_headline_counts_signals_and_gives_no_verdict():
    assert process_headline(ROWS, USERS, LIMITS) == (
        "Weekly active users: 1 of 2 points signal above the old centre"
    )
    quiet = points([98.0, 102.0, 99.0, 101.0, 103.0], [0] * 5)
    assert "no point after the start" in process_headline(quiet, USERS, LIMITS)
    before = quiet.head(4)
    assert process_headline(before, USERS, LIMITS) == (
        "Weekly active users: by itself between 90 and 110"
    )


def test_the_alternative_text_holds_every_later_value_and_what_happened():
    told = process_alt(ROWS, USERS, LIMITS, [Marker(FIRST + 4 * WEEK, "v2.0")])
    for words in ("4 periods before", "118, 104", "target 115", "release v2.0 on 2 Feb 2026"):
        assert words in told


def test_no_label_of_a_line_covers_another():
    near = Limits(100.0, 99.9, 100.1, None, goal=100.05)
    figure = process_chart(ROWS, USERS, near, LIGHT)
    names = ("Lower limit", "Centre", "Upper limit", "Target")
    places = sorted(
        note.y for note in figure.layout.annotations if note.text.split("<br>")[0] in names
    )
    low, high = figure.layout.yaxis.range
    gaps = [after - before for before, after in zip(places, places[1:], strict=False)]
    assert len(places) == 4
    assert min(gaps) >= 0.1 * (high - low)


def test_signals_follow_the_three_rules_against_frozen_limits():
    baseline = Baseline("wau", (Point(FIRST, FIRST + WEEK, 100.0),), 100.0, 90.0, 110.0)
    assert signal_points([111.0, 100.0, None, 89.0], baseline) == (1, 0, 0, -1)
    # Eight in a row on one side, none of them beyond a limit.
    assert signal_points([101.0] * 8, baseline) == (1,) * 8
    assert signal_points([101.0] * 7, baseline) == (0,) * 7
    assert signal_points([111.0], Baseline("wau")) == (0,)

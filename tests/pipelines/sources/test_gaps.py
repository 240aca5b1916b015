"""Holes that look like a cut export are told; weekends, seasons and rare things are not."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.gaps import fall_note, gap_notes, shrunk_note

MONDAY = date(2026, 3, 2)


def days(counts, start=MONDAY):
    """Day → rows, from a list of counts; zeros are left out, as a count by day has them."""
    return {start + timedelta(days=n): rows for n, rows in enumerate(counts) if rows}


def weeks(count, week=(40, 42, 38, 45, 41, 12, 11)):
    return list(week) * count


def test_a_day_without_rows_among_full_ones_is_told():
    counts = weeks(6)
    counts[16] = 0
    (note,) = gap_notes(days(counts))
    assert note.startswith("No rows in 2026-03-18, but before and after")


def test_weekends_without_rows_are_no_hole():
    assert gap_notes(days(weeks(8, (40, 42, 38, 45, 41, 0, 0)))) == []


def test_a_day_off_that_comes_back_every_other_week_is_no_hole():
    fortnight = [40, 42, 38, 45, 41, 0, 0, 40, 42, 38, 45, 0, 0, 0]
    assert gap_notes(days(fortnight * 6)) == []


def test_a_week_without_rows_is_told_by_its_days():
    counts = weeks(8)
    counts[21:28] = [0] * 7
    (note,) = gap_notes(days(counts))
    assert note.startswith("No rows in 2026-03-23, 2026-03-24, 2026-03-25 and 4 more, but")


def test_a_month_without_rows_is_told_once_and_not_by_its_days():
    counts = {MONDAY + timedelta(days=n): 20 for n in range(200)}
    counts = {day: rows for day, rows in counts.items() if day.month != 5}
    (note,) = gap_notes(counts)
    assert note.startswith("No rows in May 2026, but")


def test_summers_without_rows_are_no_hole():
    start = date(2022, 1, 1)
    school = {start + timedelta(days=n): 20 for n in range(4 * 365)}
    school = {day: rows for day, rows in school.items() if day.month not in {7, 8, 9}}
    assert gap_notes(school) == []


def test_a_holiday_and_a_month_off_that_come_back_each_year_are_no_hole():
    start = date(2023, 1, 1)
    work = {start + timedelta(days=n): 30 for n in range(3 * 365)}
    work = {day: rows for day, rows in work.items()
            if day.month != 8 and (day.month, day.day) != (12, 25)}  # fmt: skip
    assert gap_notes(work) == []


def test_a_quiet_beginning_of_what_grows_has_no_hole():
    counts = [5, 4, 6, 3, 0, 5, 4, *(n // 3 for n in range(20, 200))]
    assert gap_notes(days(counts)) == []


def test_costs_of_each_month_have_a_hole_where_a_month_is_missing():
    costs = {date(2026, month, 1): 6 for month in (1, 2, 3, 5, 6)}
    (note,) = gap_notes(costs)
    assert note.startswith("No rows in April 2026, but")


@given(st.lists(st.integers(0, 4), min_size=1, max_size=300))
def test_of_rare_things_no_day_is_missed(counts):
    assert not any("-" in note.split(",")[0] for note in gap_notes(days(counts)))


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=400))
def test_where_every_day_has_rows_there_is_no_hole(counts):
    assert gap_notes(days(counts)) == []


def test_the_last_day_may_be_running_and_weekends_are_quiet():
    for length in range(36, 60):
        assert fall_note(days(weeks(9)[:length])) is None


def test_a_last_week_with_under_half_the_rows_is_told():
    counts = [*weeks(5), 20, 20, 18, 20, 20, 5, 5, 3]
    note = fall_note(days(counts))
    assert note is not None
    assert note.startswith("108 rows in the seven days before 2026-04-13, 229 in a usual week")


def test_a_fall_among_few_rows_or_after_a_swing_as_large_says_nothing():
    assert fall_note(days([*weeks(5, (3, 3, 3, 3, 3, 1, 1)), 0, 1, 0, 0, 0, 0, 0, 1])) is None
    swinging = weeks(3, (90,) * 7) + weeks(1, (30,) * 7) + weeks(1, (90,) * 7)
    assert fall_note(days([*swinging, *(40,) * 7, 3])) is None


def test_a_file_that_holds_under_half_of_its_earlier_version_is_told():
    month = days(weeks(4))
    assert shrunk_note(49, 100, month) == (
        "49 records, 100 in the earlier version of this file: this looks like an export that was "
        "cut. If there are more, repeat it."
    )
    assert shrunk_note(50, 100, month) is None
    assert shrunk_note(49, 100, {}) is not None


def test_exports_of_a_day_differ_by_their_weekday():
    assert shrunk_note(11, 41, {MONDAY: 11}) is None

"""When a cron expression fires, in the workspace's zone, and what a run writes to the log."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import UsageError
from pipelines.scheduling import DAYS, fire_times, run_once, weekdays

BERLIN = ZoneInfo("Europe/Berlin")


def times(cron, start, count, zone=BERLIN):
    """The first fire times from a local time on, as local texts."""
    trigger, now, last, found = fire_times(cron, zone), start, None, []
    while len(found) < count:
        last = trigger.get_next_fire_time(last, now)
        found.append(f"{last.astimezone(zone):%a %Y-%m-%d %H:%M}")
        now = last + timedelta(seconds=1)
    return found


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_a_daily_run_keeps_its_local_hour_over_the_change_of_clocks():
    # Europe/Berlin leaves summer time on 25 October 2026.
    found = times("0 6 * * *", at("2026-10-24T00:00"), 3)
    assert found == ["Sat 2026-10-24 06:00", "Sun 2026-10-25 06:00", "Mon 2026-10-26 06:00"]


@pytest.mark.parametrize("cron", ["0 7 * * 1", "0 7 * * mon", "0 7 * * MON"])
def test_monday_is_1_as_cron_has_it(cron):
    assert times(cron, at("2026-11-18T00:00"), 1) == ["Mon 2026-11-23 07:00"]


@pytest.mark.parametrize("cron", ["0 7 * * 0", "0 7 * * 7", "0 7 * * sun"])
def test_sunday_is_0_and_7(cron):
    assert times(cron, at("2026-11-18T00:00"), 1) == ["Sun 2026-11-22 07:00"]


def test_workdays_and_steps():
    assert times("*/30 8-9 * * 1-5", at("2026-11-20T09:15"), 3) == [
        "Fri 2026-11-20 09:30",
        "Mon 2026-11-23 08:00",
        "Mon 2026-11-23 08:30",
    ]


def test_a_day_of_month_and_a_day_of_week_are_alternatives():
    # "On the 1st and on every Friday", as crontab(5) says.
    assert times("0 6 1 * fri", at("2026-11-28T00:00"), 3) == [
        "Tue 2026-12-01 06:00",
        "Fri 2026-12-04 06:00",
        "Fri 2026-12-11 06:00",
    ]


@given(first=st.integers(0, 7), last=st.integers(0, 7))
def test_a_range_of_weekdays_goes_forward_from_its_first_to_its_last(first, last):
    named = weekdays(f"{first}-{last}")
    assert {DAYS[first % 7], DAYS[last % 7]} <= set(named)
    span = (last - first) % 7
    assert len(named) in {span + 1, 7}


@pytest.mark.parametrize("cron", ["", "6", "0 25 * * *", "0 6 * * monday", "61 * * * *"])
def test_what_is_no_cron_expression_is_refused(cron):
    with pytest.raises(UsageError):
        fire_times(cron, BERLIN)


def test_a_run_that_is_refused_is_one_line_of_the_log(tmp_path):
    line = run_once(tmp_path, BERLIN)
    assert "refused" in line
    assert "launchloop.toml" in line
    assert "\n" not in line

"""The stories in product usage are in the raw events, worked out in plain Python."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from math import sqrt

LAUNCHED = datetime(2026, 5, 4, 7, tzinfo=UTC)
BROKEN = datetime(2026, 6, 16, 12, 10, tzinfo=UTC)
FIXED = datetime(2026, 6, 24, 8, 25, tzinfo=UTC)
ONBOARDING = datetime(2026, 7, 14, 8, 40, tzinfo=UTC)
DATA_END = datetime(2026, 10, 31, 23, tzinfo=UTC)
WEEK = timedelta(days=7)


def _at(text):
    return datetime.fromisoformat(text)


def _z(hits_before, n_before, hits_after, n_after):
    pooled = (hits_before + hits_after) / (n_before + n_after)
    spread = sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    return (hits_after / n_after - hits_before / n_before) / spread


def _activation(events, users, start, end):
    """Members who signed up in the range, and how many shared a report within seven days."""
    shares = defaultdict(list)
    for row in events:
        if row["event_name"] == "report_shared":
            shares[row["user_id"]].append(_at(row["occurred_at"]))
    members = {
        row["user_id"]: _at(row["signed_up_at"])
        for row in users
        if start <= _at(row["signed_up_at"]) < end and row["is_internal"] == "false"
    }
    activated = sum(
        any(signed_up <= at <= signed_up + WEEK for at in shares[user])
        for user, signed_up in members.items()
    )
    return activated, len(members)


def _checkouts(events, start, end, platform):
    """Sessions with a started checkout in the range, and those that completed it."""
    started = {
        row["session_id"]
        for row in events
        if row["event_name"] == "checkout_started"
        and row["platform_code"] in platform
        and start <= _at(row["occurred_at"]) < end
    }
    completed = {row["session_id"] for row in events if row["event_name"] == "checkout_completed"}
    return len(started & completed), len(started)


def _weekly_active(events, start):
    passive = {"email_sent", "view_landing"}
    return len(
        {
            row["user_id"]
            for row in events
            if row["event_name"] not in passive and start <= _at(row["occurred_at"]) < start + WEEK
        }
    )


def test_the_launch_brings_more_sign_ups_and_more_weekly_users(events, rows):
    users = rows("people/users.csv")
    before, after = (
        sum(start <= _at(row["signed_up_at"]) < start + 4 * WEEK for row in users)
        for start in (LAUNCHED - 4 * WEEK, LAUNCHED)
    )
    assert after > 1.4 * before
    assert _weekly_active(events, LAUNCHED + 4 * WEEK) > 1.3 * _weekly_active(
        events, LAUNCHED - 2 * WEEK
    )


def test_summaries_are_used_from_the_launch_on_and_not_before(events):
    used = [_at(row["occurred_at"]) for row in events if row["event_name"] == "summary_generated"]
    assert min(used) >= LAUNCHED
    assert len(used) > 1000


def test_onboarding_of_v2_2_lifts_activation_beyond_chance(events, rows):
    users = rows("people/users.csv")
    before = _activation(events, users, ONBOARDING - 10 * WEEK, ONBOARDING)
    after = _activation(events, users, ONBOARDING, DATA_END - WEEK)
    assert 0.28 < before[0] / before[1] < 0.42
    assert after[0] / after[1] > 0.45
    assert _z(*before, *after) > 3


def test_v2_1_hurts_checkout_on_the_web_until_it_is_fixed(events):
    before = _checkouts(events, BROKEN - 6 * WEEK, BROKEN, {"web"})
    during = _checkouts(events, BROKEN, FIXED, {"web"})
    after = _checkouts(events, FIXED, FIXED + 6 * WEEK, {"web"})
    assert before[0] / before[1] > 0.55
    assert during[0] / during[1] < 0.35
    assert after[0] / after[1] > 0.55
    assert _z(*before, *during) < -3
    assert _z(*during, *after) > 3


def test_checkout_on_phones_is_spared(events):
    done, started = _checkouts(events, BROKEN, FIXED, {"ios", "android"})
    assert started >= 10
    assert done / started > 0.5


def test_working_days_are_busier_than_weekends_and_christmas_is_quiet(events):
    by_weekday = defaultdict(int)
    for row in events:
        by_weekday[_at(row["occurred_at"]).weekday()] += 1
    assert by_weekday[1] > 3 * by_weekday[5]
    christmas = _weekly_active(events, datetime(2025, 12, 21, 23, tzinfo=UTC))
    assert christmas < 0.7 * _weekly_active(events, datetime(2025, 12, 7, 23, tzinfo=UTC))


def test_exports_take_longer_from_july_on(events):
    seconds = defaultdict(list)
    for row in events:
        if row["event_name"].startswith("export_"):
            month = row["occurred_at"][:7]
            seconds[month].append(int(row["properties_json"].split(": ")[1].rstrip("}")))
    mean = {month: sum(values) / len(values) for month, values in seconds.items()}
    assert mean["2026-10"] > 3 * mean["2026-06"]


def test_every_signed_up_user_has_a_sign_up_event_and_visitors_have_no_account(events, rows):
    signed_up = {row["user_id"] for row in events if row["event_name"] == "sign_up"}
    assert signed_up == {row["user_id"] for row in rows("people/users.csv")}
    accounts = {row["account_id"] for row in rows("people/accounts.csv")}
    assert {row["account_id"] for row in events} == {*accounts, ""}
    visitors = [row for row in events if not row["user_id"]]
    assert {row["event_name"] for row in visitors} == {"view_landing"}
    assert all(row["anonymous_id"] for row in visitors)

"""Usage, counted again from the event files: every day, week and month of the sample."""

import pytest
from brute_force import usage as oracle


@pytest.fixture(scope="module")
def events(usage):
    return usage.active()


@pytest.fixture(scope="module")
def days(events):
    return oracle.persons_by_day(events)


def test_daily_users_are_the_persons_of_each_day(ask, same, usage, days):
    same(ask("dau", "period"), oracle.calendar_users(usage, days, "day"))


def test_weekly_users_on_the_week_axis_are_the_persons_of_the_week(ask, same, usage, days):
    same(ask("wau", "period", every="week"), oracle.calendar_users(usage, days, "week"))


def test_weekly_users_on_the_day_axis_trail_seven_days(ask, same, usage, days):
    same(ask("wau", "period", every="day"), oracle.trailing_users(usage, days, 7))


def test_monthly_users_on_the_month_axis_are_the_persons_of_the_month(ask, same, usage, days):
    same(ask("mau", "period", every="month"), oracle.calendar_users(usage, days, "month"))


@pytest.mark.parametrize(("variant", "length"), [("trailing_28", 28), ("trailing_30", 30)])
def test_monthly_users_on_the_day_axis_trail(ask, same, usage, days, variant, length):
    answered = ask("mau", "period", every="day", variant=variant)
    same(answered, oracle.trailing_users(usage, days, length))


def test_stickiness_is_the_mean_share_of_active_days(ask, same, usage, days):
    same(ask("stickiness", "period"), oracle.stickiness(usage, days))


@pytest.mark.parametrize("variant", ["exact", "at_least"])
def test_days_active_are_distributed_as_counted(ask, same, usage, days, variant):
    expected = oracle.days_active_shares(usage, days, at_least=variant == "at_least")
    same(ask("days_active", "period", "component", variant=variant), expected)


@pytest.mark.parametrize("every", ["week", "month"])
def test_lifecycle_sorts_the_same_persons(ask, same, usage, days, every):
    answered = ask("lifecycle", "period", "component", every=every)
    same(answered, oracle.lifecycle(usage, days, every))


@pytest.mark.parametrize("feature", ["export", "summaries", "sharing"])
def test_adoption_is_who_used_the_feature_of_who_was_active(
    ask, same, usage, days, events, feature
):
    answered = ask("feature_adoption", "period", of=feature)
    same(answered, oracle.feature_adoption(usage, days, events, feature))


@pytest.mark.parametrize("feature", ["export", "summaries", "sharing"])
def test_impact_style_adoption_is_among_those_who_did_an_activation_event(
    ask, same, usage, events, feature
):
    names = usage.settings["activation"]["events"]
    activated = oracle.persons_by_day(event for event in events if event.name in names)
    answered = ask("feature_adoption", "period", of=feature, variant="impact_style")
    same(answered, oracle.feature_adoption(usage, activated, events, feature))


@pytest.mark.parametrize(("metric", "every"), [("dau", "day"), ("wau", "week")])
def test_by_platform_a_person_counts_on_each_one_used(ask, same, usage, metric, every):
    expected = {}
    for platform in ("android", "ios", "web"):
        there = usage.active(lambda event, name=platform: event.platform == name)
        counted = oracle.calendar_users(usage, oracle.persons_by_day(there), every)
        expected |= {(*key, platform): cell for key, cell in counted.items()}
    same(ask(metric, "period", "segment", every=every, by="platform"), expected)


def test_where_a_plan_is_asked_for_only_its_persons_count(ask, same, usage):
    there = oracle.persons_by_day(usage.active(lambda event: usage.plan(event) == "team"))
    answered = ask("wau", "period", every="week", where=[("plan", "team")])
    same(answered, oracle.calendar_users(usage, there, "week"))

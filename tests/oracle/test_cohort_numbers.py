"""Retention, activation, time to value and funnels, followed person by person."""

import pytest
from brute_force import cohorts as oracle
from brute_force.funnels import Funnel
from brute_force.usage import persons_by_day


@pytest.fixture(scope="module")
def days(usage):
    return persons_by_day(usage.active())


@pytest.fixture(scope="module")
def members(usage):
    return oracle.Members(usage, usage.events, 7)


@pytest.mark.parametrize("every", ["week", "month"])
def test_first_time_retention_counts_returns_in_the_interval(ask, same, usage, days, every):
    answered = ask("retention", "cohort", "age", every=every)
    same(answered, oracle.Retention(usage, days, every).cells())


def test_the_average_retention_pools_settled_cells_of_whole_cohorts(ask, same, usage, days):
    answered = ask("retention", "age", every="total")
    same(answered, oracle.Retention(usage, days, "week").pooled())


def test_unbounded_retention_counts_a_return_then_or_later(ask, same, usage, days):
    expected = oracle.Retention(usage, days, "week").cells(oracle.unbounded)
    same(ask("retention", "cohort", "age", variant="unbounded"), expected)


def test_recurring_retention_starts_a_cohort_every_week(ask, same, usage, days):
    expected = oracle.Retention(usage, days, "week", recurring=True).cells()
    same(ask("retention", "cohort", "age", variant="recurring"), expected)


def test_activation_counts_members_whose_seven_days_are_over(ask, same, members):
    same(ask("activation_rate", "period"), members.activation())


def test_activation_over_all_time_leaves_the_newest_members_out(ask, same, members):
    same(ask("activation_rate", every="total"), {(): members.overall()})


def test_activation_within_fourteen_days_settles_a_week_later(ask, same, usage):
    expected = oracle.Members(usage, usage.events, 14).activation()
    same(ask("activation_rate", "period", variant="14d"), expected)


def test_activation_by_platform_takes_the_platform_of_the_sign_up(ask, same, members):
    expected = {}
    for platform in ("android", "ios", "web"):
        cells = members.activation(lambda who, name=platform: members.platforms[who] == name)
        expected |= {(*key, platform): cell for key, cell in cells.items()}
    same(ask("activation_rate", "period", "segment", by="platform"), expected)


def test_activation_where_a_plan_is_asked_for_leaves_the_others_out(ask, same, members):
    expected = members.activation(lambda who: members.plans[who] == "business")
    same(ask("activation_rate", "period", where=[("plan", "business")]), expected)


def test_time_to_value_ranks_who_did_not_activate_last(ask, same, members):
    same(ask("time_to_value", "period", "percentile"), members.time_to_value())


@pytest.fixture(scope="module", params=["checkout", "landing_to_purchase"])
def funnel(request, usage):
    return Funnel(usage, request.param)


def test_a_funnel_counts_each_person_once_by_the_deepest_attempt(ask, same, funnel):
    answered = ask("funnel", "period", "step", of=funnel.id)
    same(answered, funnel.weekly(funnel.persons()))


def test_a_funnel_over_all_time_counts_settled_persons(ask, same, funnel):
    expected = funnel.steps_of([depth for _, depth in funnel.persons()])
    same(ask("funnel", "step", of=funnel.id, every="total"), expected)


def test_a_strict_funnel_ends_at_any_other_event(ask, same, funnel):
    answered = ask("funnel", "period", "step", of=funnel.id, variant="strict")
    same(answered, funnel.weekly(funnel.persons(strict=True)))


def test_a_funnel_of_the_exposed_counts_all_who_were_active(ask, same, funnel, days):
    answered = ask("funnel", "period", "step", of=funnel.id, variant="exposed_denominator")
    settled = {key: row for key, row in answered.items() if row["status"] in {"ok", "too_few"}}
    same(settled, funnel.weekly_of_exposed(days))


def test_the_exposed_of_all_time_are_those_whose_time_is_over(ask, same, funnel, usage):
    until = usage.complete_to.timestamp() - funnel.window.total_seconds()
    exposed = {event.person for event in usage.active() if event.happened_at <= until}
    depths = {event.person: depth for event, depth in funnel.persons()}
    expected = funnel.steps_of([depths.get(person, 0) for person in exposed])
    answered = ask("funnel", "step", of=funnel.id, variant="exposed_denominator", every="total")
    same(answered, expected)


def test_a_funnel_of_totals_counts_attempts(ask, same, funnel):
    attempts = [each for taken in funnel.attempts().values() for each in taken]
    answered = ask("funnel", "period", "step", of=funnel.id, variant="totals")
    same(answered, funnel.weekly(attempts))


def test_a_funnel_by_platform_follows_the_attempts_opened_there(ask, same, usage):
    funnel = Funnel(usage, "checkout")
    expected = {}
    for platform in ("android", "ios", "web"):
        cells = funnel.weekly(funnel.persons(platform=platform))
        expected |= {(*key, platform): cell for key, cell in cells.items()}
    same(ask("funnel", "period", "step", "segment", of="checkout", by="platform"), expected)

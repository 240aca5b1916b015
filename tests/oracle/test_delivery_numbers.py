"""Sprints, flow and deployments, replayed change by change."""

import pytest
from brute_force import sprints
from brute_force.flow import Flow
from brute_force.releases import Deployments
from brute_force.tracker import Tracker

TEAMS = ["atlas", "comet"]


@pytest.fixture(scope="module")
def tracker(exports):
    return Tracker(exports)


@pytest.fixture(scope="module", params=[None, *TEAMS])
def flow(request, tracker):
    return Flow(tracker, request.param)


@pytest.mark.parametrize("team", TEAMS)
def test_velocity_is_points_done_at_the_close(ask, same, tracker, team):
    expected = sprints.per_sprint(tracker, team, sprints.SprintBook.velocity)
    same(ask("velocity", "id", of=team), expected)


@pytest.mark.parametrize("team", TEAMS)
def test_say_do_is_what_was_kept_of_what_was_committed(ask, same, tracker, team):
    expected = sprints.per_sprint(tracker, team, sprints.SprintBook.say_do)
    same(ask("say_do", "id", of=team), expected)


@pytest.mark.parametrize("team", TEAMS)
def test_carry_over_is_what_was_left_of_the_initial_items(ask, same, tracker, team):
    expected = sprints.per_sprint(tracker, team, sprints.SprintBook.carry_over)
    same(ask("carry_over", "id", of=team), expected)


@pytest.mark.parametrize("team", TEAMS)
def test_scope_change_splits_into_what_came_and_went(ask, same, tracker, team):
    expected = sprints.scope_changes(tracker, team)
    same(ask("scope_change", "id", "component", of=team), expected)


@pytest.mark.parametrize("sprint", ["101", "113", "201", "219"])
def test_burn_up_steps_with_every_change(ask, same, tracker, sprint):
    same(ask("burn_up", "period", "component", of=sprint), sprints.burn_up(tracker, sprint))


def test_throughput_counts_last_finishes(ask, same, flow):
    same(ask("throughput", "period", of=flow.team), flow.throughput())


def test_cycle_time_runs_from_first_start_to_last_finish(ask, same, flow):
    same(ask("cycle_time", "period", "percentile", of=flow.team), flow.cycle_time())


def test_work_in_progress_is_what_was_started_and_not_finished(ask, same, flow):
    same(ask("wip", "period", of=flow.team), flow.wip())


def test_age_counts_both_days(ask, same, flow):
    same(ask("item_age", "id", of=flow.team), flow.item_age())


def test_deployments_that_ended_well_are_counted_by_week(ask, same, exports):
    same(ask("deploy_frequency", "period"), Deployments(exports).frequency())


def test_a_deployment_fails_by_its_result_or_by_an_incident(ask, same, exports):
    same(ask("change_fail_rate", "period"), Deployments(exports).fail_rate())

"""Plans: windows, dates, what `light` fills in, and the body that is hashed."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reviews.core.canonical import canonical, plan_hash
from pipelines.reviews.core.cycle import Action
from pipelines.reviews.core.light import Asked, Known, light_plan
from pipelines.reviews.core.periods import after, next_start, working_days_later
from pipelines.reviews.core.plan import (
    Baseline,
    PlanMetric,
    Point,
    baseline_of,
    earliest_check,
    plan_of,
    planned_check,
    ready_on,
    with_plan,
)
from pipelines.reviews.core.plan_body import plan_body, plan_changes, plan_from
from pipelines.reviews.core.terms import Design, Direction, Kind, MetricRole, Phase, Rigour
from pipelines.reviews.rules.facts import Facts
from pipelines.reviews.rules.table import blocking

START, DUE, CHECK = date(2026, 6, 29), date(2026, 7, 6), date(2026, 10, 5)
WEEK = timedelta(days=7)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
GRAINS = st.sampled_from(["day", "week", "month", "quarter", "year", "sprint"])


def metric(metric_id="activation", role=MetricRole.PRIMARY, grain="week", **more):
    return PlanMetric(metric_id, role, Direction.UP, Kind.MEAN, "d", grain, **more)


def points(n, end=START, value=40.0):
    first = end - n * WEEK
    return tuple(Point(first + k * WEEK, first + (k + 1) * WEEK, value + k % 2) for k in range(n))


@pytest.mark.parametrize(
    ("day", "count", "grain", "later"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
        (date(2026, 12, 15), 1, "month", date(2027, 1, 15)),
        (date(2026, 11, 30), 1, "quarter", date(2027, 2, 28)),
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2026, 5, 4), 3, "week", date(2026, 5, 25)),
        (date(2026, 5, 4), 2, "sprint", date(2026, 6, 1)),
    ],
)
def test_dates_are_counted_in_periods_of_the_grain(day, count, grain, later):
    assert after(day, count, grain) == later


def test_a_sprint_has_the_length_of_the_team():
    assert after(date(2026, 5, 4), 2, "sprint", sprint_days=7) == date(2026, 5, 18)


@given(DAYS, st.integers(0, 60), GRAINS)
def test_later_periods_are_never_earlier(day, count, grain):
    assert day <= after(day, count, grain) < after(day, count + 1, grain)


@given(DAYS, GRAINS)
def test_the_next_start_is_the_first_one_not_before_the_day(day, grain):
    start = next_start(day, grain)
    assert day <= start < after(day, 1, grain) + timedelta(days=1)
    assert next_start(start, grain) == start


@given(DAYS, st.integers(1, 30), st.sets(st.integers(0, 6), min_size=1), st.sets(DAYS))
def test_working_days_later_agrees_with_counting_them_one_by_one(day, count, workdays, holidays):
    end = working_days_later(day, count, workdays=workdays, holidays=holidays)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    worked = [each for each in between if each.weekday() in workdays and each not in holidays]
    assert len(worked) == count
    assert worked[-1] == end


def test_a_baseline_is_the_newest_26_periods_that_end_by_the_start():
    some = points(30) + points(2, end=START + 2 * WEEK)
    baseline = baseline_of("activation", some, START)
    assert (baseline.n, baseline.points[-1].end) == (26, START)
    assert baseline.points == some[4:30]
    assert baseline_of("activation", some, START - timedelta(days=1)).points[-1].end == START - WEEK


def test_a_baseline_takes_what_there_is_and_keeps_gaps():
    gap = replace(points(4)[1], value=None)
    baseline = baseline_of("activation", (points(4)[0], gap, *points(4)[2:]), START)
    assert (baseline.n, len(baseline.points)) == (3, 4)
    # Only the last two are neighbours: one moving range of 1 around the mean of 40, 40, 41.
    assert baseline.mean == pytest.approx(121 / 3)
    assert baseline.unpl == pytest.approx(121 / 3 + 2.66)


def test_a_baseline_without_neighbours_has_no_limits():
    assert baseline_of("activation", points(1), START) == Baseline("activation", points(1))
    assert baseline_of("activation", (), START).mean is None


def test_limits_stay_within_what_is_possible_and_exposures_are_kept():
    some = tuple(replace(each, exposure=float(k)) for k, each in enumerate(points(3, value=0.5)))
    baseline = baseline_of("activation", some, START, possible=(0.0, 1.0))
    assert (baseline.lnpl, baseline.unpl) == (0.0, 1.0)
    assert baseline.exposures == (0.0, 1.0, 2.0)
    assert baseline_of("activation", points(3), START).exposures == ()


def test_the_earliest_check_is_that_of_the_slowest_metric():
    quick = metric(min_post_points=8)
    slow = metric("nps", MetricRole.GUARD_RAIL, "month", lag_periods=1, min_post_points=8)
    assert earliest_check(DUE, [quick]) == DUE + 8 * WEEK
    assert earliest_check(DUE, [quick, slow]) == date(2027, 4, 6)
    assert earliest_check(DUE, []) == DUE


@given(DAYS, GRAINS, st.integers(0, 6), st.integers(8, 30))
def test_a_planned_check_has_enough_whole_periods_and_holds_v8(due_on, grain, lag, post):
    some = [metric(grain=grain, lag_periods=lag, min_post_points=post)]
    planned = planned_check(due_on, some)
    assert planned >= earliest_check(due_on, some)
    first = after(next_start(due_on, grain), lag, grain)
    assert after(first, post, grain) <= planned + timedelta(days=3)  # months of unequal length


def test_a_change_on_a_wednesday_is_checked_after_whole_weeks():
    wednesday = date(2026, 7, 8)
    assert planned_check(wednesday, [metric(min_post_points=8)]) == date(2026, 7, 13) + 8 * WEEK


@given(st.lists(st.integers(-30, 60)))
def test_late_actions_only_ever_move_the_ready_date_later(late):
    plan = light_plan("c1", asked(), known())
    actions = [
        Action(str(k), "c1", "x", done_on=DUE + timedelta(days=days)) for k, days in enumerate(late)
    ]
    ready = ready_on(plan, actions)
    assert ready >= plan.check_not_before
    expected = [DUE + timedelta(days=days) + 8 * WEEK for days in late]
    assert ready == max([plan.check_not_before, *expected])
    assert ready_on(plan, actions, so_far=ready + WEEK) == ready + WEEK


def asked(**more):
    given_ = {"change": "A shorter form", "because": "People stop", "metric_id": "activation"}
    return Asked(**{**given_, "min_effect": 2.0, "owner_id": "ana", "go_live_on": DUE, **more})


def known(**more):
    rail = metric("errors", MetricRole.GUARD_RAIL, margin=1.0)
    series = {"activation": points(30, end=DUE), "errors": points(30, end=DUE)}
    return Known(
        **{
            "metric": metric(),
            "name": "Activation",
            "unit": "points",
            "guard_rails": (rail,),
            "series": series,
            "confounders": ("Release 4.2",),
            **more,
        }
    )


def test_five_answers_make_a_plan_that_locks(draft):
    plan = light_plan("c1", asked(), known())
    assert blocking(Phase.LOCK, Facts(today=START, cycle=draft, plan=plan)) == ()
    primary, rail = plan.metrics
    assert plan.rigour is Rigour.LIGHT
    assert plan.effect == "Activation goes up by at least 2 points"
    assert (primary.min_effect, primary.min_post_points, primary.direction) == (2.0, 8, "up")
    assert (rail.role, rail.margin, rail.min_post_points) == ("guard_rail", 1.0, 8)
    assert (plan.start_on, plan.due_on) == (DUE, DUE)
    assert (plan.check_not_before, plan.check_due_on) == (DUE + 8 * WEEK, DUE + 10 * WEEK)
    assert [each.n for each in plan.baselines] == [26, 26]
    assert plan.confounders == ("Release 4.2",)


def test_a_metric_is_no_guard_rail_of_itself():
    own = known(guard_rails=(metric("activation", MetricRole.GUARD_RAIL, margin=1.0),))
    assert [each.role for each in light_plan("c1", asked(), own).metrics] == ["primary"]


def test_a_change_that_begins_before_it_is_live_has_its_baseline_before_it_begins():
    plan = light_plan("c1", asked(start_on=START), known())
    assert (plan.start_on, plan.due_on) == (START, DUE)
    assert plan.baseline.points[-1].end == START


def test_the_draft_and_its_plan_say_the_same(draft, plan):
    drafted = with_plan(draft, plan)
    again = plan_of(drafted, plan.metrics, baselines=plan.baselines)
    assert again == plan


def test_a_body_has_every_part_that_is_hashed_and_comes_back_whole(plan):
    first = plan.baselines[0]
    counted = tuple(replace(each, exposure=7.0) for each in first.points)
    plan = replace(plan, baselines=(replace(first, points=counted), *plan.baselines[1:]))
    plan = replace(
        plan,
        waived=("errors",),
        waiver="None",
        criteria=("a",),
        confounders=("b",),
        control_because="c",
    )
    body = plan_body(plan)
    assert len(plan_hash(body)) == 64
    assert plan_from(json.loads(canonical(body))) == replace(
        plan, metrics=tuple(sorted(plan.metrics, key=lambda each: each.metric_id))
    )


def test_the_order_of_metrics_changes_no_hash_and_neither_does_what_comes_after_it(plan):
    turned = replace(
        plan,
        metrics=plan.metrics[::-1],
        baselines=tuple(replace(each, rho=0.3) for each in plan.baselines[::-1]),
        mde80=3.0,
    )
    assert plan_body(turned) == plan_body(plan)


OTHER = {
    "change": "x",
    "because": "x",
    "effect": "x",
    "start_on": DUE,
    "due_on": START,
    "check_not_before": DUE,
    "check_due_on": DUE,
    "plan_no": 2,
    "cycle_id": "x",
    "rigour": Rigour.STANDARD,
    "design": Design.STAGED_ROLLOUT,
    "alpha_per_look": (0.05,),
    "sprint_days": 7,
    "waived": ("errors",),
    "waiver": "x",
    "criteria": ("x",),
    "criteria_sources": ("x",),
    "confounders": ("x",),
    "control_because": "x",
    "metrics": (),
    "baselines": (),
}


@pytest.mark.parametrize("name", OTHER)
def test_any_change_of_a_locked_field_changes_the_hash(plan, name):
    assert plan_hash(plan_body(replace(plan, **{name: OTHER[name]}))) != plan_hash(plan_body(plan))


def test_every_field_of_a_plan_is_locked_but_the_smallest_detectable_effect(plan):
    assert {each.name for each in fields(plan)} - set(OTHER) == {"mde80"}


@pytest.mark.parametrize(
    "change",
    [
        {"direction": Direction.DOWN},
        {"kind": Kind.RATIO},
        {"definition_hash": "e"},
        {"grain": "day"},
        {"filters": {"plan": "pro"}},
        {"expected_effect": 9.0},
        {"confidence": 0.4},
        {"target_value": 50.0},
        {"min_effect": 9.0},
        {"margin": 9.0},
        {"band_lo": 0.0},
        {"band_hi": 9.0},
        {"lag_periods": 3},
        {"min_post_points": 9},
        {"control_metric_id": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_a_metric_changes_the_hash(plan, change):
    other = replace(plan, metrics=(replace(plan.metrics[0], **change), plan.metrics[1]))
    assert plan_hash(plan_body(other)) != plan_hash(plan_body(plan))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"definition_hash": "e"}, "metric"),
        ({"filters": {"plan": "pro"}}, "metric"),
        ({"target_value": 50.0}, "target"),
        ({"min_effect": 1.0}, "smallest effect"),
        ({"direction": Direction.DOWN}, "direction"),
        ({"margin": 2.0}, "margin"),
        ({"lag_periods": 1}, "window"),
        ({"min_post_points": 9}, "window"),
    ],
)
def test_a_change_after_the_lock_is_named(plan, change, name):
    other = replace(plan, metrics=(replace(plan.metrics[0], **change), plan.metrics[1]))
    assert plan_changes(plan, other) == (name,)


def test_dates_and_baselines_are_named_too_and_wording_is_no_change(plan):
    assert plan_changes(plan, replace(plan, start_on=DUE)) == ("window",)
    assert plan_changes(plan, replace(plan, baselines=())) == ("baseline",)
    assert plan_changes(plan, replace(plan, waived=("errors",))) == ("margin",)
    assert plan_changes(plan, replace(plan, because="Other words", plan_no=2)) == ()
    assert plan_changes(plan, replace(plan, metrics=plan.metrics[::-1])) == ()


def test_a_plan_without_a_metric_gives_evidence_a_sprint_to_come_in():
    assert planned_check(date(2026, 5, 6), ()) == date(2026, 5, 20)
    assert planned_check(date(2026, 5, 6), (), sprint_days=7) == date(2026, 5, 13)

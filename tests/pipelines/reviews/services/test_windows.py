"""What a plan and a Check know of their windows: guard-rails, confounders, restated baselines."""

from statistics import stdev

import pytest

from pipelines.errors import NotAllowedError
from pipelines.read import Snapshot
from pipelines.reviews import cycles
from pipelines.reviews.check.inputs import ImportedResult
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import Design, Direction, GuardState, Method, MetricRole, Verdict
from pipelines.reviews.cycle.guard_rails import default_guard_rails, default_margin
from pipelines.reviews.numbers.series import known_series


@pytest.fixture
def begun(product, asked, card, steps):
    """`begun(stage, design)` → a desk on the day of the Check with that data, and the cycle."""

    def run(stage, design=Design.BEFORE_AFTER, release=None):
        desk = product.desk()
        cycle_id = cycles.start_cycle(desk, "product", card, asked())
        steps.tolerate(desk, cycle_id, "wau", 10.0)
        cycles.edit_cycle(desk, cycle_id, steps.version(desk, cycle_id), {"design": design.value})
        if release:
            cycles.link_delivery(desk, cycle_id, release_id=release)
        cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
        steps.do(desk, cycle_id)
        product.data(stage)
        product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
        return product.desk(), cycle_id

    return run


def test_without_settings_a_guard_rail_tolerates_one_sigma_of_its_baseline(product, card):
    desk = product.desk()
    snapshot = Snapshot(desk.folder)
    primary = known_series(snapshot, card)
    ((known, metric),) = default_guard_rails(snapshot, primary, desk.team("product").settings)
    assert metric.metric_id == "wau"
    assert metric.margin == stdev(point.value for point in known.points[-26:])
    assert default_margin(known.points[:5], 26) is None
    wau = known_series(snapshot, Card("wau"))
    assert default_guard_rails(snapshot, wau, desk.team("product").settings) == ()


def test_a_team_names_its_own_guard_rails_and_none_is_a_choice_too(product, asked, card):
    desk = product.desk()
    team = desk.team("product")
    rails = [GuardRailDefault("dau", {}, margin=4.0), GuardRailDefault("gone", {})]
    team = desk.change_settings("product", team.row_version, guard_rails=rails)
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    rail = cycles.cycle_page(desk, cycle_id).record.metrics[1]
    assert (rail.metric_id, rail.margin, rail.direction) == ("dau", 4.0, Direction.UP)
    desk.change_settings("product", team.row_version, guard_rails=[])
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    assert [each.metric_id for each in cycles.cycle_page(desk, cycle_id).record.metrics] == [
        "activation_rate"
    ]


def test_a_baseline_restated_by_more_than_half_the_smallest_effect_is_another_one(begun):
    desk, cycle_id = begun("restated")
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict is Verdict.INVALID
    assert "was restated by more than half" in run.verdict.sentence


def test_what_else_happened_is_listed_and_the_own_release_is_not(begun):
    desk, cycle_id = begun("step")
    told = cycles.run_check(desk, cycle_id).verdict.confounders
    assert told == ("release 2.1 (8 Dec 2025)", "price change New prices (3 Nov 2025)")


def test_the_release_of_the_cycle_is_what_it_is_about(begun):
    desk, cycle_id = begun("step", release="r21")
    told = cycles.run_check(desk, cycle_id).verdict.confounders
    assert told == ("price change New prices (3 Nov 2025)",)


def test_another_active_cycle_on_the_same_metric_is_a_confounder(product, asked, card, steps):
    desk = product.desk()
    steps.locked(desk, card, asked())
    second = cycles.start_cycle(desk, "product", card, asked())
    seen = cycles.preview(desk, second)
    assert "cycle “We ask for one field less at sign-up”" in seen.plan.confounders
    assert {"V12", "V13"} <= {each.rule for each in seen.findings}


def test_the_result_of_an_ab_test_replaces_the_comparison(begun):
    desk, cycle_id = begun("flat", Design.AB_TEST)
    with pytest.raises(NotAllowedError, match="Enter difference and interval"):
        cycles.run_check(desk, cycle_id)
    run = cycles.run_check(desk, cycle_id, ImportedResult(0.08, 0.05, 0.11, "experiment 7"))
    primary, rail = run.checks
    assert (primary.method, primary.diff, primary.lo, primary.hi) == (
        Method.IMPORTED, 0.08, 0.05, 0.11,
    )  # fmt: skip
    assert rail.guard_state is GuardState.PASS
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    told = cycles.cycle_page(desk, cycle_id).record.history[-1]
    assert told.changes["imported"]["source"] == "experiment 7"


def test_only_an_ab_test_takes_a_result_from_elsewhere(begun):
    desk, cycle_id = begun("step")
    with pytest.raises(NotAllowedError, match="no other cycle"):
        cycles.run_check(desk, cycle_id, ImportedResult(0.08, 0.05, 0.11))


def test_a_control_series_is_locked_frozen_and_subtracted(product, asked, card, steps):
    desk = product.desk()
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    seen = cycles.cycle_page(desk, cycle_id).metric_versions["wau"]
    cycles.put_metric(desk, cycle_id, Card("wau"), MetricRole.CONTROL, expected_version=seen)
    steps.primary(desk, cycle_id, control_metric_id="wau")
    design = {"design": Design.CONTROL_SERIES.value}
    cycles.edit_cycle(desk, cycle_id, steps.version(desk, cycle_id), design)
    said = cycles.Said(waiver="Nothing else is touched.", control_because="Sees none of it.")
    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id), said)
    steps.do(desk, cycle_id)
    product.data("step")
    product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
    run = cycles.run_check(desk, cycle_id)
    (primary,) = run.checks
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    # With a control the test of drift is not needed.
    assert primary.drift_excluded is None
    assert "with a control series" in run.verdict.sentence
    frozen = cycles.cycle_page(desk, cycle_id).record.check_freeze
    assert [each.role for each in frozen.series] == ["primary", "control"]


def test_nobody_who_is_not_there_can_own_a_cycle(product, card, asked):
    desk = product.desk()
    with pytest.raises(NotAllowedError, match="no person ghost"):
        cycles.start_cycle(desk, "product", card, asked("ghost"))
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    with pytest.raises(NotAllowedError, match="no person ghost"):
        cycles.add_action(desk, cycle_id, "Tell support", owner_id="ghost")


def test_a_metric_without_a_good_direction_needs_one(product):
    desk = product.desk()
    new = Card("lifecycle", pick=(("component", "new"),))
    today = desk.today
    answers = Asked("We advertise", "More will come", "lifecycle", 20.0, "local", today)
    with pytest.raises(NotAllowedError, match="should go up or down"):
        cycles.start_cycle(desk, "product", new, answers)
    cycle_id = cycles.start_cycle(desk, "product", new, answers, direction=Direction.UP)
    plan = cycles.preview(desk, cycle_id).plan
    assert plan.primary.filters == {"pick": {"component": "new"}}
    assert plan.baseline.n == 26

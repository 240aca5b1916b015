"""A cycle from its card to its Act decision, on published numbers and both databases."""

from datetime import timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import cycles
from pipelines.reviews.card import Card
from pipelines.reviews.cycle import Act
from pipelines.reviews.terms import (
    ActDecision,
    CycleStatus,
    GuardState,
    MetricRole,
    Verdict,
)


def version(desk, cycle_id):
    return cycles.cycle_page(desk, cycle_id).record.cycle.row_version


def locked(product, asked, card, person="local"):
    """A cycle with its plan locked, whose guard-rail tolerates a loss of ten people a week."""
    desk = product.desk(person)
    cycle_id = cycles.start_cycle(desk, "product", card, asked(person))
    page = cycles.cycle_page(desk, cycle_id)
    cycles.put_metric(
        desk, cycle_id, Card("wau"), MetricRole.GUARD_RAIL,
        expected_version=page.metric_versions["wau"], margin=10.0,
    )  # fmt: skip
    cycles.lock(desk, cycle_id, version(desk, cycle_id))
    return desk, cycle_id


def done(desk, cycle_id):
    """Its action is begun and finished on the day of the test."""
    for step in (cycles.begin_action, cycles.end_action):
        page = cycles.cycle_page(desk, cycle_id)
        action = page.record.actions[0]
        step(desk, action.action_id, page.action_versions[action.action_id])
    cycles.begin_check(desk, cycle_id, version(desk, cycle_id))


def test_a_light_cycle_runs_from_five_answers_to_a_standard(product, asked, card):
    desk, cycle_id = locked(product, asked, card)
    page = cycles.cycle_page(desk, cycle_id)
    plan = page.record.plans[0]
    assert page.record.cycle.status is CycleStatus.PLANNED
    assert plan.plan.baseline.n == 26
    assert plan.baseline_mean == pytest.approx(0.3, abs=0.02)
    assert plan.lnpl < 0.3 < plan.unpl
    assert 0 < plan.mde80 < 0.15
    assert any("New prices" in each for each in plan.plan.confounders)
    assert len(page.record.plan_freeze.of("activation_rate").points) == 40

    done(desk, cycle_id)
    product.data("step")
    product.wait_until(page.record.cycle.check_not_before)
    run = cycles.run_check(product.desk(), cycle_id)
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    primary, rail = run.checks
    assert (primary.metric_id, primary.n_base, primary.n_post) == ("activation_rate", 26, 14)
    assert primary.lo < 0.15 < primary.hi
    assert rail.guard_state is GuardState.PASS
    assert "Before/after comparison, not a controlled test." in run.verdict.sentence

    with pytest.raises(NotAllowedError, match="self-signed"):
        cycles.sign(desk, cycle_id, version(desk, cycle_id), Verdict.IMPROVED)
    product.now += timedelta(hours=25)
    cycles.sign(desk, cycle_id, version(desk, cycle_id), Verdict.IMPROVED)
    act = Act(
        ActDecision.STANDARDISE, rationale="It works.", standard_link="https://wiki/sign-up",
        standard_owner_id="local",
    )  # fmt: skip
    assert cycles.decide(desk, cycle_id, version(desk, cycle_id), act) is None

    record = cycles.cycle_page(desk, cycle_id).record
    assert record.cycle.status is CycleStatus.CLOSED
    assert record.cycle.act_decision is ActDecision.STANDARDISE
    assert record.signatures[0].self_signed
    (sustain,) = record.follow_ups
    assert sustain.due_on == record.cycle.sustain_on
    assert record.decisions[0].rationale == "It works."

"""A cycle of one person from its card to its Act decision, on published numbers."""

from datetime import timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import cycles
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import NOT_PROVEN, Act
from pipelines.reviews.core.terms import (
    ActDecision,
    CycleStatus,
    Direction,
    FreezePurpose,
    GuardState,
    MetricRole,
    Reason,
    Verdict,
)
from pipelines.reviews.cycle.planning import Said
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Evidence, EvidenceLink, PdcaCheck, PdcaVerdict
from pipelines.reviews.records.verifying import verify_records

DAY = timedelta(days=1)


@pytest.fixture
def begun(product, asked, card, steps):
    """`begun(stage)` → a desk on the day of the Check, after that data came in, and the cycle."""

    def run(stage):
        desk = product.desk()
        cycle_id = steps.locked(desk, card, asked())
        steps.do(desk, cycle_id)
        product.data(stage)
        product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
        return product.desk(), cycle_id

    return run


def signed(product, desk, cycle_id, steps, verdict):
    product.now += timedelta(hours=25)
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), verdict)


def test_five_answers_make_a_whole_plan_with_baseline_limits_and_what_it_can_show(
    product, asked, card, steps
):
    desk = product.desk()
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    seen = cycles.preview(desk, cycle_id)
    assert seen.plan.primary.direction is Direction.UP
    assert seen.plan.baseline.n == 26
    assert seen.plan.baseline.mean == pytest.approx(0.3, abs=0.02)
    assert seen.plan.baseline.exposures[0] > 150
    assert seen.plan.effect == "Activation rate goes up by at least 5.0\u00a0pp"
    assert [each.metric_id for each in seen.plan.of_role(MetricRole.GUARD_RAIL)] == ["wau"]
    assert 0 < seen.outlook.mde80 < 0.15
    assert 0.3 < seen.outlook.guard_chances["wau"] < 0.9
    assert seen.plan.confounders == ("price change New prices (3 Nov 2025)",)
    assert not [each for each in seen.findings if each.level == "blocks"]

    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
    record = cycles.cycle_page(desk, cycle_id).record
    (plan,) = record.plans
    assert plan.plan_hash == seen.plan_hash
    assert plan.mde80 == seen.outlook.mde80
    assert plan.lnpl < plan.baseline_mean < plan.unpl
    frozen = record.plan_freeze
    assert frozen.purpose is FreezePurpose.PLAN
    assert frozen.of("activation_rate").points[-1].end == record.cycle.start_on
    assert "Formula:" in frozen.of("activation_rate").rule_text


def test_an_effect_that_is_there_becomes_a_standard(product, begun, steps):
    desk, cycle_id = begun("step")
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    primary, rail = run.checks
    assert (primary.metric_id, primary.n_base, primary.n_post) == ("activation_rate", 26, 14)
    assert primary.lo < 0.15 < primary.hi
    assert rail.guard_state is GuardState.PASS
    assert "Before/after comparison, not a controlled test." in run.verdict.sentence

    with pytest.raises(NotAllowedError, match="self-signed"):
        cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), Verdict.IMPROVED)
    signed(product, desk, cycle_id, steps, Verdict.IMPROVED)
    act = Act(
        ActDecision.STANDARDISE, rationale="It works.", standard_link="https://wiki/sign-up",
        standard_owner_id="local",
    )  # fmt: skip
    assert cycles.decide(desk, cycle_id, steps.version(desk, cycle_id), act) is None

    record = cycles.cycle_page(desk, cycle_id).record
    assert record.cycle.status is CycleStatus.CLOSED
    assert record.signatures[0].self_signed
    (sustain,) = record.follow_ups
    assert sustain.due_on == record.cycle.sustain_on
    assert record.decisions[0].rationale == "It works."


def test_an_effect_that_is_not_there_is_inconclusive_and_may_only_be_kept(product, begun, steps):
    desk, cycle_id = begun("flat")
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict in {Verdict.INCONCLUSIVE, Verdict.NO_USEFUL_EFFECT}
    told = [run.known, run.settling]
    assert all(told) is (run.verdict.machine_verdict is Verdict.INCONCLUSIVE)
    assert all(part in run.verdict.sentence for part in told)
    found = run.verdict.machine_verdict
    signed(product, desk, cycle_id, steps, found)
    standard = Act(ActDecision.STANDARDISE, rationale="Looks fine", standard_link="x",
                   standard_owner_id="local")  # fmt: skip
    with pytest.raises(NotAllowedError, match="only improved can become a standard"):
        cycles.decide(desk, cycle_id, steps.version(desk, cycle_id), standard)
    keep = Act(ActDecision.KEEP, rationale="It does no harm and is simpler.")
    cycles.decide(desk, cycle_id, steps.version(desk, cycle_id), keep)
    assert cycles.cycle_page(desk, cycle_id).record.labels == (NOT_PROVEN,)


def test_the_same_numbers_are_checked_once(begun):
    desk, cycle_id = begun("step")
    runs = {cycles.run_check(desk, cycle_id).run_id for _ in range(3)}
    assert len(runs) == 1
    with desk.store.reading() as session:
        assert len(rows_of(session, PdcaCheck)) == 2
        assert len(rows_of(session, PdcaVerdict)) == 1
        assert verify_records(session) is None


def test_before_its_day_nothing_is_judged_and_nothing_can_be_signed(product, begun, steps):
    desk, cycle_id = begun("step")
    product.now -= 20 * DAY
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict is Verdict.NOT_READY
    assert "The Check may run from" in run.verdict.sentence
    with pytest.raises(NotAllowedError, match="Run the Check"):
        cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), Verdict.IMPROVED)


def test_a_look_is_repeated_later_with_a_stricter_test(product, begun, steps):
    desk, cycle_id = begun("flat")
    cycles.run_check(desk, cycle_id)
    later = desk.today + 28 * DAY
    with pytest.raises(NotAllowedError, match="Say why more time"):
        cycles.extend(desk, cycle_id, steps.version(desk, cycle_id), later, "")
    moved = cycles.extend(desk, cycle_id, steps.version(desk, cycle_id), later, "Too early")
    assert (moved.look, moved.look_on) == (2, later)
    (card,) = cycles.lineage(desk, cycle_id)
    assert not card.has_run
    product.wait_until(later)
    run = cycles.run_check(desk, cycle_id)
    assert (run.look, run.checks[0].alpha) == (2, 0.02)
    (card,) = cycles.lineage(desk, cycle_id)
    assert card.has_run


def test_adjust_begins_the_next_cycle_as_a_draft_of_the_same_line(product, begun, steps):
    desk, cycle_id = begun("flat")
    found = cycles.run_check(desk, cycle_id).verdict.machine_verdict
    signed(product, desk, cycle_id, steps, found)
    act = Act(ActDecision.ADJUST, rationale="Ask two fields less", learning="One is not enough")
    promise = cycles.Promise("Ask those who left", "local", desk.today + 7 * DAY)
    child_id = cycles.decide(
        desk, cycle_id, steps.version(desk, cycle_id), act, follow_ups=[promise]
    )
    child = cycles.cycle_page(desk, child_id).record
    assert (child.cycle.parent_cycle_id, child.cycle.seq) == (cycle_id, 2)
    assert child.cycle.status is CycleStatus.DRAFT
    assert {each.metric_id for each in child.metrics} == {"activation_rate", "wau"}
    assert [each.cycle.cycle_id for each in cycles.lineage(desk, child_id)] == [cycle_id, child_id]
    assert cycles.cycle_page(desk, cycle_id).record.follow_ups[0].title == "Ask those who left"
    assert [each.cycle.title for each in cycles.search(desk, "not enough")] == [child.cycle.title]


def test_a_failed_guard_rail_opens_the_fast_path_before_the_day(product, asked, card, steps):
    desk = product.desk()
    cycle_id = cycles.start_cycle(desk, "product", card, asked())
    # As if the change were meant to lower activation: what goes up is harm then.
    seen = cycles.cycle_page(desk, cycle_id).metric_versions
    cycles.put_metric(desk, cycle_id, Card("wau"), MetricRole.PRIMARY, min_effect=10.0,
                      expected_version=seen["wau"])  # fmt: skip
    cycles.put_metric(desk, cycle_id, card, MetricRole.GUARD_RAIL, direction=Direction.DOWN,
                      margin=0.03)  # fmt: skip
    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
    with pytest.raises(NotAllowedError, match="not ready to be acting"):
        cycles.take_fast_path(desk, cycle_id, steps.version(desk, cycle_id))
    steps.do(desk, cycle_id)
    with pytest.raises(NotAllowedError, match="No guard-rail has failed"):
        cycles.take_fast_path(desk, cycle_id, steps.version(desk, cycle_id))
    assert cycles.look_early(desk, cycle_id) is None

    product.data("step")
    product.now += 14 * DAY
    run = cycles.look_early(desk, cycle_id)
    assert run.failed == {"activation_rate": "Activation rate"}
    assert cycles.look_early(desk, cycle_id) is None
    (card_on_board,) = cycles.board(desk)["check"]
    assert card_on_board.is_breached
    assert card_on_board.decide_by == run.decide_by > desk.today
    cycles.take_fast_path(desk, cycle_id, steps.version(desk, cycle_id))
    with pytest.raises(NotAllowedError, match="cannot lead to standardise"):
        cycles.decide(
            desk, cycle_id, steps.version(desk, cycle_id),
            Act(ActDecision.STANDARDISE, rationale="No"),
        )  # fmt: skip
    act = Act(ActDecision.ABANDON, rationale="It does harm", learning="Shorter is not better",
              rolled_back_on=desk.today)  # fmt: skip
    cycles.decide(desk, cycle_id, steps.version(desk, cycle_id), act)
    assert cycles.cycle_page(desk, cycle_id).record.cycle.rolled_back_on == desk.today


def test_after_a_refresh_what_is_due_is_checked_by_the_program(product, asked, card, steps):
    desk = product.desk()
    cycle_id = steps.locked(desk, card, asked())
    page = cycles.cycle_page(desk, cycle_id)
    (action,) = page.record.actions
    for step in (cycles.begin_action, cycles.end_action):
        seen = cycles.cycle_page(desk, cycle_id).action_versions[action.action_id]
        step(desk, action.action_id, seen)
    assert cycles.after_refresh(product.desk("launchloop")) == ()

    product.data("step")
    product.wait_until(page.record.cycle.check_not_before)
    machine = product.desk("launchloop")
    assert [each.what for each in cycles.after_refresh(machine)] == ["check_begun", "checked"]
    assert cycles.after_refresh(machine) == ()
    record = cycles.cycle_page(desk, cycle_id).record
    assert record.cycle.status is CycleStatus.CHECKING
    assert record.history[-1].actor_id == "launchloop"


def test_a_definition_that_changed_makes_the_verdict_invalid_until_planned_again(
    product, begun, steps, redefined
):
    desk, cycle_id = begun("step")
    redefined(product)
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict is Verdict.INVALID
    assert "The definition of Activation rate is not the one that was locked" in (
        run.verdict.sentence
    )
    again = cycles.Replan(takes_baseline_again=True)
    cycles.relock(desk, cycle_id, steps.version(desk, cycle_id), again, "Activation means more")
    run = cycles.run_check(desk, cycle_id)
    assert run.verdict.machine_verdict is Verdict.IMPROVED


def test_late_actions_move_the_day_of_the_check_and_nothing_else(product, asked, card, steps):
    desk = product.desk()
    cycle_id = steps.locked(desk, card, asked())
    planned = cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before
    product.now += 21 * DAY
    steps.do(product.desk(), cycle_id)
    page = cycles.cycle_page(product.desk(), cycle_id)
    assert page.record.cycle.ready_on == planned + 21 * DAY
    assert page.record.cycle.check_not_before == planned
    assert "V11" in {each.rule for each in page.findings}


def test_a_qualitative_cycle_is_judged_on_criteria_and_two_kinds_of_evidence(product, steps):
    desk = product.desk()
    cycle_id = cycles.start_qualitative(desk, "product", "Clearer words", owner_id="local")
    go_live = desk.today + 7 * DAY
    cycles.edit_cycle(
        desk, cycle_id, steps.version(desk, cycle_id),
        {
            "hypothesis_change": "We use plain words", "hypothesis_because": "Nobody understands",
            "start_on": go_live, "due_on": go_live, "check_not_before": go_live + 28 * DAY,
            "check_due_on": go_live + 42 * DAY,
        },
    )  # fmt: skip
    cycles.add_action(desk, cycle_id, "Write them", owner_id="local")
    with pytest.raises(NotAllowedError, match="criteria"):
        cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
    said = Said(criteria=("Five of six understand it",), criteria_sources=("usability tests",))
    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id), said)
    steps.do(desk, cycle_id)
    product.now += 40 * DAY
    run = cycles.run_check(desk, cycle_id)
    assert "Five of six understand it" in run.verdict.sentence
    product.now += timedelta(hours=25)

    def sign():
        cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), Verdict.IMPROVED,
                    human_reason="All six understood")  # fmt: skip

    with pytest.raises(NotAllowedError, match="2 independent kinds of evidence"):
        sign()
    for kind in ("interview", "usability_test"):
        speaks_for(desk, cycle_id, kind)
    sign()
    page = cycles.cycle_page(desk, cycle_id)
    assert page.record.labels == ("qualitative",)
    assert page.signature.human_verdict is Verdict.IMPROVED


def test_reasons_of_a_verdict_are_kept_as_words(begun):
    desk, cycle_id = begun("flat")
    cycles.run_check(desk, cycle_id)
    (run,) = cycles.cycle_page(desk, cycle_id).record.runs
    assert all(isinstance(each, Reason) for each in run.verdict.reasons)
    assert run.suggestion


def speaks_for(desk, cycle_id, kind):
    with desk.saving() as save:
        evidence_id = save.new_id()
        save.insert(
            Evidence(
                evidence_id=evidence_id, kind=kind, held_on=desk.today, team_id="product",
                summary="They understood", author_id="local",
            )
        )  # fmt: skip
        link = EvidenceLink(
            evidence_id=evidence_id, subject="pdca_cycle", subject_id=cycle_id, use="learning"
        )
        save.insert(link)

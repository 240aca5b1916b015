"""Cycles of several people: roles, rigour, stale edits, second clicks, pauses and new plans."""

from datetime import timedelta

import pytest

from pipelines.errors import NotAllowedError, RecordsError, StaleError
from pipelines.reviews import cycles
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.terms import (
    ActDecision,
    CycleStatus,
    Level,
    MetricRole,
    Rigour,
    Verdict,
)
from pipelines.reviews.cycle import locking
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Evidence, EvidenceLink, PdcaCycle, PdcaPlan
from pipelines.reviews.records.verifying import verify_records


@pytest.fixture
def team(product, people):
    """The product with Anna, who manages it, Ben, who builds it, and Vera, who looks on."""
    product.data("before", people)
    return product


def test_a_standard_cycle_of_two_is_signed_by_who_did_not_do_it(team, asked, card, steps):
    anna = team.desk("anna")
    card_of_team = anna.team("product")
    anna.change_settings("product", card_of_team.row_version, rigour=Rigour.STANDARD)
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    found = {each.rule for each in blocking(cycles.preview(anna, cycle_id))}
    assert found == {"V1", "V4"}

    told(anna, cycle_id)
    steps.tolerate(anna, cycle_id, "wau", 10.0)
    steps.primary(anna, cycle_id, target_value=0.42)
    assert not blocking(cycles.preview(anna, cycle_id))
    assert cycles.lock(anna, cycle_id, steps.version(anna, cycle_id)) == 1
    page = cycles.cycle_page(anna, cycle_id)
    assert page.record.plans[0].plan.rigour is Rigour.STANDARD
    assert page.record.plans[0].plan.primary.min_post_points == 13

    ben = team.desk("ben")
    steps.do(ben, cycle_id)
    team.data("step")
    team.wait_until(page.record.cycle.check_not_before)
    run = cycles.run_check(team.desk("ben"), cycle_id)
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    with pytest.raises(NotAllowedError, match="You own an action"):
        cycles.sign(ben, cycle_id, steps.version(ben, cycle_id), Verdict.IMPROVED)
    with pytest.raises(NotAllowedError, match="Write why"):
        cycles.sign(anna, cycle_id, steps.version(anna, cycle_id), Verdict.INCONCLUSIVE)
    cycles.sign(
        anna, cycle_id, steps.version(anna, cycle_id), Verdict.INCONCLUSIVE,
        human_reason="The price changed too.",
    )  # fmt: skip
    signed = cycles.cycle_page(anna, cycle_id).signature
    assert (signed.machine_verdict, signed.human_verdict) == (
        Verdict.IMPROVED, Verdict.INCONCLUSIVE,
    )  # fmt: skip
    assert not signed.self_signed


def test_whoever_may_not_is_refused_by_the_service_itself(team, asked, card, steps):
    anna, ben, vera = (team.desk(who) for who in ("anna", "ben", "vera"))
    with pytest.raises(NotAllowedError, match="draft a cycle"):
        cycles.start_cycle(vera, "product", card, asked("vera"))
    cycle_id = cycles.start_cycle(ben, "product", card, asked("anna"))
    version = steps.version(vera, cycle_id)
    with pytest.raises(NotAllowedError, match="edit a draft"):
        cycles.edit_cycle(ben, cycle_id, version, {"title": "Mine"})
    with pytest.raises(NotAllowedError, match="lock a plan"):
        cycles.lock(ben, cycle_id, version)
    with pytest.raises(NotAllowedError, match="Act decision"):
        cycles.decide(ben, cycle_id, version, Act(ActDecision.KEEP))
    with pytest.raises(NotAllowedError, match="Act decision"):
        cycles.take_fast_path(ben, cycle_id, version)
    cycles.edit_cycle(anna, cycle_id, version, {"title": "Shorter sign-up"})
    assert cycles.cycle_page(vera, cycle_id).record.cycle.title == "Shorter sign-up"


def test_of_two_edits_on_the_same_text_the_second_is_told_both(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    seen = steps.version(anna, cycle_id)
    cycles.edit_cycle(anna, cycle_id, seen, {"problem": "Anna's text"})
    with pytest.raises(StaleError) as refused:
        cycles.edit_cycle(team.desk("ben"), cycle_id, seen, {"problem": "Ben's text"})
    assert refused.value.theirs == {"problem": "Anna's text"}
    assert refused.value.yours == {"problem": "Ben's text"}
    assert cycles.cycle_page(anna, cycle_id).record.cycle.problem == "Anna's text"


def test_metrics_changed_behind_the_back_of_the_lock_stop_it(team, asked, card, steps, monkeypatch):
    anna, ben = team.desk("anna"), team.desk("ben")
    cycle_id = cycles.start_cycle(ben, "product", card, asked("ben"))
    seen = steps.version(anna, cycle_id)
    plan = locking.planned_of

    def meanwhile(*given):
        planned = plan(*given)
        steps.tolerate(ben, cycle_id, "wau", 3.0)
        return planned

    monkeypatch.setattr(locking, "planned_of", meanwhile)
    with pytest.raises(StaleError, match="changed the metrics"):
        cycles.lock(anna, cycle_id, seen)


def test_a_double_click_begins_locks_and_adds_once(team, asked, card, steps):
    anna = team.desk("anna")
    ids = {cycles.start_cycle(anna, "product", card, asked("ben"), key="a") for _ in range(2)}
    (cycle_id,) = ids
    seen = steps.version(anna, cycle_id)
    assert [cycles.lock(anna, cycle_id, seen, key="b") for _ in range(2)] == [1, 1]
    actions = {cycles.add_action(anna, cycle_id, "Tell support", key="c") for _ in range(2)}
    assert len(actions) == 1
    with anna.store.reading() as session:
        assert len(rows_of(session, PdcaCycle)) == len(rows_of(session, PdcaPlan)) == 1
        assert verify_records(session) is None


def test_a_locked_plan_changes_only_as_a_new_version_with_a_reason(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    cycles.lock(anna, cycle_id, steps.version(anna, cycle_id))
    version = steps.version(anna, cycle_id)
    with pytest.raises(NotAllowedError, match="The plan is locked"):
        cycles.edit_cycle(anna, cycle_id, version, {"hypothesis_change": "Two fields less"})
    change = cycles.Replan(metrics={"activation_rate": {"min_effect": 0.08}})
    with pytest.raises(NotAllowedError, match="Say why"):
        cycles.relock(anna, cycle_id, version, change, " ")
    with pytest.raises(NotAllowedError, match="Nothing of the plan changes"):
        cycles.relock(anna, cycle_id, version, cycles.Replan(), "No reason")
    assert cycles.relock(anna, cycle_id, version, change, "Five points were too few") == 2
    page = cycles.cycle_page(anna, cycle_id)
    assert page.record.is_plan_changed
    assert page.record.plans[1].changed == ("smallest effect",)
    assert page.record.plans[0].plan.primary.min_effect == 0.05
    assert [each.rule for each in page.findings if each.level is Level.RECORDED] == ["V10"]
    assert "Five points were too few" in page.findings[0].sentence


def test_a_guard_rail_is_waived_with_a_reason_and_decides_again_after_an_amendment(
    team, asked, card, steps
):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    seen = steps.version(anna, cycle_id)
    with pytest.raises(NotAllowedError, match="Write why these guard-rails are waived"):
        cycles.lock(anna, cycle_id, seen, cycles.Said(waived=("wau",)))
    said = cycles.Said(waived=("wau",), waiver="Weekly active users: It is summer.")
    cycles.lock(anna, cycle_id, seen, said)
    change = cycles.Replan(waived=())
    cycles.relock(anna, cycle_id, steps.version(anna, cycle_id), change, "It is autumn")
    plans = cycles.cycle_page(anna, cycle_id).record.plans
    assert [(each.plan.waived, each.plan.waiver) for each in plans] == [
        (("wau",), "Weekly active users: It is summer."),
        ((), None),
    ]
    assert plans[1].changed == ("margin",)


def test_a_cycle_rests_with_a_reason_and_a_day_and_goes_on_where_it_stood(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    resume_on = anna.today + timedelta(days=20)
    with pytest.raises(NotAllowedError, match="Say when to resume"):
        cycles.hold(anna, cycle_id, steps.version(anna, cycle_id), "Holidays", None)
    cycles.hold(anna, cycle_id, steps.version(anna, cycle_id), "Holidays", resume_on)
    assert [each.cycle.cycle_id for each in cycles.board(anna)["on_hold"]] == [cycle_id]
    back = cycles.resume(anna, cycle_id, steps.version(anna, cycle_id))
    assert back.status is CycleStatus.DRAFT
    gone = cycles.cancel(anna, cycle_id, back.row_version, "Not worth it")
    assert gone.status is CycleStatus.CANCELLED
    with pytest.raises(NotAllowedError, match="This cycle is over"):
        cycles.edit_cycle(anna, cycle_id, gone.row_version, {"title": "Again"})


def test_a_dropped_metric_leaves_the_plan_and_can_come_back(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    page = cycles.cycle_page(anna, cycle_id)
    cycles.drop_metric(anna, cycle_id, "wau", page.metric_versions["wau"])
    without = cycles.preview(anna, cycle_id)
    assert [each.rule for each in blocking(without)] == ["V2"]
    assert "none is watched" in without.suggested_waiver
    said = cycles.Said(waiver="Only those who sign up see it.")
    assert not blocking(cycles.preview(anna, cycle_id, said))
    cycles.put_metric(anna, cycle_id, Card("wau"), MetricRole.GUARD_RAIL, margin=5.0)
    assert cycles.preview(anna, cycle_id).plan.of_role(MetricRole.GUARD_RAIL)[0].margin == 5.0


def test_a_new_primary_metric_takes_the_place_of_the_first(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"))
    cycles.put_metric(anna, cycle_id, Card("dau"), MetricRole.PRIMARY, min_effect=3.0)
    plan = cycles.preview(anna, cycle_id).plan
    assert plan.primary.metric_id == "dau"
    assert "activation_rate" not in {each.metric_id for each in plan.metrics}


def test_a_release_belongs_to_one_cycle(team, asked, card):
    anna = team.desk("anna")
    first, second = (cycles.start_cycle(anna, "product", card, asked("ben")) for _ in range(2))
    link = cycles.link_delivery(anna, first, release_id="2.1")
    assert cycles.link_delivery(anna, first, release_id="2.1") == link
    with pytest.raises(NotAllowedError, match="another cycle"):
        cycles.link_delivery(anna, second, release_id="2.1")
    assert cycles.cycle_page(anna, first).record.deliveries[0].release_id == "2.1"


def test_past_learning_is_found_whatever_its_capitals(team, asked, card, steps):
    anna = team.desk("anna")
    cycle_id = cycles.start_cycle(anna, "product", card, asked("ben"), title="Übersicht 100%")
    cycles.start_cycle(anna, "product", card, asked("ben"), title="Übersicht 1000")
    cycles.edit_cycle(
        anna, cycle_id, steps.version(anna, cycle_id), {"learning": "Forms Lose people"}
    )

    def found(words):
        return [each.cycle.title for each in cycles.search(anna, words)]

    assert found("forms LOSE") == ["Übersicht 100%"]
    assert found("übersicht") == ["Übersicht 1000", "Übersicht 100%"]
    assert found("100%") == ["Übersicht 100%"]
    assert not found("nothing like it")
    assert not found(" ")


def test_who_does_not_belong_to_the_team_sees_nothing_of_it(team, asked, card):
    cycle_id = cycles.start_cycle(team.desk("anna"), "product", card, asked("ben"))
    team.data("before", team.people.replace('product = ["stakeholder"]', "other = []"))
    vera = team.desk("vera")
    assert not any(cycles.board(vera).values())
    assert not cycles.search(vera, "field")
    for read in (cycles.cycle_page, cycles.lineage, cycles.preview):
        with pytest.raises(NotAllowedError, match="read the team's records"):
            read(vera, cycle_id)


def test_what_does_not_exist_is_named(team):
    with pytest.raises(RecordsError, match="no cycle c9"):
        cycles.cycle_page(team.desk("anna"), "c9")


def told(desk, cycle_id):
    """What standard rigour asks for: problem, root cause, evidence."""
    version = cycles.cycle_page(desk, cycle_id).record.cycle.row_version
    words = {"problem": "Many leave", "root_cause": "Too long", "root_cause_method": "five whys"}
    cycles.edit_cycle(desk, cycle_id, version, words)
    with desk.saving() as save:
        evidence_id = save.new_id()
        save.insert(
            Evidence(
                evidence_id=evidence_id, kind="interview", held_on=desk.today, team_id="product",
                summary="Seven of nine stopped there", author_id="anna",
            )
        )  # fmt: skip
        save.insert(
            EvidenceLink(
                evidence_id=evidence_id, subject="pdca_cycle", subject_id=cycle_id, use="problem"
            )
        )


def blocking(preview):
    return [each for each in preview.findings if each.level is Level.BLOCKS]


def test_a_self_signed_verdict_can_be_countersigned_and_both_stay_visible(team, asked, card, steps):
    anna, ben = team.desk("anna"), team.desk("ben")
    cycle_id = steps.locked(anna, card, asked("ben"))
    steps.do(ben, cycle_id)
    team.data("step")
    team.wait_until(cycles.cycle_page(anna, cycle_id).record.cycle.check_not_before)
    cycles.run_check(team.desk("ben"), cycle_id)
    with pytest.raises(NotAllowedError, match="Nobody has signed"):
        cycles.countersign(anna, cycle_id, Verdict.IMPROVED)
    team.now += timedelta(hours=25)
    cycles.sign(team.desk("ben"), cycle_id, steps.version(ben, cycle_id), Verdict.IMPROVED)
    with pytest.raises(NotAllowedError, match="signed this verdict already"):
        cycles.countersign(team.desk("ben"), cycle_id, Verdict.IMPROVED)
    team.now += timedelta(hours=1)
    cycles.countersign(
        team.desk("anna"), cycle_id, Verdict.INCONCLUSIVE, human_reason="Prices changed"
    )
    record = cycles.cycle_page(anna, cycle_id).record
    assert [(each.signed_by, each.self_signed) for each in record.signatures] == [
        ("ben", True),
        ("anna", False),
    ]
    assert record.cycle.status is CycleStatus.ACTING
    (on_board,) = cycles.board(anna)["act"]
    assert on_board.machine_verdict is Verdict.IMPROVED
    assert on_board.human_verdict is Verdict.INCONCLUSIVE
    assert not on_board.is_self_signed


def test_actions_are_edited_and_dropped_with_a_reason(team, asked, card, steps):
    ben = team.desk("ben")
    cycle_id = steps.locked(team.desk("anna"), card, asked("ben"))
    extra = cycles.add_action(ben, cycle_id, "Tell support", owner_id="anna")
    cycles.edit_action(ben, extra, 1, title="Tell support and sales")
    with pytest.raises(StaleError):
        cycles.edit_action(ben, extra, 1, title="Tell nobody")
    with pytest.raises(NotAllowedError, match="Say why"):
        cycles.give_up_action(ben, extra, 2, " ")
    cycles.give_up_action(ben, extra, 2, "Nobody asked")
    first = cycles.cycle_page(ben, cycle_id).record.actions[0]
    cycles.begin_action(ben, first.action_id, 1)
    page = cycles.cycle_page(ben, cycle_id)
    assert page.record.cycle.status is CycleStatus.DOING
    with pytest.raises(NotAllowedError, match="Still to be done"):
        cycles.begin_check(ben, cycle_id, page.record.cycle.row_version)
    cycles.end_action(ben, first.action_id, 2, deviation="Behind a switch")
    moved = cycles.begin_check(ben, cycle_id, steps.version(ben, cycle_id))
    assert moved.status is CycleStatus.CHECKING
    with pytest.raises(NotAllowedError, match="The Do is over"):
        cycles.add_action(ben, cycle_id, "One more")
    titles = {
        each.title: each.deviation for each in cycles.cycle_page(ben, cycle_id).record.actions
    }
    assert titles["Tell support and sales"] == "Nobody asked"

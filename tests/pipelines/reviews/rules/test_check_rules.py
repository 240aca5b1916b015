"""V14 to V25 and the guards of the states: each on a record that holds it, or does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.meeting import Decision, FollowUp, Item
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    Design,
    EvidenceKind,
    ItemSource,
    ItemState,
    Level,
    Phase,
    Rigour,
    Verdict,
)
from pipelines.reviews.rules.table import findings

# The dates of the plan in conftest.py.
DUE, CHECK = date(2026, 7, 6), date(2026, 10, 5)
CHECKED_AT = datetime(2026, 10, 6, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


def with_cycle(facts, **changes):
    return replace(facts, cycle=replace(facts.cycle, **changes))


def with_verdict(facts, **changes):
    return replace(facts, verdict=replace(facts.verdict, **changes))


def full_act(decision, **changes):
    act = Act(
        decision,
        decider_id="pia",
        rationale="It says so",
        learning="Length matters",
        standard_link="wiki/form",
        standard_owner_id="ana",
        child_id="c2",
    )
    return replace(act, **changes)


def test_v14_stops_a_definition_that_cannot_run(said, at_check):
    assert said(Phase.CHECK, at_check, "V14") == ""
    text = said(Phase.CHECK, replace(at_check, definition_trouble="The column is gone."), "V14")
    assert "The column is gone. The verdict is invalid" in text


@pytest.mark.parametrize(
    ("moved", "stops"), [(None, False), (1.0, False), (1.01, True), (-2, True)]
)
def test_v15_stops_a_baseline_restated_by_more_than_half_the_smallest_effect(
    said, at_check, moved, stops
):
    text = said(Phase.CHECK, replace(at_check, baseline_restated_by=moved), "V15")
    assert bool(text) is stops


@pytest.mark.parametrize(
    ("rigour", "solo", "signer", "hours", "sentence"),
    [
        (Rigour.STANDARD, False, "cem", 0, ""),
        (Rigour.STANDARD, False, "ben", 48, "Ask someone who owns none"),
        (Rigour.LIGHT, False, "ben", 23, "sign from 7 Oct 2026 09:00 UTC"),
        (Rigour.LIGHT, False, "ben", 24, ""),
        (Rigour.LIGHT, False, "ana", 0, ""),
        (Rigour.STANDARD, True, "ben", 23, "sign from"),
        (Rigour.STANDARD, True, "ben", 24, ""),
        (Rigour.LIGHT, True, "ana", 0, "sign from"),
        (Rigour.LIGHT, True, None, 0, "signed by one person"),
    ],
)
def test_v16_lets_nobody_judge_only_their_own_work(
    said, at_check, rigour, solo, signer, hours, sentence
):
    some = with_verdict(
        replace(at_check, rigour=rigour, solo=solo),
        signed_by=signer,
        signed_at=CHECKED_AT + timedelta(hours=hours),
    )
    text = said(Phase.SIGN, some, "V16")
    assert sentence in text
    assert bool(text) is bool(sentence)


def test_v17_wants_a_reason_for_another_verdict(said, at_check):
    assert "Say your verdict" in said(Phase.SIGN, with_verdict(at_check, human_verdict=None), "V17")
    other = with_verdict(at_check, human_verdict=Verdict.INCONCLUSIVE)
    assert "machine says improved, you say inconclusive" in said(Phase.SIGN, other, "V17")
    assert said(Phase.SIGN, with_verdict(other, human_reason="A sale ran"), "V17") == ""


def test_v18_opens_the_fast_path_for_a_failed_guard_rail_only(said, at_check):
    assert "wait for the Check" in said(Phase.FAST_PATH, at_check, "V18")
    assert findings(Phase.FAST_PATH, replace(at_check, breached="errors")) == ()


@pytest.mark.parametrize("decision", list(ActDecision))
def test_v18_never_standardises_from_the_fast_path(said, at_check, decision):
    some = replace(at_check, fast_path=True, act=full_act(decision))
    assert bool(said(Phase.ACT, some, "V18")) is (decision is ActDecision.STANDARDISE)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_v19_standardises_on_improved_only_whatever_the_human_says(said, at_check, verdict):
    some = with_verdict(at_check, machine_verdict=verdict, human_verdict=Verdict.IMPROVED)
    text = said(Phase.ACT, replace(some, act=full_act(ActDecision.STANDARDISE)), "V19")
    assert bool(text) is (verdict is not Verdict.IMPROVED)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"standard_link": None}, "Link the standard"),
        ({"standard_owner_id": ""}, "who looks after"),
        ({"sustain_on": CHECKED_AT.date()}, "a later day"),
    ],
)
def test_v19_wants_link_owner_and_a_later_sustain_check(said, at_check, change, sentence):
    act = full_act(ActDecision.STANDARDISE, **change)
    assert sentence in said(Phase.ACT, replace(at_check, act=act), "V19")


def test_v19_takes_the_signed_verdict_of_a_qualitative_cycle(said, at_check):
    some = with_cycle(
        with_verdict(at_check, machine_verdict=Verdict.INCONCLUSIVE), design=Design.QUALITATIVE
    )
    some = replace(some, act=full_act(ActDecision.STANDARDISE))
    assert said(Phase.ACT, some, "V19") == ""
    unsigned = with_verdict(some, signed_by=None)
    assert "There is no verdict" in said(Phase.ACT, unsigned, "V19")
    other = with_verdict(some, human_verdict=Verdict.INCONCLUSIVE)
    assert "only improved" in said(Phase.ACT, other, "V19")


def test_v19_wants_two_kinds_of_evidence_for_a_qualitative_signature(said, at_check):
    some = with_cycle(at_check, design=Design.QUALITATIVE)
    one = replace(some, evidence_kinds=frozenset({EvidenceKind.INTERVIEW}))
    assert "this one has 1" in said(Phase.SIGN, one, "V19")
    two = replace(some, evidence_kinds=frozenset({EvidenceKind.INTERVIEW, EvidenceKind.WORKSHOP}))
    assert said(Phase.SIGN, two, "V19") == ""


def test_v20_wants_a_child_for_adjust_and_learning_for_abandon(said, at_check):
    for decision, change in (
        (ActDecision.ADJUST, {"child_id": None}),
        (ActDecision.ABANDON, {"learning": " "}),
    ):
        assert said(Phase.ACT, replace(at_check, act=full_act(decision)), "V20") == ""
        bare = replace(at_check, act=full_act(decision, **change))
        assert said(Phase.ACT, bare, "V20") != ""


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_keep_is_refused_without_a_verdict_and_on_proven_harm_only(said, at_check, verdict):
    some = replace(at_check, act=full_act(ActDecision.KEEP))
    some = with_verdict(some, machine_verdict=verdict) if verdict else replace(some, verdict=None)
    refused = verdict in (Verdict.WORSE, Verdict.IMPROVED_WITH_HARM, None)
    assert bool(said(Phase.ACT, some, "state")) is refused


def test_v15_says_shares_in_percentage_points(said, at_check):
    shares = replace(
        at_check,
        plan=replace(
            at_check.plan,
            metrics=tuple(replace(each, min_effect=0.02) for each in at_check.plan.metrics),
        ),
        baseline_restated_by=-0.06,
        units={"activation": "share"},
    )
    text = said(Phase.CHECK, shares, "V15").replace("\u00a0", " ")
    assert "restated by 6.0 pp since the lock" in text
    assert "worth having (2.0 pp)" in text


def test_v21_wants_a_reason_and_a_later_date(said, at_check):
    good = replace(at_check, reason="Too little data", extend_to=CHECK + 6 * WEEK)
    assert findings(Phase.EXTEND, good) == ()
    assert "Say why" in said(Phase.EXTEND, replace(good, reason=None), "V21")
    for day in (None, CHECK, at_check.today):
        assert "must come after" in said(Phase.EXTEND, replace(good, extend_to=day), "V21")
    late = with_cycle(good, ready_on=CHECK + 6 * WEEK)
    assert f"after {in_words(CHECK + 6 * WEEK)}" in said(Phase.EXTEND, late, "V21")


def test_v22_wants_text_decider_and_rationale_of_every_decision(said, facts):
    good = Decision("d1", text="Ship it", decider_id="pia", rationale="It works")
    assert said(Phase.MEETING, replace(facts, decisions=(good,)), "V22") == ""
    for change in ({"text": ""}, {"decider_id": None}, {"rationale": " "}):
        some = replace(facts, decisions=(replace(good, **change),))
        assert said(Phase.MEETING, some, "V22") != ""
        assert said(Phase.PUBLISH, some, "V22") != ""


def test_v22_wants_owner_and_date_of_every_follow_up(said, facts):
    good = FollowUp("f1", "Ask the users", owner_id="ana", due_on=DUE)
    assert said(Phase.MEETING, replace(facts, follow_ups=(good,)), "V22") == ""
    for change in ({"owner_id": ""}, {"due_on": None}):
        some = replace(facts, follow_ups=(replace(good, **change),))
        assert "“Ask the users” has no" in said(Phase.MEETING, some, "V22")


def test_v22_wants_decider_and_rationale_of_the_act(said, at_check):
    for change in ({"decider_id": None}, {"rationale": ""}):
        act = full_act(ActDecision.KEEP, **change)
        assert said(Phase.ACT, replace(at_check, act=act), "V22") != ""


def test_v23_records_what_is_overdue(said, facts):
    assert said(Phase.MEETING, facts, "V23") == ""
    found = findings(Phase.MEETING, replace(facts, overdue=("Ask the users",)))
    assert [each.level for each in found] == [Level.RECORDED]
    assert "Ask the users" in found[0].sentence


@pytest.mark.parametrize("state", list(ItemState))
def test_v24_publishes_no_item_without_an_outcome(said, facts, state):
    item = Item("i1", "m1", 1, ItemSource.MANUAL, "Churn", state=state)
    text = said(Phase.PUBLISH, replace(facts, items=(item,)), "V24")
    assert bool(text) is (state is ItemState.PROPOSED)


@pytest.mark.parametrize("phase", list(Phase))
def test_v25_stops_every_change_without_its_event(said, at_check, phase):
    assert said(phase, at_check, "V25") == ""
    assert said(phase, replace(at_check, writes_event=False), "V25") != ""


def test_actions_that_are_open_stop_the_end_of_the_do(said, at_check, action):
    assert said(Phase.DO, at_check, "state") == ""
    still = replace(action, status=ActionStatus.DOING)
    assert "Build the form" in said(Phase.DO, replace(at_check, actions=(still,)), "state")

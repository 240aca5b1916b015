"""V1 to V25: each rule on a record that holds it, and on one that does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews.cycle import Act
from pipelines.reviews.finding import refuse_if_blocked
from pipelines.reviews.meeting import Decision, FollowUp, Item
from pipelines.reviews.plan import Point
from pipelines.reviews.rules import RULES, blocking, findings
from pipelines.reviews.terms import (
    ActDecision,
    ActionStatus,
    Design,
    Direction,
    EvidenceKind,
    ItemSource,
    ItemState,
    Level,
    Phase,
    Rigour,
    Verdict,
)

# The dates of the plan in conftest.py.
START, DUE, CHECK = date(2026, 6, 29), date(2026, 7, 6), date(2026, 10, 5)
CHECKED_AT = datetime(2026, 10, 6, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# The level column of reviews.md 4, written by hand.
BLOCKS = "V1 V2 V3 V4 V6 V8 V14 V15 V16 V17 V18 V19 V20 V21 V22 V24 V25"
LEVELS = {
    **dict.fromkeys(BLOCKS.split(), Level.BLOCKS),
    **dict.fromkeys(("V5", "V7", "V9", "V12", "V13"), Level.WARNS),
    **dict.fromkeys(("V10", "V11", "V23"), Level.RECORDED),
}


def said(phase, facts, rule):
    """What one rule says, joined."""
    return " ".join(each.sentence for each in findings(phase, facts) if each.rule == rule)


def with_plan(facts, **changes):
    return replace(facts, plan=replace(facts.plan, **changes))


def with_primary(facts, **changes):
    primary, *others = facts.plan.metrics
    return with_plan(facts, metrics=(replace(primary, **changes), *others))


def with_cycle(facts, **changes):
    return replace(facts, cycle=replace(facts.cycle, **changes))


def with_verdict(facts, **changes):
    return replace(facts, verdict=replace(facts.verdict, **changes))


def with_baseline(facts, values=None, **changes):
    primary, *others = facts.plan.baselines
    if values is not None:
        first = START - len(values) * WEEK
        changes["points"] = tuple(
            Point(first + k * WEEK, first + (k + 1) * WEEK, value) for k, value in enumerate(values)
        )
    return with_plan(facts, baselines=(replace(primary, **changes), *others))


def in_standard(facts):
    return replace(facts, rigour=Rigour.STANDARD)


def test_every_rule_of_the_specification_is_in_the_table_with_its_level():
    named = {f"V{number}" for number in range(1, 26)}
    assert {rule.id for rule in RULES} - {"state"} == named
    for rule in named:
        assert LEVELS[rule] in {each.standard for each in RULES if each.id == rule}
        assert LEVELS[rule] in {each.light for each in RULES if each.id == rule}


@pytest.mark.parametrize("rigour", list(Rigour))
def test_a_good_plan_has_no_finding_at_its_lock(facts, rigour):
    assert findings(Phase.LOCK, replace(facts, rigour=rigour)) == ()


@pytest.mark.parametrize("rigour", list(Rigour))
def test_a_good_check_is_signed_without_a_finding(at_check, rigour):
    assert findings(Phase.SIGN, replace(at_check, rigour=rigour)) == ()
    assert findings(Phase.CHECK, replace(at_check, rigour=rigour)) == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"change": None}, "what you change"),
        ({"change": "\t "}, "what you change"),
        ({"because": ""}, "why it should help"),
    ],
)
def test_v1_asks_what_and_why_in_both_rigours(facts, change, sentence):
    for some in (facts, in_standard(facts)):
        assert sentence in said(Phase.LOCK, with_plan(some, **change), "V1")


def test_v1_asks_for_the_rest_in_standard_only(facts):
    bare = with_cycle(
        with_plan(replace(facts, has_evidence=False), effect=None),
        problem=None,
        root_cause=None,
        root_cause_method=" ",
    )
    assert said(Phase.LOCK, bare, "V1") == ""
    text = said(Phase.LOCK, in_standard(bare), "V1")
    for part in ("problem", "evidence", "root cause", "five whys", "by how much"):
        assert part in text


def test_v1_asks_a_qualitative_cycle_for_criteria_and_sources(facts):
    bare = with_plan(facts, design=Design.QUALITATIVE, metrics=(), baselines=())
    assert "criteria" in said(Phase.LOCK, bare, "V1")
    good = with_plan(bare, criteria=("Nobody asks twice",), criteria_sources=("interviews",))
    assert blocking(Phase.LOCK, good) == ()


def test_v2_wants_one_primary_metric_that_goes_up_or_down(facts):
    primary, rail = facts.plan.metrics
    none = with_plan(facts, metrics=(rail,))
    two = with_plan(facts, metrics=(primary, replace(primary, metric_id="b"), rail))
    assert "this one has 0" in said(Phase.LOCK, none, "V2")
    assert "this one has 2" in said(Phase.LOCK, two, "V2")
    band = with_primary(facts, direction=Direction.WITHIN)
    assert "up or down" in said(Phase.LOCK, band, "V2")


def test_v2_wants_a_guard_rail_or_a_written_waiver(facts):
    alone = with_plan(facts, metrics=facts.plan.metrics[:1])
    assert "guard-rail" in said(Phase.LOCK, alone, "V2")
    assert "guard-rail" in said(Phase.LOCK, with_plan(alone, waiver="  "), "V2")
    assert said(Phase.LOCK, with_plan(alone, waiver="Nothing can break here."), "V2") == ""


def test_v2_wants_a_sentence_for_a_waived_guard_rail(facts):
    waived = with_plan(facts, waived=("errors",))
    assert "why these guard-rails are waived: errors" in said(Phase.LOCK, waived, "V2")
    assert said(Phase.LOCK, with_plan(waived, waiver="It is rebuilt now."), "V2") == ""


@pytest.mark.parametrize(
    ("bound", "asks"),
    [
        ({"margin": None}, True),
        ({"margin": 0.0}, True),
        ({"margin": 0.1}, False),
        ({"direction": Direction.WITHIN, "margin": None}, True),
        ({"direction": Direction.WITHIN, "margin": None, "band_hi": 9.0}, False),
    ],
)
def test_v2_wants_a_bound_for_each_guard_rail_that_decides(facts, bound, asks):
    primary, rail = facts.plan.metrics
    some = with_plan(facts, metrics=(primary, replace(rail, **bound)))
    assert ("how much harm" in said(Phase.LOCK, some, "V2")) is asks
    waived = with_plan(some, waived=("errors",), waiver="It is rebuilt now.")
    assert said(Phase.LOCK, waived, "V2") == ""


def test_v3_wants_one_person_as_owner(facts):
    assert "Name one person" in said(Phase.LOCK, with_cycle(facts, owner_id=None), "V3")
    team = replace(with_cycle(facts, owner_id="t1"), team_ids=("t1",))
    assert "A team owns this" in said(Phase.LOCK, team, "V3")


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"start_on": None}, "all four dates"),
        ({"start_on": DUE + DAY}, "after the due date"),
        ({"check_not_before": DUE}, "must come after the due date"),
        ({"check_due_on": CHECK - DAY}, "before the earliest"),
    ],
)
def test_v3_wants_the_dates_in_order(facts, dates, sentence):
    assert sentence in said(Phase.LOCK, with_plan(facts, **dates), "V3")


def test_v3_allows_start_and_due_on_one_day_and_a_check_on_its_last(facts):
    same = with_plan(facts, start_on=DUE, check_due_on=CHECK)
    assert said(Phase.LOCK, same, "V3") == ""


@pytest.mark.parametrize("smallest", [None, 0.0, -1.0, float("nan")])
def test_v4_wants_a_smallest_effect_above_0_in_both_rigours(facts, smallest):
    for some in (facts, in_standard(facts)):
        text = said(Phase.LOCK, with_primary(some, min_effect=smallest, target_value=None), "V4")
        assert "above 0" in text


def test_v4_wants_a_target_in_standard_only(facts):
    bare = with_primary(facts, target_value=None)
    assert said(Phase.LOCK, bare, "V4") == ""
    assert "Give a target" in said(Phase.LOCK, in_standard(bare), "V4")


@pytest.mark.parametrize(
    ("direction", "target", "sentence"),
    [
        (Direction.UP, 39.0, "no better than the baseline"),
        (Direction.UP, 41.0, "nearer to the baseline"),
        (Direction.UP, 41.75, ""),
        (Direction.DOWN, 45.0, "no better than the baseline"),
        (Direction.DOWN, 39.0, "nearer to the baseline"),
        (Direction.DOWN, 37.75, ""),
    ],
)
def test_v4_wants_the_target_on_the_good_side_and_far_enough(facts, direction, target, sentence):
    assert facts.plan.baseline.mean == 39.75
    some = with_primary(facts, direction=direction, target_value=target)
    text = said(Phase.LOCK, some, "V4")
    assert sentence in text
    assert bool(text) is bool(sentence)


def test_v5_warns_of_a_target_that_noise_could_hit(facts):
    low, high = facts.plan.baseline.lnpl, facts.plan.baseline.unpl
    for target, inside in ((low, True), (high, True), (low - 0.1, False), (high + 0.1, False)):
        text = said(Phase.LOCK, with_primary(facts, target_value=target), "V5")
        assert ("Noise could hit this" in text) is inside


@pytest.mark.parametrize(("n", "blocks"), [(0, True), (5, True), (6, False)])
def test_v6_wants_six_periods(facts, n, blocks):
    some = with_baseline(facts, ([40.0, 41.0, 39.0] * 2)[:n])
    assert bool(said(Phase.LOCK, some, "V6")) is blocks


def test_v6_counts_no_gap_as_a_period(facts):
    assert "has 5 periods" in said(Phase.LOCK, with_baseline(facts, [40.0] * 5 + [None]), "V6")


def test_v6_wants_periods_that_end_by_the_start(facts):
    late = with_plan(facts, start_on=START - DAY)
    assert "past the start" in said(Phase.LOCK, late, "V6")


def test_v6_wants_periods_in_order(facts):
    points = facts.plan.baseline.points
    mixed = with_baseline(facts, points=(*points[1:], points[0]))
    assert "not in order" in said(Phase.LOCK, mixed, "V6")


def test_v7_warns_of_a_short_baseline(facts):
    for n, warns in ((11, True), (12, False)):
        text = said(Phase.LOCK, with_baseline(facts, ([40.5, 39.0] * 6)[:n]), "V7")
        assert ("only 11 periods" in text) is warns


def test_v7_warns_of_an_unusual_point_among_the_last_three(facts):
    for place, warns in ((-1, True), (-3, True), (-4, False)):
        values = [40.5, 39.0] * 10
        values[place] = 60.0
        text = said(Phase.LOCK, with_baseline(facts, values), "V7")
        assert ("go back by themselves" in text) is warns


@pytest.mark.parametrize(
    ("grain", "n", "warns"),
    [
        ("week", 12, False),
        ("day", 27, True),
        ("day", 28, False),
        ("month", 23, True),
        ("month", 24, False),
        ("quarter", 60, True),
    ],
)
def test_v7_warns_where_the_season_cannot_be_checked(facts, grain, n, warns):
    some = with_primary(with_baseline(facts, ([40.5, 39.0] * 30)[:n]), grain=grain)
    assert ("season" in said(Phase.LOCK, some, "V7")) is warns


def test_v7_warns_of_a_guard_rail_without_history(facts):
    primary = facts.plan.baselines[0]
    text = said(Phase.LOCK, with_plan(facts, baselines=(primary,)), "V7")
    assert "The guard-rail errors has 0 baseline periods" in text
    assert blocking(Phase.LOCK, with_plan(facts, baselines=(primary,))) == ()


def test_v8_waits_for_lag_and_post_points_of_the_slowest_metric(facts):
    assert said(Phase.LOCK, facts, "V8") == ""
    early = with_plan(facts, check_not_before=CHECK - DAY)
    assert f"Check on {CHECK} or later" in said(Phase.LOCK, early, "V8")
    slow = with_primary(facts, lag_periods=2)
    assert f"Check on {CHECK + 2 * WEEK} or later" in said(Phase.LOCK, slow, "V8")


@pytest.mark.parametrize(("points", "blocks"), [(7, True), (8, False)])
def test_v8_wants_eight_post_points(facts, points, blocks):
    text = said(Phase.LOCK, with_primary(facts, min_post_points=points), "V8")
    assert ("at least 8" in text) is blocks


@pytest.mark.parametrize(
    ("mde80", "expected", "warns"),
    [(3.1, 3.0, True), (3.0, 3.0, False), (inf, 3.0, True), (None, 3.0, False), (2.1, None, True)],
)
def test_v9_warns_of_an_effect_that_would_stay_unproven(facts, mde80, expected, warns):
    some = with_plan(with_primary(facts, expected_effect=expected), mde80=mde80)
    assert bool(said(Phase.LOCK, some, "V9")) is warns


def test_v10_records_a_change_after_the_lock_and_wants_a_reason(at_check):
    changed = replace(at_check, plan_changes=("target", "margin"), plan_reason="Wrong unit")
    text = said(Phase.CHECK, changed, "V10")
    assert text == "Plan changed after lock: target, margin. Reason: Wrong unit"
    assert blocking(Phase.LOCK, replace(changed, plan_reason=" "))[0].rule == "V10"
    assert blocking(Phase.LOCK, changed) == ()


def test_v11_records_late_actions(at_check, action):
    assert said(Phase.CHECK, at_check, "V11") == ""
    late = replace(action, done_on=DUE + WEEK)
    text = said(Phase.CHECK, replace(at_check, actions=(late,)), "V11")
    assert f"ready on {CHECK + WEEK} instead of {CHECK}" in text


@pytest.mark.parametrize(("others", "warns"), [(2, False), (3, True)])
def test_v12_warns_above_the_limit_of_the_team(facts, others, warns):
    some = replace(facts, active_cycles=("A", "B", "C")[:others])
    assert bool(said(Phase.LOCK, some, "V12")) is warns


def test_v13_lists_every_confounder(facts, at_check):
    for phase, some in ((Phase.LOCK, facts), (Phase.CHECK, at_check)):
        found = findings(phase, replace(some, confounders=("Release 4.2", "Price change")))
        assert [each.level for each in found] == [Level.WARNS, Level.WARNS]
        assert "Price change" in found[1].sentence


def test_v14_stops_a_definition_that_cannot_run(at_check):
    assert said(Phase.CHECK, at_check, "V14") == ""
    text = said(Phase.CHECK, replace(at_check, definition_trouble="The column is gone."), "V14")
    assert "The column is gone. The verdict is invalid" in text


@pytest.mark.parametrize(
    ("moved", "stops"), [(None, False), (1.0, False), (1.01, True), (-2, True)]
)
def test_v15_stops_a_baseline_restated_by_more_than_half_the_smallest_effect(
    at_check, moved, stops
):
    text = said(Phase.CHECK, replace(at_check, baseline_restated_by=moved), "V15")
    assert bool(text) is stops


@pytest.mark.parametrize(
    ("rigour", "solo", "signer", "hours", "sentence"),
    [
        (Rigour.STANDARD, False, "cem", 0, ""),
        (Rigour.STANDARD, False, "ben", 48, "Ask someone who owns none"),
        (Rigour.LIGHT, False, "ben", 23, "sign from 07 Oct 2026 09:00 UTC"),
        (Rigour.LIGHT, False, "ben", 24, ""),
        (Rigour.LIGHT, False, "ana", 0, ""),
        (Rigour.STANDARD, True, "ben", 23, "sign from"),
        (Rigour.STANDARD, True, "ben", 24, ""),
        (Rigour.LIGHT, True, "ana", 0, "sign from"),
        (Rigour.LIGHT, True, None, 0, "signed by one person"),
    ],
)
def test_v16_lets_nobody_judge_only_their_own_work(at_check, rigour, solo, signer, hours, sentence):
    some = with_verdict(
        replace(at_check, rigour=rigour, solo=solo),
        signed_by=signer,
        signed_at=CHECKED_AT + timedelta(hours=hours),
    )
    text = said(Phase.SIGN, some, "V16")
    assert sentence in text
    assert bool(text) is bool(sentence)


def test_v17_wants_a_reason_for_another_verdict(at_check):
    assert "Say your verdict" in said(Phase.SIGN, with_verdict(at_check, human_verdict=None), "V17")
    other = with_verdict(at_check, human_verdict=Verdict.INCONCLUSIVE)
    assert "machine says improved, you say inconclusive" in said(Phase.SIGN, other, "V17")
    assert said(Phase.SIGN, with_verdict(other, human_reason="A sale ran"), "V17") == ""


def test_v18_opens_the_fast_path_for_a_failed_guard_rail_only(at_check):
    assert "wait for the Check" in said(Phase.FAST_PATH, at_check, "V18")
    assert findings(Phase.FAST_PATH, replace(at_check, breached="errors")) == ()


@pytest.mark.parametrize("decision", list(ActDecision))
def test_v18_never_standardises_from_the_fast_path(at_check, decision):
    some = replace(at_check, fast_path=True, act=full_act(decision))
    assert bool(said(Phase.ACT, some, "V18")) is (decision is ActDecision.STANDARDISE)


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


@pytest.mark.parametrize("verdict", list(Verdict))
def test_v19_standardises_on_improved_only_whatever_the_human_says(at_check, verdict):
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
def test_v19_wants_link_owner_and_a_later_sustain_check(at_check, change, sentence):
    act = full_act(ActDecision.STANDARDISE, **change)
    assert sentence in said(Phase.ACT, replace(at_check, act=act), "V19")


def test_v19_takes_the_signed_verdict_of_a_qualitative_cycle(at_check):
    some = with_cycle(
        with_verdict(at_check, machine_verdict=Verdict.INCONCLUSIVE), design=Design.QUALITATIVE
    )
    some = replace(some, act=full_act(ActDecision.STANDARDISE))
    assert said(Phase.ACT, some, "V19") == ""
    unsigned = with_verdict(some, signed_by=None)
    assert "There is no verdict" in said(Phase.ACT, unsigned, "V19")
    other = with_verdict(some, human_verdict=Verdict.INCONCLUSIVE)
    assert "only improved" in said(Phase.ACT, other, "V19")


def test_v19_wants_two_kinds_of_evidence_for_a_qualitative_signature(at_check):
    some = with_cycle(at_check, design=Design.QUALITATIVE)
    one = replace(some, evidence_kinds=frozenset({EvidenceKind.INTERVIEW}))
    assert "this one has 1" in said(Phase.SIGN, one, "V19")
    two = replace(some, evidence_kinds=frozenset({EvidenceKind.INTERVIEW, EvidenceKind.WORKSHOP}))
    assert said(Phase.SIGN, two, "V19") == ""


def test_v20_wants_a_child_for_adjust_and_learning_for_abandon(at_check):
    for decision, change in (
        (ActDecision.ADJUST, {"child_id": None}),
        (ActDecision.ABANDON, {"learning": " "}),
    ):
        assert said(Phase.ACT, replace(at_check, act=full_act(decision)), "V20") == ""
        bare = replace(at_check, act=full_act(decision, **change))
        assert said(Phase.ACT, bare, "V20") != ""


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_keep_is_refused_without_a_verdict_and_on_proven_harm_only(at_check, verdict):
    some = replace(at_check, act=full_act(ActDecision.KEEP))
    some = with_verdict(some, machine_verdict=verdict) if verdict else replace(some, verdict=None)
    refused = verdict in (Verdict.WORSE, Verdict.IMPROVED_WITH_HARM, None)
    assert bool(said(Phase.ACT, some, "state")) is refused


def test_v21_wants_a_reason_and_a_later_date(at_check):
    good = replace(at_check, reason="Too little data", extend_to=CHECK + 6 * WEEK)
    assert findings(Phase.EXTEND, good) == ()
    assert "Say why" in said(Phase.EXTEND, replace(good, reason=None), "V21")
    for day in (None, CHECK, at_check.today):
        assert "must come after" in said(Phase.EXTEND, replace(good, extend_to=day), "V21")
    late = with_cycle(good, ready_on=CHECK + 6 * WEEK)
    assert f"after {CHECK + 6 * WEEK}" in said(Phase.EXTEND, late, "V21")


def test_v22_wants_text_decider_and_rationale_of_every_decision(facts):
    good = Decision("d1", text="Ship it", decider_id="pia", rationale="It works")
    assert said(Phase.MEETING, replace(facts, decisions=(good,)), "V22") == ""
    for change in ({"text": ""}, {"decider_id": None}, {"rationale": " "}):
        some = replace(facts, decisions=(replace(good, **change),))
        assert said(Phase.MEETING, some, "V22") != ""
        assert said(Phase.PUBLISH, some, "V22") != ""


def test_v22_wants_owner_and_date_of_every_follow_up(facts):
    good = FollowUp("f1", "Ask the users", owner_id="ana", due_on=DUE)
    assert said(Phase.MEETING, replace(facts, follow_ups=(good,)), "V22") == ""
    for change in ({"owner_id": ""}, {"due_on": None}):
        some = replace(facts, follow_ups=(replace(good, **change),))
        assert "“Ask the users” has no" in said(Phase.MEETING, some, "V22")


def test_v22_wants_decider_and_rationale_of_the_act(at_check):
    for change in ({"decider_id": None}, {"rationale": ""}):
        act = full_act(ActDecision.KEEP, **change)
        assert said(Phase.ACT, replace(at_check, act=act), "V22") != ""


def test_v23_records_what_is_overdue(facts):
    assert said(Phase.MEETING, facts, "V23") == ""
    found = findings(Phase.MEETING, replace(facts, overdue=("Ask the users",)))
    assert [each.level for each in found] == [Level.RECORDED]
    assert "Ask the users" in found[0].sentence


@pytest.mark.parametrize("state", list(ItemState))
def test_v24_publishes_no_item_without_an_outcome(facts, state):
    item = Item("i1", "m1", 1, ItemSource.MANUAL, "Churn", state=state)
    text = said(Phase.PUBLISH, replace(facts, items=(item,)), "V24")
    assert bool(text) is (state is ItemState.PROPOSED)


@pytest.mark.parametrize("phase", list(Phase))
def test_v25_stops_every_change_without_its_event(at_check, phase):
    assert said(phase, at_check, "V25") == ""
    assert said(phase, replace(at_check, writes_event=False), "V25") != ""


def test_actions_that_are_open_stop_the_end_of_the_do(at_check, action):
    assert said(Phase.DO, at_check, "state") == ""
    still = replace(action, status=ActionStatus.DOING)
    assert "Build the form" in said(Phase.DO, replace(at_check, actions=(still,)), "state")


def test_a_warning_never_blocks_and_a_block_carries_its_rule(facts):
    warned = with_primary(facts, target_value=42.0, min_effect=1.0)
    assert [each.rule for each in findings(Phase.LOCK, warned)] == ["V5"]
    refuse_if_blocked(findings(Phase.LOCK, warned))
    with pytest.raises(NotAllowedError) as refused:
        refuse_if_blocked(findings(Phase.LOCK, with_cycle(facts, owner_id=None)))
    assert refused.value.rule == "V3"


def test_every_sentence_is_one_that_a_person_can_act_on(facts):
    bare = in_standard(
        with_plan(
            with_cycle(facts, owner_id=None, problem=None, root_cause=None),
            metrics=(),
            baselines=(),
            change=None,
            because=None,
            start_on=None,
        )
    )
    found = findings(Phase.LOCK, bare)
    assert {"V1", "V2", "V3"} <= {each.rule for each in found}
    for each in found:
        assert each.sentence[0].isupper()
        assert each.sentence.endswith(".")

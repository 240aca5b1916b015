"""V1 to V13: each rule on a plan that holds it, and on one that does not."""

from dataclasses import replace
from datetime import date, timedelta
from math import inf

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.finding import refuse_if_blocked
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.plan import Point
from pipelines.reviews.core.terms import (
    Design,
    Direction,
    Level,
    Phase,
    Rigour,
)
from pipelines.reviews.rules.table import blocking, findings

# The dates of the plan in conftest.py.
START, DUE, CHECK = date(2026, 6, 29), date(2026, 7, 6), date(2026, 10, 5)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def with_plan(facts, **changes):
    return replace(facts, plan=replace(facts.plan, **changes))


def with_primary(facts, **changes):
    primary, *others = facts.plan.metrics
    return with_plan(facts, metrics=(replace(primary, **changes), *others))


def with_cycle(facts, **changes):
    return replace(facts, cycle=replace(facts.cycle, **changes))


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


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"change": None}, "what you change"),
        ({"change": "\t "}, "what you change"),
        ({"because": ""}, "why it should help"),
    ],
)
def test_v1_asks_what_and_why_in_both_rigours(said, facts, change, sentence):
    for some in (facts, in_standard(facts)):
        assert sentence in said(Phase.LOCK, with_plan(some, **change), "V1")


def test_v1_asks_for_the_rest_in_standard_only(said, facts):
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


def test_v1_asks_a_qualitative_cycle_for_criteria_and_sources(said, facts):
    bare = with_plan(facts, design=Design.QUALITATIVE, metrics=(), baselines=())
    assert "criteria" in said(Phase.LOCK, bare, "V1")
    good = with_plan(bare, criteria=("Nobody asks twice",), criteria_sources=("interviews",))
    assert blocking(Phase.LOCK, good) == ()
    vague = in_standard(with_plan(good, effect=None))
    assert "what will be different" in said(Phase.LOCK, vague, "V1")


def test_v2_wants_one_primary_metric_that_goes_up_or_down(said, facts):
    primary, rail = facts.plan.metrics
    none = with_plan(facts, metrics=(rail,))
    two = with_plan(facts, metrics=(primary, replace(primary, metric_id="b"), rail))
    assert "this one has 0" in said(Phase.LOCK, none, "V2")
    assert "this one has 2" in said(Phase.LOCK, two, "V2")
    band = with_primary(facts, direction=Direction.WITHIN)
    assert "up or down" in said(Phase.LOCK, band, "V2")


def test_v2_wants_a_guard_rail_or_a_written_waiver(said, facts):
    alone = with_plan(facts, metrics=facts.plan.metrics[:1])
    assert "guard-rail" in said(Phase.LOCK, alone, "V2")
    assert "guard-rail" in said(Phase.LOCK, with_plan(alone, waiver="  "), "V2")
    assert said(Phase.LOCK, with_plan(alone, waiver="Nothing can break here."), "V2") == ""


def test_v2_wants_a_sentence_for_a_waived_guard_rail(said, facts):
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
def test_v2_wants_a_bound_for_each_guard_rail_that_decides(said, facts, bound, asks):
    primary, rail = facts.plan.metrics
    some = with_plan(facts, metrics=(primary, replace(rail, **bound)))
    assert ("how much harm" in said(Phase.LOCK, some, "V2")) is asks
    waived = with_plan(some, waived=("errors",), waiver="It is rebuilt now.")
    assert said(Phase.LOCK, waived, "V2") == ""


def test_v3_wants_one_person_as_owner(said, facts):
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
def test_v3_wants_the_dates_in_order(said, facts, dates, sentence):
    assert sentence in said(Phase.LOCK, with_plan(facts, **dates), "V3")


def test_v3_allows_start_and_due_on_one_day_and_a_check_on_its_last(said, facts):
    same = with_plan(facts, start_on=DUE, check_due_on=CHECK)
    assert said(Phase.LOCK, same, "V3") == ""


@pytest.mark.parametrize("smallest", [None, 0.0, -1.0, float("nan")])
def test_v4_wants_a_smallest_effect_above_0_in_both_rigours(said, facts, smallest):
    for some in (facts, in_standard(facts)):
        text = said(Phase.LOCK, with_primary(some, min_effect=smallest, target_value=None), "V4")
        assert "above 0" in text


def test_v4_wants_a_target_in_standard_only(said, facts):
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
def test_v4_wants_the_target_on_the_good_side_and_far_enough(
    said, facts, direction, target, sentence
):
    assert facts.plan.baseline.mean == 39.75
    some = with_primary(facts, direction=direction, target_value=target)
    text = said(Phase.LOCK, some, "V4")
    assert sentence in text
    assert bool(text) is bool(sentence)


def test_v5_warns_of_a_target_that_noise_could_hit(said, facts):
    low, high = facts.plan.baseline.lnpl, facts.plan.baseline.unpl
    for target, inside in ((low, True), (high, True), (low - 0.1, False), (high + 0.1, False)):
        text = said(Phase.LOCK, with_primary(facts, target_value=target), "V5")
        assert ("Noise could hit this" in text) is inside


@pytest.mark.parametrize(("n", "blocks"), [(0, True), (5, True), (6, False)])
def test_v6_wants_six_periods(said, facts, n, blocks):
    some = with_baseline(facts, ([40.0, 41.0, 39.0] * 2)[:n])
    assert bool(said(Phase.LOCK, some, "V6")) is blocks


def test_v6_counts_no_gap_as_a_period(said, facts):
    assert "has 5 periods" in said(Phase.LOCK, with_baseline(facts, [40.0] * 5 + [None]), "V6")


def test_v6_wants_periods_that_end_by_the_start(said, facts):
    late = with_plan(facts, start_on=START - DAY)
    assert "past the start" in said(Phase.LOCK, late, "V6")


def test_v6_wants_periods_in_order(said, facts):
    points = facts.plan.baseline.points
    mixed = with_baseline(facts, points=(*points[1:], points[0]))
    assert "not in order" in said(Phase.LOCK, mixed, "V6")


def test_v7_warns_of_a_short_baseline(said, facts):
    for n, warns in ((11, True), (12, False)):
        text = said(Phase.LOCK, with_baseline(facts, ([40.5, 39.0] * 6)[:n]), "V7")
        assert ("only 11 periods" in text) is warns


def test_v7_warns_of_an_unusual_point_among_the_last_three(said, facts):
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
def test_v7_warns_where_the_season_cannot_be_checked(said, facts, grain, n, warns):
    some = with_primary(with_baseline(facts, ([40.5, 39.0] * 30)[:n]), grain=grain)
    assert ("season" in said(Phase.LOCK, some, "V7")) is warns


def test_v7_warns_of_a_guard_rail_without_history(said, facts):
    primary = facts.plan.baselines[0]
    text = said(Phase.LOCK, with_plan(facts, baselines=(primary,)), "V7")
    assert "The guard-rail errors has 0 baseline periods" in text
    assert blocking(Phase.LOCK, with_plan(facts, baselines=(primary,))) == ()


def test_sentences_say_names_dates_and_amounts_as_the_pages_do(said, facts):
    """Shares as per cent, changes of them in points, days by the name of their month."""
    shares = with_baseline(
        with_primary(facts, target_value=0.42, min_effect=0.05, expected_effect=0.06),
        mean=0.4, lnpl=0.36, unpl=0.44,
    )  # fmt: skip
    shares = replace(
        with_plan(shares, mde80=0.081, check_not_before=CHECK - DAY),
        units={"activation": "share"},
        names={"activation": "Activation", "errors": "Errors per user"},
    )
    told = {
        rule: said(Phase.LOCK, shares, rule).replace("\u00a0", " ")
        for rule in ("V4", "V5", "V8", "V9")
    }
    assert "target 42.0 % is nearer to the baseline 40.0 %" in told["V4"]
    assert "worth having (5.0 pp)" in told["V4"]
    assert "range, 36.0 % to 44.0 %." in told["V5"]
    assert "On 4 Oct 2026 there are too few" in told["V8"]
    assert "A change of 6.0 pp would" in told["V9"]
    assert "shows 8.1 pp or more" in told["V9"]
    bare = with_plan(
        shares, metrics=tuple(replace(each, margin=None) for each in shares.plan.metrics)
    )
    assert "how much harm to Errors per user" in said(Phase.LOCK, bare, "V2")


def test_v8_waits_for_lag_and_post_points_of_the_slowest_metric(said, facts):
    assert said(Phase.LOCK, facts, "V8") == ""
    early = with_plan(facts, check_not_before=CHECK - DAY)
    assert f"Check on {in_words(CHECK)} or later" in said(Phase.LOCK, early, "V8")
    slow = with_primary(facts, lag_periods=2)
    assert f"Check on {in_words(CHECK + 2 * WEEK)} or later" in said(Phase.LOCK, slow, "V8")


@pytest.mark.parametrize(("points", "blocks"), [(7, True), (8, False)])
def test_v8_wants_eight_post_points(said, facts, points, blocks):
    text = said(Phase.LOCK, with_primary(facts, min_post_points=points), "V8")
    assert ("at least 8" in text) is blocks


@pytest.mark.parametrize(
    ("mde80", "expected", "warns"),
    [(3.1, 3.0, True), (3.0, 3.0, False), (inf, 3.0, True), (None, 3.0, False), (2.1, None, True)],
)
def test_v9_warns_of_an_effect_that_would_stay_unproven(said, facts, mde80, expected, warns):
    some = with_plan(with_primary(facts, expected_effect=expected), mde80=mde80)
    assert bool(said(Phase.LOCK, some, "V9")) is warns


def test_v10_records_a_change_after_the_lock_and_wants_a_reason(said, at_check):
    changed = replace(at_check, plan_changes=("target", "margin"), plan_reason="Wrong unit")
    text = said(Phase.CHECK, changed, "V10")
    assert text == "Plan changed after lock: target, margin. Reason: Wrong unit"
    assert blocking(Phase.LOCK, replace(changed, plan_reason=" "))[0].rule == "V10"
    assert blocking(Phase.LOCK, changed) == ()


def test_v11_records_late_actions(said, at_check, action):
    assert said(Phase.CHECK, at_check, "V11") == ""
    late = replace(action, done_on=DUE + WEEK)
    text = said(Phase.CHECK, replace(at_check, actions=(late,)), "V11")
    assert f"ready on {in_words(CHECK + WEEK)} instead of {in_words(CHECK)}" in text


@pytest.mark.parametrize(("others", "warns"), [(2, False), (3, True)])
def test_v12_warns_above_the_limit_of_the_team(said, facts, others, warns):
    some = replace(facts, active_cycles=("A", "B", "C")[:others])
    assert bool(said(Phase.LOCK, some, "V12")) is warns


def test_v13_lists_every_confounder(facts, at_check):
    for phase, some in ((Phase.LOCK, facts), (Phase.CHECK, at_check)):
        found = findings(phase, replace(some, confounders=("Release 4.2", "Price change")))
        assert [each.level for each in found] == [Level.WARNS, Level.WARNS]
        assert "Price change" in found[1].sentence


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

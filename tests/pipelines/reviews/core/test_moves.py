"""The moves of a cycle, each legal and refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import moves
from pipelines.reviews.core.cycle import Act, drop_action, finish_action, last_done_on, start_action
from pipelines.reviews.core.terms import ActDecision, ActionStatus, CycleStatus, Rigour, Verdict

# The dates of the plan in conftest.py.
START, DUE, CHECK = date(2026, 6, 29), date(2026, 7, 6), date(2026, 10, 5)
CHECKED_AT = datetime(2026, 10, 6, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def acting(at_check, decision, **more):
    cycle, verdict = moves.sign(at_check)
    act = Act(decision, decider_id="pia", rationale="It says so", **more)
    return replace(at_check, cycle=cycle, verdict=verdict, act=act)


def test_a_lock_copies_the_plan_and_sets_the_ready_date(facts, plan):
    locked = moves.lock(facts)
    assert locked.status is CycleStatus.PLANNED
    assert (locked.hypothesis_change, locked.start_on) == (plan.change, START)
    assert (locked.ready_on, locked.check_due_on) == (CHECK, plan.check_due_on)


def test_a_lock_is_refused_with_the_sentence_of_the_rule(facts, plan):
    facts = replace(facts, plan=replace(plan, change="  "))
    with pytest.raises(NotAllowedError, match="Write what you change") as refused:
        moves.lock(facts)
    assert refused.value.rule == "V1"


def test_a_cycle_without_a_plan_is_not_locked(facts):
    with pytest.raises(NotAllowedError, match="no plan"):
        moves.lock(replace(facts, plan=None))


def test_the_do_begins_with_the_first_action(facts, action):
    planned = replace(facts, cycle=moves.lock(facts))
    with pytest.raises(NotAllowedError, match="Start an action first"):
        moves.begin(replace(planned, actions=(replace(action, status=ActionStatus.TO_DO),)))
    assert moves.begin(replace(planned, actions=(action,))).status is CycleStatus.DOING


def test_the_check_begins_when_every_action_ended_and_one_is_done(facts, action):
    doing = replace(facts, cycle=replace(facts.cycle, status=CycleStatus.DOING))
    open_one = replace(action, status=ActionStatus.DOING, title="Measure")
    with pytest.raises(NotAllowedError, match="Still to be done or dropped.*Measure"):
        moves.begin_check(replace(doing, actions=(action, open_one)))
    dropped = drop_action(open_one, "No time")
    with pytest.raises(NotAllowedError, match="No action is done"):
        moves.begin_check(replace(doing, actions=(dropped,)))
    with pytest.raises(NotAllowedError, match="Say why “Measure” was dropped"):
        moves.begin_check(replace(doing, actions=(action, replace(dropped, deviation=None))))
    checking = moves.begin_check(replace(doing, actions=(action, dropped)))
    assert (checking.status, checking.ready_on) == (CycleStatus.CHECKING, CHECK)
    with pytest.raises(NotAllowedError, match="begun already"):
        moves.begin_check(replace(doing, cycle=checking, actions=(action,)))


def test_late_actions_move_the_ready_date_and_nothing_moves_it_back(facts, action):
    locked = replace(facts, cycle=moves.lock(facts))
    late = replace(action, done_on=DUE + timedelta(weeks=3))
    moved = moves.with_ready_date(replace(locked, actions=(late,)))
    assert moved.ready_on == DUE + timedelta(weeks=3 + 13)
    again = moves.with_ready_date(replace(locked, cycle=moved, actions=(action,)))
    assert again.ready_on == moved.ready_on


def test_a_check_is_extended_twice_and_not_a_third_time(at_check):
    facts = replace(at_check, reason="Too little data")
    for look in (1, 2):
        later = CHECK + look * timedelta(weeks=6)
        cycle = moves.extend(replace(facts, extend_to=later))
        assert (cycle.looks_used, cycle.look, cycle.ready_on) == (look, look + 1, later)
        assert cycle.status is CycleStatus.CHECKING
        assert cycle.check_due_on >= later
        facts = replace(facts, cycle=cycle)
    with pytest.raises(NotAllowedError, match="extended twice"):
        moves.extend(replace(facts, extend_to=CHECK + timedelta(weeks=30)))


@pytest.mark.parametrize("status", [each for each in CycleStatus if each != "checking"])
def test_only_a_cycle_in_check_is_extended_or_signed(at_check, status):
    facts = replace(
        at_check,
        cycle=replace(at_check.cycle, status=status),
        reason="Why not",
        extend_to=CHECK + timedelta(weeks=6),
    )
    with pytest.raises(NotAllowedError, match="Only a cycle in Check"):
        moves.extend(facts)
    with pytest.raises(NotAllowedError, match="Only a cycle in Check"):
        moves.sign(facts)


def test_a_signature_leads_to_acting_and_says_whose_it_is(at_check):
    cycle, verdict = moves.sign(at_check)
    assert cycle.status is CycleStatus.ACTING
    assert not verdict.self_signed


def test_an_owner_of_an_action_who_signs_a_day_later_is_shown_as_self_signed(at_check):
    own = replace(at_check.verdict, signed_by="ben", signed_at=CHECKED_AT + DAY)
    _, verdict = moves.sign(replace(at_check, verdict=own))
    assert verdict.self_signed


def test_a_signature_needs_every_metric_judged(at_check):
    with pytest.raises(NotAllowedError, match="not judged errors yet"):
        moves.sign(replace(at_check, checked=("activation",)))
    with pytest.raises(NotAllowedError, match="no machine verdict"):
        moves.sign(replace(at_check, verdict=None))


def test_a_run_from_before_this_look_is_not_signed(at_check):
    later = replace(at_check.cycle, looks_used=1, ready_on=CHECK + timedelta(weeks=6))
    with pytest.raises(NotAllowedError, match="before this look. Run the Check again"):
        moves.sign(replace(at_check, cycle=later))


def test_a_failed_guard_rail_opens_the_fast_path_from_doing_and_checking(at_check):
    for status in (CycleStatus.DOING, CycleStatus.CHECKING):
        facts = replace(at_check, cycle=replace(at_check.cycle, status=status))
        with pytest.raises(NotAllowedError, match="No guard-rail has failed"):
            moves.take_fast_path(facts)
        moved = moves.take_fast_path(replace(facts, breached="errors"))
        assert moved.status is CycleStatus.ACTING


def test_the_fast_path_is_decided_within_two_working_days():
    thursday = date(2026, 7, 2)
    assert moves.decide_by(thursday) == date(2026, 7, 6)
    assert moves.decide_by(thursday, holidays=(date(2026, 7, 3),)) == date(2026, 7, 7)


def test_standardise_keeps_the_link_and_gets_a_sustain_check_in_three_months(at_check):
    facts = acting(
        at_check, ActDecision.STANDARDISE, standard_link="wiki/form", standard_owner_id="ana"
    )
    closed, child = moves.close(facts)
    assert closed.status is CycleStatus.CLOSED
    assert (closed.standard_link, closed.sustain_on) == ("wiki/form", date(2027, 1, 6))
    assert child is None


def test_adjust_closes_and_opens_a_child_draft(at_check):
    closed, child = moves.close(acting(at_check, ActDecision.ADJUST, child_id="c2"))
    assert closed.status is CycleStatus.CLOSED
    assert (child.cycle_id, child.parent_cycle_id, child.seq) == ("c2", "c1", 2)
    assert (child.status, child.start_on, child.act_decision) == (CycleStatus.DRAFT, None, None)


def test_abandon_keeps_what_was_learned_and_when_it_was_undone(at_check):
    closed, _ = moves.close(
        acting(at_check, ActDecision.ABANDON, learning="Length is not it", rolled_back_on=CHECK)
    )
    assert (closed.learning, closed.rolled_back_on) == ("Length is not it", CHECK)


def test_a_kept_change_says_so_wherever_it_is_listed(at_check):
    verdict = replace(
        at_check.verdict,
        machine_verdict=Verdict.INCONCLUSIVE,
        human_verdict=Verdict.INCONCLUSIVE,
    )
    closed, _ = moves.close(acting(replace(at_check, verdict=verdict), ActDecision.KEEP))
    assert closed.labels == ("kept, not proven",)


def test_nothing_closes_without_a_decision(at_check):
    facts = replace(acting(at_check, ActDecision.KEEP), act=None)
    with pytest.raises(NotAllowedError, match="Choose what follows"):
        moves.close(facts)


@pytest.mark.parametrize("status", list(CycleStatus))
def test_draft_planned_and_doing_are_cancelled_with_a_reason(draft, status):
    cycle = replace(draft, status=status)
    if status in ("draft", "planned", "doing"):
        with pytest.raises(NotAllowedError, match="Say why"):
            moves.cancel(cycle, " ")
        assert moves.cancel(cycle, "Not needed").status is CycleStatus.CANCELLED
    else:
        with pytest.raises(NotAllowedError):
            moves.cancel(cycle, "Not needed")


@pytest.mark.parametrize("status", list(CycleStatus))
def test_every_open_cycle_is_held_and_goes_back_to_where_it_was(draft, status):
    cycle = replace(draft, status=status)
    if status in ("closed", "cancelled", "on_hold"):
        with pytest.raises(NotAllowedError):
            moves.hold(cycle, "Wait", resume_on=START + DAY, today=START)
        return
    with pytest.raises(NotAllowedError, match="Say why"):
        moves.hold(cycle, None, resume_on=START + DAY, today=START)
    with pytest.raises(NotAllowedError, match="Say when"):
        moves.hold(cycle, "Wait", resume_on=START, today=START)
    held = moves.hold(cycle, "Wait", resume_on=START + DAY, today=START)
    assert held.status is CycleStatus.ON_HOLD
    assert not held.is_active
    assert moves.resume(held) == cycle


def test_a_cycle_on_hold_only_resumes(facts):
    held = moves.hold(moves.lock(facts), "Wait", resume_on=START + DAY, today=START)
    with pytest.raises(NotAllowedError, match="Resume it first"):
        moves.lock(replace(facts, cycle=held))
    with pytest.raises(NotAllowedError, match="not on hold"):
        moves.resume(moves.lock(facts))


def test_a_changed_plan_needs_a_reason_and_keeps_the_looks_used(at_check, plan):
    used = replace(at_check, cycle=replace(at_check.cycle, looks_used=1))
    changed = replace(
        used, plan=replace(plan, plan_no=2), plan_changes=("target",), plan_reason=None
    )
    with pytest.raises(NotAllowedError, match="Say why the plan changes") as refused:
        moves.relock(changed)
    assert refused.value.rule == "V10"
    cycle = moves.relock(replace(changed, plan_reason="Wrong unit"))
    assert (cycle.status, cycle.looks_used) == (CycleStatus.CHECKING, 1)


@pytest.mark.parametrize("status", ["draft", "acting", "closed", "cancelled", "on_hold"])
def test_a_plan_is_changed_only_between_lock_and_act(at_check, status):
    cycle = replace(at_check.cycle, status=CycleStatus(status))
    with pytest.raises(NotAllowedError, match="between its lock and the Act"):
        moves.relock(replace(at_check, cycle=cycle, plan_reason="Wrong unit"))


def test_an_action_is_begun_done_and_dropped_in_order(action):
    todo = replace(action, status=ActionStatus.TO_DO, started_on=None, done_on=None)
    with pytest.raises(NotAllowedError, match="not ready to be done"):
        finish_action(todo, DUE)
    doing = start_action(todo, START)
    with pytest.raises(NotAllowedError, match="cannot be done on"):
        finish_action(doing, START - DAY)
    done = finish_action(doing, DUE, deviation="Two fields more")
    assert (done.status, done.done_on, done.deviation) == ("done", DUE, "Two fields more")
    with pytest.raises(NotAllowedError, match="final"):
        drop_action(done, "Too late")
    with pytest.raises(NotAllowedError, match="Say why"):
        drop_action(todo, "")
    assert drop_action(todo, "No time").deviation == "No time"
    assert last_done_on((done, todo)) == DUE
    assert last_done_on((todo,)) is None


def test_a_locked_plan_is_ruled_by_its_own_rigour(at_check):
    own = replace(at_check.verdict, signed_by="ben", signed_at=CHECKED_AT + 2 * DAY)
    with pytest.raises(NotAllowedError, match="Ask someone who owns none"):
        moves.sign(replace(at_check, verdict=own, rigour=Rigour.STANDARD))

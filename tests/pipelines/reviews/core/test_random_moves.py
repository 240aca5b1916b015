"""Random legal and illegal moves: a cycle never gets where it may not be."""

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import moves
from pipelines.reviews.core.cycle import (
    Act,
    Action,
    Cycle,
    SignedVerdict,
    drop_action,
    finish_action,
    start_action,
)
from pipelines.reviews.core.light import Asked, Known, light_plan
from pipelines.reviews.core.plan import PlanMetric, Point
from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    CycleStatus,
    Direction,
    Kind,
    MetricRole,
    Rigour,
    Verdict,
)
from pipelines.reviews.rules.facts import Facts

START, WEEK, DAY = date(2026, 7, 6), timedelta(days=7), timedelta(days=1)
# Every step that reviews.md 3 draws, and no other.
DRAWN = {
    tuple(pair.split())
    for pair in """
        draft planned/planned doing/doing checking/checking checking/checking acting/doing acting/
        acting closed/draft cancelled/planned cancelled/doing cancelled/draft on_hold/
        planned on_hold/doing on_hold/checking on_hold/acting on_hold/on_hold draft/
        on_hold planned/on_hold doing/on_hold checking/on_hold acting""".split("/")
}
PEOPLE = st.sampled_from(["ana", "ben", "cem"])
TEXT = st.sampled_from([None, "", "  ", "Because it is so"])
VERDICTS = st.sampled_from(Verdict)


def good_plan():
    primary = PlanMetric("a", MetricRole.PRIMARY, Direction.UP, Kind.MEAN, "d", "week")
    rail = replace(primary, metric_id="b", margin=1.0)
    first = START - 26 * WEEK
    points = tuple(Point(first + k * WEEK, first + (k + 1) * WEEK, 40.0 + k % 2) for k in range(26))
    asked = Asked("A shorter form", "People stop", "a", 2.0, "ana", START)
    known = Known(primary, "Activation", guard_rails=(rail,), series={"a": points, "b": points})
    return light_plan("c0", asked, known)


PLAN = good_plan()
BROKEN = (
    replace(PLAN, change=None),
    replace(PLAN, metrics=PLAN.metrics[1:]),
    replace(PLAN, metrics=PLAN.metrics[:1]),
    replace(PLAN, baselines=()),
    replace(PLAN, check_not_before=START + WEEK),
    replace(PLAN, start_on=None),
)


class RandomMoves(RuleBasedStateMachine):
    """One line of cycles, from a draft through its children, moved without sense."""

    @initialize(rigour=st.sampled_from(Rigour), solo=st.booleans())
    def begin(self, rigour, solo):
        self.today = START
        self.rigour, self.solo = rigour, solo
        self.reset(
            Cycle(
                "c0",
                "t1",
                "Form",
                "ana",
                problem="p",
                root_cause="r",
                root_cause_method="five whys",
            )
        )

    def reset(self, cycle):
        self.cycle = cycle
        self.plan = None
        self.actions = ()
        self.verdict = self.checked_at = None
        self.fast_path = self.signed = False

    def facts(self, **more):
        known = {
            "today": self.today,
            "rigour": self.rigour,
            "solo": self.solo,
            "cycle": self.cycle,
            "plan": self.plan,
            "actions": self.actions,
            "has_evidence": True,
            "verdict": self.verdict,
            "checked_at": self.checked_at,
            "checked": ("a", "b") if self.verdict else (),
            "fast_path": self.fast_path,
        }
        return Facts(**{**known, **more})

    @contextmanager
    def attempt(self):
        """A move may be refused, which changes nothing."""
        before = self.cycle
        with suppress(NotAllowedError):
            yield
            return
        assert self.cycle is before

    def go(self, cycle):
        """Checks the step against the drawing before it is taken."""
        step = (self.cycle.status.value, cycle.status.value)
        assert step in DRAWN, step
        if step[0] == "on_hold":
            assert step[1] == self.cycle.status_before_hold.value
        self.cycle = cycle

    @rule(days=st.integers(1, 80))
    def time_passes(self, days):
        self.today += days * DAY

    @rule(plan=st.sampled_from((PLAN, PLAN, PLAN, *BROKEN)), owner=st.sampled_from(["ana", None]))
    def lock(self, plan, owner):
        if self.rigour is Rigour.STANDARD:
            metrics = tuple(
                replace(each, target_value=50.0) if each.role is MetricRole.PRIMARY else each
                for each in plan.metrics
            )
            plan = replace(plan, rigour=Rigour.STANDARD, metrics=metrics)
        with self.attempt():
            cycle = replace(self.cycle, owner_id=owner)
            locked = moves.lock(self.facts(plan=plan, cycle=cycle))
            assert owner == "ana"
            assert plan.change
            assert len(plan.metrics) == len(plan.baselines) == 2
            assert plan.check_not_before > plan.due_on + 7 * WEEK
            self.go(locked)
            self.plan = plan

    @rule(owner=PEOPLE)
    def add_action(self, owner):
        if self.cycle.status in (CycleStatus.PLANNED, CycleStatus.DOING):
            name = f"a{len(self.actions)}"
            self.actions += (Action(name, self.cycle.cycle_id, name, owner),)

    @rule(pick=st.integers(0, 5), how=st.sampled_from(["start", "finish", "drop"]), reason=TEXT)
    def move_action(self, pick, how, reason):
        if not self.actions:
            return
        place = pick % len(self.actions)
        action = self.actions[place]
        with self.attempt():
            moved = {
                "start": lambda: start_action(action, self.today),
                "finish": lambda: finish_action(action, self.today),
                "drop": lambda: drop_action(action, reason),
            }[how]()
            assert (action.status, how) in {
                ("todo", "start"),
                ("todo", "drop"),
                ("doing", "finish"),
                ("doing", "drop"),
            }
            self.actions = (*self.actions[:place], moved, *self.actions[place + 1 :])

    @rule()
    def begin_do(self):
        with self.attempt():
            doing = moves.begin(self.facts())
            assert any(action.status in ("doing", "done") for action in self.actions)
            self.go(doing)

    @rule()
    def begin_check(self):
        with self.attempt():
            before = self.cycle.ready_on
            checking = moves.begin_check(self.facts())
            assert all(action.status in ("done", "dropped") for action in self.actions)
            assert any(action.status is ActionStatus.DONE for action in self.actions)
            assert checking.ready_on >= before
            self.go(checking)

    @rule(verdict=VERDICTS)
    def machine_judges(self, verdict):
        if self.cycle.status is CycleStatus.CHECKING:
            self.verdict = SignedVerdict("v", "r", self.cycle.cycle_id, verdict)
            self.checked_at = datetime(*self.today.timetuple()[:3], 9, tzinfo=UTC)

    @rule(signer=PEOPLE, human=VERDICTS | st.none(), hours=st.sampled_from([0, 23, 24]), why=TEXT)
    def sign(self, signer, human, hours, why):
        at = self.checked_at and self.checked_at + timedelta(hours=hours)
        asked = self.verdict and replace(
            self.verdict, human_verdict=human, human_reason=why, signed_by=signer, signed_at=at
        )
        with self.attempt():
            cycle, verdict = moves.sign(self.facts(verdict=asked))
            own = any(action.owner_id == signer for action in self.actions)
            own = own or (self.solo and signer == "ana")
            assert verdict.self_signed is own
            assert not own or (hours == 24 and (self.rigour is Rigour.LIGHT or self.solo))
            assert self.checked_at.date() >= self.cycle.ready_on
            assert human is verdict.machine_verdict or (human and why and why.strip())
            self.go(cycle)
            self.verdict, self.signed = verdict, True

    @rule(days=st.integers(-5, 60), why=TEXT)
    def extend(self, days, why):
        to = (self.cycle.look_on or self.today) + days * DAY
        with self.attempt():
            later = moves.extend(self.facts(extend_to=to, reason=why))
            assert why
            assert later.ready_on > self.today
            assert later.looks_used == self.cycle.looks_used + 1
            self.go(later)
            self.verdict = self.checked_at = None

    @rule(breached=st.sampled_from(["", "errors"]))
    def fast(self, breached):
        with self.attempt():
            acting = moves.take_fast_path(self.facts(breached=breached))
            assert breached
            self.go(acting)
            self.fast_path = True

    @rule(why=TEXT)
    def replan(self, why):
        before = self.cycle
        facts = self.facts(plan_reason=why, plan_changes=("target",))
        with self.attempt():
            cycle = moves.relock(facts)
            assert before.status in ("planned", "doing", "checking")
            assert why
            assert (cycle.status, cycle.looks_used) == (before.status, before.looks_used)
            self.cycle = cycle

    @rule(decision=st.sampled_from(ActDecision), text=TEXT, why=TEXT, link=TEXT, decider=PEOPLE)
    def act(self, decision, text, why, link, decider):
        act = Act(
            decision,
            decider,
            why,
            learning=text,
            standard_link=link,
            standard_owner_id=decider,
            child_id=f"{self.cycle.cycle_id}1",
        )
        with self.attempt():
            closed, child = moves.close(self.facts(act=act))
            found = self.verdict.machine_verdict if self.verdict else None
            assert self.signed or self.fast_path
            if decision is ActDecision.STANDARDISE:
                assert found is Verdict.IMPROVED
                assert link
                assert not self.fast_path
                assert closed.sustain_on > self.today
            if decision is ActDecision.KEEP:
                assert found not in (None, Verdict.WORSE, Verdict.IMPROVED_WITH_HARM)
            if decision is ActDecision.ABANDON:
                assert closed.learning.strip()
            self.go(closed)
            assert bool(child) is (decision is ActDecision.ADJUST)
            if child:
                assert (child.parent_cycle_id, child.seq) == (closed.cycle_id, closed.seq + 1)
                self.reset(child)

    @rule(why=TEXT)
    def cancel(self, why):
        with self.attempt():
            self.go(moves.cancel(self.cycle, why))

    @rule(why=TEXT, days=st.integers(0, 3))
    def hold(self, why, days):
        with self.attempt():
            resume_on = self.today + days * DAY
            self.go(moves.hold(self.cycle, why, resume_on=resume_on, today=self.today))

    @rule()
    def resume(self):
        with self.attempt():
            self.go(moves.resume(self.cycle))

    @rule(
        verdict=st.just(Verdict.IMPROVED) | VERDICTS,
        decision=st.sampled_from(ActDecision),
        way=st.sampled_from(["sign", "extend", "fast"]),
    )
    def take_the_next_step_well(self, verdict, decision, way):
        """Without it, random moves would hardly ever leave the Plan."""
        why = "Because it is so"
        match self.cycle.status:
            case CycleStatus.DRAFT:
                self.lock(PLAN, "ana")
            case CycleStatus.PLANNED:
                self.add_action("ben")
                self.move_action(len(self.actions) - 1, "start", why)
                self.begin_do()
            case CycleStatus.DOING | CycleStatus.CHECKING if way == "fast":
                self.fast("errors")
            case CycleStatus.DOING:
                for place, action in enumerate(self.actions):
                    self.move_action(place, "finish" if action.started_on else "drop", why)
                self.begin_check()
            case CycleStatus.CHECKING if way == "extend":
                self.today = max(self.today, self.cycle.ready_on)
                self.extend((self.today - self.cycle.ready_on).days + 30, why)
            case CycleStatus.CHECKING:
                self.today = max(self.today, self.cycle.ready_on)
                self.machine_judges(verdict)
                self.sign("cem", verdict, 0, why)
            case CycleStatus.ACTING:
                self.act(decision, why, why, why, "pia")
            case CycleStatus.ON_HOLD:
                self.resume()
            case _:
                self.begin(self.rigour, self.solo)

    @rule(
        verdict=VERDICTS,
        decision=st.sampled_from(ActDecision),
        way=st.sampled_from(["sign", "extend"]),
    )
    def take_three_steps_well(self, verdict, decision, way):
        for _ in range(3):
            self.take_the_next_step_well(verdict, decision, way)

    @invariant()
    def stands_where_it_may(self):
        cycle = self.cycle
        is_held = cycle.status is CycleStatus.ON_HOLD
        assert (cycle.status_before_hold is not None) is is_held
        where = cycle.status_before_hold or cycle.status
        assert cycle.looks_used in (0, 1, 2)
        assert (cycle.act_decision is not None) is (where is CycleStatus.CLOSED)
        if where in (CycleStatus.DRAFT, CycleStatus.CANCELLED):
            return
        assert self.plan is not None
        assert cycle.ready_on >= self.plan.check_not_before
        if where is not CycleStatus.PLANNED:
            assert self.actions
        if where in (CycleStatus.ACTING, CycleStatus.CLOSED):
            assert self.signed or self.fast_path


RandomMoves.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
TestRandomMoves = RandomMoves.TestCase

"""What the board and the page of a cycle say: no more than the records allow."""

import math
from dataclasses import replace
from datetime import date

import pytest

from dashboard.components.problem import both_texts
from dashboard.exhibits import cycle_cards, plan_words
from dashboard.exhibits.card_link import card_of, link_of
from dashboard.question import Question
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.reviews.check.planner import Outlook
from pipelines.reviews.core.cycle import Cycle
from pipelines.reviews.core.plan import Baseline, PlanMetric, Point
from pipelines.reviews.core.terms import (
    ActDecision,
    CycleStatus,
    Direction,
    Kind,
    MetricRole,
    Verdict,
)
from pipelines.reviews.cycle.lists import CycleCard

TODAY = date(2026, 5, 4)
CYCLE = Cycle("c1", "core", "One click", "dev", due_on=date(2026, 3, 2))
CARD = CycleCard(
    cycle=CYCLE, metric_id="wau", machine_verdict=None, human_verdict=None, is_self_signed=False,
    is_breached=False, is_check_due=False, is_check_overdue=False, decide_by=None, open_actions=1,
    sentence="",
)  # fmt: skip


def card(status: CycleStatus, **more) -> CycleCard:
    of_cycle = {name: more.pop(name) for name in list(more) if hasattr(CYCLE, name)}
    return replace(CARD, cycle=replace(CYCLE, status=status, **of_cycle), **more)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (card(CycleStatus.DRAFT), "Finish the plan and lock it."),
        (card(CycleStatus.PLANNED), "Start the first action."),
        (card(CycleStatus.DOING, open_actions=2), "Finish 2 actions."),
        (card(CycleStatus.DOING, open_actions=0), "Every action has ended: begin the Check."),
        (
            card(CycleStatus.CHECKING, ready_on=date(2026, 5, 11)),
            "Wait: the Check may run from 11 May 2026.",
        ),
        (
            card(CycleStatus.CHECKING, ready_on=TODAY, is_check_overdue=True),
            "Run the Check. It is overdue.",
        ),
        (
            card(CycleStatus.CHECKING, machine_verdict=Verdict.IMPROVED),
            "Sign the verdict, or look again later.",
        ),
        (card(CycleStatus.ACTING), "Decide what to make of it."),
        (
            card(CycleStatus.CLOSED, act_decision=ActDecision.ADJUST),
            "Go on with the next cycle.",
        ),
        (
            card(CycleStatus.ON_HOLD, status_before_hold=CycleStatus.DOING),
            "Resume it; it was doing.",
        ),
        (
            card(CycleStatus.DOING, is_breached=True, decide_by=date(2026, 5, 6)),
            "A guard-rail failed: decide by 6 May 2026.",
        ),
    ],
)
def test_a_card_says_what_is_next(shown, words):
    assert cycle_cards.what_is_next(shown, TODAY) == words


def test_what_is_kept_says_on_every_list_that_it_is_not_proven():
    kept = card(
        CycleStatus.CLOSED, act_decision=ActDecision.KEEP, human_verdict=Verdict.INCONCLUSIVE,
        machine_verdict=Verdict.INCONCLUSIVE, is_self_signed=True,
    )  # fmt: skip
    words = cycle_cards.card_words(kept, {"wau": "Weekly users"}, {"dev": "Dan"}, TODAY)
    assert words.badges == ("Inconclusive", "self-signed", "kept, not proven")
    assert (words.metric, words.owner) == ("Weekly users", "Dan")


def test_an_override_is_shown_beside_the_verdict():
    other = card(
        CycleStatus.ACTING, human_verdict=Verdict.IMPROVED, machine_verdict=Verdict.INCONCLUSIVE
    )
    assert cycle_cards.card_words(other, {}, {}, TODAY).badges == ("Improved", "overridden")


def test_a_chance_that_cannot_be_had_is_said_before_the_lock():
    never = Outlook(math.inf, 1.0, 0.1, {}, None)
    told = plan_words.smallest_told(never, 12, "8 weeks", "count", "week")
    assert told.startswith("With 12 weeks before and 8 weeks after, no change would be proven")
    unknown = plan_words.smallest_told(None, 3, "8 weeks", "count", "week")
    assert "not known" in unknown
    seen = plan_words.smallest_told(replace(never, mde80=0.04), 26, "8 weeks", "share", "week")
    assert "a change of 4.0\u00a0pp would be proven in 80 of 100 cases" in seen


def test_a_baseline_without_neighbours_has_no_limits():
    alone = Baseline("wau", (Point(date(2026, 1, 5), date(2026, 1, 12), 4.0),))
    assert "too few neighbours" in plan_words.baseline_told(alone, "Users", "count", "week")
    assert "no settled week" in plan_words.baseline_told(Baseline("wau"), "Users", "count", "week")


def test_a_guard_rail_says_how_much_harm_it_tolerates():
    rail = PlanMetric(
        "csat", MetricRole.GUARD_RAIL, Direction.UP, Kind.PROPORTION, "", "week", margin=0.02
    )
    assert plan_words.guard_told(rail, "CSAT", "share") == (
        "CSAT gets worse by less than 2.0\u00a0pp"
    )
    band = replace(rail, direction=Direction.WITHIN, band_lo=0.7, band_hi=0.9)
    assert plan_words.guard_told(band, "CSAT", "share") == "CSAT stays within 70–90\u00a0%"
    assert plan_words.guard_told(rail, "CSAT", "share", is_waived=True).endswith("(waived)")


@pytest.mark.parametrize("unit", ["share", "count", "days", "EUR"])
def test_an_amount_comes_back_from_the_screen_as_it_went(unit):
    assert amount_of_screen(amount_on_screen(0.0437, unit), unit) == pytest.approx(0.0437)
    assert amount_on_screen(None, unit) is None


@pytest.mark.parametrize(
    "question",
    [
        Question("wau"),
        Question("funnel", of="checkout", pick=(("step", 2),)),
        Question("nps", where=(("plan", "team"), ("region", "EU=west")), variant="median"),
    ],
)
def test_a_link_carries_the_whole_card(question):
    card = card_of(link_of(question))
    assert card is not None
    assert (card.metric_id, card.of, card.variant) == (
        question.metric, question.of, question.variant,
    )  # fmt: skip
    assert (card.where, card.pick) == (question.where, question.pick)
    assert card_of({}) is None


def test_a_conflict_tells_both_texts_and_only_what_differs():
    table = both_texts(
        {"hypothesis_change": "*theirs*", "due_on": TODAY}, {"hypothesis_change": "yours",
         "due_on": TODAY},
    )  # fmt: skip
    assert table.rows() == [("What we change", "\\*theirs\\*", "yours")]

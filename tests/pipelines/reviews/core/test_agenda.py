"""The agenda makes itself: classes, misses, limit, folding, repeats, minutes."""

from datetime import date, timedelta
from random import Random

import pytest

from pipelines.reviews.core.agenda import (
    STANDING_QUESTIONS,
    AgendaFacts,
    Due,
    MetricFact,
    Order,
    agenda,
)
from pipelines.reviews.core.terms import ItemSource
from pipelines.reviews.core.timing import part_at, parts

TODAY = date(2026, 10, 6)
NEWEST, LAST_TIME = date(2026, 10, 4), date(2026, 9, 27)


def metric(name, **more):
    return MetricFact(name, name, **{"as_of": NEWEST, "shown_as_of": LAST_TIME, **more})


def due(name, days=1):
    return Due(name, name, TODAY - timedelta(days=days))


FACTS = AgendaFacts(
    TODAY,
    metrics=(
        metric("run", rules_2_3=0.1),
        metric("calm"),
        metric("limit", rule_1=0.2),
        metric("target", target_miss=0.1),
        metric("far target", target_miss=0.4),
        metric("rail", breach=0.05),
    ),
    checks=(due("check", 1), due("older check", 9)),
    follow_ups=(due("promise"),),
    ledger_rows=(due("release"),),
    stale_sources=(due("stripe"),),
)
IN_ORDER = [
    "rail",
    "older check",
    "check",
    "far target",
    "target",
    "limit",
    "run",
    "promise",
    "release",
    "stripe",
]


def test_items_come_by_class_and_within_a_class_by_how_far_they_miss():
    found = agenda(FACTS)
    assert [item.subject for item in found.items] == IN_ORDER
    assert [item.order for item in found.items] == sorted(item.order for item in found.items)
    assert [metric.name for metric in found.nothing_to_see] == ["calm"]


def test_the_order_of_the_facts_changes_nothing():
    shuffled = list(FACTS.metrics)
    for seed in range(20):
        Random(seed).shuffle(shuffled)
        again = AgendaFacts(
            TODAY,
            tuple(shuffled),
            FACTS.checks[::-1],
            FACTS.follow_ups,
            FACTS.ledger_rows,
            FACTS.stale_sources,
        )
        assert agenda(again) == agenda(FACTS)


def test_every_class_has_the_word_of_its_source():
    words = {item.subject: item.source for item in agenda(FACTS).items}
    assert words["rail"] is words["run"] is words["stripe"] is ItemSource.AUTO_SIGNAL
    assert words["check"] is ItemSource.DUE_CHECK
    assert words["promise"] is words["release"] is ItemSource.OVERDUE


def test_a_metric_comes_once_in_its_first_class_with_all_reasons():
    both = metric("both", target_miss=0.1, rule_1=0.3)
    (item,) = agenda(AgendaFacts(TODAY, (both,))).items
    assert item.order is Order.OFF_TARGET
    assert item.reasons == ("Off target.", "A point lies beyond the process limits.")


def test_at_most_seven_metrics_come_and_those_beyond_are_named():
    many = tuple(metric(f"m{k}", target_miss=k / 10) for k in range(9))
    found = agenda(AgendaFacts(TODAY, many, checks=(due("check"),)))
    assert [item.subject for item in found.items] == ["check", *(f"m{k}" for k in range(8, 1, -1))]
    assert [item.subject for item in found.over_limit] == ["m1", "m0"]
    assert len(agenda(AgendaFacts(TODAY, many), most_metrics=2).items) == 2


@pytest.mark.parametrize(
    ("as_of", "shown", "comes"),
    [
        (NEWEST, LAST_TIME, True),
        (NEWEST, None, True),
        (NEWEST, NEWEST, False),
        (LAST_TIME, NEWEST, False),
        (None, NEWEST, False),
        (None, None, True),
    ],
)
def test_a_metric_repeats_only_with_new_data(as_of, shown, comes):
    some = metric("m", as_of=as_of, shown_as_of=shown, target_miss=0.1)
    found = agenda(AgendaFacts(TODAY, (some,)))
    assert bool(found.items) is comes
    assert bool(found.no_new_data) is not comes
    assert found.nothing_to_see == ()


def test_no_metric_is_lost():
    many = tuple(
        metric(f"m{k}", target_miss=0.1 if k % 2 else None, shown_as_of=NEWEST if k % 3 else None)
        for k in range(40)
    )
    found = agenda(AgendaFacts(TODAY, many))
    named = [
        *(item.subject_id for item in (*found.items, *found.over_limit)),
        *(each.metric_id for each in (*found.no_new_data, *found.nothing_to_see)),
    ]
    assert sorted(named) == sorted(each.metric_id for each in many)


def test_of_the_folded_metrics_inputs_come_before_the_outputs_they_move():
    some = (metric("b"), metric("c", is_input=True), metric("a"))
    folded = agenda(AgendaFacts(TODAY, some)).nothing_to_see
    assert [each.name for each in folded] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("minutes", "ends"), [(60, [3, 10, 15, 25, 45, 55, 60]), (30, [2, 6, 10, 16, 24, 28, 30])]
)
def test_the_parts_of_a_meeting_fill_it_without_a_gap(minutes, ends):
    found = parts(minutes)
    assert [part.end for part in found] == ends
    assert [part.start for part in found] == [0, *ends[:-1]]
    assert sum(part.minutes for part in found) == minutes


def test_a_minute_belongs_to_one_part():
    assert part_at(0).name == "celebrate"
    assert part_at(3).name == "follow-ups due"
    assert part_at(30).name == "Checks due"
    assert part_at(99, 30).name == "read back"
    with pytest.raises(ValueError, match="not 45"):
        parts(45)


def test_three_questions_are_always_asked():
    assert len(STANDING_QUESTIONS) == 3

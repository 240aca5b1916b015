"""Step 1: what stands against judging a metric."""

from dataclasses import replace
from datetime import date

import pytest

from pipelines.reviews.check.computing import READINESS_ROW, check
from pipelines.reviews.check.inputs import CheckInput
from pipelines.reviews.core.terms import Kind, Verdict

GAP = float("nan")
AFTER = [45.0, 46, 44, 45, 46, 44, 45, 46, 44, 45]


def judged(metric, before, after, **more):
    found = check(CheckInput(metric(before, after, **more)))
    return found.verdict.verdict, " ".join(found.verdict.sentences)


def test_a_metric_with_nothing_against_it_is_judged(metric, steady):
    assert judged(metric, steady, AFTER) == (Verdict.IMPROVED, "")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([40.0, 41, 39, 40, 41], AFTER, "has 5 periods with a value; 6 are needed"),
        ([40.0, 41, 39, 40, 41, 39] * 4, AFTER[:7], "has 7 of 8 periods after the change"),
        ([40.0, 41, 39] * 6 + [GAP, GAP, 40], AFTER, ""),
        ([40.0, 41, 39] * 5 + [GAP, GAP, 40], AFTER, "11\u00a0% of the periods"),
        ([40.0, 41, 39] * 8, [*AFTER, GAP, GAP], "17\u00a0% of the periods"),
        ([40.0, 41, 39] * 8, [*AFTER, *AFTER, GAP, GAP], ""),
    ],
)
def test_short_and_patchy_series_are_not_ready(metric, before, after, words):
    verdict, sentences = judged(metric, before, after)
    assert (verdict is Verdict.NOT_READY) is bool(words)
    assert words in sentences


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"stale_sources": ("crm", "events")}, "The source events is stale."),
        ({"trust": 0.79}, "The trust in activation is 0.79, below 0.80."),
        ({"ready_on": date(2026, 12, 2)}, "The Check may run from 2 Dec 2026 on."),
    ],
)
def test_what_waiting_or_repair_heals_is_not_ready(metric, steady, facts, words):
    verdict, sentences = judged(metric, steady, AFTER, **facts)
    assert verdict is Verdict.NOT_READY
    assert words in sentences


@pytest.mark.parametrize(
    "facts",
    [
        {"trust": 0.80},
        {"trust": None},
        {"ready_on": date(2026, 12, 1)},
        {"restated_by": 1.0},
        {"restated_by": -1.0},
    ],
)
def test_exactly_at_its_bar_a_metric_is_judged(metric, steady, facts):
    assert judged(metric, steady, AFTER, **facts)[0] is Verdict.IMPROVED


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"changed": ("definition",)}, "The definition of activation is not the one"),
        ({"changed": ("unit",)}, "The unit of"),
        ({"changed": ("currency",)}, "The currency of"),
        ({"changed": ("survey kind",)}, "The survey kind of"),
        ({"restated_by": 1.01}, "restated by more than half of the smallest effect"),
        ({"restated_by": -1.01}, "restated by more than half of the smallest effect"),
    ],
)
def test_what_only_a_new_plan_heals_is_invalid(metric, steady, facts, words):
    verdict, sentences = judged(metric, steady, AFTER, **facts)
    assert verdict is Verdict.INVALID
    assert words in sentences


def test_invalid_comes_before_not_ready_as_waiting_does_not_heal_it(metric, steady):
    found = check(CheckInput(metric(steady, AFTER[:2], changed=("unit",))))
    assert found.verdict.verdict is Verdict.INVALID
    assert (found.verdict.row, found.verdict.suggestion) == (READINESS_ROW, "plan again")
    assert found.primary.diff is None


def test_a_metric_that_waits_says_so(metric, steady):
    found = check(CheckInput(metric(steady, AFTER[:2])))
    assert (found.verdict.row, found.verdict.suggestion) == (READINESS_ROW, "wait")
    assert (found.primary.n_base, found.primary.n_post, found.primary.lo) == (26, 2, None)


def test_a_ratio_with_too_few_counts_as_missing(metric, steady):
    plan, window = metric(steady, AFTER, kind=Kind.RATIO, minimum_n=30)
    window = replace(window, post=replace(window.post, exposures=(29.0, 29.0, *[30.0] * 8)))
    found = check(CheckInput((plan, window)))
    assert found.verdict.verdict is Verdict.NOT_READY
    assert "20\u00a0% of the periods" in " ".join(found.verdict.sentences)


def test_a_declared_control_is_never_left_out_in_silence(metric, steady, series):
    plan, window = metric(steady, AFTER)
    plan = replace(plan, control=series(steady))
    for control in (None, series(AFTER[:-1]), series([GAP, GAP, *AFTER[2:]])):
        found = check(CheckInput((plan, replace(window, control=control))))
        assert found.verdict.verdict is Verdict.NOT_READY
        assert "The control series of activation" in " ".join(found.verdict.sentences)

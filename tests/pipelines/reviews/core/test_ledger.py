"""The outcome ledger: predictions, hits, calibration, size ratio, coverage, promises kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.health import Promise, health
from pipelines.reviews.core.ledger import judgements, scorecard
from pipelines.reviews.core.meeting import FollowUp
from pipelines.reviews.core.prediction import (
    LedgerRow,
    Outcome,
    OutcomeResult,
    latest,
    ledger_status,
    lock_prediction,
)
from pipelines.reviews.core.terms import Direction, FollowUpStatus, LedgerStatus, Verdict

RELEASED, REVIEW = date(2026, 5, 4), date(2026, 8, 3)
TODAY = date(2026, 10, 5)
LOCKED = datetime(2026, 5, 4, 8, tzinfo=UTC)
JUDGED = datetime(2026, 8, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def row(link_id="l1", **more):
    known = {
        "released_on": RELEASED,
        "metric_id": "activation",
        "release_id": link_id,
        "expected_direction": Direction.UP,
        "expected_effect": 4.0,
        "min_effect": 2.0,
        "confidence": 0.8,
        "review_on": REVIEW,
        "locked_at": LOCKED,
    }
    return LedgerRow(link_id, **{**known, **more})


def outcome(link_id, verdict=Verdict.IMPROVED, effect=4.0, run_id=None, result=True, **more):
    flags = {
        name: more.pop(name)
        for name in ("self_signed", "kept", "qualitative", "power")
        if name in more
    }
    found = OutcomeResult(link_id, run_id or link_id, verdict, JUDGED, effect)
    return Outcome(row(link_id, **more), found if result else None, **flags)


@pytest.mark.parametrize(
    ("gap", "word"),
    [
        ({"metric_id": None}, "a metric"),
        ({"expected_direction": Direction.WITHIN}, "a direction"),
        ({"expected_effect": 0.0}, "an expected effect"),
        ({"min_effect": None}, "a smallest effect"),
        ({"confidence": 1.1}, "a confidence"),
        ({"review_on": RELEASED}, "a review date"),
    ],
)
def test_a_prediction_is_locked_whole(gap, word):
    with pytest.raises(NotAllowedError, match=word):
        lock_prediction(row(locked_at=None, **gap), LOCKED, today=RELEASED)


def test_a_prediction_is_locked_once_and_not_after_the_release():
    bare = row(locked_at=None)
    assert lock_prediction(bare, LOCKED, today=RELEASED).locked_at == LOCKED
    with pytest.raises(NotAllowedError, match="locked. It is judged"):
        lock_prediction(row(), LOCKED, today=RELEASED)
    with pytest.raises(NotAllowedError, match="no prediction"):
        lock_prediction(bare, LOCKED, today=RELEASED + DAY)


@pytest.mark.parametrize(
    ("today", "verdict", "status"),
    [
        (REVIEW - DAY, None, LedgerStatus.OPEN),
        (REVIEW - DAY, Verdict.IMPROVED, LedgerStatus.OPEN),
        (REVIEW, None, LedgerStatus.DUE),
        (REVIEW, Verdict.NOT_READY, LedgerStatus.DUE),
        (REVIEW, Verdict.INVALID, LedgerStatus.NOT_JUDGEABLE),
        (REVIEW, Verdict.WORSE, LedgerStatus.JUDGED),
        (REVIEW, Verdict.INCONCLUSIVE, LedgerStatus.JUDGED),
    ],
)
def test_a_row_stands_where_its_dates_and_its_result_put_it(today, verdict, status):
    result = verdict and OutcomeResult("l1", "r1", verdict, JUDGED)
    assert ledger_status(row(), result, today) is status
    assert ledger_status(row(locked_at=None), result, today) is LedgerStatus.UNPREDICTED


def test_the_latest_result_counts():
    old = OutcomeResult("l1", "r1", Verdict.NOT_READY, JUDGED)
    new = OutcomeResult("l1", "r2", Verdict.IMPROVED, JUDGED + DAY)
    assert latest([new, old]) is new
    assert latest([]) is None


def test_the_hit_rate_is_hits_of_judged_with_the_interval_of_wilson():
    some = [outcome(f"h{k}") for k in range(3)]
    some += [outcome(f"i{k}", Verdict.INCONCLUSIVE) for k in range(4)]
    some += [outcome("w", Verdict.WORSE), outcome("n", Verdict.NO_USEFUL_EFFECT)]
    card = scorecard(some, TODAY)
    assert (card.hit_rate.k, card.hit_rate.n) == (3, 9)
    oracle = proportion_confint(3, 9, method="wilson")
    assert (card.hit_rate.low, card.hit_rate.high) == pytest.approx(oracle)
    assert (card.decided_only.k, card.decided_only.n) == (3, 5)


@pytest.mark.parametrize(
    "left_out",
    [
        outcome("x", locked_at=None),
        outcome("x", qualitative=True),
        outcome("x", Verdict.INVALID),
        outcome("x", Verdict.NOT_READY),
        outcome("x", result=False),
        outcome("x", review_on=TODAY + DAY),
    ],
)
def test_what_was_not_predicted_or_not_judged_leaves_the_hit_rate(left_out):
    card = scorecard([outcome("h"), left_out], TODAY)
    assert (card.hit_rate.n, card.brier) == (1, pytest.approx(0.04))


def test_a_kept_change_is_no_hit():
    assert scorecard([outcome("k", kept=True)], TODAY).hit_rate.k == 0


def test_self_signed_outcomes_are_a_line_of_their_own():
    card = scorecard([outcome("a"), outcome("b", self_signed=True)], TODAY)
    assert (card.hit_rate.n, card.self_signed.k, card.self_signed.n) == (1, 1, 1)


def test_an_empty_ledger_says_so_and_shows_no_zero():
    card = scorecard([], TODAY)
    for share in (card.hit_rate, card.predicted, card.reviewed):
        assert share.value is None
        assert share.sentence.endswith(".")
    assert card.calibration_gap is card.brier is card.mean_power is card.size_ratio.value is None


def test_rows_of_one_run_share_one_judgement():
    joint = [
        outcome("a", run_id="r", confidence=0.6, expected_effect=1.0),
        outcome("b", run_id="r", confidence=0.8, expected_effect=3.0),
        outcome("c", run_id="r", metric_id="churn"),
    ]
    card = scorecard(joint, TODAY)
    assert (card.hit_rate.n, card.joint) == (2, 1)
    both = next(each for each in judgements(joint, TODAY) if each.is_joint)
    assert (both.confidence, both.expected_effect) == (pytest.approx(0.7), 4.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_calibration_and_brier_are_the_formulas(stated):
    some = [
        outcome(str(k), Verdict.IMPROVED if hit else Verdict.INCONCLUSIVE, confidence=confidence)
        for k, (confidence, hit) in enumerate(stated)
    ]
    card = scorecard(some, TODAY)
    confidence, hits = np.array(stated, dtype=float).T
    assert card.calibration_gap == pytest.approx(confidence.mean() - hits.mean())
    assert card.brier == pytest.approx(((confidence - hits) ** 2).mean())
    assert sum(each.n for each in card.bins) == len(stated)


def test_a_bin_is_shown_from_ten_on():
    some = [outcome(f"a{k}", confidence=0.7) for k in range(10)]
    some += [outcome(f"b{k}", confidence=0.9) for k in range(9)]
    *_, third, fourth = scorecard(some, TODAY).bins
    assert (third.n, third.hits.value, third.confidence) == (10, 1.0, pytest.approx(0.7))
    assert (fourth.n, fourth.hits.value, fourth.confidence) == (9, None, None)
    assert fourth.hits.sentence == "9 judged; shown from 10."


@pytest.mark.parametrize(
    ("confidence", "place"), [(0, 0), (0.49, 0), (0.5, 1), (0.7, 2), (0.89, 2), (0.9, 3), (1, 3)]
)
def test_a_confidence_falls_into_the_bin_that_begins_with_it(confidence, place):
    bins = scorecard([outcome("a", confidence=confidence)], TODAY).bins
    assert [each.n for each in bins] == [int(k == place) for k in range(4)]


def test_the_size_ratio_is_a_median_between_ratios_that_occurred():
    some = [outcome(str(k), effect=float(k), expected_effect=2.0) for k in range(1, 11)]
    ratio = scorecard(some, TODAY).size_ratio
    # Ranks 2 and 9 of ten hold the median with 1 - 2·11/1024 = 97.9 %; 3 and 8 with 89.1 %.
    assert (ratio.n, ratio.value, ratio.low, ratio.high) == (10, 2.5, 1.0, 4.5)
    few = scorecard(some[:3], TODAY).size_ratio
    assert (few.n, few.value) == (3, 1.0)
    assert few.low is None or few.high is None


def test_classes_have_their_own_ratio_and_a_mixed_judgement_has_none():
    some = [
        outcome("a", rice_impact=3.0, effect=8.0),
        outcome("b", rice_impact=0.5, effect=2.0),
        outcome("c", run_id="r", rice_impact=0.5),
        outcome("d", run_id="r", rice_impact=3.0),
    ]
    card = scorecard(some, TODAY)
    assert {name: each.value for name, each in card.by_class.items()} == {3.0: 2.0, 0.5: 0.5}
    assert card.hits_by_class[0.5].n == 1


def test_coverage_counts_releases_and_reviews_in_time():
    some = [outcome(f"p{k}") for k in range(3)]
    some += [outcome(f"u{k}", locked_at=None) for k in range(9)]
    some += [outcome("p0-item", release_id="p0", locked_at=None, work_item_key="A-1")]
    some += [outcome("late", result=False, release_id=None)]
    card = scorecard(some, TODAY)
    assert card.predicted_sentence == "predicted 3 of 12 releases"
    assert (card.reviewed.k, card.reviewed.n) == (3, 4)
    assert [each.row.link_id for each in card.overdue] == ["late"]
    slow = replace(some[0], result=replace(some[0].result, judged_at=JUDGED + DAY))
    assert scorecard([slow], TODAY).reviewed.k == 0


def test_the_mean_power_stands_beside_with_how_many_it_rests_on():
    card = scorecard([outcome("a", power=0.3), outcome("b", power=0.5), outcome("c")], TODAY)
    assert (card.mean_power, card.n_power) == (pytest.approx(0.4), 2)


def promise(status="open", due=0, closed=None, redated=0, made=-10):
    follow_up = FollowUp(
        "f", "x", "ana", TODAY + due * DAY, status=FollowUpStatus(status), redated=redated
    )
    return Promise(follow_up, TODAY + made * DAY, None if closed is None else TODAY + closed * DAY)


@pytest.mark.parametrize(
    ("some", "k", "n"),
    [
        (promise("done", due=-2, closed=-2), 1, 1),
        (promise("done", due=-2, closed=-1), 0, 1),
        (promise("open", due=-1), 0, 1),
        (promise("open", due=0), 0, 0),
        (promise("done", due=3, closed=-1), 0, 0),
        (promise("dropped", due=-2, closed=-3), 0, 0),
        (promise("dropped", due=-2, closed=-1), 0, 1),
    ],
)
def test_follow_through_is_done_by_due_of_due(some, k, n):
    found = health([some], TODAY).follow_through
    assert (found.k, found.n) == (k, n)


def test_redated_share_and_open_age_stand_beside_it():
    some = [promise(made=-30, redated=2), promise(made=-10), promise("done", -2, -2, made=-90)]
    found = health(some, TODAY)
    assert (found.redated.k, found.redated.n) == (1, 3)
    assert (found.open_age.n, found.open_age.value, found.oldest) == (2, 10, 30)
    assert health([], TODAY).oldest is None

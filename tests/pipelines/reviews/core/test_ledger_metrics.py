"""Hit rate and review coverage by quarter, as the catalogue defines them."""

from datetime import UTC, date, datetime

import pytest
from scipy.stats import binomtest

from pipelines.reviews.core.prediction import LedgerRow, Outcome, OutcomeResult
from pipelines.reviews.core.terms import Direction, ValueState, Verdict
from pipelines.reviews.outcome.metrics import outcome_hit_rate, review_coverage

TODAY = date(2026, 11, 28)


def row(number, review_on, verdict=None, *, in_time=True, locked=True, **more):
    link = f"l{number}"
    prediction = LedgerRow(
        link,
        date(2026, 1, 5),
        metric_id="activation_rate",
        release_id=f"r{number}",
        expected_direction=Direction.UP,
        expected_effect=0.1,
        min_effect=0.02,
        confidence=0.7,
        review_on=review_on,
        locked_at=datetime(2026, 1, 4, tzinfo=UTC) if locked else None,
    )
    judged_on = review_on if in_time else date(2026, 11, 20)
    at = datetime(judged_on.year, judged_on.month, judged_on.day, 8, tzinfo=UTC)
    result = OutcomeResult(link, f"run{number}", verdict, at) if verdict else None
    return Outcome(prediction, result, **more)


def test_hits_are_counted_in_the_quarter_of_the_review_with_wilson_interval():
    spring = [row(k, date(2026, 5, 4), Verdict.IMPROVED if k < 4 else Verdict.INCONCLUSIVE)
              for k in range(12)]  # fmt: skip
    autumn = [row(20, date(2026, 10, 1), Verdict.WORSE)]
    first, second = outcome_hit_rate([*spring, *autumn], TODAY)
    assert (first.period, first.period_end) == (date(2026, 4, 1), date(2026, 7, 1))
    assert (first.share.k, first.share.n, first.state) == (4, 12, ValueState.OK)
    wanted = binomtest(4, 12).proportion_ci(method="wilson")
    assert (first.share.low, first.share.high) == pytest.approx((wanted.low, wanted.high))
    assert (second.share.k, second.share.n, second.state) == (0, 1, ValueState.TOO_FEW)


def test_decided_only_leaves_the_inconclusive_ones_out():
    verdicts = [Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.WORSE, Verdict.INVALID]
    rows = [row(k, date(2026, 5, 4), verdict) for k, verdict in enumerate(verdicts)]
    (every,) = outcome_hit_rate(rows, TODAY)
    (decided,) = outcome_hit_rate(rows, TODAY, decided_only=True)
    assert (every.share.k, every.share.n) == (1, 3)
    assert (decided.share.k, decided.share.n) == (1, 2)


def test_self_signed_and_qualitative_rows_leave_the_hit_rate():
    rows = [row(1, date(2026, 5, 4), Verdict.IMPROVED, self_signed=True),
            row(2, date(2026, 5, 4), Verdict.IMPROVED, qualitative=True)]  # fmt: skip
    (found,) = outcome_hit_rate(rows, TODAY)
    assert (found.share.n, found.share.value, found.state) == (0, None, ValueState.NO_DATA)
    assert found.share.sentence


def test_coverage_counts_reviews_that_were_in_time_and_nothing_that_is_not_due():
    rows = [
        row(1, date(2026, 5, 4), Verdict.IMPROVED),
        row(2, date(2026, 5, 4), Verdict.WORSE, in_time=False),
        row(3, date(2026, 5, 4)),
        row(4, date(2026, 12, 24)),
        row(5, date(2026, 5, 4), locked=False),
    ]
    due, open_ = review_coverage(rows, TODAY)
    assert (due.share.k, due.share.n, due.state) == (1, 3, ValueState.TOO_FEW)
    assert (open_.period, open_.share.n, open_.state) == (date(2026, 10, 1), 0, ValueState.NO_DATA)

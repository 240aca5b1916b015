"""The table of verdicts, row by row, in the order in which rows win."""

from itertools import product

import numpy as np
import pytest

from pipelines.reviews.check.verdict_table import ROWS, Evidence, matched_rows, suggestion
from pipelines.reviews.core.terms import ActDecision, Reason, Verdict

PASS, OPEN, FAIL = 0, 1, 2
MIN_EFFECT = 2.0


def row(up=False, down=False, low=-1.0, high=3.0, excluded=True, alike=False, guard=PASS):
    flags = [np.asarray(flag) for flag in (up, down)]
    ends = [np.asarray(end, float) for end in (low, high)]
    evidence = Evidence(*flags, *ends, np.asarray(excluded), np.asarray(alike))
    return int(matched_rows(evidence, np.asarray(guard, np.int8), MIN_EFFECT))


@pytest.mark.parametrize(
    ("facts", "number", "verdict"),
    [
        ({"down": True, "low": -3, "high": -1}, 2, Verdict.WORSE),
        ({"down": True, "low": -3, "high": -1, "excluded": False}, 2, Verdict.WORSE),
        ({"up": True, "low": 0.5, "high": 1.9}, 3, Verdict.NO_USEFUL_EFFECT),
        ({"up": True, "low": 0.5, "high": 1.9, "excluded": False}, 3, Verdict.NO_USEFUL_EFFECT),
        ({"up": True, "low": 1, "excluded": False}, 4, Verdict.INCONCLUSIVE),
        ({"up": True, "low": 1, "excluded": False, "guard": FAIL}, 4, Verdict.INCONCLUSIVE),
        ({"up": True, "low": 1, "guard": FAIL}, 5, Verdict.IMPROVED_WITH_HARM),
        ({"up": True, "low": 1, "guard": OPEN}, 6, Verdict.IMPROVED_GUARDRAIL_OPEN),
        ({"up": True, "low": 1}, 7, Verdict.IMPROVED),
        # A bad point among the good ones does not undo both tests.
        ({"up": True, "down": True, "low": 1}, 7, Verdict.IMPROVED),
        ({"down": True}, 8, Verdict.INCONCLUSIVE),
        ({"low": -3, "high": -1}, 8, Verdict.INCONCLUSIVE),
        ({"up": True, "down": True}, 8, Verdict.INCONCLUSIVE),
        ({"up": True}, 9, Verdict.INCONCLUSIVE),
        ({"low": 1}, 9, Verdict.INCONCLUSIVE),
        # One test is one test, however small the effect may be.
        ({"low": 0.5, "high": 1.9}, 9, Verdict.INCONCLUSIVE),
        ({"high": 1.9}, 10, Verdict.NO_USEFUL_EFFECT),
        ({}, 11, Verdict.INCONCLUSIVE),
        ({"high": MIN_EFFECT}, 11, Verdict.INCONCLUSIVE),
        # Without an interval nothing is known.
        ({"low": np.nan, "high": np.nan}, 11, Verdict.INCONCLUSIVE),
        ({"up": True, "low": 1, "alike": True}, 0, Verdict.INCONCLUSIVE),
        ({"down": True, "low": -3, "high": -1, "alike": True}, 0, Verdict.INCONCLUSIVE),
    ],
)
def test_the_first_matching_row_gives_the_verdict(facts, number, verdict):
    assert row(**facts) == number
    assert ROWS[number].verdict is verdict


def by_hand(up, down, low, high, excluded, alike, guard):
    """The table of the specification, read from top to bottom."""
    if alike:
        return 0
    if down and high < 0:
        return 2
    if up and low > 0:
        if high < MIN_EFFECT:
            return 3
        return {PASS: 7, OPEN: 6, FAIL: 5}[guard] if excluded else 4
    if down or high < 0:
        return 8
    if up or low > 0:
        return 9
    return 10 if high < MIN_EFFECT else 11


def test_all_combinations_at_once_match_the_table_read_one_by_one():
    ends = [(-3, -1), (-1, 1), (-1, 3), (0.5, 1.5), (0.5, 3), (0, 2), (np.nan, np.nan)]
    flags = [False, True]
    every = list(product(flags, flags, ends, flags, flags, (PASS, OPEN, FAIL)))
    up, down, low, high, excluded, alike, guard = (
        np.array(column)
        for column in zip(*[(u, d, *e, x, a, g) for u, d, e, x, a, g in every], strict=True)
    )
    found = matched_rows(Evidence(up, down, low, high, excluded, alike), guard, MIN_EFFECT)
    expected = [by_hand(u, d, *e, x, a, g) for u, d, e, x, a, g in every]
    assert found.tolist() == expected
    assert set(expected) == set(ROWS)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (0, Reason.AUTOCORRELATION),
        (4, Reason.DRIFT),
        (8, Reason.WATCH),
        (9, Reason.ONE_TEST),
        (11, Reason.TOO_LITTLE_DATA),
    ],
)
def test_every_inconclusive_row_has_its_reason(number, reason):
    assert ROWS[number].reasons == (reason,)


def test_only_an_improvement_may_become_the_standard():
    allowed = {n for n, each in ROWS.items() if ActDecision.STANDARDISE in each.decisions}
    assert allowed == {7}


@pytest.mark.parametrize(
    ("number", "look", "words"),
    [
        (2, 1, "abandon and roll back"),
        (3, 1, "adjust or abandon"),
        (5, 1, "adjust"),
        (6, 1, "extend once, then adjust"),
        (6, 2, "adjust"),
        (7, 1, "standardise"),
        (8, 1, "extend"),
        (8, 2, "extend"),
        (8, 3, "adjust"),
        (9, 1, "extend once, then adjust"),
        (10, 1, "abandon or adjust"),
        (11, 2, "extend"),
        (11, 3, "adjust"),
    ],
)
def test_an_extension_is_suggested_no_more_often_than_it_may_be(number, look, words):
    assert suggestion(number, look) == words


def test_a_drift_is_not_healed_by_waiting():
    assert "extending does not help" in suggestion(4, 1)

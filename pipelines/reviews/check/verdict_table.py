"""Step 7 of the Check: the table of verdicts, first matching row wins. Pure.

Every condition is an array of shape (...): one cycle and thousands of simulated ones are
judged by the same rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reviews.core.terms import ActDecision, GuardState, Reason, Verdict
from pipelines.stats.arrays import Flags, FloatArray

Codes = NDArray[np.int8]

# Guard-rails by how bad they are: the worst of several decides.
GUARD_CODES = {GuardState.PASS: 0, GuardState.NOT_PROVEN: 1, GuardState.FAIL: 2}
# The row numbers are those of the specification's table; 0 is what overrides rows 2 to 11.
TOO_ALIKE = 0
IMPROVED = 7
DRIFT = 4
LAST_LOOK = 3


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        decisions: Act decisions that the row suggests, best first; empty = extend or wait.
        extensions: How often extending is suggested before that: 0, 1, or 2, the most allowed.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    decisions: tuple[ActDecision, ...] = ()
    extensions: int = 0


_ADJUST, _ABANDON = ActDecision.ADJUST, ActDecision.ABANDON
ROWS: dict[int, Row] = {
    0: Row(Verdict.INCONCLUSIVE, (Reason.AUTOCORRELATION,), (_ADJUST,), 2),
    2: Row(Verdict.WORSE, (), (_ABANDON,)),
    3: Row(Verdict.NO_USEFUL_EFFECT, (), (_ADJUST, _ABANDON)),
    4: Row(Verdict.INCONCLUSIVE, (Reason.DRIFT,), (_ADJUST,)),
    5: Row(Verdict.IMPROVED_WITH_HARM, (), (_ADJUST,)),
    6: Row(Verdict.IMPROVED_GUARDRAIL_OPEN, (), (_ADJUST,), 1),
    7: Row(Verdict.IMPROVED, (), (ActDecision.STANDARDISE,)),
    8: Row(Verdict.INCONCLUSIVE, (Reason.WATCH,), (_ADJUST,), 2),
    9: Row(Verdict.INCONCLUSIVE, (Reason.ONE_TEST,), (_ADJUST,), 1),
    10: Row(Verdict.NO_USEFUL_EFFECT, (), (_ABANDON, _ADJUST)),
    11: Row(Verdict.INCONCLUSIVE, (Reason.TOO_LITTLE_DATA,), (_ADJUST,), 2),
}


@dataclass(frozen=True)
class Evidence:
    """What the rows ask, each of shape (...); favourable is up.

    Attributes:
        favourable: A process-limit signal to the good side.
        unfavourable: One to the bad side.
        low: Lower end of the interval of the effect.
        high: Upper end; nan where there is no interval.
        drift_excluded: Whether the effect outruns every drift that the baseline could hide.
        too_alike: Fewer than two independent periods on a side.
    """

    favourable: Flags
    unfavourable: Flags
    low: FloatArray
    high: FloatArray
    drift_excluded: Flags
    too_alike: Flags


def matched_rows(evidence: Evidence, worst_guard: Codes, min_effect: float) -> Codes:
    """The number of the first row that matches, shape (...).

    Args:
        evidence: Of a metric that step 1 lets through.
        worst_guard: Code of the worst guard-rail, shape (...); 0 where all pass or are waived.
        min_effect: The smallest effect worth having, in the unit of the interval.
    """
    gain, harm = evidence.low > 0, evidence.high < 0
    up, down = evidence.favourable, evidence.unfavourable
    proven = up & gain
    small = evidence.high < min_effect
    conditions = {
        0: evidence.too_alike,
        2: down & harm,
        3: proven & small,
        4: proven & ~evidence.drift_excluded,
        5: proven & (worst_guard == GUARD_CODES[GuardState.FAIL]),
        6: proven & (worst_guard == GUARD_CODES[GuardState.NOT_PROVEN]),
        7: proven,
        8: down | harm,
        9: up | gain,
        10: small,
    }
    rows = np.select(list(conditions.values()), list(conditions), default=11)
    return np.asarray(rows, dtype=np.int8)


def suggestion(row: int, look: int) -> str:
    """What to do next, in words.

    Args:
        row: That matched; not 1.
        look: Which look this was; after the third there is no further extension.
    """
    match = ROWS[row]
    if row == DRIFT:
        return "adjust: add a control series or stage the roll-out; extending does not help"
    if match.verdict is Verdict.WORSE:
        return "abandon and roll back"
    decisions = " or ".join(match.decisions)
    if look >= min(LAST_LOOK, match.extensions + 1):
        return decisions
    return f"extend once, then {decisions}" if match.extensions == 1 else "extend"

"""The two metrics of the catalogue that the records hold: hit rate and review coverage."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.reviews.core.figures import Share
from pipelines.reviews.core.ledger import hit_rate, judgements, reviewed_in_time
from pipelines.reviews.core.periods import after
from pipelines.reviews.core.prediction import Outcome
from pipelines.reviews.core.terms import ValueState, Verdict

# Below this many, counts only: "x of n".
FEWEST_JUDGED = 10
FEWEST_DUE = 30
MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class QuarterShare:
    """A share of one quarter.

    Attributes:
        period: Its first day.
        period_end: The first day after it.
        share: k of n with its Wilson interval.
        state: `too_few` = counts only; `no_data` = nothing to count.
    """

    period: date
    period_end: date
    share: Share
    state: ValueState


def outcome_hit_rate(
    outcomes: Sequence[Outcome], today: date, *, decided_only: bool = False
) -> tuple[QuarterShare, ...]:
    """Verdicts `improved` of judged predictions, by the quarter of the review date.

    Args:
        outcomes: All rows that are out.
        today: In the reporting zone.
        decided_only: Without the inconclusive ones.

    Source:
        Wilson (1927).
    """

    def of(some: Sequence[Outcome]) -> Share:
        judged = [each for each in judgements(some, today) if not each.is_self_signed]
        return hit_rate(
            [
                each
                for each in judged
                if not decided_only or each.verdict is not Verdict.INCONCLUSIVE
            ]
        )

    return _by_quarter(outcomes, of, FEWEST_JUDGED)


def review_coverage(outcomes: Sequence[Outcome], today: date) -> tuple[QuarterShare, ...]:
    """Predictions that were judged by their review date, of those due, by its quarter.

    Args:
        outcomes: All rows that are out.
        today: In the reporting zone.

    Source:
        Wilson (1927).
    """
    return _by_quarter(outcomes, lambda some: reviewed_in_time(some, today), FEWEST_DUE)


def _by_quarter(
    outcomes: Sequence[Outcome], of: Callable[[Sequence[Outcome]], Share], fewest: int
) -> tuple[QuarterShare, ...]:
    quarters: dict[date, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        if each.row.locked_at is not None and each.row.review_on is not None:
            quarters[_begun(each.row.review_on)].append(each)
    return tuple(
        QuarterShare(period, after(period, 1, "quarter"), found, _state(found, fewest))
        for period, some in sorted(quarters.items())
        for found in [of(some)]
    )


def _begun(day: date) -> date:
    return date(day.year, (day.month - 1) // MONTHS_A_QUARTER * MONTHS_A_QUARTER + 1, 1)


def _state(found: Share, fewest: int) -> ValueState:
    if found.n == 0:
        return ValueState.NO_DATA
    return ValueState.OK if found.n >= fewest else ValueState.TOO_FEW

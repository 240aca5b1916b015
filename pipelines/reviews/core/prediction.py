"""Rows of the outcome ledger: what was predicted at a release and what came of it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.terms import Direction, LedgerStatus, Verdict


@dataclass(frozen=True)
class LedgerRow:
    """A delivered item or release and its prediction; the columns of `outcome_link`.

    Attributes:
        expected_effect: In metric units, above 0, towards `expected_direction`.
        min_effect: Smallest effect worth having, in metric units, above 0.
        confidence: Stated probability of the verdict `improved`, 0 to 1.
        rice_impact: Impact class of the item as it was estimated, such as 0.5, 1, 2 or 3.
        locked_at: When the prediction was locked; None = not predicted.
    """

    link_id: str
    released_on: date
    metric_id: str | None = None
    work_item_key: str | None = None
    release_id: str | None = None
    exposure_event: str | None = None
    segment_key: str | None = None
    expected_direction: Direction | None = None
    expected_effect: float | None = None
    min_effect: float | None = None
    confidence: float | None = None
    rice_impact: float | None = None
    review_on: date | None = None
    cycle_id: str | None = None
    locked_at: datetime | None = None


@dataclass(frozen=True)
class OutcomeResult:
    """What a run of the Check found for a row; the columns of `outcome_result`.

    Attributes:
        run_id: Rows that share it share one judgement.
        effect: Measured, favourable up, in metric units; as its two ends.
    """

    link_id: str
    run_id: str
    verdict: Verdict
    judged_at: datetime
    effect: float | None = None
    lo: float | None = None
    hi: float | None = None


@dataclass(frozen=True)
class Outcome:
    """A row of the ledger as the page counts it.

    Attributes:
        result: The latest; None where nothing ran yet.
        self_signed: Its cycle's verdict was signed by an owner of the work.
        kept: Its cycle ended with `keep`: "kept, not proven", never a hit.
        qualitative: Its cycle is qualitative, which leaves the hit rate.
        power: Chance that the design had to find the expected effect, 0 to 1; None = unknown.
    """

    row: LedgerRow
    result: OutcomeResult | None = None
    self_signed: bool = False
    kept: bool = False
    qualitative: bool = False
    power: float | None = None


def missing(row: LedgerRow) -> tuple[str, ...]:
    """What a prediction still lacks, in plain words; () = complete."""
    parts = {
        "a metric": row.metric_id is not None,
        "a direction": row.expected_direction in (Direction.UP, Direction.DOWN),
        "an expected effect above 0": _is_above_0(row.expected_effect),
        "a smallest effect above 0": _is_above_0(row.min_effect),
        "a confidence from 0 to 1": row.confidence is not None and 0 <= row.confidence <= 1,
        "a review date after the release": (
            row.review_on is not None and row.review_on > row.released_on
        ),
    }
    return tuple(name for name, is_there in parts.items() if not is_there)


def lock_prediction(row: LedgerRow, at: datetime, *, today: date) -> LedgerRow:
    """The row with its prediction fixed.

    Args:
        row: With every part of a prediction.
        at: Now, in UTC.
        today: In the team's time zone.

    Raises:
        NotAllowedError: If it is locked already, incomplete, or the release is past.
    """
    if row.locked_at is not None:
        raise NotAllowedError("This prediction is locked. It is judged as it was written.")
    if gaps := missing(row):
        raise NotAllowedError(f"The prediction lacks {', '.join(gaps)}. Fill it in, then lock it.")
    if today > row.released_on:
        raise NotAllowedError(
            f"This was released on {in_words(row.released_on)}. What is written afterwards is no "
            "prediction; the row stays unpredicted."
        )
    return replace(row, locked_at=at)


def ledger_status(row: LedgerRow, result: OutcomeResult | None, today: date) -> LedgerStatus:
    """Where the row stands. A Check that is not ready leaves it due.

    Args:
        row: Of the ledger.
        result: The latest run for it.
        today: In the team's time zone.
    """
    if row.locked_at is None:
        return LedgerStatus.UNPREDICTED
    if row.review_on is None or today < row.review_on:
        return LedgerStatus.OPEN
    if result is None or result.verdict is Verdict.NOT_READY:
        return LedgerStatus.DUE
    if result.verdict is Verdict.INVALID:
        return LedgerStatus.NOT_JUDGEABLE
    return LedgerStatus.JUDGED


def latest(results: Collection[OutcomeResult]) -> OutcomeResult | None:
    """The newest of a row's results."""
    return max(results, key=lambda each: each.judged_at, default=None)


def _is_above_0(amount: float | None) -> bool:
    return amount is not None and amount > 0

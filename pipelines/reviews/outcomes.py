"""The outcome ledger at the desk: predictions are written and locked before their release."""

from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from pipelines.errors import NotAllowedError
from pipelines.read import Snapshot
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.plan import MIN_POST_POINTS, planned_check
from pipelines.reviews.core.prediction import LedgerRow, lock_prediction
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.cycle.values import columns_of_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.deliveries import key_of
from pipelines.reviews.numbers.series import known_series
from pipelines.reviews.outcome.keeping import delivered, lock_row
from pipelines.reviews.outcome.page import day_of, need
from pipelines.reviews.outcome.rows import PREDICTED, ledger_row
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import OutcomeLink, PdcaCycle

UNPLANNED = "It has no date yet. Plan its release, then write the prediction."
LOCKED = "This prediction is locked. It is judged as it was written."


@dataclass(frozen=True)
class Prediction:
    """What a person writes before a release; parts may be missing until it is locked.

    Attributes:
        card: The metric, and what it is narrowed to.
        direction: Up or down.
        expected_effect: In metric units, above 0.
        min_effect: Smallest effect worth having, in metric units, above 0.
        confidence: Stated probability of the verdict `improved`, 0 to 1.
        review_on: When it is judged.
        rice_impact: Impact class of the item, such as 0.5, 1, 2 or 3.
        exposure_event: The event by which people meet what was released.
        cycle_id: Of the cycle that it belongs to.
    """

    card: Card
    direction: Direction | None = None
    expected_effect: float | None = None
    min_effect: float | None = None
    confidence: float | None = None
    review_on: date | None = None
    rice_impact: float | None = None
    exposure_event: str | None = None
    cycle_id: str | None = None


def predict(
    desk: Desk, link_id: str, expected_version: int, prediction: Prediction, key: str | None = None
) -> str:
    """Writes a prediction, whole or in part; it stays open until it is locked or released.

    Args:
        desk: Of a person who may edit.
        link_id: Of the row.
        expected_version: `LedgerLine.row_version` as it was shown.
        prediction: All parts; None = not said yet.
        key: Made once for each save that a person asks for.

    Returns:
        The row's id.

    Raises:
        NotAllowedError: The role does not allow it, it is locked or released, or a part makes no
            sense.
        UsageError: The metric does not exist or has no series; names the nearest.
        StaleError: Somebody else changed it meanwhile.
    """
    snapshot = Snapshot(desk.folder)
    known = known_series(snapshot, prediction.card)
    with desk.saving(key) as save:

        def work() -> str:
            row, current = _open_row(desk, snapshot, save.session, link_id, Permission.EDIT)
            _need_sense(prediction, current, save.session)
            changes = _columns(prediction, known.card)
            return save.update(row, expected_version, changes, action=PREDICTED).link_id

        return str(save.once(work))


def lock(desk: Desk, link_id: str, expected_version: int, key: str | None = None) -> str:
    """Locks a prediction up to the day of its release; the machine locks what is left open then.

    Args:
        desk: Of a product manager or product owner.
        link_id: Of the row.
        expected_version: `LedgerLine.row_version` as it was shown.
        key: Made once for each save that a person asks for.

    Returns:
        The row's id.

    Raises:
        NotAllowedError: The role does not allow it, something is missing, or it is released.
        StaleError: Somebody else changed it meanwhile.
    """
    snapshot = Snapshot(desk.folder)
    with desk.saving(key) as save:

        def work() -> str:
            row, current = _open_row(desk, snapshot, save.session, link_id, Permission.LOCK)
            lock_prediction(current, save.at, today=desk.today)
            return lock_row(save, snapshot, row, expected_version)

        return str(save.once(work))


def suggested_review(desk: Desk, card: Card, released_on: date) -> date:
    """The first day on which enough whole periods after a release are complete.

    Raises:
        UsageError: The metric does not exist or has no series.
    """
    known = known_series(Snapshot(desk.folder), card)
    metric = known.plan_metric(MetricRole.PRIMARY, min_post_points=MIN_POST_POINTS)
    return planned_check(released_on, [metric])


def _columns(prediction: Prediction, card: Card) -> dict[str, Any]:
    """The columns of a row; the card is that of the series, with its policy."""
    said = columns_of_value(prediction)
    return {
        **{name: value for name, value in said.items() if name not in {"card", "direction"}},
        "expected_direction": said["direction"],
        "metric_id": card.metric_id,
        "segment_key": card.segment_key,
    }


def _open_row(
    desk: Desk, snapshot: Snapshot, session: RecordsSession, link_id: str, permission: Permission
) -> tuple[OutcomeLink, LedgerRow]:
    """A row that may still be predicted, by somebody who may."""
    row = row_of(session, OutcomeLink, link_id, "row of the ledger")
    thing = delivered(desk, snapshot).get(key_of(row.work_item_key, row.release_id))
    need(desk, permission, thing.team_id if thing else None)
    on = row.released_on or (day_of(thing, desk.today) if thing else None)
    if row.locked_at is not None:
        raise NotAllowedError(LOCKED)
    if on is None:
        raise NotAllowedError(UNPLANNED)
    if desk.today > on:
        raise NotAllowedError(
            f"This was released on {in_words(on)}. What is written afterwards is no prediction; "
            "the row stays unpredicted."
        )
    return row, ledger_row(row, on)


def _need_sense(prediction: Prediction, row: LedgerRow, session: RecordsSession) -> None:
    """Each part that is said must be one that can be judged."""
    if prediction.direction is Direction.WITHIN:
        raise NotAllowedError("A prediction says up or down. Choose one.")
    for amount, name in (
        (prediction.expected_effect, "expected effect"),
        (prediction.min_effect, "smallest effect worth having"),
    ):
        if amount is not None and not 0 < amount < inf:
            raise NotAllowedError(
                f"The {name} is a distance above 0. The direction says which way."
            )
    if prediction.confidence is not None and not 0 <= prediction.confidence <= 1:
        raise NotAllowedError("The confidence is a probability from 0 to 1.")
    if prediction.review_on is not None and prediction.review_on <= row.released_on:
        raise NotAllowedError(f"The review comes after the release on {in_words(row.released_on)}.")
    if prediction.cycle_id and session.get(PdcaCycle, prediction.cycle_id) is None:
        raise NotAllowedError(f"There is no cycle {prediction.cycle_id}. Choose one from the list.")

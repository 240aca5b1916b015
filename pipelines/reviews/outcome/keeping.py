"""The ledger keeps itself: a row for every delivery, and predictions locked at their release."""

from datetime import date
from zoneinfo import ZoneInfo

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.core.prediction import missing
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.deliveries import Delivery, Key, deliveries, key_of
from pipelines.reviews.numbers.series import known_series
from pipelines.reviews.outcome.rows import DEFINED, LINK, PREDICTED, ledger_row, newest_event
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import OutcomeLink
from pipelines.reviews.saving_work import Save

TOO_LATE = "It was written after the release, so it is no prediction."


def delivered(desk: Desk, snapshot: Snapshot) -> dict[Key, Delivery]:
    """Everything of a snapshot that has, or gets, a row of the ledger, by its key."""
    sizes = {team.team_id: team.settings.ledger_from_points for team in desk.teams()}
    return {each.key: each for each in deliveries(snapshot, sizes)}


def keep_ledger(desk: Desk, snapshot: Snapshot) -> int:
    """Brings the ledger to what a snapshot says was delivered.

    A complete prediction is locked at its release. One that was written after the day on which
    the release turned out to have happened is none.

    Args:
        desk: Of the machine.
        snapshot: Published.

    Returns:
        How many rows are new or changed; 0 where the ledger says all of it already.
    """
    found = delivered(desk, snapshot)
    with desk.saving() as save:
        rows = {
            key_of(row.work_item_key, row.release_id): row
            for row in rows_of(save.session, OutcomeLink)
        }
        changed = 0
        for key, delivery in found.items():
            row = rows.get(key)
            if row is None:
                _insert(save, delivery)
                changed += 1
            else:
                changed += _follow(save, desk, snapshot, row, delivery)
    return changed


def written_on(desk: Desk, save: Save, link_id: str) -> date | None:
    """The day on which a prediction was last written, in the reporting zone."""
    event = newest_event(save.session, link_id, PREDICTED)
    zone = ZoneInfo(desk.settings.product.timezone)
    return None if event is None else event.at.astimezone(zone).date()


def lock_row(save: Save, snapshot: Snapshot, row: OutcomeLink, expected_version: int) -> str:
    """Locks a prediction and keeps the definition of its metric, by which it will be judged.

    Args:
        save: The transaction.
        snapshot: Whose definitions hold.
        row: Complete.
        expected_version: As it was read.

    Returns:
        The row's id.
    """
    save.update(row, expected_version, {"locked_at": save.at}, action="locked")
    meaning = {"definition_hash": definition_hash(snapshot, row)}
    save.event(LINK, row.link_id, DEFINED, changes=meaning)
    return row.link_id


def definition_hash(snapshot: Snapshot, row: OutcomeLink) -> str | None:
    """What the metric of a row means in a snapshot; None where it has no series there."""
    try:
        return known_series(
            snapshot, card_of_key(row.metric_id or "", row.segment_key)
        ).meaning.hash
    except UsageError:
        return None


def _insert(save: Save, delivery: Delivery) -> None:
    row = OutcomeLink(
        link_id=save.new_id(),
        work_item_key=delivery.work_item_key,
        release_id=delivery.release_id,
        released_on=delivery.released_on,
        segment_key="",
    )
    save.insert(row)


def _follow(
    save: Save, desk: Desk, snapshot: Snapshot, row: OutcomeLink, delivery: Delivery
) -> bool:
    """Whether anything of a row changed."""
    version, wanted = (
        row.row_version,
        {
            "released_on": delivery.released_on,
            "release_id": delivery.release_id,
        },
    )
    save.update(row, version, wanted, action="delivered")
    if row.released_on is not None:
        _settle(save, desk, snapshot, row, row.released_on)
    return row.row_version != version


def _settle(
    save: Save, desk: Desk, snapshot: Snapshot, row: OutcomeLink, released_on: date
) -> None:
    """Locks at the release what was predicted before it; opens what turned out to be later."""
    written = written_on(desk, save, row.link_id)
    if written is None:
        return
    if written > released_on and row.locked_at is not None:
        save.update(row, row.row_version, {"locked_at": None}, action="unlocked", reason=TOO_LATE)
    is_open = row.locked_at is None and written <= released_on
    if is_open and not missing(ledger_row(row, released_on)):
        lock_row(save, snapshot, row, row.row_version)

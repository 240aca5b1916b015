"""Predictions whose review date has come are judged by the Check, once, by the machine."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.read import Snapshot
from pipelines.reviews.core.prediction import LedgerRow, OutcomeResult, ledger_status
from pipelines.reviews.core.terms import FreezePurpose, LedgerStatus, Verdict
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.deliveries import key_of
from pipelines.reviews.numbers.freezing import freeze
from pipelines.reviews.outcome.keeping import delivered
from pipelines.reviews.outcome.rows import (
    JUDGED,
    LINK,
    NOT_READY,
    RUN,
    ledger_row,
    newest_event,
    results,
    runs,
)
from pipelines.reviews.outcome.verdict import Found, verdict_of
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import OutcomeLink
from pipelines.reviews.records.tables import OutcomeResult as ResultRow
from pipelines.reviews.saving_work import Save

# Rows with the same of these share one judgement.
Together = tuple[date, str, str, str]


def judge_due(desk: Desk, snapshot: Snapshot) -> tuple[str, ...]:
    """Judges every prediction whose review date has come and that nothing has judged.

    A Check that is not ready leaves the row due and says why; it runs again after each refresh.

    Args:
        desk: Of the machine.
        snapshot: Published.

    Returns:
        The ids of the runs that judged something.
    """
    with desk.store.reading() as session:
        judged = results(session)
        rows = [
            ledger_row(row, row.released_on)
            for row in rows_of(session, OutcomeLink, order=["link_id"])
            if row.released_on is not None and row.locked_at is not None
        ]
    groups: dict[Together, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        groups[_together(row)].append(row)
    made = []
    for together in groups.values():
        due = [
            row
            for row in together
            if ledger_status(row, judged.get(row.link_id), desk.today) is LedgerStatus.DUE
        ]
        if due:
            made.append(_judge(desk, snapshot, together, due, judged))
    return tuple(run for run in made if run)


def _together(row: LedgerRow) -> Together:
    direction = row.expected_direction or ""
    return row.released_on, row.metric_id or "", row.segment_key or "", str(direction)


def _judge(
    desk: Desk,
    snapshot: Snapshot,
    together: Sequence[LedgerRow],
    due: Sequence[LedgerRow],
    judged: Mapping[str, OutcomeResult],
) -> str | None:
    """The run that judged the due rows; None where it is not ready."""
    shared = next((judged[row.link_id] for row in together if row.link_id in judged), None)
    if shared is not None:
        with desk.saving() as save:
            _join(save, shared, due)
        return shared.run_id
    found = delivered(desk, snapshot)
    keys = [key_of(row.work_item_key, row.release_id) for row in together]
    outcome = verdict_of(desk, snapshot, together, [found[key] for key in keys if key in found])
    if outcome.verdict is Verdict.NOT_READY:
        _say_not_ready(desk, due, outcome.sentence)
        return None
    with desk.saving() as save:
        return _record(save, snapshot, due, outcome)


def _record(save: Save, snapshot: Snapshot, due: Sequence[LedgerRow], found: Found) -> str:
    run_id = save.new_id()
    snapshot_id = None
    if found.shown:
        snapshot_id = freeze(save, snapshot, FreezePurpose.CHECK, found.shown)
    for row in due:
        save.insert(_result(row, run_id, found, save), action=JUDGED)
    changes = {
        "sentence": found.sentence,
        "link_ids": [row.link_id for row in due],
        "warehouse_id": snapshot.id,
        "snapshot_id": snapshot_id,
        "power": found.power,
        "guards": dict(found.guards or {}),
    }
    save.event(RUN, run_id, JUDGED, changes=changes)
    return run_id


def _join(save: Save, shared: OutcomeResult, due: Sequence[LedgerRow]) -> None:
    """Rows whose review date came later get the judgement that they share."""
    run = runs(save.session)[shared.run_id]
    found = Found(shared.verdict, run.sentence, shared.effect, shared.lo, shared.hi)
    for row in due:
        save.insert(_result(row, shared.run_id, found, save), action=JUDGED)
    changes = {
        "sentence": run.sentence,
        "link_ids": [*run.link_ids, *(row.link_id for row in due)],
        "warehouse_id": run.warehouse_id,
        "snapshot_id": run.snapshot_id,
        "power": run.power,
        "guards": dict(run.guards or {}),
    }
    save.event(RUN, shared.run_id, JUDGED, changes=changes)


def _result(row: LedgerRow, run_id: str, found: Found, save: Save) -> ResultRow:
    return ResultRow(
        link_id=row.link_id,
        run_id=run_id,
        verdict=found.verdict.value,
        effect=found.effect,
        lo=found.lo,
        hi=found.hi,
        judged_at=save.at,
    )


def _say_not_ready(desk: Desk, due: Sequence[LedgerRow], text: str) -> None:
    """Tells once why a due row waits, and again when the reason changes."""
    with desk.store.reading() as session:
        told = {row.link_id: newest_event(session, row.link_id, NOT_READY) for row in due}
    news = [link for link, event in told.items() if event is None or event.reason != text]
    if news:
        with desk.saving() as save:
            for link in news:
                save.event(LINK, link, NOT_READY, reason=text)

"""What `launchloop report` prints of the newest snapshot, read in one call each."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import RecordsError
from pipelines.read import Snapshot
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.origin import Origin, origin_of
from pipelines.reviews.outcome.metrics import QuarterShare, outcome_hit_rate, review_coverage
from pipelines.reviews.outcome.page import Ledger, ledger
from pipelines.reviews.outcome.record_metrics import NO_RECORDS
from pipelines.reviews.reports.digest import Digest, digest


@dataclass(frozen=True)
class LedgerReport:
    """The ledger with its two metrics by quarter of the review date."""

    ledger: Ledger
    hit_rates: tuple[QuarterShare, ...]
    coverage: tuple[QuarterShare, ...]
    origin: Origin


def current_digest(folder: Path) -> Digest:
    """The digest of a workspace; without records it says that nothing was reviewed yet.

    Raises:
        SnapshotError: Nothing was published yet.
    """
    snapshot = Snapshot(folder)
    return digest(snapshot, Desk.of_machine(folder))


def current_ledger(folder: Path) -> LedgerReport:
    """The outcome ledger of a workspace.

    Raises:
        SnapshotError: Nothing was published yet.
        RecordsError: There are no records yet.
    """
    snapshot = Snapshot(folder)
    desk = Desk.of_machine(folder)
    if desk is None:
        raise RecordsError(NO_RECORDS)
    found = ledger(desk, snapshot)
    outcomes = [line.outcome for line in found.lines if line.is_released]
    return LedgerReport(
        found,
        outcome_hit_rate(outcomes, desk.today),
        review_coverage(outcomes, desk.today),
        origin_of(snapshot, desk.today),
    )

"""Rows of the outcome ledger as the records hold them, read as the values of the core."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.reviews.core.prediction import LedgerRow, Outcome, OutcomeResult, latest
from pipelines.reviews.core.terms import ActDecision, Design, Direction, Verdict
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, OutcomeLink, PdcaCycle, PdcaVerdict, columns_of
from pipelines.reviews.records.tables import OutcomeResult as ResultRow

RUN = "outcome_run"
LINK = OutcomeLink.__tablename__
JUDGED, NOT_READY, DEFINED, PREDICTED = "judged", "not_ready", "defined", "predicted"
PREDICTION = (
    "metric_id",
    "segment_key",
    "expected_direction",
    "expected_effect",
    "min_effect",
    "confidence",
    "rice_impact",
    "review_on",
    "exposure_event",
    "cycle_id",
)


@dataclass(frozen=True)
class Run:
    """One judgement as its event keeps it.

    Attributes:
        sentence: The verdict in words, with all that must be read together with it.
        link_ids: The rows that share it; more than one = "joint".
        warehouse_id: The published snapshot that it was computed from.
        snapshot_id: The freeze of its numbers; None where nothing was compared.
        power: Chance that the design had to find the expected effect; None = unknown.
        guards: Guard-rail's name → "pass", "fail" or "not_proven".
        at: When.
    """

    run_id: str
    sentence: str
    link_ids: tuple[str, ...]
    warehouse_id: str
    at: datetime
    snapshot_id: str | None = None
    power: float | None = None
    guards: Mapping[str, str] | None = None


def ledger_row(row: OutcomeLink, released_on: date) -> LedgerRow:
    """A row as the core takes it.

    Args:
        row: Stored.
        released_on: The day it was released, or that it is planned for.
    """
    direction = row.expected_direction
    columns: dict[str, Any] = {
        name: value for name, value in columns_of(row).items() if name != "row_version"
    }
    return LedgerRow(
        **{
            **columns,
            "released_on": row.released_on or released_on,
            "expected_direction": Direction(direction) if direction else None,
        }
    )


def result_of(row: ResultRow) -> OutcomeResult:
    """A result as the core takes it."""
    return OutcomeResult(**{**columns_of(row), "verdict": Verdict(row.verdict)})


def results(session: RecordsSession) -> dict[str, OutcomeResult]:
    """Row's id → its latest result."""
    found: dict[str, list[OutcomeResult]] = defaultdict(list)
    for row in rows_of(session, ResultRow):
        found[row.link_id].append(result_of(row))
    return {link: last for link, some in found.items() if (last := latest(some)) is not None}


def runs(session: RecordsSession) -> dict[str, Run]:
    """Run's id → what its event says; of a run that later rows joined, the newest."""
    events = rows_of(session, Event, order=["seq"], entity=RUN, action=JUDGED)
    return {event.entity_id: _run(event) for event in events}


def newest_event(session: RecordsSession, link_id: str, action: str) -> Event | None:
    """The newest event of a kind about a row; None without one."""
    events = rows_of(session, Event, order=["-seq"], entity=LINK, entity_id=link_id, action=action)
    return events[0] if events else None


def newest_events(session: RecordsSession, action: str) -> dict[str, Event]:
    """Row's id → its newest event of a kind."""
    events = rows_of(session, Event, order=["seq"], entity=LINK, action=action)
    return {event.entity_id: event for event in events}


def outcome(
    row: LedgerRow,
    result: OutcomeResult | None,
    run: Run | None,
    cycle: PdcaCycle | None,
    *,
    self_signed: bool,
) -> Outcome:
    """A row with what is known of its cycle and its run, as the scorecard counts it."""
    return Outcome(
        row,
        result,
        self_signed=self_signed,
        kept=cycle is not None and cycle.act_decision == ActDecision.KEEP,
        qualitative=cycle is not None and cycle.design == Design.QUALITATIVE,
        power=run.power if run else None,
    )


def self_signed_cycles(session: RecordsSession) -> frozenset[str]:
    """Cycles whose latest signature is of an owner of the work."""
    signed = rows_of(session, PdcaVerdict, order=["signed_at", "verdict_id"])
    newest = {row.cycle_id: row.self_signed for row in signed if row.signed_by is not None}
    return frozenset(cycle for cycle, own in newest.items() if own)


def _run(event: Event) -> Run:
    kept = event.changes
    return Run(
        run_id=event.entity_id,
        sentence=kept["sentence"],
        link_ids=tuple(kept["link_ids"]),
        warehouse_id=kept["warehouse_id"],
        at=event.at,
        snapshot_id=kept["snapshot_id"],
        power=kept["power"],
        guards=kept["guards"],
    )

"""What the records say is due for a review: Checks, promises, predictions, breached guard-rails."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.reviews.core.agenda import Due
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.states import ACTIVE_CYCLE
from pipelines.reviews.core.subjects import About, metric_subject, subject_of
from pipelines.reviews.core.terms import (
    CycleStatus,
    EvidenceUse,
    FollowUpStatus,
)
from pipelines.reviews.cycle.record import CHECKED, CYCLE
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import (
    Event,
    Evidence,
    EvidenceLink,
    FollowUp,
    OutcomeLink,
    OutcomeResult,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    ReviewMeeting,
)


def due_checks(session: RecordsSession, team_id: str, today: date) -> tuple[Due, ...]:
    """Cycles of a team whose Check is due; that a standard lasted is checked as a promise."""
    checking = rows_of(
        session, PdcaCycle, order=["cycle_id"], team_id=team_id, status=CycleStatus.CHECKING.value
    )
    return tuple(
        Due(subject_of(About.CYCLE, row.cycle_id), row.title, look_on)
        for row in checking
        if (look_on := row.ready_on or row.check_not_before) and look_on <= today
    )


def team_follow_ups(session: RecordsSession, team_id: str) -> list[FollowUp]:
    """Every promise of a team, made in a meeting, a cycle or a training of it; by date."""
    meetings = {row.meeting_id for row in rows_of(session, ReviewMeeting, team_id=team_id)}
    cycles = {row.cycle_id for row in rows_of(session, PdcaCycle, team_id=team_id)}
    pieces = [row.evidence_id for row in rows_of(session, Evidence, team_id=team_id)]
    links = rows_of(
        session, EvidenceLink, subject=About.FOLLOW_UP.value, use=EvidenceUse.ACTION.value
    )
    trained = {link.subject_id for link in links if link.evidence_id in pieces}
    rows = rows_of(session, FollowUp, order=["due_on", "follow_up_id"])
    return [
        row
        for row in rows
        if row.meeting_id in meetings or row.cycle_id in cycles or row.follow_up_id in trained
    ]


def overdue_follow_ups(session: RecordsSession, team_id: str, today: date) -> tuple[Due, ...]:
    """Open promises of a team whose day is over."""
    return tuple(
        Due(subject_of(About.FOLLOW_UP, row.follow_up_id), row.title, row.due_on)
        for row in team_follow_ups(session, team_id)
        if row.status == FollowUpStatus.OPEN and row.due_on < today
    )


def due_ledger_rows(session: RecordsSession, team_id: str, today: date) -> tuple[Due, ...]:
    """Locked predictions past their review date that nothing has judged; those of no cycle too."""
    judged = {row.link_id for row in rows_of(session, OutcomeResult)}
    cycles = {row.cycle_id for row in rows_of(session, PdcaCycle, team_id=team_id)}
    return tuple(
        Due(subject_of(About.LEDGER_ROW, row.link_id), _title(row), row.review_on)
        for row in rows_of(session, OutcomeLink, order=["review_on", "link_id"])
        if row.locked_at is not None
        and row.link_id not in judged
        and row.review_on is not None
        and row.review_on <= today
        and (row.cycle_id is None or row.cycle_id in cycles)
    )


@dataclass(frozen=True)
class BreachedCycle:
    """An active cycle whose newest run of the Check found a guard-rail breached.

    Attributes:
        failed: Id → name of the guard-rails.
        decide_by: The last day for the decision; None where none was set.
    """

    cycle_id: str
    title: str
    failed: Mapping[str, str]
    decide_by: date | None


def breached_cycles(session: RecordsSession, team_id: str) -> tuple[BreachedCycle, ...]:
    """Active cycles of a team that wait for a decision about harm, as the records stand."""
    found = []
    for cycle, told in _newest_runs(session, team_id):
        by = told["decide_by"]
        day = date.fromisoformat(by) if by else None
        if told["failed"]:
            found.append(BreachedCycle(cycle.cycle_id, cycle.title, told["failed"], day))
    return tuple(found)


def breaches(session: RecordsSession, team_id: str) -> dict[str, float]:
    """Subject of a metric → how far a guard-rail of an active cycle is past its margin.

    Relative to the margin, by the newest run of its Check; 0 where it has none, or where an early
    look found a signal before an interval can tell how far.
    """
    found: dict[str, float] = {}
    for cycle, told in _newest_runs(session, team_id):
        rails = rows_of(
            session, PdcaMetric, cycle_id=cycle.cycle_id, metric_id=list(told["failed"]),
            dropped_at=None,
        )  # fmt: skip
        for rail in rails:
            runs = rows_of(session, PdcaCheck, run_id=told["run_id"], metric_id=rail.metric_id)
            past = max((_past(run, rail) for run in runs), default=0.0)
            subject = metric_subject(Card.of_filters(rail.metric_id, rail.filters))
            found[subject] = max(found.get(subject, 0.0), past)
    return found


def _newest_runs(
    session: RecordsSession, team_id: str
) -> Iterator[tuple[PdcaCycle, Mapping[str, Any]]]:
    """Active cycles that were checked, each with what its newest run told."""
    statuses = [status.value for status in ACTIVE_CYCLE]
    for cycle in rows_of(session, PdcaCycle, order=["cycle_id"], team_id=team_id, status=statuses):
        told = rows_of(
            session, Event, order=["-seq"], entity=CYCLE, entity_id=cycle.cycle_id, action=CHECKED
        )
        if told:
            yield cycle, told[0].changes


def _past(run: PdcaCheck, rail: PdcaMetric) -> float:
    if run.hi is None or not rail.margin:
        return 0.0
    return max(0.0, (-run.hi - rail.margin) / rail.margin)


def _title(row: OutcomeLink) -> str:
    things: Sequence[str | None] = (row.work_item_key, row.release_id)
    return " in ".join(thing for thing in things if thing) or row.link_id

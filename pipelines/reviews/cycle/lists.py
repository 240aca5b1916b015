"""Cycles in lists: the board by phase, the line of a cycle's parents and children, a search."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.reviews.core.cycle import Cycle
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus, MetricRole, Verdict
from pipelines.reviews.cycle.record import CycleRecord, read_record
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.searching import cycles_with
from pipelines.reviews.records.tables import PdcaCycle

# The columns of the board, in the order of the work.
PHASES: dict[str, tuple[CycleStatus, ...]] = {
    "plan": (CycleStatus.DRAFT, CycleStatus.PLANNED),
    "do": (CycleStatus.DOING,),
    "check": (CycleStatus.CHECKING,),
    "act": (CycleStatus.ACTING,),
    "closed": (CycleStatus.CLOSED, CycleStatus.CANCELLED),
    "on_hold": (CycleStatus.ON_HOLD,),
}


@dataclass(frozen=True)
class CycleCard:
    """A cycle in a list.

    Attributes:
        metric_id: Of the primary metric; None of a draft without one.
        machine_verdict: Of the newest run on the plan in force.
        human_verdict: Of the signature that counts.
        is_breached: A guard-rail failed; the fast path is open.
        is_check_due: The day of the Check has come.
        is_check_overdue: Its last day is over.
        open_actions: Still to be done.
        is_imported: It was made in another workspace.
        has_run: The newest run is of the look in force, not of one before an extension.
    """

    cycle: Cycle
    metric_id: str | None
    machine_verdict: Verdict | None
    human_verdict: Verdict | None
    is_self_signed: bool
    is_breached: bool
    is_check_due: bool
    is_check_overdue: bool
    decide_by: date | None
    open_actions: int
    sentence: str
    is_imported: bool = False
    has_run: bool = True


def board(
    desk: Desk, team_id: str | None = None, *, with_closed: bool = True
) -> dict[str, tuple[CycleCard, ...]]:
    """Phase → cycles of one team, or of all that the speaking person may read; newest first."""
    teams = _readable(desk, team_id)
    wanted = [
        status
        for phase, statuses in PHASES.items()
        for status in statuses
        if with_closed or phase != "closed"
    ]
    with desk.store.reading() as session:
        rows = rows_of(session, PdcaCycle, order=["-cycle_id"], team_id=teams, status=wanted)
        cards = _cards(desk, session, rows)
    return {
        phase: tuple(each for each in cards if each.cycle.status in statuses)
        for phase, statuses in PHASES.items()
    }


def lineage(desk: Desk, cycle_id: str) -> tuple[CycleCard, ...]:
    """The cycle with its parents and all that came out of the first of them, oldest first."""
    with desk.store.reading() as session:
        row = row_of(session, PdcaCycle, cycle_id, "cycle")
        desk.require(Permission.READ, row.team_id)
        while row.parent_cycle_id:
            row = row_of(session, PdcaCycle, row.parent_cycle_id, "cycle")
        found, newest = [row], [row.cycle_id]
        while newest:
            children = rows_of(session, PdcaCycle, order=["cycle_id"], parent_cycle_id=newest)
            found += children
            newest = [each.cycle_id for each in children]
        return _cards(desk, session, found)


def search(desk: Desk, words: str, team_id: str | None = None) -> tuple[CycleCard, ...]:
    """Cycles that hold every word in title, hypothesis or learning, newest first."""
    teams = _readable(desk, team_id)
    if not words.split():
        return ()
    with desk.store.reading() as session:
        return _cards(desk, session, cycles_with(session, words, list(teams)))


def _cards(desk: Desk, session: RecordsSession, rows: Sequence[PdcaCycle]) -> tuple[CycleCard, ...]:
    return tuple(_card(desk, read_record(session, row.cycle_id)) for row in rows)


def _card(desk: Desk, record: CycleRecord) -> CycleCard:
    cycle, run, signed = record.cycle, record.run, record.signature
    primary = [each.metric_id for each in record.metrics if each.role is MetricRole.PRIMARY]
    is_checking = cycle.status in {CycleStatus.DOING, CycleStatus.CHECKING}
    due, latest = cycle.look_on, cycle.check_due_on
    still_open = [each for each in record.actions if each.status in {"todo", "doing"}]
    return CycleCard(
        cycle=cycle,
        metric_id=primary[0] if primary else None,
        machine_verdict=run.verdict.machine_verdict if run else None,
        human_verdict=signed.human_verdict if signed else None,
        is_self_signed=bool(signed and signed.self_signed),
        is_breached=bool(run and run.failed and is_checking),
        is_check_due=is_checking and due is not None and due <= desk.today,
        is_check_overdue=is_checking and latest is not None and latest < desk.today,
        decide_by=run.decide_by if run and is_checking else None,
        open_actions=len(still_open),
        sentence=run.verdict.sentence if run else "",
        is_imported=record.is_imported,
        has_run=run is not None and run.look >= cycle.look,
    )


def _readable(desk: Desk, team_id: str | None) -> Collection[str]:
    if team_id is not None:
        desk.require(Permission.READ, team_id)
        return [team_id]
    return [each.team_id for each in desk.teams() if desk.may(Permission.READ, each.team_id)]

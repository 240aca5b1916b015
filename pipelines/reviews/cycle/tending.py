"""What the program does for open cycles after a refresh, so that nobody has to remember it."""

from dataclasses import dataclass

from pipelines.errors import LaunchloopError
from pipelines.reviews.core import moves
from pipelines.reviews.core.terms import ActionStatus, CycleStatus, Design
from pipelines.reviews.cycle.check_now import all_ended
from pipelines.reviews.cycle.checking import RUNS_IN, look_early, run_check
from pipelines.reviews.cycle.record import CycleRecord, facts_of, read_record
from pipelines.reviews.cycle.saves import save_move
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import PdcaCycle


@dataclass(frozen=True)
class Happened:
    """What the program did or found by itself after a refresh.

    Attributes:
        what: "checked", "guard_rail_breached", "check_begun" or "failed".
        sentence: In words, for messages.
    """

    cycle_id: str
    title: str
    what: str
    sentence: str


def after_refresh(desk: Desk) -> tuple[Happened, ...]:
    """Runs what is due and looks for breached guard-rails, cycle by cycle.

    A cycle that cannot be checked stops no other one; why is part of the answer.
    """
    happened: list[Happened] = []
    with desk.store.reading() as session:
        records = [
            read_record(session, row.cycle_id)
            for row in rows_of(session, PdcaCycle, order=["cycle_id"], status=list(RUNS_IN))
        ]
    for record in records:
        try:
            happened += _tended(desk, record)
        except LaunchloopError as problem:
            cycle = record.cycle
            happened.append(Happened(cycle.cycle_id, cycle.title, "failed", str(problem)))
    return tuple(happened)


def _tended(desk: Desk, record: CycleRecord) -> list[Happened]:
    cycle, told = record.cycle, []
    is_due = cycle.look_on is not None and cycle.look_on <= desk.today
    if cycle.status is CycleStatus.DOING and is_due and _has_ended(record):
        _begin_check(desk, cycle.cycle_id)
        told.append(("check_begun", "Every action has ended and the day of the Check has come."))
    known = record.run.run_id if record.run else None
    # The result of an A/B test is entered by people.
    checks = is_due and (cycle.status is CycleStatus.CHECKING or bool(told))
    checks = checks and cycle.design is not Design.AB_TEST
    run = run_check(desk, cycle.cycle_id) if checks else look_early(desk, cycle.cycle_id)
    if run and run.run_id != known:
        if checks:
            told.append(("checked", run.verdict.sentence))
        if run.failed:
            named = ", ".join(run.failed.values())
            told.append(("guard_rail_breached",
                         f"{named} failed. Decide by {run.decide_by}."))  # fmt: skip
    return [Happened(cycle.cycle_id, cycle.title, *each) for each in told]


def _has_ended(record: CycleRecord) -> bool:
    has_done = any(each.status is ActionStatus.DONE for each in record.actions)
    return has_done and all_ended(record)


def _begin_check(desk: Desk, cycle_id: str) -> None:
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        moved = moves.begin_check(facts_of(desk, record))
        save_move(save, record.cycle, moved, record.cycle.row_version, action="check_begun")

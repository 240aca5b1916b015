"""The Do of a cycle: its actions, pauses and its end before time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import moves
from pipelines.reviews.core.cycle import (
    Action,
    Cycle,
    drop_action,
    finish_action,
    given,
    start_action,
)
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus
from pipelines.reviews.cycle.record import CycleRecord, facts_of, read_record
from pipelines.reviews.cycle.saves import save_move
from pipelines.reviews.cycle.values import changed_columns
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import PdcaAction
from pipelines.reviews.saving_work import Save

BEFORE_CHECK = (CycleStatus.DRAFT, CycleStatus.PLANNED, CycleStatus.DOING)


def add_action(  # noqa: PLR0913 (the columns of an action)
    desk: Desk,
    cycle_id: str,
    title: str,
    *,
    owner_id: str | None = None,
    due_on: date | None = None,
    scope: str | None = None,
    work_item_key: str | None = None,
    key: str | None = None,
) -> str:
    """Adds an action to a cycle whose Check has not begun; returns its id.

    Raises:
        NotAllowedError: The role or the state does not allow it, or it has no title.
    """
    if not given(title):
        raise NotAllowedError("An action needs a title.")
    desk.need_person(owner_id)

    def work(save: Save) -> str:
        record = _record(desk, save, cycle_id)
        if record.cycle.status not in BEFORE_CHECK:
            raise NotAllowedError("The Do is over. What comes now is the next cycle.")
        action_id = save.new_id()
        save.insert(
            PdcaAction(
                action_id=action_id, cycle_id=cycle_id, title=title.strip(), owner_id=owner_id,
                due_on=due_on, scope=scope, work_item_key=work_item_key,
            )
        )  # fmt: skip
        return action_id

    with desk.saving(key) as save:
        return str(save.once(lambda: work(save)))


def edit_action(
    desk: Desk, action_id: str, expected_version: int, **changes: str | date | None
) -> None:
    """Changes title, owner_id, due_on, scope, deviation or work_item_key of an action.

    Raises:
        NotAllowedError: The role or the state does not allow it.
        StaleError: Somebody else changed it meanwhile.
    """
    allowed = {"title", "owner_id", "due_on", "scope", "deviation", "work_item_key"}
    if unknown := sorted(set(changes) - allowed):
        raise NotAllowedError(f"{', '.join(unknown)} of an action cannot be edited.")
    with desk.saving() as save:
        row = row_of(save.session, PdcaAction, action_id, "action")
        _need_open(_record(desk, save, row.cycle_id).cycle)
        save.update(row, expected_version, changes, action="edited")


def begin_action(
    desk: Desk, action_id: str, expected_version: int, *, on: date | None = None
) -> None:
    """Starts an action; the first one begins the Do of a planned cycle.

    Args:
        desk: Who starts it.
        action_id: Of the action.
        expected_version: Of its row as it was shown.
        on: The day; today by default.
    """
    _move(desk, action_id, expected_version, "started",
          lambda action: start_action(action, on or desk.today))  # fmt: skip


def end_action(
    desk: Desk,
    action_id: str,
    expected_version: int,
    *,
    on: date | None = None,
    deviation: str | None = None,
) -> None:
    """Finishes an action; where it is late, the ready date of the Check moves by itself (V11).

    Args:
        desk: Who finishes it.
        action_id: Of the action.
        expected_version: Of its row as it was shown.
        on: Its last day; today by default.
        deviation: What went otherwise than planned.
    """
    _move(desk, action_id, expected_version, "done",
          lambda action: finish_action(action, on or desk.today, deviation=deviation))  # fmt: skip


def give_up_action(desk: Desk, action_id: str, expected_version: int, reason: str) -> None:
    """Drops an action with a reason.

    Raises:
        NotAllowedError: The role or the state does not allow it, or the reason is missing.
        StaleError: Somebody else changed it meanwhile.
    """
    _move(desk, action_id, expected_version, "dropped",
          lambda action: drop_action(action, reason), reason=reason)  # fmt: skip


def begin_check(desk: Desk, cycle_id: str, expected_version: int) -> Cycle:
    """doing → checking: every action is done, or dropped with a reason.

    Raises:
        NotAllowedError: The role does not allow it, or an action is still open.
        StaleError: Somebody else changed the cycle meanwhile.
    """
    with desk.saving() as save:
        record = _record(desk, save, cycle_id)
        moved = moves.begin_check(facts_of(desk, record))
        return save_move(save, record.cycle, moved, expected_version, action="check_begun")


def cancel(desk: Desk, cycle_id: str, expected_version: int, reason: str) -> Cycle:
    """Ends a cycle before its Check, with a reason."""
    with desk.saving() as save:
        record = _record(desk, save, cycle_id)
        moved = moves.cancel(record.cycle, reason)
        return save_move(save, record.cycle, moved, expected_version, action="cancelled",
                         reason=reason)  # fmt: skip


def hold(
    desk: Desk, cycle_id: str, expected_version: int, reason: str, resume_on: date | None
) -> Cycle:
    """Puts an open cycle on hold, with a reason and the day to resume."""
    with desk.saving() as save:
        record = _record(desk, save, cycle_id)
        moved = moves.hold(record.cycle, reason, resume_on=resume_on, today=desk.today)
        saved = save_move(save, record.cycle, moved, expected_version, action="held",
                          reason=reason)  # fmt: skip
        save.event("pdca_cycle", cycle_id, "resume_planned",
                   changes={"resume_on": resume_on})  # fmt: skip
        return saved


def resume(desk: Desk, cycle_id: str, expected_version: int) -> Cycle:
    """Takes a cycle from hold back to the state that it left."""
    with desk.saving() as save:
        record = _record(desk, save, cycle_id)
        moved = moves.resume(record.cycle)
        return save_move(save, record.cycle, moved, expected_version, action="resumed")


def _move(
    desk: Desk,
    action_id: str,
    expected_version: int,
    word: str,
    change: Callable[[Action], Action],
    *,
    reason: str | None = None,
) -> None:
    with desk.saving() as save:
        row = row_of(save.session, PdcaAction, action_id, "action")
        record = _record(desk, save, row.cycle_id)
        cycle = record.cycle
        if cycle.status not in (CycleStatus.PLANNED, CycleStatus.DOING):
            raise NotAllowedError(
                "Actions are worked on between the lock and the Check. Lock the plan first, or "
                "resume the cycle."
            )
        before = next(each for each in record.actions if each.action_id == action_id)
        after = change(before)
        save.update(row, expected_version, changed_columns(before, after), action=word,
                    reason=reason)  # fmt: skip
        _follow(desk, save, record, before, after)


def _follow(desk: Desk, save: Save, record: CycleRecord, before: Action, after: Action) -> None:
    """What an action does to its cycle: the first begins the Do, late ones move the Check."""
    actions = tuple(after if each is before else each for each in record.actions)
    cycle, version = record.cycle, record.cycle.row_version
    facts = facts_of(desk, record, actions=actions)
    if cycle.status is CycleStatus.PLANNED and after.started_on:
        moved = moves.begin(facts)
        save_move(save, cycle, moved, version, action="begun")
        return
    moved = moves.with_ready_date(replace(facts, cycle=cycle))
    if moved != cycle:
        save_move(save, cycle, moved, version, action="ready_date_moved")


def _record(desk: Desk, save: Save, cycle_id: str) -> CycleRecord:
    """The cycle, if the speaking person may work on it."""
    record = read_record(save.session, cycle_id)
    is_owner = record.cycle.owner_id == desk.person_id
    desk.require(Permission.EDIT, record.cycle.team_id, is_owner=is_owner)
    return record


def _need_open(cycle: Cycle) -> None:
    if not cycle.is_open:
        raise NotAllowedError("This cycle is over. Start a new one to go on.")

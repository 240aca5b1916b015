"""What no session of the records lets through, whoever wrote the code above it."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews.core.canonical import plain
from pipelines.reviews.records.chain import LOGGED, WRITING
from pipelines.reviews.records.tables import Base, Event, EventHead, SavedRequest

TOUCHED = "touched"
# What the log itself is made of needs no event.
OF_THE_LOG = (Event, EventHead, SavedRequest)


class RecordsSession(Session):
    """A session that keeps the rules of the records; made by the store only."""


def need_event(session: Session) -> None:
    """Every change is told in the log, in the same transaction (V25).

    Raises:
        NotAllowedError: Something changed and no event was appended.
    """
    if session.info.get(TOUCHED) and not session.info.get(LOGGED):
        raise NotAllowedError(
            "Something was changed and no event tells it. Save through `saving`, or append one.",
            "V25",
        )


@event.listens_for(RecordsSession, "before_flush")
def _look_at_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in session.deleted:
        raise NotAllowedError(
            f"Nothing is deleted from the records ({_table(row)}). Archive it by its status."
        )
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in changed:
        if row.insert_only:
            raise NotAllowedError(
                f"What stands in {_table(row)} stays as it is. Append a row that replaces it."
            )
    for row in [*session.new, *changed]:
        if not session.info.get(WRITING):
            raise RecordsError("This session only reads. Save inside `with store.writing()`.")
        plain(_loaded(row), _table(row))
        if not isinstance(row, OF_THE_LOG):
            session.info[TOUCHED] = True


@event.listens_for(RecordsSession, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete:
        raise NotAllowedError(
            "Rows are changed one at a time, so that each has its event and its version."
        )


def _table(row: Base) -> str:
    return str(row.__tablename__)


def _loaded(row: Base) -> dict[str, Any]:
    columns = inspect(type(row)).columns
    return {name: value for name, value in inspect(row).dict.items() if name in columns}

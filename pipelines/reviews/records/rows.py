"""Rows of the records found by what their columns hold, so that callers write no queries."""

from collections.abc import Collection
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.records.saving import Row


def rows_of(
    session: Session,
    table: type[Row],
    *,
    order: Collection[str] = (),
    **equal: Any,  # noqa: ANN401  a column may hold anything
) -> list[Row]:
    """All rows of a table whose columns hold these values.

    Args:
        session: Reading or writing.
        table: Its class.
        order: Names of columns; one that begins with "-" runs from high to low.
        equal: Column → its value, None, or a collection of which it holds one.
    """
    query = select(table)
    for name, wanted in equal.items():
        column = getattr(table, name)
        if isinstance(wanted, set | frozenset | list | tuple):
            query = query.where(column.in_([_word(each) for each in wanted]))
        else:
            query = query.where(column == _word(wanted))
    for name in order:
        column = getattr(table, name.removeprefix("-"))
        query = query.order_by(column.desc() if name.startswith("-") else column)
    return list(session.scalars(query))


def row_of(session: Session, table: type[Row], key: object, what: str) -> Row:
    """The row with a primary key.

    Args:
        session: Reading or writing.
        table: Its class.
        key: Its id; of several columns a tuple.
        what: What it is called on screen, such as "cycle".

    Raises:
        RecordsError: There is none.
    """
    row = session.get(table, key)
    if row is None:
        raise RecordsError(f"There is no {what} {key}. Open its list and choose another.")
    return row


def _word(value: object) -> object:
    """What a column holds of an enumeration."""
    return value.value if isinstance(value, Enum) else value

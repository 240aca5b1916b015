"""Triggers that refuse what nobody may do to records, on both databases."""

from collections.abc import Sequence

from alembic import op

AS_WRITTEN = "records of {table} stay as they were written"
NO_DELETE = "rows of {table} are archived by status, never deleted"


def keep_rows_as_written(table: str, key: Sequence[str]) -> None:
    """Refuses UPDATE, DELETE and TRUNCATE, and an INSERT that would put a row in another's place.

    Args:
        table: An insert-only table.
        key: Its primary key.
    """
    text = AS_WRITTEN.format(table=table)
    for action in ("update", "delete"):
        _refuse(table, action, text)
    if op.get_bind().dialect.name == "sqlite":
        same = " and ".join(f"{column} = new.{column}" for column in key)
        # INSERT OR REPLACE deletes without a delete trigger unless the connection asks for one.
        _refuse_on_sqlite(
            table, "insert", text, f"when exists (select 1 from {table} where {same})"
        )
    else:
        _refuse_truncate(table, text)


def keep_rows(table: str) -> None:
    """Refuses DELETE and TRUNCATE of a table whose rows may change."""
    text = NO_DELETE.format(table=table)
    _refuse(table, "delete", text)
    if op.get_bind().dialect.name != "sqlite":
        _refuse_truncate(table, text)


def _refuse(table: str, action: str, text: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite(table, action, text)
    else:
        _refuse_on_postgresql(table, action, text, "for each row")


def _refuse_truncate(table: str, text: str) -> None:
    _refuse_on_postgresql(table, "truncate", text, "for each statement")


def _refuse_on_sqlite(table: str, action: str, text: str, condition: str = "") -> None:
    op.execute(
        f"create trigger {table}_refuses_{action} before {action} on {table} "
        f"for each row {condition} begin select raise(abort, '{text}'); end"
    )


def _refuse_on_postgresql(table: str, action: str, text: str, each: str) -> None:
    name = f"{table}_refuses_{action}"
    op.execute(
        f"create function {name}() returns trigger language plpgsql as "
        f"$$ begin raise exception '{text}'; end $$"
    )
    op.execute(f"create trigger {name} before {action} on {table} {each} execute function {name}()")

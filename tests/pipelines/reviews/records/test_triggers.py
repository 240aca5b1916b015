"""What was written stays, also for those who do not go through our code: tried by raw SQL."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from pipelines.reviews.records.tables import Base

INSERT_ONLY = sorted(m.local_table.name for m in Base.registry.mappers if m.class_.insert_only)
ALL = sorted(Base.metadata.tables)


@pytest.fixture
def raw(full_store, address):
    """Runs one statement, past the store."""
    engine = create_engine(address)

    def run(statement: str) -> int:
        with engine.begin() as connection:
            return connection.execute(text(statement)).rowcount

    yield run
    engine.dispose()


@pytest.fixture
def rows_of(full_store, address):
    """All rows of a table as they stand."""
    engine = create_engine(address)

    def read(table: str):
        with engine.connect() as connection:
            return [
                tuple(map(str, row)) for row in connection.execute(text(f"select * from {table}"))
            ]

    yield read
    engine.dispose()


def refused(raw, statement, match):
    with pytest.raises(DBAPIError, match=match):
        raw(statement)


def test_every_table_has_a_row_to_try_it_on(rows_of):
    assert [table for table in ALL if not rows_of(table)] == []


def test_an_update_of_every_insert_only_table_is_refused(raw, rows_of):
    for table in INSERT_ONLY:
        before = rows_of(table)
        for column in Base.metadata.tables[table].columns:
            name = column.name
            refused(raw, f"update {table} set {name} = {name}", "stay as they were written")
        assert rows_of(table) == before


def test_a_delete_from_any_table_is_refused(raw, rows_of):
    for table in ALL:
        before = rows_of(table)
        refused(raw, f"delete from {table}", "stay as they were written|never deleted")
        assert rows_of(table) == before


def test_a_row_cannot_be_put_in_anothers_place(raw, address):
    for table in INSERT_ONLY:
        same = f"into {table} select * from {table}"
        if address.startswith("sqlite"):
            refused(raw, f"insert or replace {same}", "stay as they were written")
            refused(raw, f"replace {same}", "stay as they were written")
        else:
            refused(raw, f"insert {same}", "duplicate key")


def test_an_upsert_is_refused(raw):
    for table in INSERT_ONLY:
        key = Base.metadata.tables[table].primary_key.columns.keys()
        upsert = (
            f"insert into {table} select * from {table} where true "
            f"on conflict ({', '.join(key)}) do update set {key[0]} = excluded.{key[0]}"
        )
        refused(raw, upsert, "stay as they were written")


def test_truncate_is_refused_where_there_is_one(raw, address, rows_of):
    if address.startswith("sqlite"):
        refused(raw, "truncate event", "syntax error")
        return
    for table in ALL:
        before = rows_of(table)
        refused(raw, f"truncate {table} cascade", "stay as they were written|never deleted")
        assert rows_of(table) == before


def test_rows_that_may_change_can_be_changed(raw):
    assert raw("update pdca_cycle set title = 'another'") == 1

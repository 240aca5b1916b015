"""Freezes: stored whole under the hash of what was stored, once however often it is taken."""

from datetime import date

import pytest
from sqlalchemy import func, select

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import definition_hash
from pipelines.reviews.records.freezes import save_freeze, stored_snapshot_id
from pipelines.reviews.records.tables import Definition, FrozenValue, Snapshot, columns_of


def definition(**parts):
    known = dict.fromkeys(
        "formula filters population window unit settling uncertainty variant policy "
        "taxonomy_version".split()
    )
    body = known | parts
    return Definition(
        definition_hash=definition_hash(body), metric_id="dau", version="1", body=body,
        rule_text="Users per day.", engine_version="duckdb 2", created_at=None,
    )  # fmt: skip


def value(defined, day=2, **more):
    known = {"value": 412.0, "n": 412, "state": "ok", "segment_key": ""}
    return FrozenValue(
        metric_id="dau", definition_hash=defined.definition_hash, grain="day",
        period_start=date(2026, 11, day), period_end=date(2026, 11, day + 1), **known | more,
    )  # fmt: skip


def snapshot():
    return Snapshot(warehouse_id="w", purpose="manual", watermarks={}, filters={},
                    filter_hash="f", engine_version="duckdb 2")  # fmt: skip


def freeze(store, anna, values, definitions):
    for each in definitions:
        each.created_at = anna.at
    with store.writing() as session:
        return save_freeze(session, snapshot(), values, definitions, [], anna)


def count_of(store, table):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_id_is_that_of_the_stored_rows_in_any_order(store, anna):
    defined = definition()
    made = freeze(store, anna, [value(defined, 3), value(defined, 2)], [defined])
    with store.reading() as session:
        assert stored_snapshot_id(session, session.get(Snapshot, made.snapshot_id)) == (
            made.snapshot_id
        )
    assert made.row_count == 2
    assert (made.taken_by, made.taken_at) == ("anna", anna.at)


def test_the_same_numbers_frozen_again_are_the_same_snapshot(store, anna):
    first = freeze(store, anna, [value(definition())], [definition()])
    second = freeze(store, anna, [value(definition())], [definition()])
    assert columns_of(second) == columns_of(first)
    assert count_of(store, Snapshot) == count_of(store, FrozenValue) == 1


def test_another_number_is_another_snapshot_and_shares_the_definition(store, anna):
    first = freeze(store, anna, [value(definition())], [definition()])
    second = freeze(store, anna, [value(definition(), value=413.0)], [definition()])
    assert first.snapshot_id != second.snapshot_id
    assert count_of(store, Definition) == 1


def test_a_value_without_its_definition_is_refused_and_nothing_is_saved(store, anna):
    with pytest.raises(RecordsError, match="not frozen"):
        freeze(store, anna, [value(definition(unit="share"))], [definition()])
    assert count_of(store, Snapshot) == count_of(store, Definition) == 0


def test_two_values_of_one_period_are_refused(store, anna):
    with pytest.raises(RecordsError, match="one row"):
        freeze(store, anna, [value(definition()), value(definition())], [definition()])

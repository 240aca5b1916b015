"""The tables: as the migrations make them, and with every constraint of the specification."""

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import REAL, TIMESTAMP, CheckConstraint, Double, create_engine, inspect, text

from pipelines.errors import RecordsError
from pipelines.reviews.records.saving import insert, update
from pipelines.reviews.records.tables import (
    Base,
    FrozenValue,
    MeetingItem,
    OutcomeLink,
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    Snapshot,
)
from pipelines.reviews.records.tables.base import UtcTime

INSERT_ONLY = set(
    "definition snapshot frozen_value target pdca_plan pdca_check pdca_verdict decision minutes "
    "correction outcome_result evidence_link event saved_request".split()
)


def metric(metric_id, role="primary", **more):
    known = {"direction": "up", "kind": "mean", "grain": "week"} | more
    return PdcaMetric(cycle_id="c1", metric_id=metric_id, role=role, **known)


def is_another_type(_context, _column, _wanted, made_type, wanted_type):
    """SQLite reads two of the types back by another name; all else is left to Alembic."""
    same = {(TIMESTAMP, UtcTime), (REAL, Double)}
    return False if (type(made_type), type(wanted_type)) in same else None


def refused(store, row, author, match):
    with pytest.raises(RecordsError, match=match), store.writing() as session:
        insert(session, row, author)


def test_the_migrations_make_exactly_the_tables_of_the_models(store, address):
    engine = create_engine(address)
    with engine.connect() as connection:
        options = {"compare_type": is_another_type}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_the_migrations_make_exactly_the_checks_of_the_models(store, address):
    engine = create_engine(address)
    made = inspect(engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in made.get_check_constraints(table.name)} == wanted, table.name
    engine.dispose()


def test_every_word_of_a_check_can_be_stored(store, address):
    engine = create_engine(address)
    made = inspect(engine)
    for table in Base.metadata.sorted_tables:
        stored = {c["name"]: c["sqltext"] for c in made.get_check_constraints(table.name)}
        for check in table.constraints:
            if isinstance(check, CheckConstraint) and " IN (" in str(check.sqltext):
                for word in str(check.sqltext).split(" IN (")[1].rstrip(")").split(", "):
                    assert word in stored[str(check.name)], (table.name, word)
    engine.dispose()


def test_insert_only_are_the_tables_that_the_specification_marks_and_answered_requests():
    marked = {m.local_table.name for m in Base.registry.mappers if m.class_.insert_only}
    assert marked == INSERT_ONLY


def test_every_table_whose_rows_change_has_a_version():
    changing = set(Base.metadata.tables) - INSERT_ONLY - {"event_head"}
    assert all("row_version" in Base.metadata.tables[name].columns for name in changing)


def test_every_reference_is_restrict():
    references = [key for t in Base.metadata.sorted_tables for key in t.foreign_key_constraints]
    assert references
    assert {key.ondelete for key in references} == {"RESTRICT"}


def test_no_column_has_a_type_that_only_one_database_has():
    kinds = {
        type(column.type).__module__
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }
    assert kinds == {"sqlalchemy.sql.sqltypes", "pipelines.reviews.records.tables.base"}


def test_a_word_that_is_not_in_the_list_is_refused(store, anna):
    refused(store, PdcaCycle(cycle_id="c2", team_id="growth", title="x", status="maybe"), anna,
            "ck_pdca_cycle_status|CHECK")  # fmt: skip


def test_a_cycle_has_one_primary_metric(store, anna):
    with store.writing() as session:
        insert(session, metric("dau"), anna)
        insert(session, metric("mau", "secondary"), anna)
    refused(store, metric("nps"), anna, "one_primary_metric|UNIQUE")


def test_a_dropped_primary_metric_makes_room_for_another(store, anna):
    with store.writing() as session:
        first = insert(session, metric("dau"), anna)
        update(session, first, 1, {"dropped_at": anna.at}, anna, action="dropped")
        insert(session, metric("nps"), anna)
        kept = session.scalars(PdcaMetric.of_cycle("c1")).all()
    assert [each.metric_id for each in kept] == ["nps"]


@pytest.mark.parametrize("confidence", [-0.01, 1.01])
def test_a_confidence_is_between_0_and_1(store, anna, confidence):
    refused(store, metric("dau", confidence=confidence), anna, "confidence|CHECK")
    refused(store, OutcomeLink(link_id="l", confidence=confidence), anna, "confidence|CHECK")


def test_the_ends_0_and_1_are_confidences(store, anna):
    with store.writing() as session:
        insert(session, metric("dau", confidence=0.0), anna)
        insert(session, metric("mau", "secondary", confidence=1.0), anna)


@pytest.mark.parametrize(
    "row",
    [
        PdcaCycle(cycle_id="c2", team_id="nobody", title="x"),
        PdcaAction(action_id="a", cycle_id="none", title="x"),
        MeetingItem(item_id="i", meeting_id="none", position=1, source="manual", subject="x"),
        PdcaCheck(check_id="k", run_id="r", cycle_id="c1", plan_no=7, metric_id="m", look=1,
                  run_at=None, snapshot_id="none"),
    ],
    ids=lambda row: row.__tablename__,
)  # fmt: skip
def test_a_reference_to_nothing_is_refused_and_nothing_is_saved(store, anna, row):
    if isinstance(row, PdcaCheck):
        row.run_at = anna.at
    fresh = type(row)(**{k: v for k, v in vars(row).items() if not k.startswith("_")})
    with pytest.raises(RecordsError, match=r"(?i)foreign key"), store.writing() as session:
        insert(session, fresh, anna)
    with store.reading() as session:
        assert session.get(type(row), inspect(row).mapper.primary_key_from_instance(row)) is None


def test_one_run_checks_a_metric_once(full_store, anna):
    with full_store.reading() as session:
        known = session.get(PdcaCheck, "k1")
    again = {c.key: getattr(known, c.key) for c in inspect(PdcaCheck).attrs} | {"check_id": "k2"}
    refused(full_store, PdcaCheck(**again), anna, r"(?i)unique|duplicate")


@pytest.mark.parametrize("table", [PdcaPlan, FrozenValue], ids=lambda t: t.__tablename__)
def test_a_key_names_one_row(full_store, anna, table):
    with full_store.reading() as session:
        known = session.query(table).first()
    again = table(**{c.key: getattr(known, c.key) for c in inspect(table).attrs})
    refused(full_store, again, anna, r"(?i)unique|duplicate|stay as they were")


def test_values_come_back_as_they_went_in(full_store):
    with full_store.reading() as session:
        rows = session.query(FrozenValue).order_by(FrozenValue.period_start).all()
        frozen = session.query(Snapshot).one()
    assert [row.value for row in rows] == [1 / 3 + day for day in (2, 9, 16)]
    assert rows[0].lo == 0.1 + 0.2
    assert rows[0].hi is None
    assert rows[0].period_start == date(2026, 11, 2)
    assert frozen.taken_at.isoformat() == "2026-11-28T09:30:00.123456+00:00"
    assert frozen.filters == {"plan": "pro"}


def test_a_row_that_others_refer_to_cannot_go(full_store, address):
    engine = create_engine(address)
    with pytest.raises(Exception, match="never deleted"), engine.begin() as connection:
        connection.execute(text("delete from team"))
    engine.dispose()

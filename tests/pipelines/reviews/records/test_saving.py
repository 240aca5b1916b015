"""Saving a row: with its event, against a stale copy, and once however often it is asked."""

import json

import pytest
from sqlalchemy import select

from pipelines.errors import NotAllowedError, RecordsError, StaleError
from pipelines.reviews.records.saving import insert, once, update
from pipelines.reviews.records.tables import Event, PdcaAction, PdcaCycle


def events(store):
    with store.reading() as session:
        return session.scalars(select(Event).order_by(Event.seq)).all()


def read_cycle(store):
    with store.reading() as session:
        return session.get(PdcaCycle, "c1")


def change(store, row, version, changes, anna, **more):
    with store.writing() as session:
        return update(session, row, version, changes, anna, **more)


def test_a_new_row_is_told_with_all_its_columns(store, anna):
    told = events(store)[-1]
    assert (told.entity, told.entity_id, told.action) == ("pdca_cycle", "c1", "created")
    assert (told.from_status, told.to_status) == (None, "draft")
    assert told.changes["to"]["title"] == "Shorter sign-up"
    assert set(told.changes["to"]) == set(PdcaCycle.__table__.columns.keys())
    assert (told.actor_id, told.at) == (anna.actor_id, anna.at)


def test_a_change_counts_the_version_up_and_is_told_with_both_texts(store, anna):
    changes = {"title": "Shortest sign-up", "status": "planned"}
    changed = change(store, read_cycle(store), 1, changes, anna, action="locked", reason="Ready")
    assert (changed.row_version, changed.title) == (2, "Shortest sign-up")
    told = events(store)[-1]
    assert told.changes == {
        "from": {"title": "Shorter sign-up", "status": "draft"},
        "to": {"title": "Shortest sign-up", "status": "planned", "row_version": 2},
    }
    assert (told.action, told.reason) == ("locked", "Ready")
    assert (told.from_status, told.to_status) == ("draft", "planned")


def test_of_two_stale_saves_the_second_is_refused_with_both_texts(store, anna):
    ours, theirs = read_cycle(store), read_cycle(store)
    change(store, theirs, 1, {"problem": "Too many fields", "theme": "sign-up"}, anna)
    before = len(events(store))
    with pytest.raises(StaleError) as refused:
        change(store, ours, 1, {"problem": "Too slow", "title": "Faster"}, anna)
    assert refused.value.theirs == {"problem": "Too many fields", "title": "Shorter sign-up"}
    assert refused.value.yours == {"problem": "Too slow", "title": "Faster"}
    assert "Too many fields" in str(refused.value)
    assert "Too slow" in str(refused.value)
    assert read_cycle(store).problem == "Too many fields"
    assert len(events(store)) == before


def test_after_reading_the_new_text_the_save_goes_through(store, anna):
    change(store, read_cycle(store), 1, {"problem": "Too many fields"}, anna)
    change(store, read_cycle(store), 2, {"problem": "Too many fields, too slow"}, anna)
    assert read_cycle(store).row_version == 3


def test_a_stale_row_is_refused_too_when_it_is_changed_by_hand(store, anna):
    def by_hand():
        with store.writing() as session:
            mine = session.get(PdcaCycle, "c1")
            session.connection().exec_driver_sql("update pdca_cycle set row_version = 7")
            mine.title = "Mine"

    with pytest.raises(StaleError):
        by_hand()
    assert read_cycle(store).title == "Shorter sign-up"


def test_a_save_that_changes_nothing_tells_nothing(store, anna):
    before = len(events(store))
    same = change(store, read_cycle(store), 1, {"title": "Shorter sign-up"}, anna)
    assert same.row_version == 1
    assert len(events(store)) == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"cycle_id": "c2"}, NotAllowedError),
        ({"row_version": 9}, NotAllowedError),
        ({"colour": "red"}, RecordsError),
    ],
)
def test_keys_versions_and_unknown_columns_cannot_be_changed(store, anna, changes, error):
    with pytest.raises(error, match=next(iter(changes))):
        change(store, read_cycle(store), 1, changes, anna)


def test_a_row_that_is_not_there_is_named(store, anna, open_store, new_address, begin):
    elsewhere = open_store(new_address("sqlite"))
    begin(elsewhere)
    with elsewhere.writing() as session:
        row = insert(session, PdcaAction(action_id="a1", cycle_id="c1", title="x"), anna)
    with pytest.raises(RecordsError, match="no pdca_action a1"):
        change(store, row, 1, {"title": "y"}, anna)


def save_once(store, anna, key, name):
    def work():
        insert(session, PdcaAction(action_id=name, cycle_id="c1", title="x"), anna)
        return {"action_id": name, "at": anna.at}

    with store.writing() as session:
        return once(session, key, anna.at, work)


def test_a_save_asked_twice_is_done_once_and_answered_twice(store, anna):
    first = save_once(store, anna, "key-1", "a1")
    before = len(events(store))
    assert save_once(store, anna, "key-1", "a2") == first
    assert first == {"action_id": "a1", "at": "2026-11-28T09:30:00.123456Z"}
    assert len(events(store)) == before
    assert save_once(store, anna, "key-2", "a2")["action_id"] == "a2"


def test_a_save_that_failed_may_be_asked_again(store, anna):
    def work():
        raise RecordsError("not today")

    with pytest.raises(RecordsError, match="not today"), store.writing() as session:
        once(session, "key-1", anna.at, work)
    assert save_once(store, anna, "key-1", "a1")["action_id"] == "a1"


def test_the_log_can_be_read_without_this_program(store):
    assert all(json.dumps(event.changes) for event in events(store))

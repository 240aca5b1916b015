"""Personal erasure and redaction: what is shown changes, and no hash does."""

from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines.errors import RecordsError
from pipelines.reviews.records.people import ensure_person, erase
from pipelines.reviews.records.redaction import masked, masked_items, redact
from pipelines.reviews.records.saving import update as change
from pipelines.reviews.records.tables import Base, Event, Evidence, Person, Snapshot
from pipelines.reviews.records.verifying import verify_records

NAMES = ("Anna Berg", "anna@example.org")


def everything_but_persons(store):
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in ("person", "event", "event_head")
        }


def test_erasure_overwrites_name_and_address_and_nothing_else(full_store, anna):
    before = everything_but_persons(full_store)
    with full_store.writing() as session:
        erase(session, "anna", anna, "asked for by Anna")
    with full_store.reading() as session:
        person = session.get(Person, "anna")
        told = session.scalars(select(Event).order_by(Event.seq.desc())).first()
        assert verify_records(session) is None
    assert (person.display_name, person.email, person.erased_at) == (None, None, anna.at)
    assert (told.action, told.entity, told.entity_id) == ("erased", "person", "anna")
    assert everything_but_persons(full_store) == before


def test_no_event_and_no_frozen_row_ever_held_a_name(full_store):
    with full_store.reading() as session:
        texts = [str(event.changes) for event in session.scalars(select(Event))]
        texts += [str(vars(row)) for row in session.scalars(select(Snapshot))]
    assert not [text for text in texts for name in NAMES if name in text]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_an_erased_name_is_gone_from_the_file_too(full_store, address, anna):
    with full_store.writing() as session:
        erase(session, "anna", anna, "asked for by Anna")
    with full_store._engine.connect() as connection:
        connection.exec_driver_sql("rollback")
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    full_store.close()
    folder = Path(address.removeprefix("sqlite:///")).parent
    files = [path.read_bytes() for path in folder.glob("records_*.db*")]
    assert files
    assert not [name for name in NAMES for file in files if name.encode() in file]


def test_an_erased_person_stays_erased_and_a_known_one_is_renamed(store, anna):
    with store.writing() as session:
        renamed = ensure_person(session, "anna", "Anna Berg-Lind", "anna@example.org", anna)
        assert renamed.display_name == "Anna Berg-Lind"
        erase(session, "anna", anna, "asked for")
        again = ensure_person(session, "anna", "Anna Berg", "anna@example.org", anna)
        assert again.display_name is None


def test_a_person_that_nobody_knows_cannot_be_erased(store, anna):
    with pytest.raises(RecordsError, match="no person ben"), store.writing() as session:
        erase(session, "ben", anna, "asked for")


def test_a_redaction_masks_what_is_shown_and_leaves_what_is_stored(full_store, anna):
    with full_store.writing() as session:
        row = session.get(Evidence, "e1")
        redact(session, row, "summary", [(5, 8)], anna, "asked for by Ben")
    with full_store.reading() as session:
        row = session.get(Evidence, "e1")
        assert row.summary == "Said Ben: too many fields"
        assert masked(session, row, "summary") == "Said ███: too many fields"
        assert masked(session, row, "method") is None
        assert verify_records(session) is None


@pytest.mark.parametrize("span", [(-1, 2), (3, 3), (0, 99)])
def test_a_redaction_of_no_part_of_a_text_is_refused(full_store, anna, span):
    with pytest.raises(RecordsError, match="no part"), full_store.writing() as session:
        redact(session, session.get(Evidence, "e1"), "summary", [span], anna, "asked for")


def test_only_texts_are_redacted(full_store, anna):
    with pytest.raises(RecordsError, match="no text"), full_store.writing() as session:
        redact(session, session.get(Evidence, "e1"), "quotes", [(0, 1)], anna, "asked for")


def test_a_redacted_quote_is_covered_wherever_it_stands_in_the_list(full_store, anna):
    with full_store.writing() as session:
        row = session.get(Evidence, "e1")
        change(session, row, row.row_version, {"quotes": ["Too long", "Ask Ben"]}, anna)
        redact(session, row, "quotes", [(4, 7)], anna, "asked for by Ben", item=1)
        change(session, row, row.row_version, {"quotes": ["Ask Ben", "Too long"]}, anna)
    with full_store.reading() as session:
        row = session.get(Evidence, "e1")
        assert row.quotes == ["Ask Ben", "Too long"]
        assert masked_items(session, row, "quotes") == ("Ask ███", "Too long")
        assert verify_records(session) is None


@pytest.mark.parametrize("item", [-1, 2])
def test_a_quote_that_is_not_there_cannot_be_redacted(full_store, anna, item):
    with pytest.raises(RecordsError, match="no text"), full_store.writing() as session:
        redact(session, session.get(Evidence, "e1"), "quotes", [(0, 1)], anna, "asked", item=item)

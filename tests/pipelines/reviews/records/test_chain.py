"""The log: whatever is saved, it verifies; whatever is tampered with, the first break is named."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import NO_HASH, body_hash, event_hash
from pipelines.reviews.records.chain import Change, append, event_body, head_of, verify
from pipelines.reviews.records.people import erase
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.saving import insert, once, update
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Event, Minutes, PdcaCycle, ReviewMeeting
from pipelines.reviews.records.verifying import verify_records

STEPS = ("create", "change", "redact", "erase", "once", "fail", "two in one")


@pytest.fixture
def tamper(store, address):
    """Runs statements as somebody who owns the database and put the triggers aside."""
    engine = create_engine(address)

    def run(*statements: str) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                for (name,) in connection.execute(
                    text("select name from sqlite_master where type = 'trigger'")
                ).all():
                    connection.execute(text(f"drop trigger {name}"))
            else:
                connection.execute(text("set local session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))

    yield run
    engine.dispose()


@pytest.fixture
def long_log(store, anna):
    """Eight events."""
    with store.writing() as session:
        cycle = session.get(PdcaCycle, "c1")
        for number in range(5):
            update(session, cycle, cycle.row_version, {"title": f"title {number}"}, anna)
    return store


def first_break(store):
    with store.reading() as session:
        return verify(session)


def test_each_event_holds_the_hash_of_the_one_before(long_log):
    with long_log.reading() as session:
        events = session.scalars(select(Event).order_by(Event.seq)).all()
        assert head_of(session) == (8, events[-1].event_hash)
    assert [event.seq for event in events] == list(range(1, 9))
    previous = NO_HASH
    for event in events:
        assert event.prev_hash == previous
        assert event.event_hash == event_hash(previous, event_body(event))
        previous = event.event_hash
    assert first_break(long_log) is None


def test_an_event_is_appended_by_a_writer_only(store, anna):
    change = Change(anna.at, "anna", "team", "growth", "looked")
    with store.reading() as session, pytest.raises(RecordsError, match="store.writing"):
        append(session, change)


@pytest.mark.parametrize(
    ("statement", "number", "said"),
    [
        ("update event set reason = 'x' where seq = 4", "4", "was changed"),
        ("update event set actor_id = 'ben' where seq = 1", "1", "was changed"),
        ("update event set changes = '{\"to\":{}}' where seq = 5", "5", "was changed"),
        ("update event set event_id = 'x' where seq = 8", "8", "was changed"),
        ("update event set event_hash = prev_hash where seq = 3", "3", "was changed"),
        ("update event set prev_hash = event_hash where seq = 3", "3", "does not follow"),
        ("delete from event where seq = 1", "1", "is missing"),
        ("delete from event where seq = 4", "4", "is missing"),
        ("delete from event where seq = 8", "8", "ends at event 7, but 8"),
        ("delete from event where seq > 5", "6", "ends at event 5, but 8"),
        ("update event_head set last_hash = 'x'", "8", "head of the log"),
    ],
)
def test_the_first_break_is_named(long_log, tamper, statement, number, said):
    tamper(statement)
    found = first_break(long_log)
    assert (found.what, found.id) == ("event", number)
    assert said in found.text


def test_events_in_another_order_are_found(long_log, tamper):
    tamper(
        "update event set seq = 100 where seq = 4",
        "update event set seq = 4 where seq = 5",
        "update event set seq = 5 where seq = 100",
    )
    assert first_break(long_log).id == "4"


def test_an_event_slipped_in_at_the_end_is_found(long_log, tamper):
    tamper(
        "insert into event select 9, 'new', at, actor_id, entity, entity_id, action, from_status, "
        "to_status, changes, reason, event_hash, event_hash from event where seq = 8"
    )
    assert first_break(long_log).id == "9"


def publish(store, anna):
    with store.writing() as session:
        meeting = ReviewMeeting(
            meeting_id="m1", team_id="growth", kind="retro", held_on=anna.at.date(), timezone="UTC"
        )
        insert(session, meeting, anna)
        events, last_hash = head_of(session)
        body = {"events_count": events, "events_last_hash": last_hash}
        minutes = Minutes(meeting_id="m1", version=1, body=body, body_hash=body_hash(body),
                          published_at=anna.at, published_by="anna")  # fmt: skip
        insert(session, minutes, anna)
    return events


def test_a_cut_end_with_its_head_put_right_is_found_by_published_minutes(long_log, tamper, anna):
    kept = publish(long_log, anna)
    assert kept == 9
    tamper(
        "delete from event where seq > 6",
        "update event_head set events_count = 6, "
        "last_hash = (select event_hash from event where seq = 6)",
    )
    assert "ends at event 6, but 9 were written" in first_break(long_log).text


def test_a_log_written_anew_is_found_by_published_minutes(long_log, tamper, anna):
    publish(long_log, anna)
    with long_log.reading() as session:
        events = session.scalars(select(Event).order_by(Event.seq)).all()
    previous, statements = NO_HASH, []
    for event in events:
        body = event_body(event) | {"reason": "forged"}
        again = event_hash(previous, body)
        statements.append(
            f"update event set reason = 'forged', prev_hash = '{previous}', "
            f"event_hash = '{again}' where seq = {event.seq}"
        )
        previous = again
    tamper(*statements, f"update event_head set last_hash = '{previous}'")
    assert "not the one that published minutes keep" in first_break(long_log).text


def do(store, step, number, anna):
    """One save of some kind."""
    with store.writing() as session:
        cycle = session.get(PdcaCycle, "c1")
        match step:
            case "create":
                insert(session, PdcaCycle(cycle_id=f"n{number}", team_id="growth", title="é"), anna)
            case "change":
                new = {"title": f"{number}", "learning": "Z\u0308" * number}
                update(session, cycle, cycle.row_version, new, anna)
            case "redact":
                redact(session, cycle, "title", [(0, 1)], anna, "asked for")
            case "erase":
                erase(session, "anna", anna, "asked for")
            case "once":
                once(session, f"{number % 2}", anna.at, lambda: append(
                    session, Change(anna.at, "anna", "team", "growth", "seen")).seq)  # fmt: skip
            case "two in one":
                update(session, cycle, cycle.row_version, {"seq": number + 2}, anna)
                update(session, cycle, cycle.row_version, {"theme": f"{number}"}, anna)
            case "fail":
                insert(session, PdcaCycle(cycle_id="f", team_id="none", title="x"), anna)


@given(steps=st.lists(st.sampled_from(STEPS), max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_saves_verifies(steps, begin, anna):
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open("sqlite:///records.db", Path(folder))
        begin(store)
        for number, step in enumerate(steps):
            try:
                do(store, step, number, anna)
            except RecordsError:
                assert step == "fail"
        with store.reading() as session:
            assert verify_records(session) is None
            events, _ = head_of(session)
            assert events == len(session.scalars(select(Event.seq)).all())
        store.close()


def test_a_sequence_of_every_kind_of_save_verifies_on_both(store, anna):
    for number, step in enumerate(s for s in STEPS * 2 if s != "fail"):
        do(store, step, number, anna)
    with store.reading() as session:
        assert verify_records(session) is None

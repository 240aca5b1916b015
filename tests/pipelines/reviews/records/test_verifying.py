"""Verification: every hash, every row, on both databases and after edits of the raw file."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pipelines.reviews.records.chain import LOGGED
from pipelines.reviews.records.tables import Team
from pipelines.reviews.records.verifying import verify_records


def found(store):
    with store.reading() as session:
        return verify_records(session)


@pytest.fixture
def tamper(full_store, address):
    """Runs a statement as somebody who owns the database and put the triggers aside."""
    engine = create_engine(address)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                triggers = "select name from sqlite_master where type = 'trigger'"
                for (name,) in connection.execute(text(triggers)).all():
                    connection.execute(text(f"drop trigger {name}"))
            else:
                connection.execute(text("set local session_replication_role = replica"))
            assert connection.execute(text(statement)).rowcount

    yield run
    engine.dispose()


def test_records_as_they_were_saved_verify(full_store):
    assert found(full_store) is None


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("update frozen_value set value = value + 0.0001 where period_start = '2026-11-09'",
         "snapshot"),
        ("update frozen_value set state = 'too_few'", "snapshot"),
        ("delete from frozen_value where period_start = '2026-11-16'", "snapshot"),
        ("update snapshot set filters = '{}'", "snapshot"),
        ("update snapshot set engine_version = 'duckdb 3'", "snapshot"),
        ("update definition set rule_text = 'Another rule'", "snapshot"),
        ("update definition set body = '{}'", "definition"),
        ("update target set value = 0.5", "snapshot"),
        ("update pdca_plan set body = '{}'", "plan"),
        ("update pdca_plan set plan_hash = 'x'", "plan"),
        ("update minutes set body_hash = 'x'", "minutes"),
        ("update pdca_plan set baseline_mean = 0.4", "pdca_plan"),
        ("update pdca_check set hi = 0.08", "pdca_check"),
        ("update pdca_verdict set human_verdict = 'improved'", "pdca_verdict"),
        ("update decision set rationale = 'It does not work'", "decision"),
        ("update correction set text = '5'", "correction"),
        ("update outcome_result set verdict = 'worse'", "outcome_result"),
        ("update pdca_cycle set title = 'Longer sign-up'", "pdca_cycle"),
        ("update follow_up set due_on = '2027-01-01'", "follow_up"),
        ("update snapshot set warehouse_id = 'x'", "snapshot"),
        ("delete from correction", "correction"),
        ("delete from evidence_link", "evidence_link"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_our_back_is_found(full_store, tamper, statement, what):
    tamper(statement)
    assert found(full_store).what == what


def test_a_row_that_no_event_tells_of_is_found(full_store):
    with full_store.writing() as session:
        session.info[LOGGED] = True
        session.add(Team(team_id="ghost", name="Ghost", timezone="UTC"))
    assert found(full_store).text == "No event tells of the team ghost."


def test_an_erased_name_breaks_nothing(full_store, tamper):
    tamper("update person set display_name = null, email = null")
    assert found(full_store) is None


class TestRawFile:
    @pytest.fixture
    def file(self, full_store, address):
        """The file of the records, with all that was written in it."""
        path = Path(address.removeprefix("sqlite:///"))
        full_store.close()
        connection = sqlite3.connect(path)
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        return path

    @pytest.mark.parametrize(
        "words",
        [b"It works", b"Improved by 4 points.", b"one field less", b"Shorter sign-up", b"4, not 5",
         b"Share of new users who activate.", b"20261128T060000Z-1a2b3c4d"],
    )  # fmt: skip
    @pytest.mark.parametrize("address", ["sqlite"], indirect=True)
    def test_one_letter_changed_in_the_file_is_found_wherever_it_stands(
        self, file, words, address, open_store
    ):
        whole = file.read_bytes()
        places = [place.start() for place in re.finditer(re.escape(words), whole)]
        assert len(places) >= 2, "in the row and in the event that tells it"
        for place in places:
            changed = bytearray(whole)
            changed[place] ^= 1
            file.write_bytes(changed)
            store = open_store(address)
            assert found(store) is not None, place
            store.close()
        file.write_bytes(whole)
        assert found(open_store(address)) is None

    @pytest.mark.parametrize("address", ["sqlite"], indirect=True)
    def test_a_file_that_can_hardly_be_read_is_no_traceback(self, file, address, open_store):
        whole = file.read_bytes()
        broken = whole.replace(b'"change":"one', b'"change";"one')
        assert broken != whole
        file.write_bytes(broken)
        assert found(open_store(address)) is not None

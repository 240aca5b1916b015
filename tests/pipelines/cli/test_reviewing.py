"""`reviews`: verify, back up and restore, as an operator calls it."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.reviews.records.people import ensure_person
from pipelines.reviews.records.saving import Author, insert
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Team

ANNA = Author("anna", datetime(2026, 11, 28, tzinfo=UTC))
SETTINGS = '[product]\nname = "Test"\n[[source]]\nname = "events"\nfiles = "events.csv"\n'


def workspace(folder: Path) -> Path:
    folder.mkdir()
    (folder / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture
def lumen(tmp_path):
    """A workspace with two events in its records."""
    folder = workspace(tmp_path / "lumen")
    store = Store.open("sqlite:///records.db", folder)
    with store.writing() as session:
        ensure_person(session, "anna", "Anna", None, ANNA)
        insert(session, Team(team_id="growth", name="Growth", timezone="UTC"), ANNA)
    store.close()
    return folder


def forge(folder: Path) -> None:
    connection = sqlite3.connect(folder / "records.db")
    connection.execute("update team set name = 'Forged'")
    connection.commit()
    connection.close()


def test_whole_records_verify(run, lumen):
    answer = run("reviews", "verify", "-w", lumen)
    assert (answer.code, answer.err) == (0, "")
    assert "2 events, nothing changed or missing" in answer.out
    assert run("reviews", "verify", "-w", lumen, "--json").json["ok"] is True


def test_broken_records_are_named_and_exit_1(run, lumen):
    forge(lumen)
    answer = run("reviews", "verify", "-w", lumen)
    assert answer.code == 1
    assert "name of the team growth is not what the events tell of it" in answer.out
    found = run("reviews", "verify", "-w", lumen, "--json").json
    assert (found["ok"], found["broken"]["what"]) == (False, "team")


def test_a_backup_verifies_and_restores_into_an_empty_workspace(run, lumen, tmp_path):
    file, other = tmp_path / "records.jsonl.gz", workspace(tmp_path / "other")
    assert run("reviews", "backup", file, "-w", lumen, "--json").json["rows"]["event"] == 2
    assert "2 events" in run("reviews", "verify", file).out
    restored = run("reviews", "restore", file, "-w", other)
    assert (restored.code, restored.err) == (0, "")
    last = [run("reviews", "verify", "-w", folder, "--json").json for folder in (lumen, other)]
    assert last[0] == last[1]


def test_what_exists_is_never_overwritten(run, lumen, tmp_path):
    file = tmp_path / "records.jsonl.gz"
    assert run("reviews", "backup", file, "-w", lumen).code == 0
    again = run("reviews", "backup", file, "-w", lumen)
    assert (again.code, again.out) == (1, "")
    assert "exists already" in again.err
    onto_itself = run("reviews", "restore", file, "-w", lumen)
    assert (onto_itself.code, onto_itself.out) == (1, "")
    assert "holds records already" in onto_itself.err


def test_a_backup_of_broken_records_is_written_and_says_so(run, lumen, tmp_path):
    forge(lumen)
    file = tmp_path / "records.jsonl.gz"
    answer = run("reviews", "backup", file, "-w", lumen)
    assert (answer.code, file.is_file()) == (1, True)
    assert "do not verify" in answer.out
    refused = run("reviews", "verify", file)
    assert refused.code == 1
    assert "team growth" in refused.err


@pytest.mark.parametrize("text", [b"", b"not a backup", os.urandom(200)], ids=["", "text", "bytes"])
def test_what_is_no_backup_is_refused_without_a_traceback(run, tmp_path, text):
    file = tmp_path / "x.gz"
    file.write_bytes(text)
    answer = run("reviews", "verify", file)
    assert (answer.code, answer.out) == (1, "")
    assert "no backup" in answer.err


def test_before_the_first_record_nothing_is_made(run, tmp_path):
    folder = workspace(tmp_path / "new")
    assert run("reviews", "verify", "-w", folder, "--json").json["events"] == 0
    refused = run("reviews", "backup", tmp_path / "x.gz", "-w", folder)
    assert (refused.code, "no records yet" in refused.err) == (1, True)
    assert [path.name for path in folder.iterdir()] == ["launchloop.toml"]


def test_a_file_or_workspace_that_is_not_there_is_named(run, tmp_path):
    missing = run("reviews", "verify", tmp_path / "none.gz")
    assert missing.code == 1
    assert "none.gz" in missing.err
    assert run("reviews", "verify", "-w", tmp_path).code == 2

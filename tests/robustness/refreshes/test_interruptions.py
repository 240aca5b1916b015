"""A refresh that is killed, kept out or refused costs nothing but time, and says why."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import BusyError, CheckError, KeyMismatchError
from pipelines.last_refresh import failure
from pipelines.read import Snapshot
from pipelines.refresh import only_one, refresh
from pipelines.warehouse import Warehouse


def test_a_refresh_killed_at_any_moment_costs_nothing_but_time(published, tmp_path, daily):
    folder = tmp_path / "killed"
    store = Warehouse(folder / "snapshots")
    started = time.monotonic()
    whole = daily.lay(tmp_path / "undisturbed", range(1))
    subprocess.run([sys.executable, "-c", daily.REFRESH, str(whole)], check=True)
    seconds = time.monotonic() - started
    killed = 0
    for day, share in enumerate((0.4, 0.25, 0.75, 0.55, 0.95, 0.3, 0.65, 0.5)):
        daily.lay(folder, range(day + 1))
        process = subprocess.Popen([sys.executable, "-c", daily.REFRESH, str(folder)])
        time.sleep(share * seconds)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        if store.current_id is not None:
            daily.assert_whole(Snapshot(folder))
    assert killed >= 4
    daily.lay(folder)
    assert refresh(folder).is_good
    daily.same(daily.contents(folder), daily.contents(published))
    leftovers = [path.name for path in (folder / "snapshots").iterdir() if path.name[0] == "."]
    assert leftovers == []


def test_a_second_refresh_at_once_is_refused_by_naming_the_first(copy, daily):
    with only_one(copy):
        done = subprocess.run(
            [sys.executable, "-c", daily.REFRESH, str(copy)],
            capture_output=True,
            text=True,
            check=False,
        )
        with pytest.raises(BusyError, match=f"process {os.getpid()}, since"):
            refresh(copy)
    assert done.returncode != 0
    assert f"already running (process {os.getpid()}" in done.stderr


def test_a_refresh_that_is_refused_as_another_runs_leaves_no_word_of_a_failure(copy):
    with only_one(copy), pytest.raises(BusyError):
        refresh(copy)
    assert failure(copy / "snapshots") is None


def test_a_refresh_with_another_key_is_refused_and_says_since_when(copy, monkeypatch):
    store = Warehouse(copy / "snapshots")
    current = store.current_id
    with monkeypatch.context() as other:
        other.setenv("LAUNCHLOOP_KEY", "not the key that hashed these ids")
        with pytest.raises(KeyMismatchError, match="another key"):
            refresh(copy)
    known = failure(store.folder)
    assert "Set LAUNCHLOOP_KEY to the key that was used" in known["reason"]
    assert store.current_id == current
    assert refresh(copy).is_good
    assert failure(store.folder) is None


def tampered(folder: Path, name: str, **entries) -> None:
    """Writes over what a manifest says of a file."""
    for path in (folder / "landing" / "imports").glob("*.json"):
        known = json.loads(path.read_text())
        if known["file_name"] == name:
            path.write_text(json.dumps(known | entries))


def test_a_broken_identity_publishes_nothing_and_says_since_when(copy, daily):
    store = Warehouse(copy / "snapshots")
    current = store.current_id
    daily.one_more_day(copy)
    tampered(copy, "crm/accounts.csv", loaded=4)
    with pytest.raises(
        CheckError, match=r"(?s)Nothing was published.*Counts do not add up for crm"
    ):
        refresh(copy)
    assert store.current_id == current
    known = failure(store.folder)
    assert "Counts do not add up" in known["reason"]
    with pytest.raises(CheckError):
        refresh(copy)
    assert failure(store.folder)["since"] == known["since"]
    tampered(copy, "crm/accounts.csv", loaded=5)
    assert refresh(copy).published
    assert failure(store.folder) is None
    assert not list((copy / "snapshots").glob(".build*"))


def test_rows_of_another_hash_function_whose_file_is_gone_are_refused_with_the_cure(copy):
    tampered(copy, "events/d04.csv", hash_probe="of another release")
    (copy / "events" / "d04.csv").unlink()
    with pytest.raises(CheckError, match=r"events/d04.csv.*Put their files back"):
        refresh(copy)

"""A file that lies as it was is not read whole again; one that moved in any way is."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.refresh import refresh
from pipelines.sources.opened_before import OpenedBefore
from pipelines.sources.opening import Opened, open_file

SECOND = 1_000_000_000


@dataclass
class Reader:
    """Opens a file and counts how often it did."""

    folder: Path
    count: int = 0

    def __call__(self) -> Opened:
        """The file, read whole."""
        self.count += 1
        return open_file(self.folder / "events.csv", "events.csv", self.folder)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A file that has lain for a minute: the clock runs ahead of its times."""
    path = tmp_path / "events.csv"
    path.write_text("user_id,event\nu1,sign_up\n")
    later = path.stat().st_ctime_ns + 60 * SECOND
    monkeypatch.setattr("pipelines.sources.opened_before.time.time_ns", lambda: later)
    return Reader(tmp_path)


def asked(reader: Reader, question: str = "") -> Opened:
    """One refresh: what was noted is read, the file is asked for, what was seen is noted."""
    before = OpenedBefore(reader.folder / "opened.json")
    opened = before.opened(reader.folder / "events.csv", question, reader)
    before.save()
    return opened


def test_a_file_that_lies_as_it_was_is_read_once(reader: Reader) -> None:
    first = asked(reader)
    assert asked(reader) == first
    assert asked(reader) == first
    assert reader.count == 1


def test_other_bytes_of_the_same_length_and_time_are_seen(reader: Reader) -> None:
    path = reader.folder / "events.csv"
    first, times = asked(reader), path.stat()
    path.write_text(path.read_text().replace("u1", "u2"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_mtime_ns == times.st_mtime_ns
    assert asked(reader).file_hash != first.file_hash


def test_another_file_in_its_place_is_seen(reader: Reader) -> None:
    path, other = reader.folder / "events.csv", reader.folder / "other.csv"
    first = asked(reader)
    other.write_text(path.read_text().replace("u1", "u2"))
    other.replace(path)
    assert asked(reader).file_hash != first.file_hash


def test_a_file_that_changed_a_moment_ago_is_read_again(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_now = (reader.folder / "events.csv").stat().st_ctime_ns + SECOND
    monkeypatch.setattr("pipelines.sources.opened_before.time.time_ns", lambda: just_now)
    asked(reader)
    asked(reader)
    assert reader.count == 2


def test_another_declared_encoding_is_another_question(reader: Reader) -> None:
    asked(reader, "utf-8")
    asked(reader, "latin-1")
    assert reader.count == 2


def test_a_file_that_had_to_be_copied_is_read_again(reader: Reader) -> None:
    (reader.folder / "events.csv").write_bytes(b"user_id,event\r\nu1,sign_up\r\n")
    asked(reader)
    asked(reader)
    assert reader.count == 2


OTHER = '{"version": "1", "files": {"x": {"signature": [], "opened": {"notes": [], "other": 1}}}}'


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "0", "files": {}}', OTHER])
def test_a_damaged_memory_is_an_empty_one(reader: Reader, content: str) -> None:
    (reader.folder / "opened.json").write_text(content)
    asked(reader)
    assert reader.count == 1
    assert json.loads((reader.folder / "opened.json").read_text())["files"]


def test_a_refresh_sees_a_file_that_changed_and_kept_its_size(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    (tmp_path / "launchloop.toml").write_text(
        '[product]\nname = "Lumen"\ntimezone = "UTC"\n'
        '[[source]]\nname = "app"\nfiles = "events.csv"\n'
    )
    path.write_text("user_id,event,timestamp\nu1,sign_up,2026-03-01T10:00:00Z\n")
    first = refresh(tmp_path)
    path.write_text("user_id,event,timestamp\nu2,sign_up,2026-03-01T10:00:00Z\n")
    second = refresh(tmp_path)
    assert (first.published, second.published) == (True, True)
    assert [report.loaded for report in second.sources] == [1]

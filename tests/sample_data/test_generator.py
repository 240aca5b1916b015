"""The committed exports are what the generator writes, small, plainly made up and in the past."""

import gzip
import hashlib
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

DATA_END = datetime(2026, 10, 31, 23, tzinfo=UTC)
LARGEST = 6 * 1024 * 1024


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _content(path: Path) -> bytes:
    # The packed bytes depend on the machine's zlib, what is packed does not.
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(_content(path) + b"\0")
    return digest.hexdigest()


def test_the_generator_writes_the_committed_exports_again(tmp_path, workspace):
    root = workspace.parents[1]
    command = [sys.executable, "-m", "sample_data.generate", str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    written, committed = tmp_path / "exports", workspace / "exports"
    assert [path.relative_to(written) for path in _files(written)] == [
        path.relative_to(committed) for path in _files(committed)
    ]
    assert _digest(written) == _digest(committed)


def test_packed_files_carry_no_time_stamp(workspace):
    for path in (workspace / "exports").rglob("*.gz"):
        # Bytes 4 to 7 of a gzip header are the time, byte 3 says that no name follows.
        assert path.read_bytes()[3:8] == bytes(5), path.name


def test_the_workspace_is_smaller_than_six_megabytes(workspace):
    assert sum(path.stat().st_size for path in _files(workspace)) < LARGEST


def test_it_says_that_it_is_simulated_and_fixes_the_clock_after_the_last_row(workspace):
    text = (workspace / "launchloop.toml").read_text()
    settings = tomllib.loads(text)
    assert "simulated" in text.casefold()
    assert settings["product"]["now"] >= DATA_END
    assert (settings["product"]["now"] - DATA_END).total_seconds() < 24 * 3600


def test_every_source_names_files_that_exist_and_no_export_is_left_out(workspace):
    settings = tomllib.loads((workspace / "launchloop.toml").read_text())
    named = {workspace / launch["business_case"] for launch in settings["launch"]}
    for source in settings["source"]:
        found = set(workspace.glob(source["files"]))
        assert found, source["name"]
        assert not found & named, source["name"]
        named |= found
    assert named == set(_files(workspace / "exports"))


def test_no_instant_lies_after_the_end_of_the_data(events, rows, objects):
    last = "2026-10-31T23:00:00Z"
    assert max(row["occurred_at"] for row in events) < last
    assert max(row["signed_up_at"] for row in rows("people/users.csv")) < last
    naive = last.replace("T", " ").rstrip("Z")
    assert max(row["created"] for row in rows("stripe/charge.csv.gz")) < naive
    assert max(row["created"] for row in rows("zendesk/ticket_comment.csv")) < naive
    assert max(row["started_at"] for row in rows("deployments.csv")) < last
    for name in ("jira/atlas_issues.ndjson.gz", "jira/comet_issues.ndjson.gz"):
        for issue in objects(name):
            for history in issue["changelog"]["histories"]:
                at = datetime.strptime(history["created"], "%Y-%m-%dT%H:%M:%S.%f%z")
                assert at < DATA_END, issue["key"]


def test_no_address_of_a_real_domain_is_in_any_file(workspace):
    for path in _files(workspace):
        domains = re.findall(rb"[\w.]+@([\w-]+(?:\.[\w-]+)+)", _content(path))
        assert set(domains) <= {b"example.com"}, path.name


def test_stories_and_their_files_are_told_in_words(workspace):
    told = (workspace.parent / "STORIES.md").read_text()
    assert "simulated" in told.casefold()
    for date in ("2026-05-04", "2026-06-16", "2026-06-24", "2026-07-14", "2026-02-01",
                 "2026-04-13", "2026-03"):  # fmt: skip
        assert date in told
    for name in re.findall(r"`exports/([^`*]+)`", told):
        assert (workspace / "exports" / name).exists(), name

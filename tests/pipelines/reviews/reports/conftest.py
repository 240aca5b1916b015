"""A workspace with a cycle and meetings, its exports, and another workspace to import them into."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.reviews.desk import Desk
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event

LAUNCHLOOP = Path(sys.executable).with_name("launchloop")


def _run(*arguments):
    return subprocess.run(
        [str(LAUNCHLOOP), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture(scope="session")
def run():
    """`run("reviews", …)` → what the command said."""
    return _run


@pytest.fixture(scope="module")
def exports(reviewed, tmp_path_factory):
    """Name → the file that `launchloop report` wrote of it."""
    folder = tmp_path_factory.mktemp("exports")
    wanted = {
        "cycle": ("cycle", reviewed.cycle_id),
        "meeting": ("review", reviewed.meeting_id),
        "preread": ("review", reviewed.next_meeting_id),
    }
    for name, (kind, thing) in wanted.items():
        file = folder / f"{name}.json"
        done = _run("report", kind, thing, "-w", reviewed.folder, "--format", "json",
                   "--output", file)  # fmt: skip
        assert done.returncode == 0, done.stderr
    return {name: folder / f"{name}.json" for name in wanted}


@pytest.fixture
def other(reviewed, tmp_path, address):
    """Another workspace of the same people, its records empty."""
    folder = tmp_path / "other"
    folder.mkdir()
    text = (reviewed.folder / "launchloop.toml").read_text(encoding="utf-8")
    text += f'\n[records]\nurl = "{address}"\n'
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def imported():
    """`imported(folder, file)` → what `launchloop reviews import` said, its exit code as given."""

    def bring(folder, *files, person="pm", code=0):
        done = _run("reviews", "import", *files, "-w", folder, "--person", person)
        assert done.returncode == code, done.stderr
        return done

    return bring


@pytest.fixture(scope="session")
def events_of():
    """`events_of(folder, action=…)` → events of its log, in their order."""

    def found(folder, **equal):
        with Desk.open(folder, "pm").store.reading() as session:
            return rows_of(session, Event, order=["seq"], **equal)

    return found

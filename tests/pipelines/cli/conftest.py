"""The installed `launchloop` as people and programs call it, and small workspaces for it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

LAUNCHLOOP = Path(sys.executable).with_name("launchloop")
FIRST_DAY = date(2026, 3, 2)
SETTINGS = """
[usage]
sign_up_event = "sign_up"
activation = { events = ["export"], within_days = 7 }
[usage.features]
export = ["export"]
share = ["share"]
[segments]
plan = "events.properties.plan"
"""


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out, self.err
        return json.loads(self.out)


def environment() -> dict[str, str]:
    """Ids hashed with a key of the tests; nothing of the user's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAUNCHLOOP")}
    return {**kept, "LAUNCHLOOP_KEY": "a key for tests only", "COLUMNS": "200"}


def call(*arguments: str | Path, cwd: Path | None = None) -> Answer:
    done = subprocess.run(
        [str(LAUNCHLOOP), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env=environment(),
        cwd=cwd,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def begin(*arguments: str | Path) -> subprocess.Popen[str]:
    """A command that a test ends itself."""
    return subprocess.Popen(
        [str(LAUNCHLOOP), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def call_on_terminal(*arguments: str | Path) -> tuple[str, Answer]:
    """What a terminal shows beside the answer, and the answer."""
    above, below = os.openpty()
    process = subprocess.Popen(
        [str(LAUNCHLOOP), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=below,
        env={**environment(), "TERM": "xterm-256color"},
    )
    os.close(below)
    shown = b""
    # A terminal whose last writer has gone answers with an error on Linux, with nothing elsewhere.
    with contextlib.suppress(OSError):
        while part := os.read(above, 65536):
            shown += part
    os.close(above)
    out, _ = process.communicate(timeout=60)
    return shown.decode(), Answer(process.returncode, out.decode(), "")


def events_csv(days: Sequence[int], *, users: int = 40, offset: str = "Z") -> str:
    """Product events: everyone signs up on one of the first days and comes back now and then."""
    lines = ["user_id,event,timestamp,plan"]
    for user in range(users):
        plan = "pro" if user % 3 == 0 else "free"
        signed_up = user % 5
        for day in days:
            if day == signed_up:
                event = "sign_up"
            elif day > signed_up and (day + user) % 4 == 0:
                event = "export" if user % 2 else "share"
            else:
                continue
            moment = f"{FIRST_DAY + timedelta(days=day)}T10:{user % 60:02d}:00{offset}"
            lines.append(f"u{user:03d},{event},{moment},{plan}")
    return "\n".join(lines) + "\n"


def made(folder: Path, **files: str) -> Path:
    """A workspace made by `init`, with some exports in it."""
    answer = call("init", folder)
    assert answer.code == 0, answer.err
    with (folder / "launchloop.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    for name, text in files.items():
        (folder / "exports" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed workspace with four weeks of events; nobody may change it."""
    folder = made(tmp_path_factory.mktemp("published") / "lumen", events=events_csv(range(28)))
    answer = call("refresh", "-w", folder, "--json")
    assert answer.code == 0, answer.err
    return folder


@pytest.fixture(scope="module")
def own_copy(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed workspace that the tests of one module may change."""
    folder = tmp_path_factory.mktemp("copy") / "lumen"
    shutil.copytree(published, folder)
    return folder


@pytest.fixture(scope="session")
def run() -> Callable[..., Answer]:
    return call


@pytest.fixture(scope="session")
def start() -> Callable[..., subprocess.Popen[str]]:
    return begin


@pytest.fixture(scope="session")
def make() -> Callable[..., Path]:
    """`make(folder, events=csv_text)`: a workspace made by `init`, not refreshed."""
    return made


@pytest.fixture(scope="session")
def events() -> Callable[..., str]:
    """`events(days, users=40, offset="Z")`: product events as CSV."""
    return events_csv


@pytest.fixture(scope="session")
def terminal() -> Callable[..., tuple[str, Answer]]:
    return call_on_terminal

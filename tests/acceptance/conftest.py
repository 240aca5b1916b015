"""Workspaces as other programs ask them: copied, refreshed and queried.

The rules by which answers are compared stand beside this file, in expectations.py, and know
nothing of the product.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import query
from pipelines.refresh import refresh

sys.path.insert(0, str(Path(__file__).parent))

HERE = Path(__file__).parent
CASES, DATA = HERE / "cases", HERE.parent / "data"
# What a user's workspace does not hold.
ANSWERS = ("ask.json", "NOTE.md", "links.json")
_RANGE = {"from": "start", "to": "end"}


@dataclass(frozen=True)
class Refreshed:
    """A workspace that was refreshed in this process."""

    folder: Path
    report: dict[str, Any]

    def answer(self, command: list[str]) -> dict[str, Any]:
        """What the words of a command line give, as its JSON."""
        body = self.report if command[0] == "refresh" else query(self.folder, **options(command))
        read_back: dict[str, Any] = json.loads(json.dumps(body))
        return read_back


def options(command: list[str]) -> dict[str, Any]:
    """`["query", METRIC, "--every", "week", …]` → the arguments of `pipelines.read.query`."""
    found: dict[str, Any] = {"metric_id": command[1], "where": []}
    for flag, value in zip(command[2::2], command[3::2], strict=True):
        name = flag.removeprefix("--")
        if name == "where":
            found["where"].append(tuple(value.split("=", 1)))
        elif name in _RANGE:
            found[_RANGE[name]] = date.fromisoformat(value)
        else:
            found[name] = value
    return found


def copied(source: Path, target: Path) -> Path:
    """A workspace without its expected answers, with the real exports that it links to."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*ANSWERS))
    links = source / "links.json"
    for link in json.loads(links.read_text(encoding="utf-8")) if links.exists() else []:
        origin, place = DATA / link["from"], target / link["to"]
        place.parent.mkdir(parents=True, exist_ok=True)
        packed = origin.read_bytes()
        place.write_bytes(gzip.decompress(packed) if origin.suffix == ".gz" else packed)
    return target


@pytest.fixture(scope="session")
def with_key() -> Iterator[None]:
    """A key of the tests, so that none is made in the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        yield


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[str], Path]:
    """`copy_of("flow/flow_cfd")` → its copy, not refreshed."""
    return lambda name: copied(CASES / name, tmp_path / "workspace")


@pytest.fixture
def refreshed(with_key: None) -> Callable[[Path], Refreshed]:
    """A folder → it, refreshed; the report is there even if a file was held."""
    return lambda folder: Refreshed(folder, refresh(folder).as_json())

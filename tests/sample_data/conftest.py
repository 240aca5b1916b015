"""The committed exports as plain rows: no code of the product reads them here."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKSPACE = ROOT / "sample_data" / "workspace"


@cache
def _text(name: str) -> str:
    data = (WORKSPACE / "exports" / name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode()


@cache
def _rows(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(name)), delimiter=delimiter))


@cache
def _objects(name: str) -> list[dict]:
    return [json.loads(line) for line in _text(name).splitlines()]


@cache
def _events() -> list[dict[str, str]]:
    names = sorted(path.name for path in (WORKSPACE / "exports" / "events").iterdir())
    return [row for name in names for row in _rows(f"events/{name}")]


@pytest.fixture(scope="session")
def workspace() -> Path:
    return WORKSPACE


@pytest.fixture(scope="session")
def rows() -> Callable[..., list[dict[str, str]]]:
    return _rows


@pytest.fixture(scope="session")
def objects() -> Callable[[str], list[dict]]:
    return _objects


@pytest.fixture(scope="session")
def events() -> list[dict[str, str]]:
    return _events()

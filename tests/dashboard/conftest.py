"""Rows of a made-up product, shared with the browser's test pages."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROWS = Path(__file__).parents[1] / "browser" / "rows.py"


@pytest.fixture(scope="session")
def rows() -> ModuleType:
    spec = importlib.util.spec_from_file_location("launchloop_test_rows", ROWS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

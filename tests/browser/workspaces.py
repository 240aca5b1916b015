"""A workspace that is served to the browser: a product of forty users."""

import importlib.util
from pathlib import Path
from types import ModuleType

from pipelines.refresh import refresh

ROOT = Path(__file__).parents[2]


def small_product() -> ModuleType:
    """The generator of the product that has just begun."""
    place = ROOT / "tests" / "dashboard" / "small_product.py"
    spec = importlib.util.spec_from_file_location("launchloop_small_product", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_small(folder: Path) -> Path:
    small_product().write(folder)
    refresh(folder)
    return folder

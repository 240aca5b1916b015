"""The daily product, published once; who writes to it copies it first."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from pipelines.refresh import refresh

# A module that tests share, no test.
collect_ignore = ["daily_product.py"]

PLACE = Path(__file__).with_name("daily_product.py")


@pytest.fixture(scope="session")
def daily() -> ModuleType:
    """Lays the files of the daily product and reads what it publishes."""
    spec = importlib.util.spec_from_file_location("launchloop_daily_product", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", autouse=True)
def _key():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory, _key, daily):
    """The workspace after its first refresh."""
    folder = daily.lay(tmp_path_factory.mktemp("published"))
    report = refresh(folder)
    assert not [one.questions for one in report.sources if not one.is_good]
    return folder


@pytest.fixture
def copy(published, tmp_path):
    """A workspace with one published snapshot, to do with as one likes."""
    return Path(shutil.copytree(published, tmp_path / "copy"))

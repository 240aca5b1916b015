"""The papers that the tests of every format print."""

import importlib.util
from pathlib import Path

import pytest

_PLACE = Path(__file__).with_name("sample_paper.py")


def _samples():
    spec = importlib.util.spec_from_file_location("launchloop_sample_paper", _PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def samples():
    return _samples()


@pytest.fixture(scope="session")
def cycle(samples):
    return samples.cycle_paper()


@pytest.fixture(scope="session")
def hostile(samples):
    return samples.hostile_paper()

"""In CI a skipped test fails the run, unless the machine cannot have the engine it names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def run(tmp_path):
    """Runs a test file of its own under our conftest.py."""

    def run_tests(text: str, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
        shutil.copy(CONFTEST, tmp_path)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        (tmp_path / "test_it.py").write_text(text)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            env={**os.environ, "CI": ci},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_tests


def skipping(reason: str) -> str:
    return f"import pytest\ndef test_a(): pytest.skip({reason!r})\n\ndef test_b(): assert True\n"


@pytest.mark.parametrize("options", [(), ("--numprocesses=1",)])
def test_a_skip_fails_the_run_in_ci_and_is_named(run, options):
    outcome = run(skipping("not today"), *options, ci="true")
    assert outcome.returncode == 1
    assert "test_it.py::test_a" in outcome.stdout
    assert "not today" in outcome.stdout
    assert "1 passed, 1 skipped" in outcome.stdout


def test_a_skipped_module_fails_the_run_in_ci(run):
    assert run("import pytest\npytest.importorskip('no_such')\n", ci="true").returncode != 0


def test_a_missing_engine_is_accepted_in_ci(run):
    assert run(skipping("no Spark: Java is not here"), ci="true").returncode == 0


def test_a_skip_is_only_a_skip_where_a_person_looks(run):
    assert run(skipping("not today"), ci="").returncode == 0


def test_a_failure_stays_a_failure_in_ci(run):
    assert run("def test_a(): assert False\n", ci="true").returncode == 1

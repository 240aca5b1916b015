"""What holds for every test: in CI, a test that did not run is a failure."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from pipelines.refresh import refresh

# A loaded machine is slow, not wrong; and the same cases run everywhere.
hypothesis.settings.register_profile("repository", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repository")

SAMPLE = Path(__file__).parents[1] / "sample_data" / "workspace"
MADE_BY_REFRESH = ("landing", "snapshots", "quarantine", ".refresh.lock")
# Engines that a machine may be unable to have. A skip for want of one names it in its reason.
ENGINES = ("PostgreSQL", "Spark")


@pytest.fixture(scope="session")
def refreshed_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, refreshed once for all workers; who writes to it copies it first."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder = place / "refreshed_sample"
    with (place / "refreshed_sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = place / "sample_in_work"
            shutil.copytree(SAMPLE, unfinished, ignore=shutil.ignore_patterns(*MADE_BY_REFRESH))
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
                assert refresh(unfinished).published
            unfinished.rename(folder)
    return folder


def unexplained_skips(config: pytest.Config) -> Iterator[str]:
    """One line per skipped test whose reason names no engine: where it is, and its reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    for report in reporter.stats.get("skipped", ()) if reporter else ():
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        if not any(engine.lower() in str(reason).lower() for engine in ENGINES):
            yield f"{report.nodeid}: {reason}"


def is_ci() -> bool:
    """Whether nobody is there to read that something was skipped."""
    return os.environ.get("CI") == "true"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run in CI if a test was skipped without naming an engine."""
    if is_ci() and any(unexplained_skips(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Says which skips failed the run."""
    skips = list(unexplained_skips(config)) if is_ci() else []
    if skips:
        terminalreporter.section("skipped tests fail in CI", red=True)
        terminalreporter.line(f"A skip is accepted only for want of {' or '.join(ENGINES)}.")
    for skip in skips:
        terminalreporter.line(skip)

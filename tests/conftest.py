"""For every test: products made once, real databases; in CI a test that did not run fails."""

import dataclasses
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from pipelines.refresh import refresh

# A loaded machine is slow, not wrong; and the same cases run everywhere.
hypothesis.settings.register_profile("repository", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repository")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data" / "workspace"
REVIEWED = ROOT / "tests" / "dashboard" / "reviewed_product.py"
MADE_BY_REFRESH = ("landing", "snapshots", "quarantine", ".refresh.lock")
# Engines that a machine may be unable to have. A skip for want of one names it in its reason.
ENGINES = ("PostgreSQL", "Spark")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker who needs it makes and the others find; who writes copies."""
    place = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder = place / name
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = place / f"{name}_in_work"
            make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def refreshed_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, refreshed; who writes to it copies it first."""

    def make(folder: Path) -> None:
        shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*MADE_BY_REFRESH))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
            assert refresh(folder).published

    return made_once(tmp_path_factory, "refreshed_sample", make)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A product with a year of reviews, in a folder of the module's own."""
    spec = importlib.util.spec_from_file_location("launchloop_reviewed_product", REVIEWED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    def make(folder: Path) -> None:
        made = module.write(folder / "workspace")
        told = json.dumps(dataclasses.asdict(made), default=str)
        (folder / "made.json").write_text(told, encoding="utf-8")

    once = made_once(tmp_path_factory, "reviewed", make)
    folder = shutil.copytree(once / "workspace", tmp_path_factory.mktemp("reviewed") / "workspace")
    made = json.loads((once / "made.json").read_text(encoding="utf-8"))
    return module.Reviewed(**{**made, "folder": folder})


def programs() -> Path:
    """The folder of initdb and pg_ctl; in CI a machine without them fails, elsewhere it skips."""
    found = subprocess.run(
        ["sh", ROOT / ".ci" / "find_postgres.sh"], capture_output=True, text=True, check=False
    )
    if found.returncode == 0:
        return Path(found.stdout.strip())
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL is needed in CI. {found.stderr}")
    return pytest.skip(f"no PostgreSQL: {found.stderr}")


def server_owner() -> dict[str, object]:
    """PostgreSQL refuses to run as root: root lends it the user `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a throw-away server without a database name: `{}` stands for it."""
    folder, owner = Path(tempfile.mkdtemp(prefix="pg")), server_owner()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    try:
        bin_folder, data = programs(), folder / "data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [bin_folder / program, "-D", data, *arguments],
                check=True, cwd=folder, stdout=subprocess.DEVNULL, **owner,
            )  # fmt: skip

        run("initdb", "-U", "launchloop", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        # Durability is the server's business; here only its answers are tested.
        options = f"-c listen_addresses='' -c fsync=off -c max_connections=200 -k {folder}"
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgresql+psycopg://launchloop@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


DATABASES = count(1)


@pytest.fixture
def new_address(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """`new_address("sqlite")` or `("postgresql")` → the address of a place without records."""

    def make(kind: str) -> str:
        name = f"records_{next(DATABASES)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server = request.getfixturevalue("postgresql_server")
        admin = server.format("postgres").replace("+psycopg", "")
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return server.format(name)

    return make


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

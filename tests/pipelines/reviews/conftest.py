"""Cycles and plans that hold every rule, and real databases: SQLite, and a PostgreSQL server."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

from pipelines.reviews.core.cycle import Action, Cycle, SignedVerdict
from pipelines.reviews.core.plan import Plan, PlanMetric, Point, baseline_of
from pipelines.reviews.core.terms import (
    ActionStatus,
    CycleStatus,
    Direction,
    Kind,
    MetricRole,
    Verdict,
)
from pipelines.reviews.rules.facts import Facts
from pipelines.reviews.rules.table import findings

ROOT = Path(__file__).parents[3]
START = date(2026, 6, 29)
DUE = date(2026, 7, 6)
CHECK = date(2026, 10, 5)
CHECKED_AT = datetime(2026, 10, 6, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
# A steady series around 40 with the process limits 36.01 to 43.99.
STEADY = [40.5, 39.0] * 13


def weeks(values, end=START):
    """Complete weeks, the last one ending on a day."""
    first = end - len(values) * WEEK
    return tuple(
        Point(first + k * WEEK, first + (k + 1) * WEEK, value) for k, value in enumerate(values)
    )


def metric(metric_id="activation", role=MetricRole.PRIMARY, **more):
    """A weekly mean that should go up."""
    known = {"direction": Direction.UP, "kind": Kind.MEAN, "grain": "week"}
    return PlanMetric(metric_id, role, definition_hash="d", **{**known, **more})


@pytest.fixture
def plan():
    primary = metric(min_effect=2.0, expected_effect=3.0, target_value=45.0)
    rail = metric("errors", MetricRole.GUARD_RAIL, direction=Direction.DOWN, margin=1.0)
    return Plan(
        cycle_id="c1",
        change="A shorter form",
        effect="Activation goes up by at least 2 points",
        because="People stop at the long form",
        metrics=(primary, rail),
        baselines=(
            baseline_of("activation", weeks(STEADY), START),
            baseline_of("errors", weeks(STEADY), START),
        ),
        start_on=START,
        due_on=DUE,
        check_not_before=CHECK,
        check_due_on=CHECK + 2 * WEEK,
    )


@pytest.fixture
def draft():
    return Cycle(
        cycle_id="c1",
        team_id="t1",
        title="Shorter form",
        owner_id="ana",
        problem="Half of the people leave",
        root_cause="The form is long",
        root_cause_method="five whys",
    )


@pytest.fixture
def action():
    return Action(
        "a1", "c1", "Build the form", "ben", status=ActionStatus.DONE, started_on=START, done_on=DUE
    )


@pytest.fixture
def facts(draft, plan):
    """A draft on the day of its lock, with nothing wrong."""
    return Facts(today=START - WEEK, cycle=draft, plan=plan, has_evidence=True)


@pytest.fixture
def at_check(facts, action):
    """The same cycle in Check, judged by the machine and about to be signed by someone else."""
    cycle = replace(facts.cycle, status=CycleStatus.CHECKING, ready_on=CHECK)
    verdict = SignedVerdict(
        "v1",
        "r1",
        "c1",
        Verdict.IMPROVED,
        human_verdict=Verdict.IMPROVED,
        signed_by="cem",
        signed_at=CHECKED_AT,
    )
    return replace(
        facts,
        today=CHECKED_AT.date(),
        cycle=cycle,
        actions=(action,),
        checked=("activation", "errors"),
        checked_at=CHECKED_AT,
        verdict=verdict,
    )


@pytest.fixture
def said():
    """What one rule says in a phase, joined; "" where it holds."""

    def of(phase, facts, rule):
        return " ".join(each.sentence for each in findings(phase, facts) if each.rule == rule)

    return of


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


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, new_address: Callable[[str], str]) -> str:
    """An address without records, on each database in turn."""
    return new_address(request.param)

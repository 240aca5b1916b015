"""Cycles and plans that hold every rule, and real databases: SQLite, and a PostgreSQL server."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

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
LAUNCHLOOP = Path(sys.executable).with_name("launchloop")
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


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, new_address: Callable[[str], str]) -> str:
    """An address without records, on each database in turn."""
    return new_address(request.param)


@pytest.fixture(scope="session")
def run() -> Callable[..., "subprocess.CompletedProcess[Any]"]:
    """`run("query", …)` → how the installed `launchloop` ended; `text=False`: it said bytes."""

    def call(*arguments: object, text: bool = True) -> "subprocess.CompletedProcess[Any]":
        return subprocess.run(
            [str(LAUNCHLOOP), *map(str, arguments)],
            capture_output=True,
            text=text,
            timeout=180,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
        )

    return call

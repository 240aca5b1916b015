"""Cycles to be checked, made of a few numbers."""

from datetime import date, timedelta
from functools import partial

import pytest

from pipelines.reviews.check.inputs import MetricPlan, Readiness, Series, Window
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import Direction, Kind, MetricRole

WEEK = timedelta(days=7)
FIRST = date(2026, 1, 5)
TODAY = date(2026, 12, 1)


def weeks(values, first=FIRST, exposures=()):
    """Values of consecutive weeks."""
    starts = tuple(first + k * WEEK for k in range(len(values)))
    return Series(starts, tuple(float(value) for value in values), tuple(exposures))


_OF_PLAN = {"possible", "minimum_n", "limits", "control", "is_waived"}
_OF_READINESS = {"today", "ready_on", "stale_sources", "trust", "changed", "restated_by"}
_OF_WINDOW = {"imported"}


def measured_metric(before, after, name="activation", unit="count", between=0, **more):
    """A metric with its window; by default a weekly mean that should go up by 2."""
    own = {field: more.pop(field) for field in tuple(more) if field in _OF_PLAN}
    facts = {field: more.pop(field) for field in tuple(more) if field in _OF_READINESS}
    window = {field: more.pop(field) for field in tuple(more) if field in _OF_WINDOW}
    known = {"role": MetricRole.PRIMARY, "direction": Direction.UP, "kind": Kind.MEAN}
    known |= {"grain": "week", "min_effect": 2.0, "min_post_points": 8, "definition_hash": "d"}
    plan = MetricPlan(PlanMetric(name, **{**known, **more}), weeks(before), unit=unit, **own)
    first = FIRST + (len(before) + between) * WEEK
    return plan, Window(weeks(after, first), Readiness(**{"today": TODAY, **facts}), **window)


@pytest.fixture
def series():
    """`series(values, first, exposures)` → consecutive weeks."""
    return weeks


@pytest.fixture
def metric():
    """`metric(before, after, **more)` → a metric's plan with its window."""
    return measured_metric


@pytest.fixture
def steady():
    """26 weeks around 40 without autocorrelation or drift: 39, 41, 40, 40 and so on."""
    return [40.0, 41, 39, 40, 41, 39, 40, 41, 39, 40, 41, 39, 40] * 2


@pytest.fixture
def shifted():
    """`shifted(5)` → 13 later weeks of the steady series, all higher by as much."""
    later = [40.0, 41, 39, 40, 41, 39, 40, 41, 39, 40, 41, 39, 40]
    return lambda by: [value + by for value in later]


@pytest.fixture
def guard_rail():
    """`guard_rail(before, after, **more)` → the guard-rail "errors" with its window."""
    return partial(measured_metric, role=MetricRole.GUARD_RAIL, min_effect=None, name="errors")

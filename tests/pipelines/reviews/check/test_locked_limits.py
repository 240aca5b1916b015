"""A Check is judged by the baseline and limits that were frozen at the lock."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from pipelines.reviews.check.computing import check
from pipelines.reviews.check.inputs import CheckInput, limits_of_plan, locked, series_of
from pipelines.reviews.core.plan import Point, baseline_of


def test_the_limits_frozen_at_the_lock_are_used(metric, steady, shifted):
    locked = _locked(steady)
    plan, window = metric(steady, shifted(5))
    assert series_of(locked).values == plan.baseline.values
    frozen = replace(plan, limits=limits_of_plan(locked))
    assert check(CheckInput((frozen, window))) == check(CheckInput((plan, window)))
    wide = replace(frozen.limits, upper=np.array(90.0), lower=np.array(-10.0))
    result = check(CheckInput((replace(frozen, limits=wide), window)))
    assert result.primary.xmr_rules == ("run",)


def test_frozen_limits_do_not_leave_what_is_possible_either(metric, steady):
    plan, window = metric(steady, [40.0] * 8 + [39.2, 39.2, 39.2, 39.2], possible=(39.0, 100.0))
    frozen = replace(plan, limits=limits_of_plan(_locked(steady)))
    row = check(CheckInput((frozen, window))).primary
    assert row.xmr_rules == check(CheckInput((plan, window))).primary.xmr_rules == ("near_limit",)


def _locked(values):
    day = date(2026, 1, 5)
    points = tuple(
        Point(day + timedelta(7 * k), day + timedelta(7 * k + 7), v) for k, v in enumerate(values)
    )
    return baseline_of("activation", points, date(2027, 12, 1))


def test_a_locked_plan_gives_every_metric_its_baseline_limits_and_control(plan):
    treated, control = plan.metrics[0], "errors"
    found = locked(plan, replace(treated, control_metric_id=control), unit="points")
    baseline = plan.baseline_of(treated.metric_id)
    assert found.baseline.values == baseline.values
    assert found.limits.upper == baseline.unpl
    assert found.control.values == plan.baseline_of(control).values
    assert found.unit == "points"
    assert locked(plan, treated).control is None
    assert locked(plan, replace(treated, metric_id="unknown")).limits is None

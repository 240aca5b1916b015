"""What a plan can show before it starts, by the rule that will judge it."""

import time
from dataclasses import replace
from datetime import date, timedelta
from math import inf, isfinite, sqrt

import numpy as np
import pytest
from scipy.stats import t as student_t

from pipelines.reviews.check.inputs import NO_SERIES, MetricPlan, Series
from pipelines.reviews.check.planner import (
    NOT_REACHABLE,
    Noise,
    Simulation,
    chance_to_pass,
    lower_bound,
    noise_of,
    outlook,
    seed_of,
)
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import Direction, Kind, MetricRole

SEED = seed_of("0123456789abcdef" + 48 * "0")
PLAN = MetricPlan(
    PlanMetric(
        "m", MetricRole.PRIMARY, Direction.UP, Kind.MEAN, "d", "week", min_effect=1e-9, margin=1.0
    ),
    NO_SERIES,
)
# Zigzag of standard deviation 1 around 0: its autocorrelation counts as 0.
FLAT = np.array([1.0, -1, 1, -1])


def weeks(values):
    starts = tuple(date(2026, 1, 5) + k * timedelta(7) for k in range(len(values)))
    return Series(starts, tuple(float(value) for value in values))


def zigzag(n, level=40.0, sigma=1.0):
    values = np.resize(FLAT, n)
    return weeks(level + sigma * values / values.std(ddof=1))


def with_metric(plan, **changes):
    return replace(plan, metric=replace(plan.metric, **changes))


@pytest.mark.parametrize(
    ("sizes", "rho", "has_control", "expected"),
    [
        ((12, 8), 0.0, False, 3.1),
        ((12, 8), 0.3, False, 4.9),
        ((12, 8), 0.5, False, inf),
        ((12, 8), 0.0, True, 1.7),
        ((20, 12), 0.0, False, 2.1),
        ((20, 12), 0.3, False, 2.8),
        ((20, 12), 0.5, False, 4.2),
        ((20, 12), 0.0, True, 1.3),
        ((20, 12), 0.5, True, 2.2),
        ((26, 13), 0.0, False, 1.7),
        ((26, 13), 0.3, False, 2.3),
        ((26, 13), 0.5, False, 3.1),
        ((26, 13), 0.0, True, 1.3),
        ((26, 13), 0.5, True, 2.0),
        ((52, 13), 0.0, False, 1.2),
        ((52, 13), 0.3, False, 1.5),
        ((52, 13), 0.5, False, 2.0),
        ((52, 13), 0.0, True, 1.2),
        ((52, 13), 0.5, True, 1.9),
    ],
)
def test_the_smallest_effects_are_those_of_the_specification(sizes, rho, has_control, expected):
    """12/8 with a control at ρ = .5 is left out: power creeps there, 4.4σ is within a plateau."""
    noise = Noise(0.0, 1.0, rho, sizes[0], has_control=has_control)
    found = Simulation(PLAN, noise, sizes[1], seed=SEED).smallest_effect()
    assert found == pytest.approx(expected, rel=0.06)


def test_on_the_plateau_of_12_and_8_with_a_control_power_is_near_80_per_cent():
    noise = Noise(0.0, 1.0, 0.5, 12, has_control=True)
    assert Simulation(PLAN, noise, 8, seed=SEED).chance(4.4) == pytest.approx(0.8, abs=0.03)


def test_the_smallest_effect_is_where_the_chance_passes_80_per_cent():
    simulation = Simulation(PLAN, Noise(0.0, 1.0, 0.3, 26), 13, seed=SEED)
    found = simulation.smallest_effect()
    assert simulation.chance(found) >= 0.8
    assert simulation.chance(found - 0.02) < 0.8


@pytest.mark.parametrize(("sizes", "chance"), [((12, 8), 0.44), ((26, 13), 0.75)])
def test_guard_rails_pass_without_harm_as_often_as_the_specification_says(sizes, chance):
    """With 12 periods a ρ of .3 is assumed, so 12/8 is simulated with the ρ of the text."""
    rail = with_metric(PLAN, role=MetricRole.GUARD_RAIL)
    if sizes[0] >= 20:
        rail = replace(rail, baseline=zigzag(sizes[0]))
        assert chance_to_pass(rail, sizes[1], seed=SEED) == pytest.approx(chance, abs=0.03)
    else:
        simulation = Simulation(rail, Noise(0.0, 1.0, 0.0, 12), 8, seed=SEED)
        assert simulation.chance_to_pass() == pytest.approx(chance, abs=0.03)


def test_an_outlook_is_in_metric_units_and_the_same_for_the_same_plan():
    plan = replace(with_metric(PLAN, expected_effect=40.0), baseline=zigzag(26, 400.0, sigma=10.0))
    rail = with_metric(
        replace(PLAN, baseline=zigzag(26)), role=MetricRole.GUARD_RAIL, metric_id="errors"
    )
    found = outlook(plan, [rail], 13, seed=SEED)
    assert found.noise == Noise(pytest.approx(400), pytest.approx(10), 0.0, 26)
    assert found.mde80 == pytest.approx(17, rel=0.06)
    assert found.chance > 0.95
    assert found.guard_chances["errors"] == pytest.approx(0.75, abs=0.03)
    assert found.is_reachable
    assert outlook(plan, [rail], 13, seed=SEED) == found
    assert outlook(plan, [rail], 13, seed=SEED + 1).mde80 != found.mde80


def test_the_chance_of_no_effect_is_that_of_a_false_alarm():
    assert Simulation(PLAN, Noise(0.0, 1.0, 0.0, 26), 13, seed=SEED).chance(0.0) < 0.02


def test_the_lower_bound_is_the_formula_and_below_what_the_rule_needs():
    noise = Noise(0.0, 2.0, 0.5, 26)
    effective = [26 / 3, 13 / 3]
    quantile = student_t.ppf(0.975, sum(effective) - 2)
    expected = (quantile + 0.84) * 2 * sqrt(sum(1 / n for n in effective))
    assert lower_bound(noise, 13, Kind.MEAN) == pytest.approx(expected)
    assert Simulation(PLAN, noise, 13, seed=SEED).smallest_effect() > expected


@pytest.mark.parametrize(("n", "rho"), [(12, 0.3), (19, 0.3), (20, 0.0)])
def test_short_baselines_are_not_believed_to_be_without_autocorrelation(n, rho):
    assert noise_of(replace(PLAN, baseline=zigzag(n))).rho == rho


def test_an_autocorrelation_above_that_is_the_estimate():
    values = np.repeat([1.0, 3, 2, 5, 4, 1], 3)
    e = values - values.mean()
    r = (e[1:] @ e[:-1]) / (e @ e)
    found = noise_of(replace(PLAN, baseline=weeks(values)))
    assert found.rho == pytest.approx(r + (1 + 4 * r) / 18)


def test_a_metric_that_should_fall_needs_as_much_as_one_that_should_rise():
    up = replace(PLAN, baseline=zigzag(26))
    down = with_metric(up, direction=Direction.DOWN)
    found = [outlook(plan, [], 13, seed=SEED).mde80 for plan in (up, down)]
    assert found[0] == pytest.approx(found[1], rel=0.06)


def test_quantiles_and_counts_have_an_effect_in_their_unit():
    quantile = replace(with_metric(PLAN, kind=Kind.QUANTILE), baseline=zigzag(26, 40.0, 4.0))
    found = outlook(quantile, [], 13, seed=SEED).mde80
    # Sigma is a tenth: the 1.7 sigma of the table, on logarithms.
    assert found == pytest.approx(40 * np.expm1(1.7 * 0.1), rel=0.08)
    count = replace(with_metric(PLAN, kind=Kind.COUNT), baseline=zigzag(26, 100.0, 10.0))
    assert outlook(count, [], 13, seed=SEED).mde80 == pytest.approx(17, rel=0.2)


def test_what_lies_beyond_the_possible_is_not_reachable():
    share = replace(PLAN, baseline=zigzag(26, 0.97, 0.03), possible=(0.0, 1.0))
    assert outlook(share, [], 13, seed=SEED).mde80 == NOT_REACHABLE
    lower = replace(share, baseline=zigzag(26, 0.5, 0.03))
    assert isfinite(outlook(lower, [], 13, seed=SEED).mde80)


@pytest.mark.parametrize("values", [[], [4.0], [float("nan"), 4.0], [0.1] * 26, [0.0] * 26])
@pytest.mark.parametrize("kind", Kind)
def test_without_a_baseline_that_moves_nothing_is_promised(values, kind):
    plan = replace(with_metric(PLAN, kind=kind, expected_effect=1.0), baseline=weeks(values))
    found = outlook(plan, [plan], 13, seed=SEED)
    assert (found.mde80, found.chance, found.guard_chances) == (None, None, {"m": None})
    assert not found.is_reachable


def test_an_outlook_takes_less_than_two_seconds_of_the_processor():
    plan = replace(with_metric(PLAN, expected_effect=1.0), baseline=zigzag(52))
    rail = with_metric(plan, role=MetricRole.GUARD_RAIL)
    started = time.process_time()
    outlook(plan, [rail, rail, rail], 26, seed=SEED)
    assert time.process_time() - started < 2

"""The Check of one cycle: looks, directions, kinds of metrics, the target and the record."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t as student_t
from scipy.stats import ttest_ind

from pipelines.reviews.check.computing import check, checked
from pipelines.reviews.check.inputs import NO_SERIES, CheckInput, MetricPlan
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import (
    Direction,
    GuardState,
    Kind,
    Method,
    MetricRole,
    SignalDirection,
    TargetState,
    Verdict,
)


def test_a_clear_gain_is_improved(metric, steady, shifted):
    result = check(CheckInput(metric(steady, shifted(5))))
    row = result.primary
    assert result.verdict.verdict is Verdict.IMPROVED
    assert result.verdict.suggestion == "standardise"
    assert (row.n_base, row.n_post, row.diff) == (26, 13, pytest.approx(5))
    assert row.signal_dir is SignalDirection.FAVOURABLE
    assert row.xmr_rules == ("outside", "run", "near_limit")
    assert row.drift_excluded


def test_without_autocorrelation_the_interval_is_welchs(metric, steady, shifted):
    after = shifted(1)
    row = check(CheckInput(metric(steady, after))).primary
    welch = ttest_ind(after, steady, equal_var=False).confidence_interval(0.95)
    assert row.rho == 0
    assert (row.lo, row.hi) == pytest.approx((welch.low, welch.high))
    assert (row.n_eff_base, row.n_eff_post) == (26, 13)
    assert row.method is Method.MEAN_DIFFERENCE


@pytest.mark.parametrize(("look", "alpha"), [(1, 0.05), (2, 0.02), (3, 0.01)])
def test_every_look_has_its_own_alpha(metric, steady, look, alpha, shifted):
    row = check(CheckInput(metric(steady, shifted(1)), look=look)).primary
    welch = ttest_ind(shifted(1), steady, equal_var=False).confidence_interval(1 - alpha)
    assert (row.look, row.alpha, row.lo) == (look, alpha, pytest.approx(welch.low))


@pytest.mark.parametrize(
    "kind", [Kind.MEAN, Kind.PROPORTION, Kind.RATIO, Kind.QUANTILE, Kind.COUNT]
)
def test_down_is_the_mirror_of_up_and_a_fall_counts_as_a_gain(metric, steady, kind, shifted):
    fall = metric(steady, shifted(-8), direction=Direction.DOWN, kind=kind)
    rise = metric(steady, shifted(8), kind=kind)
    found = [check(CheckInput(each)) for each in (fall, rise)]
    assert [each.verdict.verdict for each in found] == [Verdict.IMPROVED] * 2
    assert all(each.primary.diff > 0 and each.primary.lo > 0 for each in found)
    wrong = check(CheckInput(metric(steady, shifted(8), direction=Direction.DOWN, kind=kind)))
    assert wrong.verdict.verdict is Verdict.WORSE
    assert wrong.primary.hi < 0
    assert wrong.primary.signal_dir is SignalDirection.UNFAVOURABLE


def _plan(direction):
    own = PlanMetric("m", MetricRole.PRIMARY, direction, Kind.MEAN, "d", "week", min_effect=0.5)
    return MetricPlan(own, NO_SERIES)


@given(
    arrays(float, 26, elements=st.floats(-5, 5, width=32)),
    arrays(float, 13, elements=st.floats(-5, 5, width=32)),
)
def test_a_series_turned_upside_down_with_its_direction_has_the_same_verdict(before, after):
    found = []
    for sign, direction in ((1, Direction.UP), (-1, Direction.DOWN)):
        found.append(checked(_plan(direction), sign * before, sign * after))
    assert found[0].rows == found[1].rows
    for name in ("difference", "low", "high", "drift_high"):
        ends = [getattr(each.measured, name) for each in found]
        assert ends[0] == pytest.approx(ends[1], abs=1e-9, nan_ok=True)


def test_a_batch_is_judged_as_each_of_its_series_alone(metric):
    rng = np.random.default_rng(6)
    before, after = rng.normal(40, 2, (50, 26)), rng.normal(41.5, 2, (50, 13))
    plan, _ = metric(before[0], after[0])
    rows = checked(plan, before, after).rows
    alone = [
        check(CheckInput(metric(b, a))).verdict.row for b, a in zip(before, after, strict=True)
    ]
    assert rows.tolist() == alone
    assert len(set(alone)) > 2


def test_a_quantile_is_compared_on_logarithms_and_told_in_its_unit(metric, steady, shifted):
    after = shifted(-10)
    row = check(CheckInput(metric(steady, after, kind=Kind.QUANTILE))).primary
    welch = ttest_ind(np.log(after), np.log(steady), equal_var=False).confidence_interval(0.95)
    base = np.exp(np.mean(np.log(steady)))
    assert row.method is Method.LOG_MEAN_DIFFERENCE
    assert row.mean_base == pytest.approx(base)
    assert row.lo == pytest.approx(base * (np.exp(welch.low) - 1))
    assert row.hi == pytest.approx(base * (np.exp(welch.high) - 1))
    assert row.diff == pytest.approx(row.mean_post - row.mean_base)


def test_a_count_is_a_ratio_of_rates_by_exposure(metric, steady, series):
    plan, window = metric([0.5] * 26, [1.0] * 13, kind=Kind.COUNT, min_effect=0.1)
    plan = replace(plan, baseline=replace(plan.baseline, exposures=(20.0,) * 26))
    window = replace(window, post=replace(window.post, exposures=(10.0,) * 13))
    row = check(CheckInput((plan, window))).primary
    half = student_t.ppf(0.975, 37) * np.sqrt(1 / 260 + 1 / 130)
    assert row.method is Method.RATE_RATIO
    assert (row.mean_base, row.mean_post) == pytest.approx((0.5, 1.0))
    assert row.lo == pytest.approx(0.5 * (2 * np.exp(-half) - 1))
    assert row.hi == pytest.approx(0.5 * (2 * np.exp(half) - 1))


def test_two_pooled_waves_are_compared_by_newcombe(metric, guard_rail):
    """SOURCE: Newcombe (1998), table II (a): 56 of 70 and 48 of 80, 0.0524 to 0.3339."""
    plan, window = guard_rail([0.6], [0.8], kind=Kind.PROPORTION, grain="wave", margin=0.02)
    plan = replace(plan, baseline=replace(plan.baseline, exposures=(80.0,)))
    window = replace(window, post=replace(window.post, exposures=(70.0,)))
    primary = metric([40.0, 41] * 13, [45.0, 46] * 7)
    row = check(CheckInput(primary, ((plan, window),))).checks[1]
    assert row.method is Method.NEWCOMBE
    assert (row.lo, row.hi) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert row.guard_state is GuardState.PASS


def test_a_ratio_made_of_too_few_is_a_gap(metric, steady, shifted):
    plan, window = metric(steady, shifted(5), kind=Kind.RATIO, minimum_n=30)
    exposures = [100.0] * 13
    exposures[4] = 29.0
    window = replace(window, post=replace(window.post, exposures=tuple(exposures)))
    assert check(CheckInput((plan, window))).primary.n_post == 12


@pytest.mark.parametrize(
    ("target", "state"),
    [
        (44.0, TargetState.REACHED),
        (44.9, TargetState.REACHED_NOT_PROVEN),
        (45.1, TargetState.MISSED),
    ],
)
def test_a_target_is_reached_when_the_near_end_of_the_later_mean_is_past_it(
    metric, steady, target, state, shifted
):
    after = shifted(5)
    row = check(CheckInput(metric(steady, after, target_value=target))).primary
    assert row.target_state is state
    mirrored = metric(steady, shifted(-5), target_value=80 - target, direction=Direction.DOWN)
    assert check(CheckInput(mirrored)).primary.target_state is state


def test_secondary_metrics_get_intervals_and_decide_nothing(metric, steady, shifted):
    second = metric(steady, shifted(-9), role=MetricRole.SECONDARY, name="visits")
    result = check(CheckInput(metric(steady, shifted(5)), (second,)))
    assert result.checks[1].hi < 0
    assert result.checks[1].guard_state is None
    assert result.verdict.verdict is Verdict.IMPROVED


def test_the_record_has_the_days_of_the_window(metric, steady, shifted):
    row = check(CheckInput(metric(steady, shifted(0)))).primary
    assert row.post_from == date(2026, 7, 6)
    assert row.post_to == date(2026, 10, 4)


def test_the_fields_of_a_row_are_columns_of_the_record():
    # The record adds its own: ids of row, run, cycle, plan and freeze, and the time of the run.
    columns = {
        *"metric_id look post_from post_to n_base n_post mean_base mean_post diff lo hi".split(),
        *"alpha method rho n_eff_base n_eff_post xmr_rules signal_dir drift_hi".split(),
        *"drift_excluded target_state guard_state".split(),
    }
    assert {field.name for field in fields(MetricCheck)} == columns

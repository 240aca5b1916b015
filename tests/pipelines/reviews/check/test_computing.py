"""The whole Check of one cycle: orientation, kinds, looks, guard-rails, control, imported tests."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t as student_t
from scipy.stats import ttest_ind

from pipelines.reviews.check.computing import EARLIER_DECLINE, HARM_INSIDE, check, checked
from pipelines.reviews.check.inputs import (
    NO_SERIES,
    CheckInput,
    ImportedResult,
    MetricPlan,
    limits_of_plan,
    locked,
    series_of,
)
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.plan import PlanMetric, Point, baseline_of
from pipelines.reviews.core.terms import (
    Design,
    Direction,
    GuardState,
    Kind,
    Method,
    MetricRole,
    Reason,
    SignalDirection,
    TargetState,
    Verdict,
)

GUARD = {"role": MetricRole.GUARD_RAIL, "min_effect": None, "name": "errors"}
AFTER = [40.0, 41, 39, 40, 41, 39, 40, 41, 39, 40, 41, 39, 40]


def shifted(by):
    return [value + by for value in AFTER]


def test_a_clear_gain_is_improved(metric, steady):
    result = check(CheckInput(metric(steady, shifted(5))))
    row = result.primary
    assert result.verdict.verdict is Verdict.IMPROVED
    assert result.verdict.suggestion == "standardise"
    assert (row.n_base, row.n_post, row.diff) == (26, 13, pytest.approx(5))
    assert row.signal_dir is SignalDirection.FAVOURABLE
    assert row.xmr_rules == ("outside", "run", "near_limit")
    assert row.drift_excluded


def test_without_autocorrelation_the_interval_is_welchs(metric, steady):
    after = shifted(1)
    row = check(CheckInput(metric(steady, after))).primary
    welch = ttest_ind(after, steady, equal_var=False).confidence_interval(0.95)
    assert row.rho == 0
    assert (row.lo, row.hi) == pytest.approx((welch.low, welch.high))
    assert (row.n_eff_base, row.n_eff_post) == (26, 13)
    assert row.method is Method.MEAN_DIFFERENCE


@pytest.mark.parametrize(("look", "alpha"), [(1, 0.05), (2, 0.02), (3, 0.01)])
def test_every_look_has_its_own_alpha(metric, steady, look, alpha):
    row = check(CheckInput(metric(steady, shifted(1)), look=look)).primary
    welch = ttest_ind(shifted(1), steady, equal_var=False).confidence_interval(1 - alpha)
    assert (row.look, row.alpha, row.lo) == (look, alpha, pytest.approx(welch.low))


@pytest.mark.parametrize(
    "kind", [Kind.MEAN, Kind.PROPORTION, Kind.RATIO, Kind.QUANTILE, Kind.COUNT]
)
def test_down_is_the_mirror_of_up_and_a_fall_counts_as_a_gain(metric, steady, kind):
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


# Kinds ---------------------------------------------------------------------------------------


def test_a_quantile_is_compared_on_logarithms_and_told_in_its_unit(metric, steady):
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


def test_two_pooled_waves_are_compared_by_newcombe(metric):
    """SOURCE: Newcombe (1998), table II (a): 56 of 70 and 48 of 80, 0.0524 to 0.3339."""
    plan, window = metric([0.6], [0.8], kind=Kind.PROPORTION, grain="wave", **GUARD, margin=0.02)
    plan = replace(plan, baseline=replace(plan.baseline, exposures=(80.0,)))
    window = replace(window, post=replace(window.post, exposures=(70.0,)))
    primary = metric([40.0, 41] * 13, [45.0, 46] * 7)
    row = check(CheckInput(primary, ((plan, window),))).checks[1]
    assert row.method is Method.NEWCOMBE
    assert (row.lo, row.hi) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert row.guard_state is GuardState.PASS


def test_a_ratio_made_of_too_few_is_a_gap(metric, steady):
    plan, window = metric(steady, shifted(5), kind=Kind.RATIO, minimum_n=30)
    exposures = [100.0] * 13
    exposures[4] = 29.0
    window = replace(window, post=replace(window.post, exposures=tuple(exposures)))
    assert check(CheckInput((plan, window))).primary.n_post == 12


# Target and guard-rails ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "state"),
    [
        (44.0, TargetState.REACHED),
        (44.9, TargetState.REACHED_NOT_PROVEN),
        (45.1, TargetState.MISSED),
    ],
)
def test_a_target_is_reached_when_the_near_end_of_the_later_mean_is_past_it(
    metric, steady, target, state
):
    after = shifted(5)
    row = check(CheckInput(metric(steady, after, target_value=target))).primary
    assert row.target_state is state
    mirrored = metric(steady, shifted(-5), target_value=80 - target, direction=Direction.DOWN)
    assert check(CheckInput(mirrored)).primary.target_state is state


@pytest.mark.parametrize(
    ("shift", "margin", "state"),
    [
        (0, 1.0, GuardState.PASS),
        (0, 0.2, GuardState.NOT_PROVEN),
        (-3, 1.0, GuardState.FAIL),
        (0, None, GuardState.NOT_PROVEN),
        (3, None, GuardState.PASS),
    ],
)
def test_a_guard_rail_passes_when_harm_beyond_its_margin_is_ruled_out(
    metric, steady, shift, margin, state
):
    rail = metric(steady, shifted(shift), margin=margin, **GUARD)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.checks[1].guard_state is state
    expected = {
        GuardState.PASS: Verdict.IMPROVED,
        GuardState.NOT_PROVEN: Verdict.IMPROVED_GUARDRAIL_OPEN,
        GuardState.FAIL: Verdict.IMPROVED_WITH_HARM,
    }
    assert result.verdict.verdict is expected[state]
    assert result.verdict.is_fast_path is (state is GuardState.FAIL)


@pytest.mark.parametrize(
    ("band", "state"),
    [
        ((39, 41), GuardState.PASS),
        ((39.9, 41), GuardState.NOT_PROVEN),
        ((41, 42), GuardState.FAIL),
        ((None, 41), GuardState.PASS),
        ((39, None), GuardState.PASS),
        ((None, 39), GuardState.FAIL),
    ],
)
def test_a_metric_that_must_stay_within_a_band_is_judged_by_its_later_mean(
    metric, steady, band, state
):
    low, high = band
    rail = metric(steady, AFTER, direction=Direction.WITHIN, band_lo=low, band_hi=high, **GUARD)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.checks[1].guard_state is state


def test_a_waived_guard_rail_decides_nothing_and_is_still_measured(metric, steady):
    rail = metric(steady, shifted(-3), margin=1.0, is_waived=True, **GUARD)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.verdict.verdict is Verdict.IMPROVED
    assert not result.verdict.is_fast_path
    assert result.checks[1].guard_state is GuardState.FAIL


def test_harm_inside_the_margin_is_said(metric, steady):
    rail = metric(steady, shifted(-1), margin=3.0, **GUARD)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.checks[1].guard_state is GuardState.PASS
    assert result.verdict.notes == (f"errors: {HARM_INSIDE}",)


def test_a_failed_guard_rail_opens_the_fast_path_in_any_row(metric, steady):
    rail = metric(steady, shifted(-3), margin=1.0, **GUARD)
    result = check(CheckInput(metric(steady, AFTER), (rail,)))
    assert result.verdict.verdict is Verdict.NO_USEFUL_EFFECT
    assert result.verdict.is_fast_path
    assert result.verdict.failed_guards == ("errors",)


def test_secondary_metrics_get_intervals_and_decide_nothing(metric, steady):
    second = metric(steady, shifted(-9), role=MetricRole.SECONDARY, name="visits")
    result = check(CheckInput(metric(steady, shifted(5)), (second,)))
    assert result.checks[1].hi < 0
    assert result.checks[1].guard_state is None
    assert result.verdict.verdict is Verdict.IMPROVED


def test_before_its_day_only_a_guard_rail_beyond_a_limit_opens_the_fast_path(metric, steady):
    early = {"ready_on": date(2027, 1, 1)}
    primary = metric(steady, shifted(-20)[:4], **early)
    calm = metric(steady, [38.5] * 4, margin=0.1, **GUARD, **early)
    result = check(CheckInput(primary, (calm,)))
    assert result.verdict.verdict is Verdict.NOT_READY
    assert not result.verdict.is_fast_path
    breached = metric(steady, [40, 20, 40, 40], margin=0.1, **GUARD, **early)
    result = check(CheckInput(primary, (breached,)))
    assert (result.verdict.verdict, result.verdict.is_fast_path) == (Verdict.NOT_READY, True)
    good = metric(steady, [40, 60, 40, 40], margin=0.1, **GUARD, **early)
    assert not check(CheckInput(primary, (good,))).verdict.is_fast_path


def test_before_its_day_a_banded_guard_rail_must_leave_limits_and_band(metric, steady):
    band = {"direction": Direction.WITHIN, "band_lo": 30, "band_hi": 50, **GUARD}
    primary = metric(steady, AFTER[:4], ready_on=date(2027, 1, 1))
    for value, expected in ((48, False), (51, True), (29, True)):
        rail = metric(steady, [40, value, 40, 40], ready_on=date(2027, 1, 1), **band)
        assert check(CheckInput(primary, (rail,))).verdict.is_fast_path is expected


def test_a_guard_rail_that_cannot_be_judged_is_not_proven(metric, steady):
    rail = metric(steady, AFTER, margin=1.0, stale_sources=("crm",), **GUARD)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.verdict.verdict is Verdict.IMPROVED_GUARDRAIL_OPEN
    assert "crm is stale" in " ".join(result.verdict.sentences)


# Drift, autocorrelation, control, imported ---------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_steady_drift_is_no_improvement(metric, seed):
    drift = 40 + 0.1 * np.arange(39) + np.random.default_rng(seed).normal(0, 1, 39)
    result = check(CheckInput(metric(drift[:26], drift[26:])))
    assert result.primary.lo > 0
    assert result.primary.signal_dir is SignalDirection.FAVOURABLE
    assert result.primary.drift_excluded is False
    assert result.verdict.verdict is Verdict.INCONCLUSIVE
    assert result.verdict.reasons == (Reason.DRIFT,)


def test_periods_between_the_windows_give_a_drift_more_time(metric, steady):
    after = shifted(0.9)
    near, far = (metric(steady, after, min_effect=0.1, between=gap) for gap in (0, 500))
    assert check(CheckInput(near)).primary.drift_excluded
    assert check(CheckInput(far)).primary.drift_excluded is False


def test_harm_that_may_continue_an_earlier_decline_is_worse_and_says_so(metric):
    decline = 60 - 0.1 * np.arange(39) + np.random.default_rng(0).normal(0, 1, 39)
    result = check(CheckInput(metric(decline[:26], decline[26:])))
    assert result.verdict.verdict is Verdict.WORSE
    assert result.verdict.notes == (EARLIER_DECLINE,)


def test_sudden_harm_does_not_continue_anything(metric, steady):
    result = check(CheckInput(metric(steady, shifted(-5))))
    assert result.verdict.verdict is Verdict.WORSE
    assert result.verdict.notes == ()


def test_too_few_independent_periods_override_every_row(metric):
    slow = np.concatenate([np.linspace(0, 10, 26), np.linspace(40, 60, 8)])
    result = check(CheckInput(metric(slow[:26], slow[26:])))
    assert result.primary.n_eff_post < 2
    assert result.verdict.verdict is Verdict.INCONCLUSIVE
    assert result.verdict.reasons == (Reason.AUTOCORRELATION,)


def test_a_control_series_takes_shared_movement_out_and_replaces_the_test_of_drift(
    metric, steady, series
):
    """Both drift together; only the treated series steps up by 4 on top."""
    shared = 0.5 * np.arange(39)
    treated = np.array([*steady, *shifted(4)]) + shared
    # Half the size: it is scaled to the baseline mean.
    control = (np.mean(steady) + shared) / 2
    plan, window = metric(treated[:26], treated[26:])
    alone = check(CheckInput((plan, window)))
    assert alone.verdict.verdict is Verdict.INCONCLUSIVE
    plan = replace(plan, control=series(control[:26]))
    window = replace(window, control=series(control[26:], window.post.starts[0]))
    result = check(CheckInput((plan, window), design=Design.CONTROL_SERIES))
    scale = np.mean(treated[:26]) / np.mean(control[:26])
    rest = treated - control * scale
    assert result.primary.diff == pytest.approx(rest[26:].mean() - rest[:26].mean())
    assert result.primary.mean_base == pytest.approx(np.mean(treated[:26]))
    assert result.primary.drift_excluded is None
    assert result.primary.drift_hi is None
    assert result.verdict.verdict is Verdict.IMPROVED


@pytest.mark.parametrize(
    ("result", "direction", "verdict"),
    [
        (ImportedResult(4.0, 1.0, 7.0), Direction.UP, Verdict.IMPROVED),
        (ImportedResult(-4.0, -7.0, -1.0), Direction.UP, Verdict.WORSE),
        (ImportedResult(-4.0, -7.0, -1.0), Direction.DOWN, Verdict.IMPROVED),
        (ImportedResult(1.0, 0.2, 1.8), Direction.UP, Verdict.NO_USEFUL_EFFECT),
        (ImportedResult(1.0, -2.0, 4.0), Direction.UP, Verdict.INCONCLUSIVE),
        (ImportedResult(0.0, -1.0, 1.0), Direction.UP, Verdict.NO_USEFUL_EFFECT),
    ],
)
def test_an_imported_ab_test_replaces_the_comparison(metric, result, direction, verdict):
    primary = metric([1.0] * 6, [1.0], direction=direction, imported=result)
    found = check(CheckInput(primary, design=Design.AB_TEST))
    assert found.primary.method is Method.IMPORTED
    assert found.verdict.verdict is verdict


def test_an_imported_ab_test_still_answers_to_the_guard_rails(metric, steady):
    primary = metric(steady, AFTER, imported=ImportedResult(4.0, 1.0, 7.0))
    rail = metric(steady, shifted(-3), margin=1.0, **GUARD)
    found = check(CheckInput(primary, (rail,), design=Design.AB_TEST))
    assert found.verdict.verdict is Verdict.IMPROVED_WITH_HARM


# Frozen limits and the record ------------------------------------------------------------------


def test_the_limits_frozen_at_the_lock_are_used(metric, steady):
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


def test_the_record_has_the_days_of_the_window(metric, steady):
    row = check(CheckInput(metric(steady, AFTER))).primary
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

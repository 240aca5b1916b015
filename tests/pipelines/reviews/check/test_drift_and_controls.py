"""Drift, slow series and shared movement are no effect; an imported test replaces the series."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reviews.check.computing import EARLIER_DECLINE, check
from pipelines.reviews.check.inputs import CheckInput, ImportedResult
from pipelines.reviews.core.terms import Design, Direction, Method, Reason, SignalDirection, Verdict


@pytest.mark.parametrize("seed", range(8))
def test_a_steady_drift_is_no_improvement(metric, seed):
    drift = 40 + 0.1 * np.arange(39) + np.random.default_rng(seed).normal(0, 1, 39)
    result = check(CheckInput(metric(drift[:26], drift[26:])))
    assert result.primary.lo > 0
    assert result.primary.signal_dir is SignalDirection.FAVOURABLE
    assert result.primary.drift_excluded is False
    assert result.verdict.verdict is Verdict.INCONCLUSIVE
    assert result.verdict.reasons == (Reason.DRIFT,)


def test_periods_between_the_windows_give_a_drift_more_time(metric, steady, shifted):
    after = shifted(0.9)
    near, far = (metric(steady, after, min_effect=0.1, between=gap) for gap in (0, 500))
    assert check(CheckInput(near)).primary.drift_excluded
    assert check(CheckInput(far)).primary.drift_excluded is False


def test_harm_that_may_continue_an_earlier_decline_is_worse_and_says_so(metric):
    decline = 60 - 0.1 * np.arange(39) + np.random.default_rng(0).normal(0, 1, 39)
    result = check(CheckInput(metric(decline[:26], decline[26:])))
    assert result.verdict.verdict is Verdict.WORSE
    assert result.verdict.notes == (EARLIER_DECLINE,)


def test_sudden_harm_does_not_continue_anything(metric, steady, shifted):
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
    metric, steady, series, shifted
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

"""A guard-rail passes, fails or is not proven by its margin or band; harm opens the fast path."""

from datetime import date

import pytest

from pipelines.reviews.check.computing import HARM_INSIDE, check
from pipelines.reviews.check.inputs import CheckInput, ImportedResult
from pipelines.reviews.core.terms import Design, Direction, GuardState, Verdict


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
    metric, steady, shift, margin, state, shifted, guard_rail
):
    rail = guard_rail(steady, shifted(shift), margin=margin)
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
    metric, steady, band, state, shifted, guard_rail
):
    low, high = band
    rail = guard_rail(steady, shifted(0), direction=Direction.WITHIN, band_lo=low, band_hi=high)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.checks[1].guard_state is state


def test_a_waived_guard_rail_decides_nothing_and_is_still_measured(
    metric, steady, shifted, guard_rail
):
    rail = guard_rail(steady, shifted(-3), margin=1.0, is_waived=True)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.verdict.verdict is Verdict.IMPROVED
    assert not result.verdict.is_fast_path
    assert result.checks[1].guard_state is GuardState.FAIL


def test_harm_inside_the_margin_is_said(metric, steady, shifted, guard_rail):
    rail = guard_rail(steady, shifted(-1), margin=3.0)
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.checks[1].guard_state is GuardState.PASS
    assert result.verdict.notes == (f"errors: {HARM_INSIDE}",)


def test_a_failed_guard_rail_opens_the_fast_path_in_any_row(metric, steady, shifted, guard_rail):
    rail = guard_rail(steady, shifted(-3), margin=1.0)
    result = check(CheckInput(metric(steady, shifted(0)), (rail,)))
    assert result.verdict.verdict is Verdict.NO_USEFUL_EFFECT
    assert result.verdict.is_fast_path
    assert result.verdict.failed_guards == ("errors",)


def test_before_its_day_only_a_guard_rail_beyond_a_limit_opens_the_fast_path(
    metric, steady, shifted, guard_rail
):
    early = {"ready_on": date(2027, 1, 1)}
    primary = metric(steady, shifted(-20)[:4], **early)
    calm = guard_rail(steady, [38.5] * 4, margin=0.1, **early)
    result = check(CheckInput(primary, (calm,)))
    assert result.verdict.verdict is Verdict.NOT_READY
    assert not result.verdict.is_fast_path
    breached = guard_rail(steady, [40, 20, 40, 40], margin=0.1, **early)
    result = check(CheckInput(primary, (breached,)))
    assert (result.verdict.verdict, result.verdict.is_fast_path) == (Verdict.NOT_READY, True)
    good = guard_rail(steady, [40, 60, 40, 40], margin=0.1, **early)
    assert not check(CheckInput(primary, (good,))).verdict.is_fast_path


def test_before_its_day_a_banded_guard_rail_must_leave_limits_and_band(
    metric, steady, shifted, guard_rail
):
    band = {"direction": Direction.WITHIN, "band_lo": 30, "band_hi": 50}
    primary = metric(steady, shifted(0)[:4], ready_on=date(2027, 1, 1))
    for value, expected in ((48, False), (51, True), (29, True)):
        rail = guard_rail(steady, [40, value, 40, 40], ready_on=date(2027, 1, 1), **band)
        assert check(CheckInput(primary, (rail,))).verdict.is_fast_path is expected


def test_a_guard_rail_that_cannot_be_judged_is_not_proven(metric, steady, shifted, guard_rail):
    rail = guard_rail(steady, shifted(0), margin=1.0, stale_sources=("crm",))
    result = check(CheckInput(metric(steady, shifted(5)), (rail,)))
    assert result.verdict.verdict is Verdict.IMPROVED_GUARDRAIL_OPEN
    assert "crm is stale" in " ".join(result.verdict.sentences)


def test_an_imported_ab_test_still_answers_to_the_guard_rails(metric, steady, shifted, guard_rail):
    primary = metric(steady, shifted(0), imported=ImportedResult(4.0, 1.0, 7.0))
    rail = guard_rail(steady, shifted(-3), margin=1.0)
    found = check(CheckInput(primary, (rail,), design=Design.AB_TEST))
    assert found.verdict.verdict is Verdict.IMPROVED_WITH_HARM

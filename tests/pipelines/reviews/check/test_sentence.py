"""Step 8: the verdict in words, and what would settle an open one."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reviews.check.computing import check
from pipelines.reviews.check.inputs import CheckInput, ImportedResult
from pipelines.reviews.check.sentence import NOT_CONTROLLED, WITH_CONTROL, sentence
from pipelines.reviews.check.settling import settling
from pipelines.reviews.check.trend import trend
from pipelines.reviews.core.terms import Design, Direction, Kind, MetricRole, Reason, Verdict

AFTER = [40.0, 41, 39, 40, 41, 39, 40, 41, 39, 40, 41, 39, 40]
SPACE = "\u00a0"


def said(given):
    return sentence(given, check(given)).replace(SPACE, " ")


def shares(values):
    return [value / 100 for value in values]


def test_a_success_says_verdict_effect_interval_target_guard_rails_and_confounders(metric, steady):
    primary = metric(
        shares(steady),
        shares([value + 5 for value in AFTER]),
        name="activation rate",
        unit="share",
        min_effect=0.02,
        target_value=0.44,
    )
    rail = metric(
        steady, AFTER, name="errors", role=MetricRole.GUARD_RAIL, margin=1.0, min_effect=None
    )
    given = CheckInput(primary, (rail,), confounders=("release 2.4", "a price change"))
    assert said(given) == (
        "Improved. activation rate went up by 5.0 pp (95 % interval +4.4 to +5.6 pp), "
        "from 40.0 % to 45.0 %. The target of 44.0 % is reached. Guard-rails: errors passed. "
        "In the same time: release 2.4 and a price change. "
        "Before/after comparison, not a controlled test."
    )


@pytest.mark.parametrize(("look", "confidence"), [(1, "95 %"), (2, "98 %"), (3, "99 %")])
def test_the_interval_says_its_confidence(metric, steady, look, confidence):
    given = CheckInput(metric(steady, AFTER), look=look)
    assert f"({confidence} interval" in said(given)


def test_a_fall_that_is_good_is_told_as_a_fall(metric, steady):
    after = [value - 10 for value in AFTER]
    given = CheckInput(
        metric(steady, after, direction=Direction.DOWN, kind=Kind.QUANTILE, unit="days")
    )
    text = said(given)
    assert text.startswith("Improved. activation went down by 10 days (95 % interval −10.")
    assert "0.75 times as much (0.7" in text


def test_every_comparison_says_what_it_is(metric, steady, series):
    given = CheckInput(metric(steady, AFTER))
    assert said(given).endswith(NOT_CONTROLLED)
    plan, window = given.primary
    plan = replace(plan, control=series([7.0, 8] * 13))
    window = replace(window, control=series([7.0, 8] * 6 + [7.0]))
    assert said(CheckInput((plan, window), design=Design.CONTROL_SERIES)).endswith(WITH_CONTROL)


def test_an_ab_test_does_not_say_that_it_is_not_controlled(metric, steady):
    imported = ImportedResult(4.0, 1.0, 7.0, source="experiment 12")
    given = CheckInput(metric(steady, AFTER, imported=imported), design=Design.AB_TEST)
    text = said(given)
    assert NOT_CONTROLLED not in text
    assert text.endswith("Result of an A/B test, experiment 12.")
    assert "went up by 4 (95 % interval +1 to +7)" in text


def test_what_is_not_ready_says_why_and_the_next_step(metric, steady):
    text = said(CheckInput(metric(steady, AFTER[:3])))
    assert text.startswith("Not ready. activation has 3 of 8 periods after the change. Wait for 5")
    assert "interval" not in text


def test_waived_failed_and_open_guard_rails_are_named(metric, steady):
    common = {"role": MetricRole.GUARD_RAIL, "min_effect": None}
    rails = (
        metric(steady, [v - 9 for v in AFTER], name="a", margin=1.0, **common),
        metric(steady, AFTER, name="b", margin=0.1, **common),
        metric(steady, AFTER, name="c", margin=0.1, is_waived=True, **common),
    )
    text = said(CheckInput(metric(steady, AFTER), rails))
    assert "Guard-rails: a failed, b not proven and c waived." in text


def test_an_open_guard_rail_says_when_it_may_be_proven(metric, steady):
    rail = metric(steady, AFTER, name="b", role=MetricRole.GUARD_RAIL, margin=0.5, min_effect=None)
    given = CheckInput(metric(steady, [v + 5 for v in AFTER]), (rail,))
    assert check(given).verdict.verdict is Verdict.IMPROVED_GUARDRAIL_OPEN
    assert "For b: If nothing else changes, about" in said(given)


# Open verdicts -------------------------------------------------------------------------------


def noisy(metric, effect, n=13, look=1, **more):
    """A zigzag of standard deviation 2 that moves by an effect; neighbours are not alike."""
    values = np.resize([2.0, -2.0], 26 + n) + 40
    values[26:] += effect - (values[26:].mean() - values[:26].mean())
    return CheckInput(metric(values[:26], values[26:], **more), look=look)


def test_too_little_data_says_what_is_known_how_long_it_takes_and_until_when(metric):
    text = said(noisy(metric, effect=0.2, min_effect=1.5))
    assert text.startswith("Inconclusive. Neither a gain nor its absence is shown.")
    assert (
        "What is known: the smallest effect worth having, +1.5, is still possible, and harm is not "
        "ruled out. If nothing else changes, about 20 weeks more would settle it, on 22 Feb 2027. "
        "Extend the Check to then."
    ) in text


def test_the_periods_promised_settle_it_if_the_effect_stays(metric):
    """Checked by living through them: the same spread and effect for as long as was said."""
    given = noisy(metric, effect=0.2, min_effect=1.5)
    result = check(given)
    assert result.verdict.reasons == (Reason.TOO_LITTLE_DATA,)
    more = settling(given, result.primary, result.verdict.reasons).more_periods
    for periods, verdict in ((more, Verdict.NO_USEFUL_EFFECT), (more - 3, Verdict.INCONCLUSIVE)):
        later = check(noisy(metric, effect=0.2, min_effect=1.5, n=13 + periods, look=2))
        assert later.verdict.verdict is verdict


def test_a_drift_is_sent_to_another_design(metric):
    drift = 40 + 0.1 * np.arange(39) + np.random.default_rng(0).normal(0, 1, 39)
    given = CheckInput(metric(drift[:26], drift[26:]))
    result = check(given)
    found = settling(given, result.primary, result.verdict.reasons)
    assert (found.more_periods, found.on) == (None, None)
    assert "Add a control series or stage the roll-out" in said(given)


def test_after_the_third_look_nobody_is_told_to_wait(metric):
    given = noisy(metric, effect=0.9, look=3)
    result = check(given)
    found = settling(given, result.primary, result.verdict.reasons)
    assert found.more_periods is None
    assert "third and last look" in found.sentence


def test_where_waiting_does_not_help_another_plan_is_named(metric):
    given = noisy(metric, effect=0.2, min_effect=0.3)
    assert "would not settle it. Lengthen the baseline" in said(given)


# Trend, for information ------------------------------------------------------------------------


def test_the_trend_beside_a_check_is_that_of_the_analysed_series(metric, steady):
    rising = np.array([*steady, *AFTER]) + 0.2 * np.arange(39)
    rising[26:] += 3
    found = trend(*metric(rising[:26], rising[26:]))
    assert found.trend == pytest.approx(0.2, abs=0.02)
    assert found.step_low < 3 < found.step_high
    assert trend(*metric(steady[:11], AFTER)) is None

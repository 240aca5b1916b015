"""Steps 2 to 6 of the Check for one metric: signals, effect, drift, target, guard-rail. Pure.

Arrays have any number of leading axes, (...): one cycle and thousands of simulated series
go through the same lines.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.reviews.check.adjusting import Analysed
from pipelines.reviews.check.inputs import MetricPlan
from pipelines.reviews.check.verdict_table import GUARD_CODES, Codes
from pipelines.reviews.core.terms import Direction, GuardState, Kind, TargetState
from pipelines.stats.arrays import Flags, FloatArray
from pipelines.stats.before_after import Effect, mean_effect
from pipelines.stats.control_chart import Limits, limits_of, signals_among
from pipelines.stats.drift import baseline_drift, windows_apart
from pipelines.stats.rate_change import rate_effect

RULES = ("outside", "run", "near_limit")
TARGETS = (TargetState.MISSED, TargetState.REACHED_NOT_PROVEN, TargetState.REACHED)
Interval = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Measured:
    """What steps 2 to 4 found, each of shape (...), in metric units.

    Attributes:
        limits: Process limits of the baseline.
        effect: On the scale of the comparison: logarithms of counts and quantiles.
        mean_before: Of the analysed baseline; geometric where logarithms are compared.
        mean_after: Of the post window.
        after_low: Lower end of the interval of `mean_after`.
        after_high: Upper end.
        difference: Oriented: favourable is up.
        low: Lower end of the interval of `difference`.
        high: Upper end.
        fired: Rule → direction of its signals among the post points: favourable, unfavourable.
        drift_high: Steepest favourable drift per period that the baseline could hide.
        drift_excluded: Whether the effect outruns it; whether harm does, where it is harm.
    """

    limits: Limits
    effect: Effect
    mean_before: FloatArray
    mean_after: FloatArray
    after_low: FloatArray
    after_high: FloatArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    fired: dict[str, tuple[Flags, Flags]]
    drift_high: FloatArray
    drift_excluded: Flags

    @property
    def favourable(self) -> Flags:
        """Any rule's signal to the good side."""
        return np.asarray(np.any([up for up, _ in self.fired.values()], axis=0))

    @property
    def unfavourable(self) -> Flags:
        """Any rule's signal to the bad side."""
        return np.asarray(np.any([down for _, down in self.fired.values()], axis=0))


def measured(plan: MetricPlan, series: Analysed, alpha: float) -> Measured:
    """Steps 2 to 4 on the analysed series.

    Args:
        plan: Direction, kind, possible range and frozen limits.
        series: What is compared, shapes (..., n0) and (..., n1).
        alpha: Of this look.
    """
    effect = _effect(plan.metric.kind, series, alpha)
    is_log = plan.metric.kind in {Kind.COUNT, Kind.QUANTILE}
    before, after = (_level(side.mean, is_log) for side in (effect.before, effect.after))
    ends = [_in_units(end, before, is_log) for end in (effect.low, effect.high)]
    low, high = ends if plan.sign > 0 else (-ends[1], -ends[0])
    limits = limits_used(plan, series)
    drift_high, drift_excluded = _drift(plan, series, effect, alpha)
    return Measured(
        limits=limits,
        effect=effect,
        mean_before=before,
        mean_after=after,
        after_low=_level(effect.after_low, is_log),
        after_high=_level(effect.after_high, is_log),
        difference=plan.sign * _in_units(effect.difference, before, is_log),
        low=low,
        high=high,
        fired=_fired(plan.sign, series.after, limits),
        drift_high=drift_high,
        drift_excluded=drift_excluded,
    )


def limits_used(plan: MetricPlan, series: Analysed) -> Limits:
    """The frozen process limits; of an adjusted series those of its own frozen baseline."""
    if plan.limits is None or series.is_adjusted:
        return limits_of(series.before, possible=plan.possible)
    lowest, highest = plan.possible
    return replace(
        plan.limits,
        lower=np.maximum(plan.limits.lower, lowest),
        upper=np.minimum(plan.limits.upper, highest),
    )


def _effect(kind: Kind, series: Analysed, alpha: float) -> Effect:
    if kind is Kind.COUNT:
        exposures = series.exposure_before, series.exposure_after
        counts = series.before * exposures[0], series.after * exposures[1]
        return rate_effect(*counts, *exposures, alpha=alpha)
    if kind is Kind.QUANTILE:
        return mean_effect(_log(series.before), _log(series.after), alpha=alpha)
    return mean_effect(series.before, series.after, alpha=alpha)


def _log(values: FloatArray) -> FloatArray:
    return np.log(np.where(values > 0, values, np.nan))


def _level(values: FloatArray, is_log: bool) -> FloatArray:
    with np.errstate(over="ignore"):  # an end beyond all numbers is an open one
        return np.exp(values) if is_log else values


def _in_units(effect: FloatArray, level: FloatArray, is_log: bool) -> FloatArray:
    """An effect in metric units; of a ratio, what it makes of the baseline's level."""
    with np.errstate(over="ignore"):
        return level * np.expm1(effect) if is_log else effect


def _fired(sign: int, after: FloatArray, limits: Limits) -> dict[str, tuple[Flags, Flags]]:
    found = signals_among(after, limits)
    rules = {rule: sign * getattr(found, rule) for rule in RULES}
    return {rule: ((way > 0).any(axis=-1), (way < 0).any(axis=-1)) for rule, way in rules.items()}


def _drift(
    plan: MetricPlan, series: Analysed, effect: Effect, alpha: float
) -> tuple[FloatArray, Flags]:
    """Step 4: the drift that the baseline could hide, and whether the effect outruns it."""
    if series.has_control:
        nothing = np.full(np.shape(effect.difference), np.nan)
        return nothing, np.ones(nothing.shape, dtype=bool)
    is_quantile = plan.metric.kind is Kind.QUANTILE
    baseline = plan.sign * (_log(series.before) if is_quantile else series.before)
    gain = effect.difference
    if plan.metric.kind is Kind.COUNT:
        # A period may be without an event, so that counts drift on their own scale.
        gain = np.exp(effect.after.mean) - np.exp(effect.before.mean)
    drift = baseline_drift(baseline, effect.rho, alpha=alpha)
    apart = windows_apart(series.before, series.after, series.periods_between)
    pace = plan.sign * gain / apart
    excluded = np.asarray(np.where(pace > 0, pace > drift.high, pace < drift.low))
    level = _level(effect.before.mean, is_quantile)
    return _in_units(drift.high, level, is_quantile), excluded


def guard_codes(plan: MetricPlan, found: Measured) -> Codes:
    """Step 6: the state of a guard-rail as a code of `GUARD_CODES`, shape (...).

    Too few independent periods prove nothing.
    """
    codes = kept_codes(plan, (found.low, found.high), (found.after_low, found.after_high))
    return np.where(found.effect.is_too_alike, GUARD_CODES[GuardState.NOT_PROVEN], codes)


def kept_codes(plan: MetricPlan, effect: Interval, after: Interval) -> Codes:
    """Whether a guard-rail kept within its margin or band, shape (...).

    Args:
        plan: Its direction, and margin or band. Without a margin no harm is tolerated.
        effect: Interval of the effect, favourable up.
        after: Interval of the later mean.
    """
    if plan.metric.direction is Direction.WITHIN:
        lowest, highest = plan.band
        passes = (after[0] >= lowest) & (after[1] <= highest)
        fails = (after[1] < lowest) | (after[0] > highest)
    else:
        margin = plan.metric.margin or 0.0
        passes, fails = effect[0] > -margin, effect[1] < -margin
    codes = np.select(
        [passes, fails],
        [GUARD_CODES[GuardState.PASS], GUARD_CODES[GuardState.FAIL]],
        default=GUARD_CODES[GuardState.NOT_PROVEN],
    )
    return np.asarray(codes, dtype=np.int8)


def target_codes(
    plan: MetricPlan, after: FloatArray, ends: Interval, too_alike: Flags
) -> Codes | None:
    """Step 5: index into `TARGETS`, shape (...); None without a target or a good direction.

    Args:
        plan: Its target and direction.
        after: The later mean.
        ends: Its interval.
        too_alike: Fewer than two independent periods: the interval proves nothing.
    """
    target = plan.metric.target_value
    if target is None or plan.metric.direction is Direction.WITHIN:
        return None
    near = ends[0] if plan.sign > 0 else ends[1]
    is_near_past = (plan.sign * (near - target) >= 0) & ~too_alike
    is_mean_past = plan.sign * (after - target) >= 0
    return np.asarray(np.where(is_near_past, 2, np.where(is_mean_past, 1, 0)), dtype=np.int8)


def breaches_early(plan: MetricPlan, series: Analysed) -> bool:
    """Whether a guard-rail shows harm before its Check: a point beyond a limit on the bad side.

    Of a metric that must stay within a band, a point beyond a limit and outside the band.
    """
    outside = signals_among(series.after, limits_used(plan, series)).outside
    if plan.metric.direction is not Direction.WITHIN:
        return bool((plan.sign * outside < 0).any())
    lowest, highest = plan.band
    has_left = (series.after < lowest) | (series.after > highest)
    return bool(((outside != 0) & has_left).any())

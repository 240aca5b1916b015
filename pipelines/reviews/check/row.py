"""What a Check found on one metric, as the record holds it. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from pipelines.reviews.check.adjusting import Analysed
from pipelines.reviews.check.inputs import ImportedResult, MetricPlan, Window, usable
from pipelines.reviews.check.measuring import (
    TARGETS,
    Interval,
    Measured,
    guard_codes,
    kept_codes,
    target_codes,
)
from pipelines.reviews.check.verdict_table import GUARD_CODES, Codes
from pipelines.reviews.core.terms import (
    GuardState,
    Kind,
    Method,
    MetricRole,
    SignalDirection,
    TargetState,
)
from pipelines.stats.arrays import FloatArray, floats
from pipelines.stats.proportions import newcombe_difference, wilson_interval

_STATES = {code: state for state, code in GUARD_CODES.items()}
_METHODS = {
    Kind.COUNT: Method.RATE_RATIO,
    Kind.QUANTILE: Method.LOG_MEAN_DIFFERENCE,
}


@dataclass(frozen=True)
class MetricCheck:
    """One metric in one Check; columns of `pdca_check`. Unknown is None.

    Numbers are in the metric's unit. `diff`, `lo` and `hi` are oriented: favourable is up, so
    that a fall of a metric that should fall is above 0. `mean_base` and `mean_post` are not.
    Of counts and quantiles, whose effect is a ratio, `diff` is what that ratio makes of
    `mean_base`, and the means of quantiles are geometric.

    Attributes:
        post_from: First day of the post window.
        post_to: Its last day.
        xmr_rules: The rules that signalled among the post points.
        signal_dir: To which side they did.
        drift_hi: Steepest favourable drift per period that the baseline could hide.
        drift_excluded: Whether effect, or harm, outruns it; None where step 4 was not needed.
    """

    metric_id: str
    look: int
    alpha: float
    method: Method | None = None
    post_from: date | None = None
    post_to: date | None = None
    n_base: int | None = None
    n_post: int | None = None
    mean_base: float | None = None
    mean_post: float | None = None
    diff: float | None = None
    lo: float | None = None
    hi: float | None = None
    rho: float | None = None
    n_eff_base: float | None = None
    n_eff_post: float | None = None
    xmr_rules: tuple[str, ...] = ()
    signal_dir: SignalDirection | None = None
    drift_hi: float | None = None
    drift_excluded: bool | None = None
    target_state: TargetState | None = None
    guard_state: GuardState | None = None


def empty_row(plan: MetricPlan, window: Window, look: int, alpha: float) -> MetricCheck:
    """A metric that cannot be judged: periods are counted, nothing is compared."""
    end = window.post.end(plan.metric.grain)
    return MetricCheck(
        metric_id=plan.metric_id,
        look=look,
        alpha=alpha,
        post_from=window.post.starts[0] if end else None,
        post_to=end - timedelta(days=1) if end else None,
        n_base=usable(plan, plan.baseline).n,
        n_post=usable(plan, window.post).n,
        guard_state=GuardState.NOT_PROVEN if is_guard_rail(plan) else None,
    )


def measured_row(
    plan: MetricPlan, window: Window, series: Analysed, found: Measured, look: int, alpha: float
) -> MetricCheck:
    """A metric of which two stretches of its series were compared."""
    ends = found.after_low, found.after_high
    target = target_codes(plan, found.mean_after, ends, found.effect.is_too_alike)
    return replace(
        empty_row(plan, window, look, alpha),
        method=_METHODS.get(plan.metric.kind, Method.MEAN_DIFFERENCE),
        n_base=int(found.effect.before.n),
        n_post=int(found.effect.after.n),
        mean_base=known(found.mean_before),
        mean_post=known(found.mean_after),
        diff=known(found.difference),
        lo=known(found.low),
        hi=known(found.high),
        rho=known(found.effect.rho),
        n_eff_base=known(found.effect.before.effective),
        n_eff_post=known(found.effect.after.effective),
        xmr_rules=tuple(rule for rule, ways in found.fired.items() if any(ways)),
        signal_dir=signal_direction(bool(found.favourable), bool(found.unfavourable)),
        drift_hi=known(found.drift_high),
        drift_excluded=None if series.has_control else bool(found.drift_excluded),
        target_state=None if target is None else TARGETS[int(target)],
        guard_state=_guard_state(plan, guard_codes(plan, found)),
    )


def waves_row(plan: MetricPlan, window: Window, look: int, alpha: float) -> MetricCheck:
    """A share in two pooled samples without time axis, by Newcombe's interval."""
    before, after = (
        (series.array * series.exposed, series.exposed) for series in (plan.baseline, window.post)
    )
    low, high = newcombe_difference(*after, *before, confidence=1 - alpha)
    ends = wilson_interval(*after, confidence=1 - alpha)
    shares = [won / n for won, n in (before, after)]
    found = _pooled(plan, window, (shares[1] - shares[0], low, high), ends, look, alpha)
    target = target_codes(plan, shares[1], ends, np.array([False]))
    return replace(
        found,
        method=Method.NEWCOMBE,
        mean_base=known(shares[0]),
        mean_post=known(shares[1]),
        target_state=None if target is None else TARGETS[int(target[0])],
    )


def imported_row(
    plan: MetricPlan, window: Window, result: ImportedResult, look: int, alpha: float
) -> MetricCheck:
    """The result of an A/B test in place of a comparison."""
    effect = [floats([number]) for number in (result.difference, result.low, result.high)]
    unknown = floats([np.nan])
    return _pooled(plan, window, (effect[0], effect[1], effect[2]), (unknown, unknown), look, alpha)


def _pooled(
    plan: MetricPlan,
    window: Window,
    effect: tuple[FloatArray, FloatArray, FloatArray],
    after: Interval,
    look: int,
    alpha: float,
) -> MetricCheck:
    """A metric without a series: effect and interval, each of shape (1,), favourable as it is."""
    difference, low, high = effect
    ends = (low, high) if plan.sign > 0 else (-high, -low)
    return replace(
        empty_row(plan, window, look, alpha),
        method=Method.IMPORTED,
        diff=known(plan.sign * difference),
        lo=known(ends[0]),
        hi=known(ends[1]),
        guard_state=_guard_state(plan, kept_codes(plan, ends, after)),
    )


def is_guard_rail(plan: MetricPlan) -> bool:
    """Whether the metric must not get worse than its margin."""
    return plan.metric.role is MetricRole.GUARD_RAIL


def known(value: ArrayLike) -> float | None:
    """A single number that may be unknown."""
    number = floats(value).item()
    return number if np.isfinite(number) else None


def signal_direction(favourable: bool, unfavourable: bool) -> SignalDirection | None:
    """The side of the signals; None without any."""
    if favourable and unfavourable:
        return SignalDirection.BOTH
    if favourable:
        return SignalDirection.FAVOURABLE
    return SignalDirection.UNFAVOURABLE if unfavourable else None


def _guard_state(plan: MetricPlan, code: Codes) -> GuardState | None:
    return _STATES[int(code.item())] if is_guard_rail(plan) else None

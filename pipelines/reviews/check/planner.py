"""What a plan can show before it starts: smallest effect, chances, by simulating the Check. Pure.

Series are simulated and judged by the same rule as the cycle will be, so that nothing is
promised that the rule does not keep.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, sqrt

import numpy as np

from pipelines.reviews.check.adjusting import Analysed, analysed_baseline
from pipelines.reviews.check.computing import checked
from pipelines.reviews.check.inputs import MetricPlan
from pipelines.reviews.check.measuring import guard_codes, measured
from pipelines.reviews.check.verdict_table import GUARD_CODES
from pipelines.reviews.core.plan import ALPHA_PER_LOOK
from pipelines.reviews.core.terms import GuardState, Kind, Verdict
from pipelines.stats.arrays import FloatArray, floats, known_count, known_mean, known_sum
from pipelines.stats.before_after import inflation, lag_one, student
from pipelines.stats.change import POWER_80, ROUNDING
from pipelines.stats.simulated import autoregressive

RUNS = 2_000
WANTED = 0.80
# Short baselines hide autocorrelation; below this length none is believed to be small.
LONG_BASELINE, LEAST_RHO = 20, 0.3
# In standard deviations. Of short series too many are too alike for any verdict: their chance
# creeps up to a ceiling near 80 % far beyond this, where nobody would call it reachable.
LARGEST_SHIFT = 10.0
_STEPS = 11
NOT_REACHABLE = inf


@dataclass(frozen=True)
class Noise:
    """What the analysed baseline does by itself.

    Attributes:
        level: Its mean in metric units; geometric of quantiles.
        sigma: Standard deviation of its periods, in metric units; of quantiles on logarithms.
        rho: Lag-1 autocorrelation assumed for the plan.
        n: Its periods.
        exposure: Mean exposure of a period, which only counts need.
        has_control: Whether a control series is subtracted.
    """

    level: float
    sigma: float
    rho: float
    n: int
    exposure: float = 1.0
    has_control: bool = False


@dataclass(frozen=True)
class Outlook:
    """What a plan can show, in metric units and chances.

    Attributes:
        mde80: Smallest effect that gets the verdict `improved` in 80 of 100 cases, with no harm
            done; `NOT_REACHABLE` (inf) if none does; None without a baseline to judge by.
        lower_bound: No design of these sizes can do better.
        chance: Of the verdict `improved` if the expected effect is real, or, where none was said,
            the smallest worth having; None without either.
        guard_chances: Guard-rail id → chance to pass although nothing harms it; None unknown.
        noise: What was assumed; None without a baseline.
    """

    mde80: float | None
    lower_bound: float | None
    chance: float | None
    guard_chances: dict[str, float | None]
    noise: Noise | None

    @property
    def is_reachable(self) -> bool:
        """Whether any effect gets the verdict in 80 of 100 cases."""
        return self.mde80 is not None and isfinite(self.mde80)


def outlook(
    primary: MetricPlan,
    guard_rails: Sequence[MetricPlan],
    n_post: int,
    *,
    seed: int,
    runs: int = RUNS,
) -> Outlook:
    """What the locked plan of a cycle can show at its first look.

    Args:
        primary: With its frozen baseline; direction up or down.
        guard_rails: Those that are not waived.
        n_post: Planned periods after the change.
        seed: 64 bits from the plan's hash, `seed_of`: the same plan has the same outlook.
        runs: Simulated series.
    """
    noise = noise_of(primary)
    chances = {
        rail.metric_id: chance_to_pass(rail, n_post, seed=(seed, number), runs=runs)
        for number, rail in enumerate(guard_rails, start=1)
    }
    if noise is None:
        return Outlook(None, None, None, chances, None)
    simulation = Simulation(primary, noise, n_post, seed=(seed, 0), runs=runs)
    expected = primary.metric.expected_effect or primary.metric.min_effect
    return Outlook(
        mde80=simulation.smallest_effect(),
        lower_bound=lower_bound(noise, n_post, primary.metric.kind),
        chance=None if expected is None else simulation.chance(expected),
        guard_chances=chances,
        noise=noise,
    )


def seed_of(plan_hash: str) -> int:
    """The first 64 bits of a plan's hash.

    >>> seed_of("ff" + 62 * "0")
    18374686479671623680
    """
    return int(plan_hash[:16], 16)


def noise_of(plan: MetricPlan) -> Noise | None:
    """Spread and autocorrelation of the analysed baseline.

    None where it says nothing about noise: below two periods, where all are alike, and of
    counts without any event.
    """
    series = analysed_baseline(plan)
    values = series.before
    if plan.metric.kind is Kind.QUANTILE:
        values = np.log(values)
    n = int(known_count(values))
    if n <= 1:
        return None
    mean = float(known_mean(values))
    sigma = sqrt(float(known_sum((values - mean) ** 2)) / (n - 1))
    if sigma <= ROUNDING * abs(mean) or (plan.metric.kind is Kind.COUNT and mean <= 0):
        return None
    estimate = float(lag_one(values))
    return Noise(
        level=float(np.exp(mean)) if plan.metric.kind is Kind.QUANTILE else mean,
        sigma=sigma,
        rho=max(estimate, LEAST_RHO) if n < LONG_BASELINE else estimate,
        n=n,
        exposure=float(known_mean(floats(series.exposure_before))),
        has_control=series.has_control,
    )


def lower_bound(noise: Noise, n_post: int, kind: Kind) -> float:
    """The effect that a test of the means alone would see in 80 of 100 cases, in metric units.

    Only a bound: the rule asks for a signal and for the exclusion of drift as well.

    Args:
        noise: Of the baseline.
        n_post: Planned periods after the change.
        kind: Of the metric.
    """
    effective = floats([noise.n, n_post]) / inflation(floats(noise.rho))
    quantile = student(ALPHA_PER_LOOK[0], np.maximum(effective.sum() - 2, 1))
    shift = float((quantile + POWER_80) * noise.sigma * np.sqrt((1 / effective).sum()))
    return noise.level * float(np.expm1(shift)) if kind is Kind.QUANTILE else shift


def chance_to_pass(
    rail: MetricPlan, n_post: int, *, seed: int | Sequence[int], runs: int = RUNS
) -> float | None:
    """Chance of a guard-rail to pass although nothing changes; None without a baseline.

    Args:
        rail: With its frozen baseline and margin or band.
        n_post: Planned periods after the change.
        seed: Of the noise.
        runs: Simulated series.
    """
    noise = noise_of(rail)
    if noise is None:
        return None
    return Simulation(rail, noise, n_post, seed=seed, runs=runs).chance_to_pass()


class Simulation:
    """Series of a planned design, made once and shifted by any effect."""

    def __init__(
        self,
        plan: MetricPlan,
        noise: Noise,
        n_post: int,
        *,
        seed: int | Sequence[int],
        runs: int = RUNS,
    ) -> None:
        # The frozen limits are of one baseline; every simulated one has its own.
        self._plan = replace(plan, limits=None)
        self._noise = noise
        self._deviations = noise.sigma * autoregressive(noise.rho, runs, noise.n + n_post, seed)

    def series(self, effect: float) -> Analysed:
        """The simulated series with an effect in metric units, favourable above 0."""
        before, after = np.split(self._deviations, [self._noise.n], axis=1)
        level, change = self._noise.level, self._plan.sign * effect
        if self._plan.metric.kind is Kind.QUANTILE:
            shifted = max(level + change, 0.0)
            return self._analysed(level * np.exp(before), shifted * np.exp(after))
        if self._plan.metric.kind is Kind.COUNT:
            before, after = (np.maximum(level + each, 0.0) for each in (before, after))
            return self._analysed(before, after * max(1 + change / level, 0.0))
        return self._analysed(level + before, level + after + change)

    def chance(self, effect: float) -> float:
        """Share of the series that get the verdict `improved`."""
        series = self.series(effect)
        found = checked(
            self._plan,
            series.before,
            series.after,
            exposure=self._noise.exposure,
            has_control=series.has_control,
        )
        return float(found.is_verdict(Verdict.IMPROVED).mean())

    def chance_to_pass(self) -> float:
        """Share of the series in which the metric, as a guard-rail, passes without any effect."""
        found = measured(self._plan, self.series(0.0), ALPHA_PER_LOOK[0])
        return float((guard_codes(self._plan, found) == GUARD_CODES[GuardState.PASS]).mean())

    def smallest_effect(self) -> float:
        """Smallest effect with a chance of 80 %, by bisection; `NOT_REACHABLE` if there is none."""
        low, high = 0.0, self._largest_effect()
        if self.chance(high) < WANTED:
            return NOT_REACHABLE
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.chance(middle) >= WANTED else (middle, high)
        return high

    def _largest_effect(self) -> float:
        shift, level, sign = LARGEST_SHIFT * self._noise.sigma, self._noise.level, self._plan.sign
        if self._plan.metric.kind is Kind.QUANTILE:
            shift = sign * level * float(np.expm1(sign * shift))
        lowest, highest = self._plan.possible
        room = highest - level if sign > 0 else level - lowest
        return max(min(shift, room), 0.0)

    def _analysed(self, before: FloatArray, after: FloatArray) -> Analysed:
        exposure = self._noise.exposure
        return Analysed(before, after, exposure, exposure, has_control=self._noise.has_control)

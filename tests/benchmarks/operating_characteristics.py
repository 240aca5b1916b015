"""How often the Check is right and wrong: python operating_characteristics.py [--runs N] [--json].

Simulated series go through the rule that judges cycles. Prints what it found as Markdown, or as
one JSON list of {bar, cell, share, limit, side}: `share` of the runs; `side` says whether `limit`
is the least, the most, or what `share` must be near to. Effects are in standard deviations.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from pipelines.reviews.check.adjusting import Analysed
from pipelines.reviews.check.computing import checked
from pipelines.reviews.check.inputs import NO_SERIES, MetricPlan
from pipelines.reviews.check.measuring import guard_codes, measured
from pipelines.reviews.check.planner import Noise, Simulation
from pipelines.reviews.core.plan import ALPHA_PER_LOOK, PlanMetric
from pipelines.reviews.core.terms import Direction, Kind, MetricRole, Verdict

DESIGNS = [(12, 8), (20, 12), (26, 13), (52, 13)]
RHOS = [0.0, 0.3, 0.5, 0.8]
NOISES = ["normal", "t(4)"]
SHIFTS = [1, 1.5, 2, 3]
DRIFTS = [0.05, 0.075, 0.1]
# Share of `improved` per cent at 1, 1.5, 2 and 3 sigma, then at 2 sigma without step 4.
POWER = {
    (12, 8, 0.0): (11, 27, 47, 78, 90),
    (12, 8, 0.5): (8, 16, 25, 42, 57),
    (20, 12, 0.0): (23, 53, 77, 97, 99),
    (20, 12, 0.5): (12, 25, 39, 63, 74),
    (26, 13, 0.0): (34, 69, 90, 100, 99),
    (26, 13, 0.5): (16, 34, 52, 78, 81),
    (52, 13, 0.0): (58, 93, 100, 100, 100),
    (52, 13, 0.5): (28, 56, 79, 96, 84),
}
MARGIN = 1.0
# Too small for "real but small" to be found.
PLAN = MetricPlan(
    PlanMetric(
        "m",
        MetricRole.PRIMARY,
        Direction.UP,
        Kind.MEAN,
        definition_hash="d",
        grain="week",
        min_effect=1e-9,
        margin=MARGIN,
    ),
    NO_SERIES,
)
SETTLED = 200


class Row(NamedTuple):
    """One bar in one cell."""

    bar: str
    cell: str
    share: float
    limit: float
    side: str


def noise(rho: float, shape: tuple[int, int], kind: str, seed: list[int]) -> np.ndarray:
    """AR(1) noise of standard deviation 1, settled before its first value."""
    rng = np.random.default_rng(seed)
    size = (shape[0], shape[1] + SETTLED)
    steps = rng.normal(size=size) if kind == "normal" else rng.standard_t(4, size) / np.sqrt(2)
    return lfilter([1], [1, -rho], steps * np.sqrt(1 - rho**2), axis=1)[:, SETTLED:]


def longer(n_post: int) -> list[int]:
    """The post window at three looks, each half as long again."""
    return [n_post, round(1.5 * n_post), round(2.25 * n_post)]


def errors(runs: int) -> Iterator[Row]:
    """Coverage and false verdicts of every design, autocorrelation and noise."""
    for number, (design, rho, kind) in enumerate(product(DESIGNS, RHOS, NOISES)):
        n0, n1 = design
        cell = f"{n0}/{n1}, ρ = {rho:g}, {kind}"
        looks = longer(n1)
        series = noise(rho, (runs, n0 + looks[-1]), kind, [number])
        before, after = series[:, :n0], series[:, n0:]
        first = checked(PLAN, before, after[:, :n1])
        effect = first.measured.effect
        covered = (effect.low <= 0) & (effect.high >= 0)
        least = 0.89 if rho > RHOS[-2] else 0.915
        yield Row("Interval coverage", cell, covered.mean(), least, "at least")
        improved, worse = (
            first.is_verdict(verdict) for verdict in (Verdict.IMPROVED, Verdict.WORSE)
        )
        yield Row("False improved", cell, improved.mean(), 0.025, "at most")
        yield Row("False worse", cell, worse.mean(), 0.055, "at most")
        either = improved | worse
        yield Row("Either, first look", cell, either.mean(), 0.07, "at most")
        for length, alpha in zip(looks[1:], ALPHA_PER_LOOK[1:], strict=True):
            later = checked(PLAN, before, after[:, :length], alpha=alpha)
            either = either | later.is_verdict(Verdict.IMPROVED) | later.is_verdict(Verdict.WORSE)
        yield Row("Either, all three looks", cell, either.mean(), 0.075, "at most")
        for slope in DRIFTS:
            drifting = series[:, : n0 + n1] + slope * np.arange(n0 + n1)
            fooled = checked(PLAN, drifting[:, :n0], drifting[:, n0:]).is_verdict(Verdict.IMPROVED)
            yield Row(
                "False improved under drift", f"{cell}, {slope:g}σ", fooled.mean(), 0.055, "at most"
            )
        harmed = Analysed(before, after[:, :n1] - MARGIN)
        passes = guard_codes(PLAN, measured(PLAN, harmed, ALPHA_PER_LOOK[0])) == 0
        yield Row("Guard-rail passes at its margin", cell, passes.mean(), 0.055, "at most")


def power(runs: int) -> Iterator[Row]:
    """Chance of `improved` by size of the effect, with and without step 4."""
    for number, ((n0, n1, rho), expected) in enumerate(POWER.items()):
        series = noise(rho, (runs, n0 + n1), "normal", [100, number])
        for place, share in enumerate(expected):
            is_without = place == len(SHIFTS)
            shift = 2 if is_without else SHIFTS[place]
            found = checked(PLAN, series[:, :n0], series[:, n0:] + shift, has_control=is_without)
            cell = f"{n0}/{n1}, ρ = {rho:g}, {shift:g}σ{' without step 4' * is_without}"
            chance = found.is_verdict(Verdict.IMPROVED).mean()
            yield Row("Power", cell, chance, share / 100, "near")


def shares_of(z: np.ndarray, rng: np.random.Generator, effect: float) -> np.ndarray:
    """Shares of 300 persons a period, of a share that moves around its mean."""
    return rng.binomial(300, np.clip(0.30 + effect + 0.03 * z, 0, 1)) / 300


def counts_of(z: np.ndarray, rng: np.random.Generator, effect: float) -> np.ndarray:
    """Counts that vary more than chance; the mean of exp(0.2z - 0.02) is 1."""
    return rng.poisson(25 * np.exp(effect + 0.2 * z - 0.02)).astype(float)


def medians_of(z: np.ndarray, rng: np.random.Generator, effect: float) -> np.ndarray:
    """Medians of 25 durations a period."""
    durations = rng.normal(size=(*z.shape, 25), loc=0.0, scale=0.6)
    return 8 * np.exp(effect + 0.2 * z + np.median(durations, axis=-1))


BRANCHES = {
    Kind.PROPORTION: (shares_of, 0.05),
    Kind.COUNT: (counts_of, 0.3),
    Kind.QUANTILE: (medians_of, -0.25),
}


def branches(runs: int) -> Iterator[Row]:
    """Coverage of the true effect where the values are shares, counts or medians."""
    for kind, design, rho in product(BRANCHES, DESIGNS, (0.0, 0.5)):
        n0, n1 = design
        made, effect = BRANCHES[kind]
        seed = [200, list(BRANCHES).index(kind), n0, int(10 * rho)]
        z = noise(rho, (runs, n0 + n1), "normal", seed)
        rng = np.random.default_rng([*seed, 1])
        plan = replace(PLAN, metric=replace(PLAN.metric, kind=kind))
        series = Analysed(made(z[:, :n0], rng, 0.0), made(z[:, n0:], rng, effect))
        found = measured(plan, series, ALPHA_PER_LOOK[0]).effect
        covered = (found.low <= effect) & (found.high >= effect)
        cell = f"{n0}/{n1}, ρ = {rho:g}"
        yield Row(f"Interval coverage, {kind}", cell, covered.mean(), 0.90, "at least")


def rows(runs: int) -> list[Row]:
    """Every bar in every cell."""
    found = [*errors(runs), *power(runs), *branches(runs)]
    return [row._replace(share=float(row.share)) for row in found]


def smallest_effects(runs: int) -> list[list[str]]:
    """The table of mde80 in standard deviations."""
    table = []
    for n0, n1 in DESIGNS:
        found = [
            Simulation(
                PLAN, Noise(0.0, 1.0, rho, n0, has_control=control), n1, seed=1, runs=runs
            ).smallest_effect()
            for rho, control in ((0.0, False), (0.3, False), (0.5, False), (0.0, True), (0.5, True))
        ]
        table.append(
            [f"{n0}/{n1}", *(f"{e:.1f}σ" if np.isfinite(e) else "not reachable" for e in found)]
        )
    return table


def markdown(found: list[Row], effects: list[list[str]]) -> str:
    """The tables of the specification, filled in."""
    lines = ["| Bar | Required | In simulation |", "|---|---|---|"]
    groups: dict[tuple[str, float], list[Row]] = {}
    for row in found:
        if row.side != "near":
            groups.setdefault((row.bar, row.limit), []).append(row)
    for (bar, limit), group in groups.items():
        shares = [100 * row.share for row in group]
        sign = "≥" if group[0].side == "at least" else "≤"
        lines.append(
            f"| {bar} | {sign} {100 * limit:g} % | {min(shares):.1f}–{max(shares):.1f} % |"
        )
    lines += ["", "| n0/n1 | ρ | 1σ | 1.5σ | 2σ | 3σ | 2σ without step 4 |", "|---" * 7 + "|"]
    chances = iter(100 * row.share for row in found if row.side == "near")
    for (n0, n1, rho), expected in POWER.items():
        cells = " | ".join(f"{next(chances):.0f} % ({share} %)" for share in expected)
        lines.append(f"| {n0}/{n1} | {rho:g} | {cells} |")
    lines += [
        "",
        "| n0/n1 | ρ = 0 | ρ = .3 | ρ = .5 | control, ρ = 0 | control, ρ = .5 |",
        "|---" * 6 + "|",
    ]
    lines += [f"| {' | '.join(row)} |" for row in effects]
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = rows(options.runs)
    if options.json:
        text = json.dumps([row._asdict() for row in found])
    else:
        text = markdown(found, smallest_effects(options.runs))
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()

"""Level and trend before and after a change, in one regression."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from pipelines.stats.arrays import FloatArray, floats
from pipelines.stats.before_after import MOST_AUTOCORRELATION

FEWEST_BEFORE, FEWEST_AFTER = 12, 8
_MOST_ROUNDS = 50
_CONVERGED = 1e-8


@dataclass(frozen=True)
class Segmented:
    """Coefficients with their intervals; the step is that at the first later period.

    `trend` is per period before the change, `trend_change` what is added to it afterwards.
    """

    trend: float
    trend_low: float
    trend_high: float
    step: float
    step_low: float
    step_high: float
    trend_change: float
    trend_change_low: float
    trend_change_high: float
    rho: float


def segmented_trend(
    before: ArrayLike, after: ArrayLike, periods_between: int = 0, *, alpha: float = 0.05
) -> Segmented | None:
    """Segmented regression y = β0 + β1·t + β2·D + β3·(t - T0)·D with Prais-Winsten errors.

    Newey-West intervals are not used: they cover 45 to 50 % under strong autocorrelation.

    Args:
        before: Values per period, oldest first, shape (n0,); nan where missing.
        after: The same of the later window, shape (n1,).
        periods_between: Periods that belong to neither window.
        alpha: 1 - coverage, strictly between 0 and 1.

    Returns:
        In the values' unit; None below 12 periods before or 8 after.

    Source:
        Prais & Winsten (1954), Cowles Commission discussion paper 383, as generalised least
        squares on all points; design of Wagner et al. (2002), J Clin Pharm Ther 27, 299-309.
    """
    sides = [floats(before), floats(after)]
    if np.isfinite(sides[0]).sum() < FEWEST_BEFORE or np.isfinite(sides[1]).sum() < FEWEST_AFTER:
        return None
    starts = 0, sides[0].size + periods_between
    time = np.concatenate(
        [start + np.arange(side.size) for start, side in zip(starts, sides, strict=True)]
    )
    later = np.repeat([0.0, 1.0], [side.size for side in sides])
    values = np.concatenate(sides)
    known = np.isfinite(values)
    design = np.column_stack([np.ones_like(later), time, later, (time - starts[1]) * later])
    return _fitted(values[known], design[known], time[known], alpha)


def _fitted(values: FloatArray, design: FloatArray, time: FloatArray, alpha: float) -> Segmented:
    lags = np.abs(np.subtract.outer(time, time))
    neighbours = np.diff(time) == 1
    rho = 0.0
    for _ in range(_MOST_ROUNDS):
        fit = GLS(values, design, sigma=rho**lags).fit()
        residuals = values - design @ fit.params
        squares = float((residuals**2).sum())
        products = float((residuals[1:] * residuals[:-1])[neighbours].sum())
        former, rho = rho, (products / squares if squares > 0 else 0.0)
        rho = float(np.clip(rho, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION))
        if abs(rho - former) < _CONVERGED:
            break
    ends = fit.conf_int(alpha)
    each = [(float(fit.params[i]), float(ends[i, 0]), float(ends[i, 1])) for i in (1, 2, 3)]
    return Segmented(*each[0], *each[1], *each[2], rho=rho)

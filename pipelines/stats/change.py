"""A change with its uncertainty, and the one word that may be said about it."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

State = Literal[
    "higher", "lower", "no_clear_change", "too_early", "too_little_data", "not_comparable"
]

# Normal quantile of 80 % power: a change that large would be seen four times in five.
POWER_80 = 0.84
NORMAL_95 = NormalDist().inv_cdf(0.975)
# Sums in another order differ by rounding; that is no change.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Change:
    """A difference after less before, and what may be said about it.

    `difference`, `low`, `high` and `smallest_visible` are in the metric's unit, nan where
    they cannot be answered. `smallest_visible` is the change that these data would have
    shown in 80 of 100 cases. `n_before` and `n_after` count what was compared: periods,
    people or customers.
    """

    difference: float
    low: float
    high: float
    state: State
    n_before: int
    n_after: int
    smallest_visible: float


def withheld(
    state: Literal["too_early", "too_little_data", "not_comparable"],
    *,
    n_before: int,
    n_after: int,
    difference: float = float("nan"),
) -> Change:
    """A comparison that must not be judged, for a reason that the caller knows.

    >>> withheld("not_comparable", n_before=40, n_after=50).state
    'not_comparable'
    """
    unknown = float("nan")
    return Change(difference, unknown, unknown, state, n_before, n_after, unknown)


def judged(
    difference: float,
    ends: tuple[float, float],
    sizes: tuple[int, int],
    *,
    minimum_n: int = 0,
    quantile: float = NORMAL_95,
    scale: float = 1.0,
) -> Change:
    """The change with the state that its interval and the sizes of both sides allow.

    Args:
        difference: After less before, in the metric's unit.
        ends: Its interval; an end that is nan or infinite cannot be judged.
        sizes: What was compared, before and after.
        minimum_n: Fewest a side for a verdict.
        quantile: Of the distribution that made the interval, at its upper end.
        scale: Size of the numbers compared, beside which rounding is nothing.

    >>> judged(3.0, (1.0, 5.0), (40, 40)).state
    'higher'
    """
    low, high = ends
    visible = (high - low) / 2 * (1 + POWER_80 / quantile)
    state: State = "no_clear_change"
    if min(sizes) < minimum_n or not np.isfinite([difference, low, high]).all():
        state = "too_little_data"
    elif low > ROUNDING * scale:
        state = "higher"
    elif high < -ROUNDING * scale:
        state = "lower"
    return Change(difference, low, high, state, *sizes, visible)

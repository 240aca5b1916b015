"""What a frozen series does by itself, by the rules that put numbers on an agenda. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from pipelines.reviews.core.plan import BASELINE_PERIODS
from pipelines.reviews.rules.plan_rules import FEWEST_BASELINE
from pipelines.stats.control_chart import limits_of, signals_among


@dataclass(frozen=True)
class OwnLimits:
    """Centre, limits, and the points that they do not explain.

    Attributes:
        centre: Mean, in the unit of the values.
        lower: Lower natural process limit; may lie below what is possible.
        upper: Upper natural process limit.
        ways: Per value 1 for a signal above the centre, -1 below, 0 for none.
    """

    centre: float
    lower: float
    upper: float
    ways: tuple[int, ...]


def own_limits(values: Sequence[float | None]) -> OwnLimits | None:
    """The limits of the newest periods, as `agenda_facts.signal_misses` takes them.

    Args:
        values: One per settled period, oldest first; None is a gap.

    Returns:
        None where there are too few values for limits.

    Source:
        Wheeler (2000), Understanding Variation, 2nd ed.

    >>> found = own_limits([10, 11] * 6 + [20])
    >>> round(found.centre, 2), found.ways[-1]
    (11.23, 1)
    """
    series = np.asarray([nan if each is None else each for each in values], dtype=float)
    newest = series[-BASELINE_PERIODS:]
    if np.isfinite(newest).sum() < FEWEST_BASELINE:
        return None
    limits = limits_of(newest)
    ways = signals_among(newest, limits).direction
    before = (0,) * (len(series) - len(newest))
    return OwnLimits(
        float(limits.centre), float(limits.lower), float(limits.upper),
        (*before, *(int(way) for way in ways)),
    )  # fmt: skip

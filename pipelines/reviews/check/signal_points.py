"""Which points of a chart signal against frozen limits, for eyes that look at the Check. Pure."""

from collections.abc import Sequence
from math import nan

from pipelines.reviews.check.inputs import limits_of_plan
from pipelines.reviews.core.plan import Baseline
from pipelines.stats.arrays import floats
from pipelines.stats.control_chart import signals_among


def signal_points(values: Sequence[float | None], baseline: Baseline) -> tuple[int, ...]:
    """1 for a point that signals above the centre, -1 below, 0 for no signal.

    Args:
        values: Of consecutive periods after the change; None is a gap.
        baseline: With its frozen limits; without them nothing signals.

    Source:
        The three rules of reviews.md 7 step 2.
    """
    limits = limits_of_plan(baseline)
    if limits is None or not values:
        return (0,) * len(values)
    found = signals_among(floats([nan if each is None else each for each in values]), limits)
    return tuple(int(way) for way in found.direction)

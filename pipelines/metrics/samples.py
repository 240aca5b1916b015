"""Two values that rest on people asked or counted: told apart by the test of their kind. Pure.

Contract rows carry n, total and an interval, not the sums of squares; those are worked out of
the interval, which holds them exactly.
"""

from collections.abc import Sequence

import scipy

from pipelines.metrics.definition import MinimumN, Request, Uncertainty
from pipelines.metrics.rows import MINIMUM
from pipelines.metrics.spans import Row
from pipelines.stats.change import Change, withheld
from pipelines.stats.comparison import FEWEST_ANSWERS, mean_change, nps_change, proportion_change
from pipelines.stats.scores import ADDED_ANSWERS, ADDED_EACH_SIDE, Z_95

SAMPLES = (Uncertainty.WILSON, Uncertainty.NPS, Uncertainty.STUDENT, Uncertainty.RATIO)
UPPER_95 = 0.975
EXACT = 1e-9


def method(request: Request) -> Uncertainty:
    """How the numbers of the variant asked for were sampled."""
    known = request.metric.uncertainty
    return Uncertainty.STUDENT if request.variant == "mean" and known in SAMPLES else known


def is_sample(request: Request, rows: Sequence[Row]) -> bool:
    """Whether single values can be compared by their own intervals, else only as a series.

    A variant that is no share of people (incidents per deployment, the mean of cohorts) is not
    what its metric's interval is made for.
    """
    kind = method(request)
    if kind not in SAMPLES:
        return False
    if kind is not Uncertainty.WILSON:
        return True
    return all(
        abs(row["value"] * row["n"] - row["total"]) <= EXACT * max(row["n"], 1)
        for row in rows
        if row["value"] is not None and row["total"] is not None
    ) and all(row["total"] <= row["n"] for row in rows if row["total"] is not None)


def fewest(request: Request) -> int:
    """People a side below which a change is not judged."""
    minimum = request.metric.minimum
    return FEWEST_ANSWERS if minimum is MinimumN.SURVEY else MINIMUM[minimum]


def sample_change(request: Request, before: Row, after: Row, least: int) -> Change:
    """The change between two settled rows with values, by the kind of their sample."""
    sizes = {"n_before": int(before["n"]), "n_after": int(after["n"])}
    kind = method(request)
    if kind is Uncertainty.WILSON:
        return proportion_change(
            int(before["total"]), sizes["n_before"], int(after["total"]), sizes["n_after"],
            minimum_n=least,
        )  # fmt: skip
    if any(row["low"] is None and row["high"] is None for row in (before, after)):
        return withheld("too_little_data", **sizes, difference=after["value"] - before["value"])
    if kind is Uncertainty.NPS:
        return nps_change(answers_behind(before), answers_behind(after), minimum_n=least)
    return mean_change(sums_behind(before), sums_behind(after), minimum_n=least)


def answers_behind(row: Row) -> tuple[int, int, int]:
    """Promoters, detractors and all answers behind a score, from its adjusted-Wald interval.

    The interval's half-width is 196·√((p' + d' − (p' − d')²)/n'), which leaves p' + d' as the
    only unknown; an end clipped at ±100 is made good by the other.
    """  # noqa: RUF002 (as in the formula's source)
    n, net = int(row["n"]), float(row["total"])
    weight = n + ADDED_ANSWERS
    centre = net / weight
    half = max(row["high"] / 100 - centre, centre - row["low"] / 100) / Z_95
    polar = (half**2 * weight + centre**2) * weight - 2 * ADDED_EACH_SIDE
    promoters = round((polar + net) / 2)
    return promoters, promoters - round(net), n


def sums_behind(row: Row) -> tuple[int, float, float]:
    """n, total and total of squares behind a mean, from its Student interval."""
    n, mean = int(row["n"]), float(row["value"])
    standard_error = (row["high"] - row["low"]) / 2 / float(scipy.special.stdtrit(n - 1, UPPER_95))
    return n, n * mean, (n - 1) * n * standard_error**2 + n * mean**2

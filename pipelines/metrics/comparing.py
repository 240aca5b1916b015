"""Two spans of one metric compared, and the one sentence that may be said about it. Pure.

A direction is given only where the interval of the difference excludes zero and every gate of
metrics.md 13 is passed; everything else is words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite, nan

import numpy as np

from pipelines.metrics.definition import Request
from pipelines.metrics.samples import fewest, is_sample, sample_change
from pipelines.metrics.spans import FEWEST_POINTS, Row, Sides, Span, span_of, window_days, written
from pipelines.stats.arrays import FloatArray
from pipelines.stats.change import Change, State, withheld
from pipelines.stats.series_comparison import series_change

ALPHA = 0.05
MOST_MISSING = 0.1
WEEKDAYS, WHOLE_WEEKS = 7, 4


@dataclass(frozen=True)
class Comparison:
    """A difference, later less earlier, with what may be said about it.

    Numbers are in the metric's unit, None where they are unknown.

    Attributes:
        state: Only "higher" and "lower" allow a colour or an arrow.
        sentence: The state and its reason, without figures of the metric.
        difference: Later less earlier.
        low: Lower end of its 95 % interval.
        high: Upper end.
        before: Value of the earlier span; of several periods their mean.
        after: The same of the later span.
        n_before: What the earlier value rests on: people, or periods.
        n_after: The same of the later span.
        smallest_visible: The change that these data would have shown in 80 of 100 cases.
        before_span: The earlier span, None where there is none.
        after_span: The later one.
        since: The launch that the later span begins at, where it was asked for.
        year_ago: Value of the later span's days a year earlier, where history reaches there.
        notes: What must stand beside it.
    """

    state: State
    sentence: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    n_before: int | None = None
    n_after: int | None = None
    smallest_visible: float | None = None
    before_span: Span | None = None
    after_span: Span | None = None
    since: date | None = None
    year_ago: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def spans(self) -> str:
        """Both spans in words; "" where there are not two."""
        before, after = self.before_span, self.after_span
        if before is None or after is None:
            return ""
        since = f" since {written(self.since)}" if self.since else ""
        if after.periods > 1 and before.periods == after.periods:
            return f"{after.words}{since} against the {before.count} before"
        return f"{after.words}{since} against {before.words}"

    @property
    def against(self) -> str:
        """The earlier span, as short as a card needs it; "" where there is none."""
        before = self.before_span
        if before is None or self.after_span is None:
            return ""
        if before.label:
            return f"vs {before.label}"
        when = "before launch" if self.since else "before"
        if before.periods > 1:
            return f"vs {before.length} {when}"
        is_next = before.end == self.after_span.start or self.since
        return f"vs {before.grain} {when}" if is_next else f"vs {written(before.start)}"


def compared(request: Request, sides: Sides) -> Comparison:
    """Two sides of a metric, by the test that its numbers allow.

    Args:
        request: The question; its metric decides the test.
        sides: One settled row a side for a sample of people, several for a series.

    Returns:
        "too_early" without a later row, "too_little_data" without an earlier one.
    """
    width = window_days(request.metric, request.variant, request.every)
    spans = (
        span_of(sides.before, request.every, width),
        span_of(sides.after, request.every, width),
    )
    if not sides.after:
        return _told("too_early", "Too early: no period has settled yet.", spans=spans)
    if not sides.before:
        return _told("too_little_data", "Too little data: no earlier period to compare with.",
                     spans=spans)  # fmt: skip
    pair = len(sides.before) == len(sides.after) == 1
    if pair and is_sample(request, (*sides.before, *sides.after)):
        return _of_samples(request, sides.before[0], sides.after[0], spans)
    return _of_series(sides, spans, every=request.every)


def not_comparable(comparison: Comparison, reason: str) -> Comparison:
    """The same values without a verdict, because they do not mean the same."""
    return replace(
        comparison,
        state="not_comparable",
        sentence=f"Not comparable: {reason}",
        low=None,
        high=None,
        smallest_visible=None,
    )


def doubted(comparison: Comparison, reason: str) -> Comparison:
    """The same values without a verdict, because too much of the data is missing."""
    return replace(
        not_comparable(comparison, ""),
        state="too_little_data",
        sentence=f"Too little data: {reason}",
    )


def too_early(reason: str) -> Comparison:
    """No comparison yet."""
    return _told("too_early", f"Too early: {reason}")


def too_little(reason: str) -> Comparison:
    """No comparison, for want of data."""
    return _told("too_little_data", f"Too little data: {reason}")


def expected_chance_flags(comparisons: Sequence[Comparison]) -> float:
    """How many of several verdicts chance alone would give, were nothing different.

    >>> judged = Comparison("no_clear_change", "", low=-1.0, high=2.0)
    >>> expected_chance_flags([judged] * 12)
    0.6
    """
    tiles = sum(
        comparison.state in {"higher", "lower", "no_clear_change"} for comparison in comparisons
    )
    return round(tiles * ALPHA, 2)


# samples -----------------------------------------------------------------------------------


def _of_samples(
    request: Request, before: Row, after: Row, spans: tuple[Span | None, Span | None]
) -> Comparison:
    unknown = next((row for row in (after, before) if row["value"] is None), None)
    if unknown is not None:
        reason = unknown["note"] or "a value is unknown."
        told = _told("too_little_data", f"Too little data: {reason}", spans=spans)
        return replace(told, before=before["value"], after=after["value"])
    least = fewest(request)
    change = sample_change(request, before, after, least)
    told = _of_change(change, spans, _sizes_sentence(change, least))
    return replace(told, before=before["value"], after=after["value"])


def _sizes_sentence(change: Change, least: int) -> str:
    return (
        f"{change.n_before:,} before and {change.n_after:,} after; at least {least} a side are "
        "needed."
        if min(change.n_before, change.n_after) < least
        else "no interval can be given."
    )


# series ------------------------------------------------------------------------------------


def _of_series(sides: Sides, spans: tuple[Span | None, Span | None], *, every: str) -> Comparison:
    before, after = _values(sides.before), _values(sides.after)
    known = [int(np.isfinite(side).sum()) for side in (before, after)]
    means = [float(np.nanmean(side)) if count else nan
             for side, count in zip((before, after), known, strict=True)]  # fmt: skip
    missing = max(1 - count / side.size for count, side in zip(known, (before, after), strict=True))
    if min(known) < FEWEST_POINTS or missing > MOST_MISSING:
        change = withheld("too_little_data", n_before=known[0], n_after=known[1],
                          difference=means[1] - means[0])  # fmt: skip
        reason = _points_sentence(known, [before.size, after.size])
    else:
        change = series_change(*_without_weekdays(sides, before, after, every))
        reason = (
            "each period follows so closely from the one before that together they count for "
            "fewer than two on a side."
        )
    told = _of_change(change, spans, reason)
    return replace(told, before=_finite(means[0]), after=_finite(means[1]))


def _values(rows: Sequence[Row]) -> FloatArray:
    """Settled values that may be judged; nan where there is none or it rests on too few."""
    return np.array([row["value"] if row["status"] == "ok" else nan for row in rows], dtype=float)


def _without_weekdays(
    sides: Sides,
    before: FloatArray,
    after: FloatArray,
    every: str,
) -> tuple[FloatArray, ...]:
    """Daily values less the earlier weekday means, around their overall mean (from four weeks).

    Both sides hold whole weeks, so the difference stays what it was; only the weekly rhythm,
    which is no noise, leaves the interval.
    """
    if every != "day" or before.size < WEEKDAYS * WHOLE_WEEKS:
        return before, after
    weekdays = [[row["period"].weekday() for row in side] for side in (sides.before, sides.after)]
    means = np.array([np.nanmean(before[np.array(weekdays[0]) == day]) for day in range(WEEKDAYS)])
    rhythm = means - means.mean()
    return before - rhythm[weekdays[0]], after - rhythm[weekdays[1]]


def _points_sentence(known: Sequence[int], wanted: Sequence[int]) -> str:
    if min(known) < FEWEST_POINTS:
        return (
            f"periods with a value that may be judged: {known[0]} before, {known[1]} after; at "
            f"least {FEWEST_POINTS} a side are needed."
        )
    return (
        f"{wanted[0] - known[0] + wanted[1] - known[1]} of {sum(wanted)} periods have no value "
        "that may be judged."
    )


# words -------------------------------------------------------------------------------------


def _of_change(change: Change, spans: tuple[Span | None, Span | None], reason: str) -> Comparison:
    sentences = {
        "higher": "Higher: the interval of the difference lies above 0.",
        "lower": "Lower: the interval of the difference lies below 0.",
        "no_clear_change": "No clear change: the interval of the difference contains 0.",
        "too_little_data": f"Too little data: {reason}",
    }
    told = _told(change.state, sentences[change.state], spans=spans)
    return replace(
        told,
        difference=_finite(change.difference),
        low=_finite(change.low),
        high=_finite(change.high),
        n_before=change.n_before,
        n_after=change.n_after,
        smallest_visible=_finite(change.smallest_visible),
    )


def _told(
    state: State, sentence: str, *, spans: tuple[Span | None, Span | None] = (None, None)
) -> Comparison:
    return Comparison(state, sentence, before_span=spans[0], after_span=spans[1])


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None

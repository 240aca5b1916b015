"""Which periods stand against each other: settled, of equal length, not overlapping. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipelines.metrics.definition import Metric

# How many periods a side, at most. Daily values of four weeks let the weekly rhythm be taken out;
# at a lag-1 autocorrelation of .5, 8 weeks a side raise 8.7 % false alarms, 13 raise 7.3 %.
DAYS_A_SIDE, WEEKS_A_SIDE, OTHERS_A_SIDE = 28, 13, 6
WEEK = timedelta(days=7)
# From here on days are told as weeks.
FEWEST_DAYS_AS_WEEKS = 14
# Below six points a side only values are shown (metrics.md 13).
FEWEST_POINTS = 6

Row = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """A stretch of whole periods, half-open.

    Attributes:
        start: First day.
        end: First day after it.
        periods: How many periods of the grain it holds.
        grain: Of these periods.
        label: The name of its one sprint, release or wave; "" else.
    """

    start: date
    end: date
    periods: int
    grain: str
    label: str = ""

    @property
    def words(self) -> str:
        """Such as "the 4 weeks to 15 Nov 2026"; a sprint, release or wave by its name.

        >>> Span(date(2026, 11, 9), date(2026, 11, 16), 1, "week").words
        'the week to 15 Nov 2026'
        """
        if self.label:
            return self.label
        last = written(self.end - timedelta(days=1))
        if self.periods == 1:
            return last if self.grain == "day" else f"the {self.grain} to {last}"
        return f"the {self.length} to {last}"

    @property
    def count(self) -> int:
        """Its periods, or its weeks where many days are told as weeks."""
        return self.periods // WEEK.days if self._is_weeks else self.periods

    @property
    def length(self) -> str:
        """Such as "13 weeks" or "1 month"."""
        grain = "week" if self._is_weeks else self.grain
        return f"{self.count} {grain}{'s' if self.count > 1 else ''}"

    @property
    def _is_weeks(self) -> bool:
        is_long = self.grain == "day" and self.periods >= FEWEST_DAYS_AS_WEEKS
        return is_long and self.periods % WEEK.days == 0


@dataclass(frozen=True)
class Sides:
    """The rows on both sides, oldest first; either may be empty."""

    before: tuple[Row, ...]
    after: tuple[Row, ...]


def span_of(rows: Sequence[Row], grain: str, width: int = 0) -> Span | None:
    """From the first day of the first row to the end of the last; None without rows.

    Args:
        rows: Oldest first.
        grain: Of the rows.
        width: Days of the trailing window behind each value: of one row, that is its span.
    """
    if not rows:
        return None
    if width and len(rows) == 1:
        end = rows[0]["period_end"]
        return Span(end - timedelta(days=width), end, width, "day")
    label = str(rows[0].get("label") or "") if len(rows) == 1 else ""
    return Span(rows[0]["period"], rows[-1]["period_end"], len(rows), grain, label)


def written(day: date) -> str:
    """A day in words.

    >>> written(date(2026, 5, 4))
    '4 May 2026'
    """
    return f"{day.day} {day:%b %Y}"


def settled(rows: pl.DataFrame) -> tuple[Row, ...]:
    """The rows up to the newest one that does not wait to settle."""
    listed = rows.rows(named=True)
    while listed and listed[-1]["status"] == "immature":
        listed.pop()
    return tuple(listed)


def window_days(metric: Metric, variant: str | None, every: str) -> int:
    """Days of the trailing window behind each value; 0 where a value is of its period alone.

    A measure with trailing windows says so by a method `window_days(variant, every)`.
    """
    width = getattr(metric.measure, "window_days", None)
    return int(width(variant, every)) if width else 0


def apart(rows: Sequence[Row], width: int, *, newest_first: bool = True) -> tuple[Row, ...]:
    """The rows whose trailing windows do not overlap, oldest first.

    Args:
        rows: Oldest first.
        width: Days of the window that ends with each period; 0 keeps every row.
        newest_first: Keep the newest row and count back from it, else from the oldest on.
    """
    kept: list[Row] = []
    for row in reversed(rows) if newest_first else rows:
        if not kept or abs((row["period_end"] - kept[-1]["period_end"]).days) >= width:
            kept.append(row)
    return tuple(reversed(kept)) if newest_first else tuple(kept)


def newest_pair(rows: Sequence[Row], every: str, width: int) -> Sides:
    """The newest settled period against the previous one; days against the same weekday."""
    if not rows:
        return Sides((), ())
    after = rows[-1]
    distance = max(width, WEEK.days if every == "day" else 0)
    latest = after["period_end"] - timedelta(days=distance)
    earlier = [row for row in rows[:-1] if row["period_end"] <= latest]
    return Sides(tuple(earlier[-1:]), (after,))


def newest_halves(rows: Sequence[Row], every: str, width: int) -> Sides:
    """The newest stretch of a series against the one before, as long as both can be.

    Falls back on the newest pair where there are not six points a side.
    """
    thinned = apart(rows, width)
    size = _side(len(thinned) // 2, thinned, every)
    if size < FEWEST_POINTS:
        return newest_pair(rows, every, width)
    return Sides(thinned[-2 * size : -size], thinned[-size:])


def newest_on_both_sides(rows: Sequence[Row], day: date, width: int) -> Sides:
    """The newest trailing window since a day against the last one that ended before it."""
    before = [row for row in rows if row["period_end"] <= day]
    after = [row for row in rows if _begin(row, width) >= day]
    return Sides(tuple(before[-1:]), tuple(after[-1:]))


def around(rows: Sequence[Row], day: date, every: str, width: int) -> Sides:
    """The periods from a day on against as many before it; one that holds the day is in neither.

    Where data begin too late before the day, both sides are as long as the earlier one can be.
    """
    before = apart([row for row in rows if row["period_end"] <= day], width)
    # A trailing window that began before the day still holds days from before it.
    after = apart([row for row in rows if _begin(row, width) >= day], width, newest_first=False)
    size = min(len(before), len(after))
    if every == "day" and not width and size >= WEEK.days:
        size -= size % WEEK.days
    return Sides(before[len(before) - size :], after[:size])


def whole_weeks_around(day: date, first: date, end: date) -> tuple[Span, Span] | None:
    """As many whole weeks since a day as before it.

    Args:
        day: First day of the later span.
        first: First day with data.
        end: First day that is not settled.

    Returns:
        The spans before and after; None where not one whole week lies on each side.
    """
    weeks = min((end - day).days, (day - first).days) // WEEK.days
    if weeks < 1:
        return None
    length = weeks * WEEK
    return Span(day - length, day, weeks, "week"), Span(day, day + length, weeks, "week")


def _begin(row: Row, width: int) -> date:
    begin: date = row["period_end"] - timedelta(days=width) if width else row["period"]
    return begin


def _side(possible: int, rows: Sequence[Row], every: str) -> int:
    """Points a side: whole weeks of days, and no more of the past than is still of interest."""
    if every == "day" and len(rows) > 1 and (rows[1]["period"] - rows[0]["period"]).days == 1:
        return min(possible, DAYS_A_SIDE) // WEEK.days * WEEK.days
    step = (rows[-1]["period_end"] - rows[-2]["period_end"]) if len(rows) > 1 else WEEK
    return min(possible, WEEKS_A_SIDE if step <= WEEK else OTHERS_A_SIDE)

"""Holes in time that an export may have been cut at. Pure: rows by day → sentences.

A hole is only one where rows are the rule: weekends, seasons and rare things leave days without
rows that come back, and nobody is told of those (imports.md 1.5.9).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median

# With ten rows on the least of the days around, a day of chance without any comes once in 20,000.
_FEWEST_ROWS_OF_A_DAY = 10
_FEWEST_ROWS_OF_A_MONTH = 5
# Whether something is usual shows after a few times; what is missing more often comes back.
_FEWEST_TO_COMPARE = 4
_RARE = 0.2
# Periods before and behind a hole that say how many rows it should have.
_NEIGHBOURS = 4
_FALL = 0.5
# Below this a fall by half is chance.
_USUAL_ROWS_OF_A_WEEK = 100
_WEEKS_BEFORE = 4
_DAYS_OF_A_WEEK = 7
_SHOWN = 3
_CAUSE = "this looks like an export that was cut. If there are more, repeat it."


def gap_notes(by_day: Mapping[date, int]) -> list[str]:
    """Sentences about days and months without rows between the first and the last one.

    Args:
        by_day: Day → rows; days without rows may be left out.
    """
    if not by_day:
        return []
    months = _empty_months(by_day)
    inside = {(day.year, day.month) for day in months}
    days = [day for day in _empty_days(by_day) if (day.year, day.month) not in inside]
    return [
        *_told(f"{day:%B %Y}" for day in months),
        *_told(day.isoformat() for day in days),
    ]


def _told(holes: Iterable[str]) -> list[str]:
    listed = list(holes)
    if not listed:
        return []
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return [f"No rows in {', '.join(listed[:_SHOWN])}{more}, but before and after: {_CAUSE}"]


def _empty_days(by_day: Mapping[date, int]) -> list[date]:
    """Days without rows on a weekday that nearly always has many."""
    first, last = min(by_day), max(by_day)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weekdays = [span[start::7] for start in range(min(7, len(span)))]
    holes = (
        hole
        for days in weekdays
        for hole in _rare_holes(days, [by_day.get(day, 0) for day in days], _FEWEST_ROWS_OF_A_DAY)
    )
    return _without_yearly(sorted(holes))


def _empty_months(by_day: Mapping[date, int]) -> list[date]:
    """First days of months without rows, where nearly every month has some."""
    counts: dict[date, int] = {}
    for day, rows in by_day.items():
        month = day.replace(day=1)
        counts[month] = counts.get(month, 0) + rows
    span, month = [], min(counts)
    while month <= max(counts):
        span.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    holes = _rare_holes(span, [counts.get(one, 0) for one in span], _FEWEST_ROWS_OF_A_MONTH)
    return _without_yearly(holes)


def _rare_holes(periods: Sequence[date], rows: Sequence[int], fewest: int) -> list[date]:
    """Periods without rows that are few, and whose neighbours are full."""
    places = [place for place, count in enumerate(rows) if not count]
    if len(places) > max(1, _RARE * len(periods)):
        return []
    return [periods[place] for place in places if _is_among_full(rows, place, fewest)]


def _is_among_full(rows: Sequence[int], place: int, fewest: int) -> bool:
    """Whether a period without rows lies among such that have many: what grows began with few."""
    before = rows[max(0, place - _NEIGHBOURS) : place]
    around = [*before, *rows[place + 1 : place + 1 + _NEIGHBOURS]]
    filled = [count for count in around if count]
    if len(filled) < _FEWEST_TO_COMPARE - 1 or len(around) - len(filled) > 1:
        return False
    return min(filled) >= fewest


def _without_yearly(holes: Sequence[date]) -> list[date]:
    """Holes that do not come back at the same date of another year, as holidays do."""
    years: dict[tuple[int, int], set[int]] = {}
    for hole in holes:
        years.setdefault((hole.month, hole.day), set()).add(hole.year)
    return [hole for hole in holes if len(years[hole.month, hole.day]) == 1]


def fall_note(by_day: Mapping[date, int]) -> str | None:
    """A sentence if the last whole week of a steady stream holds under half of a usual one.

    The last day may have been running, and is left out. Weeks hold one of each weekday.

    Args:
        by_day: Day → rows; days without rows may be left out.
    """
    if not by_day:
        return None
    last = max(by_day)
    weeks = [
        sum(by_day.get(last - timedelta(days=7 * back + n), 0) for n in range(1, 8))
        for back in range(_WEEKS_BEFORE + 1)
    ]
    if min(by_day) > last - timedelta(days=7 * len(weeks)):
        return None
    newest, usual = weeks[0], median(weeks[1:])
    # Where weeks differ that much anyway, one more says nothing.
    if usual < _USUAL_ROWS_OF_A_WEEK or newest >= _FALL * min(usual, *weeks[1:]):
        return None
    return (
        f"{newest:,} rows in the seven days before {last.isoformat()}, {usual:,.0f} in a usual "
        f"week before: {_CAUSE}"
    )


def shrunk_note(rows: int, before: int, by_day: Mapping[date, int]) -> str | None:
    """A sentence if a file holds under half of what its earlier version held.

    Args:
        rows: Records of the file.
        before: Records of the version that lay under the same name.
        by_day: Day → rows; files of less than a week differ by their weekdays. Empty where rows
            have no day.
    """
    is_short = by_day and max(by_day) - min(by_day) < timedelta(days=_DAYS_OF_A_WEEK - 1)
    if is_short or rows >= _FALL * before or before < _FEWEST_ROWS_OF_A_MONTH:
        return None
    return f"{rows:,} records, {before:,} in the earlier version of this file: {_CAUSE}"

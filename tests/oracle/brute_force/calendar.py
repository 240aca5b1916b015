"""Whole periods of a calendar, each known by its first day."""

from collections.abc import Iterator
from datetime import date, timedelta


def first_day(day: date, every: str) -> date:
    """The first day of the period that holds a day; weeks begin on Monday."""
    match every:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
    raise ValueError(every)


def next_day(start: date, every: str) -> date:
    """The first day after a period."""
    days = {"day": 1, "week": 7, "month": 31}[every]
    return first_day(start + timedelta(days=days), every)


def periods(begin: date, end: date, every: str) -> Iterator[date]:
    """The periods that hold a day from `begin` to the last one before `end`."""
    start = first_day(begin, every)
    while start < end:
        yield start
        start = next_day(start, every)


def months_earlier(month: date, count: int) -> date:
    """The first day of the month that lies so many months before one."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)

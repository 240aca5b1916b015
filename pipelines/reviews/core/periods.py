"""Dates counted in the grain of a metric: days, weeks, months, … and team sprints. Pure."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SPRINT_DAYS = 14
WORKDAYS = frozenset(range(5))


def after(day: date, periods: int, grain: str, *, sprint_days: int = SPRINT_DAYS) -> date:
    """The day that lies a number of periods later; the last of a month stays within its month.

    Args:
        day: From here.
        periods: How many, 0 or more.
        grain: "day", "week", "month", "quarter", "year"; any other (sprint, release, wave)
            counts as a sprint, which is the only one with a length of its own.
        sprint_days: Length of the team's sprint.

    >>> after(date(2026, 1, 31), 1, "month"), after(date(2026, 1, 1), 2, "week")
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 15))
    """
    if grain not in MONTHS:
        return day + timedelta(days=periods * DAYS.get(grain, sprint_days))
    months = day.year * 12 + day.month - 1 + periods * MONTHS[grain]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_words(day: date) -> str:
    """A day as the pages write it, for sentences that are kept or shown.

    >>> in_words(date(2026, 11, 6))
    '6 Nov 2026'
    """
    return f"{day.day} {day:%b %Y}"


def next_start(day: date, grain: str) -> date:
    """The first day, not before this one, on which a period begins; weeks begin on Monday.

    A sprint begins when the team says so: its day is returned as it is.

    >>> next_start(date(2026, 5, 6), "week"), next_start(date(2026, 5, 1), "month")
    (datetime.date(2026, 5, 11), datetime.date(2026, 5, 1))
    """
    if grain == "week":
        return day + timedelta(days=-day.weekday() % DAYS["week"])
    if grain not in MONTHS:
        return day
    width = MONTHS[grain]
    begun = date(day.year, (day.month - 1) // width * width + 1, 1)
    return begun if begun == day else after(begun, 1, grain)


def working_days_later(
    day: date,
    count: int,
    *,
    workdays: Collection[int] = WORKDAYS,
    holidays: Collection[date] = (),
) -> date:
    """The working day that comes a number of working days later.

    Args:
        day: Not counted itself.
        count: 1 or more.
        workdays: Days of the week that the team works, Monday = 0; at least one.
        holidays: Days off.

    >>> working_days_later(date(2026, 5, 7), 2)  # Thursday
    datetime.date(2026, 5, 11)
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() in workdays and day not in holidays
    return day

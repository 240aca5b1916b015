"""When things are: the range of the data, Berlin's clock, and how busy a day is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
FIRST_DAY = date(2025, 5, 1)
LAST_DAY = date(2026, 10, 31)

WEEKDAY_WEIGHT = (1.0, 1.06, 1.04, 1.0, 0.82, 0.16, 0.12)
# Hour by hour from 6 to 21, Berlin time: two humps around lunch.
HOURS = tuple(range(6, 22))
HOUR_WEIGHT = (1, 3, 8, 12, 13, 11, 7, 8, 12, 12, 10, 7, 4, 3, 2, 1)


def instant(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment on Berlin's clock, in UTC."""
    local = datetime.combine(day, time(hour, minute, second), tzinfo=BERLIN)
    return local.astimezone(UTC)


DATA_START = instant(FIRST_DAY)
DATA_END = instant(LAST_DAY + timedelta(days=1))


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> Iterator[date]:
    """Every day from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def local_day(moment: datetime) -> date:
    """The day on Berlin's calendar."""
    return moment.astimezone(BERLIN).date()


def season(day: date) -> float:
    """How busy the time of year is: 1 on an ordinary week."""
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 4):
        return 0.42
    return 0.88 if day.month == 8 else 1.0


def busyness(day: date) -> float:
    """How busy the day is: weekday times season."""
    return WEEKDAY_WEIGHT[day.weekday()] * season(day)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    length = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, length))


def month_starts(first: date = FIRST_DAY, last: date = LAST_DAY) -> list[date]:
    """The first day of every month that the range touches."""
    return [day for day in days(first.replace(day=1), last) if day.day == 1]


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def naive(moment: datetime) -> str:
    """UTC without saying so, as warehouse loaders write it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")

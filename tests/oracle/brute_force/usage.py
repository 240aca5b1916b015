"""Active users, stickiness, lifecycle and adoption, by the definitions of the catalogue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from brute_force.answer import ENOUGH_PEOPLE, Cell, Key, count, immature, share, unknown
from brute_force.calendar import next_day, periods
from brute_force.intervals import student
from brute_force.people import Event, Usage

Days = dict[date, set[str]]
WINDOW = 28


def persons_by_day(events: Iterable[Event]) -> Days:
    """Who was active on each day."""
    found: Days = defaultdict(set)
    for event in events:
        found[event.day].add(event.person)
    return found


def union(days: Days, start: date, end: date) -> set[str]:
    """Who was active on any day from `start` to the one before `end`."""
    length = (end - start).days
    return set().union(*(days.get(start + timedelta(days=i), set()) for i in range(length)))


def calendar_users(usage: Usage, days: Days, every: str) -> dict[Key, Cell]:
    """Distinct persons in each whole period: dau, and the calendar form of wau and mau."""
    found: dict[Key, Cell] = {}
    for start, end, settled in _spans(usage, every):
        size = len(union(days, start, end))
        found[(start.isoformat(),)] = count(size) if settled else immature(size)
    return found


def trailing_users(usage: Usage, days: Days, length: int) -> dict[Key, Cell]:
    """Distinct persons of the days up to each day; the first days have no whole window."""
    found: dict[Key, Cell] = {}
    for day in periods(usage.first_day, usage.end_day, "day"):
        end = day + timedelta(days=1)
        size = len(union(days, end - timedelta(days=length), end))
        is_whole = (day - usage.first_day).days >= length - 1
        found[(day.isoformat(),)] = count(size) if is_whole else unknown(size)
    return found


def days_active(days: Days, last: date) -> dict[str, int]:
    """On how many of the 28 days up to one each person was active."""
    found: dict[str, int] = defaultdict(int)
    for back in range(WINDOW):
        for person in days.get(last - timedelta(days=back), set()):
            found[person] += 1
    return found


def stickiness(usage: Usage, days: Days) -> dict[Key, Cell]:
    """The mean over persons of their share of active days."""
    found: dict[Key, Cell] = {}
    for day, is_whole in _windows(usage):
        shares = [active / WINDOW for active in days_active(days, day).values()]
        total, n = sum(shares), len(shares)
        if not is_whole:
            found[(day.isoformat(),)] = unknown(n)
            continue
        interval = student(total, sum(each * each for each in shares), n)
        status = "ok" if n >= ENOUGH_PEOPLE else "too_few"
        found[(day.isoformat(),)] = Cell(status, total / n, n, total, (interval,))
    return found


def days_active_shares(usage: Usage, days: Days, *, at_least: bool) -> dict[Key, Cell]:
    """Which share of the persons was active on k of the 28 days, or on k or more."""
    found: dict[Key, Cell] = {}
    for day, is_whole in _windows(usage):
        actives = days_active(days, day).values()
        n = len(actives)
        for k in range(1, WINDOW + 1):
            hits = sum(each >= k if at_least else each == k for each in actives)
            found[(day.isoformat(), str(k))] = share(hits, n) if is_whole else unknown(n)
    return found


def lifecycle(usage: Usage, days: Days, every: str) -> dict[Key, Cell]:
    """New, returning, resurrected and dormant persons of each period after the first."""
    found: dict[Key, Cell] = {}
    before: set[str] = set()
    ever: set[str] = set()
    for number, (start, end, settled) in enumerate(_spans(usage, every)):
        now = union(days, start, end)
        parts = {
            "new": now - ever,
            "returning": now & before,
            "resurrected": (now & ever) - before,
            "dormant": before - now,
        }
        for component, persons in parts.items():
            size = len(persons)
            known = count(size) if settled else immature(size)
            found[(start.isoformat(), component)] = known if number else unknown(size)
        before, ever = now, ever | now
    return found


def feature_adoption(
    usage: Usage, days: Days, events: list[Event], feature: str
) -> dict[Key, Cell]:
    """Who used a feature in the 28 days up to the end of each week, of those active in them."""
    names = usage.settings["features"][feature]
    using = persons_by_day(event for event in events if event.name in names)
    found: dict[Key, Cell] = {}
    for start, end, settled in _spans(usage, "week"):
        begin = end - timedelta(days=WINDOW)
        active = union(days, begin, end)
        users = union(using, begin, end) & active
        known = share(len(users), len(active)) if settled else immature(len(active))
        found[(start.isoformat(),)] = known if begin >= usage.first_day else unknown(len(active))
    return found


def _windows(usage: Usage) -> Iterator[tuple[date, bool]]:
    for day in periods(usage.first_day, usage.end_day, "day"):
        yield day, (day - usage.first_day).days >= WINDOW - 1


def _spans(usage: Usage, every: str) -> Iterator[tuple[date, date, bool]]:
    for start in periods(usage.first_day, usage.end_day, every):
        end = next_day(start, every)
        yield start, end, usage.exports.ends_by(end, usage.complete_to)

"""Retention, activation and time to value, member by member."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from brute_force.answer import Cell, Key, immature, quantile, share
from brute_force.calendar import first_day, next_day, periods
from brute_force.people import Event, Usage
from brute_force.usage import Days

CENSORED_DAYS = 28
Returns = Callable[[set[date], date], bool]


def bounded(active: set[date], interval: date) -> bool:
    """Whether a member came back in an interval."""
    return interval in active


def unbounded(active: set[date], interval: date) -> bool:
    """Whether a member came back in an interval or later."""
    return any(each >= interval for each in active)


class Retention:
    """Cohorts of the first active period, or of every one."""

    def __init__(self, usage: Usage, days: Days, every: str, *, recurring: bool = False) -> None:
        self.usage = usage
        self.every = every
        self.active: dict[str, set[date]] = defaultdict(set)
        for day, persons in days.items():
            for person in persons:
                self.active[person].add(first_day(day, every))
        self.cohorts: dict[date, set[str]] = defaultdict(set)
        for person, intervals in self.active.items():
            for start in intervals if recurring else [min(intervals)]:
                self.cohorts[start].add(person)

    def cells(self, returns: Returns = bounded) -> dict[Key, Cell]:
        """One per cohort and age."""
        found: dict[Key, Cell] = {}
        for cohort, members in self.cohorts.items():
            for age, (interval, settled) in enumerate(self._intervals(cohort)):
                back = sum(returns(self.active[member], interval) for member in members)
                known = share(back, len(members)) if settled else immature(len(members))
                found[(cohort.isoformat(), str(age))] = known
        return found

    def pooled(self) -> dict[Key, Cell]:
        """One per age, over the settled cells of all cohorts that are not left-censored."""
        begin = self.usage.first_day + timedelta(days=CENSORED_DAYS)
        totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for cohort, members in self.cohorts.items():
            for age, (interval, settled) in enumerate(self._intervals(cohort)):
                if settled and cohort >= begin:
                    totals[age][0] += sum(interval in self.active[each] for each in members)
                    totals[age][1] += len(members)
        return {(str(age),): share(*pair) for age, pair in totals.items()}

    def _intervals(self, cohort: date) -> list[tuple[date, bool]]:
        usage = self.usage
        return [
            (start, usage.exports.ends_by(next_day(start, self.every), usage.complete_to))
            for start in periods(cohort, usage.end_day, self.every)
        ]


class Members:
    """Who signed up when, and how long each took to the first activation in the window."""

    def __init__(self, usage: Usage, events: list[Event], days: int) -> None:
        self.usage = usage
        self.window = timedelta(days=days)
        names = usage.settings["activation"]["events"]
        assert len(names) == 1
        self.moments: dict[str, list[float]] = defaultdict(list)
        self.platforms: dict[str, str] = {}
        self.plans: dict[str, str] = {}
        for event in events:
            if event.name == names[0]:
                self.moments[event.person].append(event.happened_at)
            if event.name == usage.settings["sign_up_event"] and event.person not in self.platforms:
                self.platforms[event.person] = event.platform
                self.plans[event.person] = usage.plan(event)

    def seconds_to_activation(self, person: str, signed_up_at: datetime) -> float | None:
        """None if it did not happen in the window, both of whose ends belong to it."""
        begin = signed_up_at.timestamp()
        end = begin + self.window.total_seconds()
        inside = [each - begin for each in self.moments[person] if begin <= each <= end]
        return min(inside, default=None)

    def cohorts(self, kept: Callable[[str], bool]) -> dict[date, list[float | None]]:
        """Of the members whose window is over: their seconds to activation, by week."""
        usage = self.usage
        found: dict[date, list[float | None]] = defaultdict(list)
        for person, signed_up_at in usage.signed_up().items():
            if kept(person) and signed_up_at + self.window <= usage.complete_to:
                week = first_day(usage.exports.local_day(signed_up_at), "week")
                found[week].append(self.seconds_to_activation(person, signed_up_at))
        return found

    def activation(self, kept: Callable[[str], bool] = lambda person: True) -> dict[Key, Cell]:
        """The share of each week's members that activated."""
        cohorts = self.cohorts(kept)
        found: dict[Key, Cell] = {}
        for week in periods(self.usage.first_day, self.usage.end_day, "week"):
            taken = cohorts.get(week, [])
            hits = sum(each is not None for each in taken)
            found[(week.isoformat(),)] = (
                share(hits, len(taken)) if self._settled(week) else immature(len(taken))
            )
        return found

    def overall(self) -> Cell:
        """The same over all members whose window is over."""
        taken = [each for cohort in self.cohorts(lambda _: True).values() for each in cohort]
        return share(sum(each is not None for each in taken), len(taken))

    def time_to_value(self) -> dict[Key, Cell]:
        """Median and 85th percentile in hours; who did not activate ranks last."""
        cohorts = self.cohorts(lambda person: True)
        found: dict[Key, Cell] = {}
        for week in periods(self.usage.first_day, self.usage.end_day, "week"):
            taken = cohorts.get(week, [])
            hours = sorted(each / 3600 for each in taken if each is not None)
            for percent in (50, 85):
                known = quantile(hours, len(taken), percent)
                settled = self._settled(week)
                found[(week.isoformat(), str(percent))] = known if settled else immature(len(taken))
        return found

    def _settled(self, week: date) -> bool:
        end = next_day(week, "week")
        return self.usage.exports.ends_by(end, self.usage.complete_to, self.window)

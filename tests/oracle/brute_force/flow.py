"""Throughput, cycle time, work in progress and its age, item by item."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from brute_force.answer import Cell, Key, count, immature, quantile
from brute_force.calendar import next_day, periods
from brute_force.intervals import dispersion, poisson
from brute_force.tracker import Item, Tracker


class Flow:
    """The items of one team, or of all."""

    def __init__(self, tracker: Tracker, team: str | None = None) -> None:
        self.exports, self.team = tracker.exports, team
        self.items = [each for each in tracker.items if team in (None, each.team)]
        self.complete_to = self.exports.exported_at("Atlas board")
        self.first_day = self.exports.local_day(tracker.oldest)
        self.end_day = self.exports.local_day(self.complete_to)

    def finished(self, start: date, end: date) -> list[Item]:
        """Items whose last stay in done began in a period."""
        return [
            each
            for each in self.items
            if (at := each.last_done_at()) and start <= self.exports.local_day(at) < end
        ]

    def throughput(self) -> dict[Key, Cell]:
        """Finished items of each week, with how far chance and clusters may have moved them."""
        weeks = {
            week: len(self.finished(week, next_day(week, "week")))
            for week in periods(self.first_day, self.end_day, "week")
        }
        spread = dispersion([size for week, size in weeks.items() if self._settled(week)])
        return {
            (week.isoformat(),): replace(count(size), intervals=(poisson(size, spread),))
            if self._settled(week)
            else immature(size)
            for week, size in weeks.items()
        }

    def cycle_time(self) -> dict[Key, Cell]:
        """Calendar days from start to finish, both counted; never-started items are left out."""
        found: dict[Key, Cell] = {}
        for week in periods(self.first_day, self.end_day, "week"):
            done = self.finished(week, next_day(week, "week"))
            days = sorted(float(each) for item in done for each in self._days(item))
            for percent in (50, 85, 95):
                known = quantile(days, len(days), percent)
                cell = known if self._settled(week) else immature(len(days))
                found[(week.isoformat(), str(percent))] = cell
        return found

    def wip(self) -> dict[Key, Cell]:
        """Items started and not finished at the end of each day."""
        found: dict[Key, Cell] = {}
        for day in periods(self.first_day, self.end_day, "day"):
            moment = self.exports.midnight(day + timedelta(days=1)) - timedelta(seconds=1)
            found[(day.isoformat(),)] = count(len(self._in_progress(moment)))
        return found

    def item_age(self) -> dict[Key, Cell]:
        """Calendar days of each item in progress, up to the last day that is known."""
        last = self.end_day - timedelta(days=1)
        found: dict[Key, Cell] = {}
        for item in self._in_progress(self.exports.midnight(self.end_day) - timedelta(seconds=1)):
            started_at = item.first_started_at()
            assert started_at
            age = (last - self.exports.local_day(started_at)).days + 1
            found[(item.key,)] = Cell("ok", age, 1)
        return found

    def _in_progress(self, moment: datetime) -> list[Item]:
        return [each for each in self.items if each.state(moment) == "doing"]

    def _days(self, item: Item) -> list[int]:
        started_at, done_at = item.first_started_at(), item.last_done_at()
        if started_at is None or done_at is None:
            return []
        return [(self.exports.local_day(done_at) - self.exports.local_day(started_at)).days + 1]

    def _settled(self, week: date) -> bool:
        return self.exports.ends_by(next_day(week, "week"), self.complete_to)

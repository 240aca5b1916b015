"""Funnels: every step-1 event opens an attempt, followed event by event."""

from collections import defaultdict
from datetime import date, timedelta

from brute_force.answer import Cell, Key, immature, share
from brute_force.calendar import first_day, next_day, periods
from brute_force.people import Event, Usage

Attempt = tuple[Event, int]
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Funnel:
    """One declared funnel over the events of every person."""

    def __init__(self, usage: Usage, funnel_id: str) -> None:
        (declared,) = [each for each in usage.exports.settings["funnel"] if each["id"] == funnel_id]
        self.id, self.usage = funnel_id, usage
        self.steps: list[str] = declared["steps"]
        written = declared.get("window", f"{declared.get('window_days', 14)}d")
        self.window = timedelta(**{UNITS[written[-1]]: int(written[:-1])})
        self.paths: dict[str, list[Event]] = defaultdict(list)
        for event in usage.events:
            self.paths[event.person].append(event)

    def depth(self, path: list[Event], start: int, *, strict: bool) -> int:
        """How many steps the attempt that opens at a place of the path reached."""
        reached = 1
        end = path[start].happened_at + self.window.total_seconds()
        for event in path[start + 1 :]:
            if reached == len(self.steps) or event.happened_at > end:
                break
            if event.name == self.steps[reached]:
                reached += 1
            elif strict:
                break
        return reached

    def attempts(self, *, strict: bool = False) -> dict[str, list[Attempt]]:
        """Each person's settled attempts: the event that opened it, and its depth."""
        until = self.usage.complete_to.timestamp() - self.window.total_seconds()
        found: dict[str, list[Attempt]] = {}
        for person, path in self.paths.items():
            opened = [
                (event, self.depth(path, place, strict=strict))
                for place, event in enumerate(path)
                if event.name == self.steps[0] and event.happened_at <= until
            ]
            if opened:
                found[person] = opened
        return found

    def persons(self, *, strict: bool = False, platform: str | None = None) -> list[Attempt]:
        """Each person at the first settled attempt, with the deepest one's depth.

        On one platform only the attempts that were opened there count.
        """
        found = []
        for taken in self.attempts(strict=strict).values():
            kept = [each for each in taken if platform in (None, each[0].platform)]
            if kept:
                found.append((kept[0][0], max(depth for _, depth in kept)))
        return found

    def weekly(self, entrants: list[Attempt]) -> dict[Key, Cell]:
        """Every step of every week; a week is settled when its last attempt must be."""
        usage = self.usage
        weeks: dict[date, list[int]] = defaultdict(list)
        for event, depth in entrants:
            weeks[first_day(event.day, "week")].append(depth)
        found: dict[Key, Cell] = {}
        for week in periods(usage.first_day, usage.end_day, "week"):
            settled = usage.exports.ends_by(next_day(week, "week"), usage.complete_to, self.window)
            for step, cell in self.steps_of(weeks.get(week, [])).items():
                found[(week.isoformat(), *step)] = cell if settled else immature(len(weeks[week]))
        return found

    def weekly_of_exposed(self, days: dict[date, set[str]]) -> dict[Key, Cell]:
        """Every step of every week, of all who were active in it; only settled weeks."""
        usage = self.usage
        entrants = [(event.person, event.day, depth) for event, depth in self.persons()]
        found: dict[Key, Cell] = {}
        for week in periods(usage.first_day, usage.end_day, "week"):
            end = next_day(week, "week")
            if not usage.exports.ends_by(end, usage.complete_to, self.window):
                continue
            exposed = set().union(*(days.get(week + timedelta(days=i), set()) for i in range(7)))
            depths = {who: depth for who, day, depth in entrants if week <= day < end}
            for step, cell in self.steps_of([depths.get(who, 0) for who in exposed]).items():
                found[(week.isoformat(), *step)] = cell
        return found

    def steps_of(self, depths: list[int]) -> dict[Key, Cell]:
        """Who reached each step, of those who entered."""
        return {
            (str(step),): share(sum(depth >= step for depth in depths), len(depths))
            for step in range(1, len(self.steps) + 1)
        }

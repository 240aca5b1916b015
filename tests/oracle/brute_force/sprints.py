"""What was planned, changed and done in each sprint, from the replayed history."""

from collections.abc import Callable
from datetime import timedelta

from brute_force.answer import Cell, Key, exact_share, immature, share
from brute_force.calendar import periods
from brute_force.tracker import Item, Sprint, Tracker

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
FINISHED = {"done", "cancelled"}


class SprintBook:
    """One sprint: the items of its start, and what became of them."""

    def __init__(self, tracker: Tracker, sprint: Sprint) -> None:
        self.sprint = sprint
        self.is_closed = sprint.completed_at is not None
        # A change stamped exactly at the start belongs to the sprint, so the state before counts.
        self.start = sprint.started_at - INSTANT
        self.end = sprint.completed_at or tracker.newest_change
        self.items = [each for each in tracker.items if each.state(self.start) not in FINISHED]
        self.initial = [each for each in self.items if each.is_in(sprint, self.start)]
        self.committed = sum(each.estimate(self.start) for each in self.initial)
        self.final = [each for each in self.items if self._is_final(each)]
        self.done = [each for each in self.final if each.state(self.end) == "done"]
        self.added = [each for each in self.final if each not in self.initial]

    def _is_final(self, item: Item) -> bool:
        return item.is_in(self.sprint, self.end) and item.state(self.end) != "cancelled"

    def velocity(self) -> Cell:
        """Points done at the close."""
        n = len(self.done)
        points = sum(each.estimate(self.end) for each in self.done)
        return Cell("ok", points, n, points) if self.is_closed else immature(n)

    def say_do(self) -> Cell:
        """Completed points of the initial items: as estimated at the close, like all completed."""
        kept = sum(each.estimate(self.end) for each in self.initial if each in self.done)
        return self._of_committed(kept)

    def scope_change(self) -> dict[str, Cell]:
        """What came and went after the start, over what was committed."""
        gone = [each for each in self.initial if each not in self.final]
        dropped = [each for each in gone if each.is_in(self.sprint, self.end)]
        removed = [each for each in gone if each not in dropped]
        stayed = [each for each in self.initial if each in self.final]
        return {
            "added": self._of_committed(sum(each.estimate(self.end) for each in self.added)),
            "removed": self._of_committed(sum(each.estimate(self.start) for each in removed)),
            "dropped": self._of_committed(sum(each.estimate(self.start) for each in dropped)),
            "reestimated": self._of_committed(
                sum(each.estimate(self.end) - each.estimate(self.start) for each in stayed)
            ),
        }

    def carry_over(self) -> Cell:
        """Initial items still in the sprint and not done at its close."""
        left = [each for each in self.initial if each in self.final and each not in self.done]
        n = len(self.initial)
        return share(len(left), n, enough=1) if self.is_closed else immature(n)

    def _of_committed(self, points: float) -> Cell:
        if not self.is_closed:
            return immature(round(self.committed))
        return exact_share(points, self.committed)


def per_sprint(
    tracker: Tracker, team: str, number: Callable[[SprintBook], Cell]
) -> dict[Key, Cell]:
    """One number of every sprint of a team that has begun."""
    return {
        (each.id,): number(SprintBook(tracker, each))
        for each in tracker.sprints
        if each.team == team
    }


def scope_changes(tracker: Tracker, team: str) -> dict[Key, Cell]:
    """The parts of every sprint's change of scope."""
    return {
        (each.id, component): cell
        for each in tracker.sprints
        if each.team == team
        for component, cell in SprintBook(tracker, each).scope_change().items()
    }


def burn_up(tracker: Tracker, sprint_id: str) -> dict[Key, Cell]:
    """Points in a closed sprint, and points of them that are done, at the end of each day.

    They count points, so n is the number of points.
    """
    (sprint,) = [each for each in tracker.sprints if each.id == sprint_id]
    book, local_day = SprintBook(tracker, sprint), tracker.exports.local_day
    found: dict[Key, Cell] = {}
    for day in periods(local_day(sprint.started_at), local_day(book.end) + DAY, "day"):
        moment = min(book.end, tracker.exports.midnight(day + DAY) - INSTANT)
        held = [
            each
            for each in book.items
            if each.is_in(sprint, moment) and each.state(moment) != "cancelled"
        ]
        done = [each for each in held if each.state(moment) == "done"]
        for component, items in (("scope", held), ("done", done)):
            points = sum(each.estimate(moment) for each in items)
            found[(day.isoformat(), component)] = Cell("ok", points, round(points), points)
    return found

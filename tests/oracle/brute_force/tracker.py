"""The trackers' issues with their whole history, replayed change by change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brute_force.exports import Exports, utc

ISSUES = {"atlas": "jira/atlas_issues.ndjson.gz", "comet": "jira/comet_issues.ndjson.gz"}
POINTS, SPRINT = "customfield_10016", "customfield_10020"
CATEGORIES = {"new": "todo", "indeterminate": "doing", "done": "done"}
History = list[tuple[datetime | None, str]]


@dataclass(frozen=True)
class Sprint:
    """From its start to its completion."""

    id: str
    team: str
    started_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True)
class Item:
    """One issue that is no sub-task; each history begins with the value at creation."""

    key: str
    team: str
    created_at: datetime
    states: History
    points: History
    sprints: History

    def state(self, moment: datetime) -> str:
        """todo, doing, done or cancelled; empty before creation."""
        return "" if moment < self.created_at else value_at(self.states, moment)

    def estimate(self, moment: datetime) -> float:
        """Its points; none is 0."""
        return float(value_at(self.points, moment) or 0)

    def is_in(self, sprint: Sprint, moment: datetime) -> bool:
        """Whether it was in a sprint."""
        held = value_at(self.sprints, moment).split(",")
        return moment >= self.created_at and sprint.id in [each.strip() for each in held]

    def first_started_at(self) -> datetime | None:
        """When it first entered a state of work; None if it never did."""
        return next((at for at, state in self.moves() if state == "doing"), None)

    def last_done_at(self) -> datetime | None:
        """The start of its last unbroken stay in done, if it is there."""
        moves = self.moves()
        return moves[-1][0] if moves[-1][1] == "done" else None

    def moves(self) -> list[tuple[datetime, str]]:
        """Changes of state; moves inside one state change nothing."""
        found: list[tuple[datetime, str]] = []
        for at, state in self.states:
            if not found or found[-1][1] != state:
                found.append((at or self.created_at, state))
        return found


def value_at(history: History, moment: datetime) -> str:
    """What held at a moment, a change at that very moment included."""
    return [value for at, value in history if at is None or at <= moment][-1]


class Tracker:
    """The issues and sprints of all teams."""

    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self.cancelled = exports.settings["delivery"]["states"]
        objects = [(team, each) for team, name in ISSUES.items() for each in exports.objects(name)]
        self.categories = _categories(each for _, each in objects)
        self.items = [
            self._item(team, each)
            for team, each in objects
            if not each["fields"]["issuetype"]["subtask"]
        ]
        self.newest_change = max(
            utc(history["created"])
            for _, each in objects
            for history in each["changelog"]["histories"]
        )
        self.oldest = min(utc(each["fields"]["created"]) for _, each in objects)
        self.sprints = [*self._atlas_sprints(), *self._comet_sprints()]

    def _item(self, team: str, issue: dict[str, Any]) -> Item:
        fields = issue["fields"]
        held = ",".join(str(sprint["id"]) for sprint in fields[SPRINT] or [])
        return Item(
            issue["key"],
            team,
            utc(fields["created"]),
            [
                (at, self._state(value))
                for at, value in _history(issue, "status", "to", fields["status"]["id"])
            ],
            _history(issue, "Story Points", "toString", str(fields[POINTS] or "")),
            _history(issue, "Sprint", "to", held),
        )

    def _state(self, status: str) -> str:
        name, category = self.categories[status]
        return str(self.cancelled.get(name, CATEGORIES[category]))

    def _atlas_sprints(self) -> Iterable[Sprint]:
        for row in self.exports.objects("jira/atlas_sprints.ndjson"):
            if "startDate" in row:
                ended = utc(row["completeDate"]) if "completeDate" in row else None
                yield Sprint(str(row["id"]), "atlas", utc(row["startDate"]), ended)

    def _comet_sprints(self) -> Iterable[Sprint]:
        for row in self.exports.rows("jira/comet_sprints.csv"):
            if row["started_at"]:
                ended = utc(row["completed_at"]) if row["completed_at"] else None
                started = utc(row["started_at"])
                yield Sprint(row["sprint_id"], "comet", started, ended)


def _categories(issues: Iterable[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Name and category of each status that any issue is in now."""
    found = {}
    for issue in issues:
        status = issue["fields"]["status"]
        found[status["id"]] = (status["name"], status["statusCategory"]["key"])
    return found


def _history(issue: dict[str, Any], field: str, value: str, current: str) -> History:
    """A field's values: the one before the first change, or the current one if there is none."""
    changes = [
        (utc(history["created"]), item)
        for history in issue["changelog"]["histories"]
        for item in history["items"]
        if item["field"] == field
    ]
    changes.sort(key=lambda change: change[0])
    before = {"to": "from", "toString": "fromString"}[value]
    first = (changes[0][1][before] or "") if changes else current
    return [(None, first), *((at, item[value] or "") for at, item in changes)]

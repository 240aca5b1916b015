"""An issue that remembers how it became what it is."""

from dataclasses import dataclass, field
from datetime import datetime

from sample_data.generate.teams import Sprint, Team
from sample_data.generate.timeline import DATA_END


@dataclass(frozen=True)
class Status:
    """A workflow status and the category that the tracker gives it."""

    status_id: str
    name: str
    category_id: int
    category_key: str
    category_name: str
    colour: str


TO_DO = Status("10000", "To Do", 2, "new", "To Do", "blue-gray")
IN_PROGRESS = Status("3", "In Progress", 4, "indeterminate", "In Progress", "yellow")
REVIEW = Status("10001", "Review", 4, "indeterminate", "In Progress", "yellow")
DONE = Status("10002", "Done", 3, "done", "Done", "green")
CANCELLED = Status("10003", "Cancelled", 3, "done", "Done", "green")
STATUSES = {status.status_id: status for status in (TO_DO, IN_PROGRESS, REVIEW, DONE, CANCELLED)}

FIELD_IDS = {"Story Points": "customfield_10016", "Sprint": "customfield_10020",
             "Flagged": "customfield_10021", "status": "status",
             "resolution": "resolution"}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One entry of the changelog."""

    at: datetime
    field_name: str
    from_value: str | None
    from_label: str | None
    to_value: str | None
    to_label: str | None


@dataclass(eq=False)
class Issue:
    """A story, task, bug or sub-task; its current values follow from its changes."""

    team: Team
    kind: str
    summary: str
    created_at: datetime
    points: float | None
    priority: str
    first_sprints: tuple[Sprint, ...] = ()
    parent: "Issue | None" = None
    is_stuck: bool = False
    status: Status = TO_DO
    sprints: tuple[Sprint, ...] = ()
    changes: list[Change] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.sprints = self.first_sprints

    @property
    def key(self) -> str:
        """The tracker's key, known once issues are numbered."""
        return f"{self.team.project}-{self.number}"

    @property
    def issue_id(self) -> str:
        """The tracker's numeric id."""
        return str(self.team.first_issue_id + self.number)

    @property
    def known_changes(self) -> list[Change]:
        """Changes that happened before the data end, oldest first."""
        return sorted((c for c in self.changes if c.at < DATA_END), key=lambda c: c.at)

    def move(self, at: datetime, status: Status) -> None:
        """Change the status; the resolution follows it into done and out of it."""
        if status is self.status:
            return
        was_done = self.status.category_key == "done"
        self.changes.append(
            Change(
                at, "status", self.status.status_id, self.status.name, status.status_id, status.name
            )  # fmt: skip
        )
        if status.category_key == "done":
            ended = ("10101", "Won't Do") if status is CANCELLED else ("10100", "Done")
            self.changes.append(Change(at, "resolution", None, None, *ended))
        elif was_done:
            self.changes.append(Change(at, "resolution", "10100", "Done", None, None))
        self.status = status

    def put_into(self, at: datetime, sprints: tuple[Sprint, ...]) -> None:
        """Change the sprints; closed ones stay in the list, as the tracker keeps them."""
        self.changes.append(
            Change(
                at,
                "Sprint",
                _ids(self.sprints),
                _names(self.sprints),
                _ids(sprints),
                _names(sprints),
            )  # fmt: skip
        )
        self.sprints = sprints

    def estimate(self, at: datetime, points: float) -> None:
        """Change the story points; the tracker keeps them in the labels alone."""
        before = None if self.points is None else f"{self.points:g}"
        self.changes.append(Change(at, "Story Points", None, before, None, f"{points:g}"))
        self.points = points

    def flag(self, at: datetime, until: datetime) -> None:
        """Blocked from one moment to the other."""
        self.changes.append(Change(at, "Flagged", "", "", "[10019]", "Impediment"))
        self.changes.append(Change(until, "Flagged", "[10019]", "Impediment", "", ""))


def _ids(sprints: tuple[Sprint, ...]) -> str:
    return ", ".join(str(sprint.sprint_id) for sprint in sprints)


def _names(sprints: tuple[Sprint, ...]) -> str:
    return ", ".join(sprint.name for sprint in sprints)

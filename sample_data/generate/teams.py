"""The two teams, their sprints on the calendar, and their working hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data.generate.stories import SLIPPING_SPRINT_ON
from sample_data.generate.timeline import DATA_END, FIRST_DAY, LAST_DAY, instant, season

SPRINT_DAYS = 14
WORKDAYS = 10
OPENS_AT, CLOSES_AT = 9, 17


@dataclass(frozen=True)
class Team:
    """A team with its board, its project, and what it usually gets done."""

    team_id: str
    name: str
    project: str
    project_id: int
    board_id: int
    first_sprint_on: date
    first_sprint_id: int
    first_issue_id: int
    points: float
    goals: Sequence[str]
    subjects: Sequence[str]


@dataclass(frozen=True)
class Sprint:
    """Two weeks from Monday ten o'clock to Monday nine."""

    sprint_id: int
    name: str
    team: Team
    starts_on: date
    goal: str

    @property
    def started_at(self) -> datetime:
        """Just after planning; the minute differs from sprint to sprint."""
        return instant(self.starts_on, 10, self.sprint_id % 17, 12)

    @property
    def planned_end_at(self) -> datetime:
        """Monday nine o'clock, two weeks later."""
        return instant(self.starts_on + timedelta(days=SPRINT_DAYS), 9)

    @property
    def completed_at(self) -> datetime:
        """When it is closed, a few minutes after its planned end."""
        return self.planned_end_at + timedelta(minutes=self.sprint_id % 11, seconds=41)

    @property
    def state(self) -> str:
        """As the board shows it when the data end."""
        if self.completed_at < DATA_END:
            return "closed"
        return "active" if self.started_at < DATA_END else "future"

    @property
    def slips(self) -> bool:
        """Whether this is the sprint of the planted story."""
        return self.team.team_id == "atlas" and self.starts_on == SLIPPING_SPRINT_ON

    @property
    def presence(self) -> float:
        """Share of an ordinary sprint's people who are there: less at Christmas and in August."""
        middle = self.starts_on + timedelta(days=SPRINT_DAYS // 2)
        return max(0.55, season(middle))

    def moment(self, workdays: float, minute: int = 0) -> datetime:
        """The instant that many working days after the sprint's first morning."""
        whole = min(WORKDAYS - 1, int(workdays))
        day = self.starts_on + timedelta(days=whole + 2 * (whole // 5))
        hours = (workdays - whole) * (CLOSES_AT - OPENS_AT)
        return instant(day, OPENS_AT) + timedelta(hours=max(1.6 if whole == 0 else 0.0, hours),
                                                 minutes=minute % 20)  # fmt: skip


ATLAS = Team(
    "atlas", "Atlas", "LUM", 10100, 1, date(2025, 10, 27), 101, 20000, 27.0,
    ("Viewers find a report in two clicks", "Comments work on every chart",
     "Shared links can expire", "Dashboards load in two seconds",
     "Summaries read well in German and English", "Lumen 2.0 is ready for candidates",
     "New users share a report in ten minutes", "Checkout is boring again"),
    ("Folder permissions", "Comment threads", "Shared link page", "Dashboard tiles",
     "Report summaries", "Sign-up form", "Template gallery", "Notification mail",
     "Checkout form", "Chart legend", "Mobile layout", "Search box"),
)  # fmt: skip
COMET = Team(
    "comet", "Comet", "EXP", 10200, 2, date(2026, 2, 2), 201, 40000, 14.0,
    ("CSV exports keep their types", "Data sources stay connected",
     "Rendering is measured end to end", "Exports of 50 pages finish in 20 seconds",
     "API add-on has limits and alarms"),
    ("CSV export", "PDF renderer", "Source connector", "Refresh scheduler", "Public API",
     "Export queue", "Audit log", "Usage metering"),
)  # fmt: skip
TEAMS = (ATLAS, COMET)
VERBS = ("Improve", "Add tests to", "Redesign", "Speed up", "Extend", "Simplify", "Translate",
         "Measure", "Fix edge cases of", "Document")  # fmt: skip


def sprints_of(team: Team) -> list[Sprint]:
    """All sprints up to the one after the running one."""
    sprints: list[Sprint] = []
    starts_on = team.first_sprint_on
    while starts_on <= LAST_DAY + timedelta(days=SPRINT_DAYS):
        number = len(sprints)
        sprints.append(
            Sprint(
                team.first_sprint_id + number,
                f"{team.name} Sprint {number + 1}",
                team,
                starts_on,
                team.goals[(number * 3 + FIRST_DAY.day) % len(team.goals)],
            )
        )
        starts_on += timedelta(days=SPRINT_DAYS)
    return sprints

"""The tables of launchloop.toml about teams and people: calendars, boards, states, roles."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipelines.workspace.frozen import Frozen, Named
from pipelines.workspace.values import (
    Day,
    Positive,
    SettingError,
    Text,
    Texts,
    Zone,
    as_list,
    listed,
    shown,
)

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST_DAY_NAME = len("mon")
Role = Literal[
    "viewer",
    "member",
    "product_manager",
    "product_owner",
    "facilitator",
    "developer",
    "designer",
    "support",
    "stakeholder",
    "admin",
]


def _workday(value: object) -> object:
    """A day of the week in full, from its name or the beginning of it."""
    if isinstance(value, str) and len(value) >= SHORTEST_DAY_NAME:
        for day in WEEK:
            if day.startswith(value.casefold()):
                return day
    raise SettingError(f"{shown(value)} is not a day of the week; write {listed(list(WEEK))}")


class Team(Named):
    """`[[team]]`: the calendar of a delivery team and the boards it works on."""

    timezone: Zone | None = None
    workdays: tuple[Annotated[Text, BeforeValidator(_workday)], ...] = WEEK[:5]
    holidays: tuple[Day, ...] = ()
    sprint_days: Positive = 14
    boards: Texts = ()


class Delivery(Frozen):
    """`[delivery]` and every `[[team]]`: how work items are read, and who works on them."""

    states: dict[Text, Literal["todo", "doing", "done", "cancelled"]] = {}
    points_field: Text | None = None
    teams: tuple[Team, ...] = Field((), alias="team")


class Person(Named):
    """`[[person]]`: someone who signs in, with roles by team; `"*"` is every team."""

    email: Text | None = None
    roles: dict[Text, Annotated[tuple[Role, ...], BeforeValidator(as_list)]] = {}

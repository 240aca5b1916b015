"""Who takes part: persons, teams, and who holds which role in which team from when to when."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import TeamRole
from pipelines.reviews.records.tables.base import Base, Id, Object, Versioned, one_of, refers_to


class Person(Versioned, Base):
    """A person; all else knows only the id, so that an erased name is gone everywhere."""

    __tablename__ = "person"
    kept_out_of_events: ClassVar[frozenset[str]] = frozenset({"display_name", "email"})

    person_id: Mapped[Id]
    display_name: Mapped[str | None]
    email: Mapped[str | None]
    erased_at: Mapped[datetime | None]


class Team(Versioned, Base):
    """A team with its settings: rigour, limits, default guard-rails."""

    __tablename__ = "team"

    team_id: Mapped[Id]
    name: Mapped[str]
    timezone: Mapped[str]
    solo: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[Object] = mapped_column(default=dict)


class Membership(Versioned, Base):
    """A role of a person in a team, from a day and up to the first day no longer."""

    __tablename__ = "membership"
    __table_args__ = (one_of("role", TeamRole),)

    person_id: Mapped[str] = mapped_column(refers_to("person.person_id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(refers_to("team.team_id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]

"""Persons, teams and roles of launchloop.toml go into the records, dated, when they differ."""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.reviews.core.roles import team_roles
from pipelines.reviews.core.terms import TeamRole
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.people import ensure_person
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Membership, Person, Team
from pipelines.reviews.saving_work import Save
from pipelines.workspace import Workspace

LOCAL, LOCAL_NAME = "local", "You"
DEFAULT_TEAM, DEFAULT_TEAM_NAME = "product", "Product"
# Who writes what the program finds by itself; holds no role.
MACHINE, MACHINE_NAME = "launchloop", "Launchloop"
LOCAL_ROLES = frozenset(
    {TeamRole.PRODUCT_MANAGER, TeamRole.PRODUCT_OWNER, TeamRole.FACILITATOR, TeamRole.ADMIN}
)
# Whoever does the work; a team with at most one of them is a team of one.
WORKING = frozenset({TeamRole.MEMBER, TeamRole.PRODUCT_MANAGER, TeamRole.PRODUCT_OWNER})

Held = tuple[str, str, str]


@dataclass(frozen=True)
class Declared:
    """What launchloop.toml says of people.

    Attributes:
        people: Person id → name and e-mail address.
        teams: Team id → name and time zone.
        roles: (person, team, role) of everybody.
    """

    people: dict[str, tuple[str, str | None]]
    teams: dict[str, tuple[str, str]]
    roles: frozenset[Held]

    def is_solo(self, team_id: str) -> bool:
        """Whether at most one person works in a team."""
        workers = {who for who, team, role in self.roles if team == team_id and role in WORKING}
        return len(workers) <= 1


def declared(settings: Workspace) -> Declared:
    """Persons, teams and roles as declared, or one local person and one team without any."""
    zone = settings.product.timezone
    teams = {each.id: (each.name, each.timezone or zone) for each in settings.delivery.teams}
    teams = teams or {DEFAULT_TEAM: (DEFAULT_TEAM_NAME, zone)}
    if not settings.people:
        roles = {(LOCAL, team, role.value) for team in teams for role in LOCAL_ROLES}
        return Declared({LOCAL: (LOCAL_NAME, None)}, teams, frozenset(roles))
    held = {
        (person.id, team, role.value)
        for person in settings.people
        for team in teams
        for role in team_roles({key: list(words) for key, words in person.roles.items()}, team)
    }
    people = {each.id: (each.name, each.email) for each in settings.people}
    return Declared(people, teams, frozenset(held))


def sync_people(store: Store, settings: Workspace, *, now: datetime, today: date) -> None:
    """Brings the records to what launchloop.toml says; writes nothing where they agree.

    A role that is gone ends today, one that is new begins today. Nobody is deleted.
    """
    wanted = declared(settings)
    with store.reading() as session:
        if _agrees(session, wanted, today):
            return
    with store.writing() as session:
        save = Save(session, Author(MACHINE, now))
        ensure_person(session, MACHINE, MACHINE_NAME, None, save.author)
        for person_id, names in wanted.people.items():
            ensure_person(session, person_id, *names, save.author)
        for team_id in wanted.teams:
            _ensure_team(save, wanted, team_id)
        _ensure_roles(save, wanted.roles, today)


def holds_on(row: Membership, day: date) -> bool:
    """Whether a membership is in force on a day; the day it ends on is no longer part of it."""
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _agrees(session: RecordsSession, wanted: Declared, today: date) -> bool:
    people = {row.person_id: row for row in rows_of(session, Person)}
    teams = {row.team_id: row for row in rows_of(session, Team)}
    held = {_held(row) for row in rows_of(session, Membership) if holds_on(row, today)}
    return (
        MACHINE in people
        and all(_is_as_declared(people.get(who), names) for who, names in wanted.people.items())
        and all(_is_team(teams.get(team_id), wanted, team_id) for team_id in wanted.teams)
        and held == wanted.roles
    )


def _is_as_declared(row: Person | None, names: tuple[str, str | None]) -> bool:
    return row is not None and (row.erased_at is not None or (row.display_name, row.email) == names)


def _is_team(row: Team | None, wanted: Declared, team_id: str) -> bool:
    if row is None or (row.name, row.timezone) != wanted.teams[team_id]:
        return False
    return "solo" in row.settings or row.solo == wanted.is_solo(team_id)


def _ensure_team(save: Save, wanted: Declared, team_id: str) -> None:
    name, zone = wanted.teams[team_id]
    known = save.session.get(Team, team_id)
    if known is None:
        solo = wanted.is_solo(team_id)
        save.insert(Team(team_id=team_id, name=name, timezone=zone, solo=solo, settings={}))
        return
    solo = known.solo if "solo" in known.settings else wanted.is_solo(team_id)
    save.update(known, known.row_version, {"name": name, "timezone": zone, "solo": solo})


def _ensure_roles(save: Save, wanted: frozenset[Held], today: date) -> None:
    rows = rows_of(save.session, Membership)
    in_force = {_held(row): row for row in rows if holds_on(row, today)}
    for held in sorted(set(in_force) - wanted):
        row = in_force[held]
        save.update(row, row.row_version, {"valid_to": today}, action="ended")
    for person_id, team_id, role in sorted(wanted - set(in_force)):
        # Ended earlier today: the same row goes on.
        key = (person_id, team_id, role, today)
        ended = save.session.get(Membership, key)
        if ended is not None:
            save.update(ended, ended.row_version, {"valid_to": None}, action="resumed")
            continue
        begun = Membership(person_id=person_id, team_id=team_id, role=role, valid_from=today)
        save.insert(begun, action="begun")


def _held(row: Membership) -> Held:
    return row.person_id, row.team_id, row.role

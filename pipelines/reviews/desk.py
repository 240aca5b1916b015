"""The desk at which reviews are held: workspace, records, who is speaking, and the clock.

Every service of reviews takes a `Desk`. It is the one door for writes: the role is checked again,
and what was done stands in the log, in the same transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pipelines.errors import NotAllowedError, StaleError
from pipelines.reviews.core.roles import Permission, may, refusal
from pipelines.reviews.core.team_settings import TeamSettings, checked_changes, team_settings
from pipelines.reviews.core.terms import TeamRole
from pipelines.reviews.people_sync import LOCAL, MACHINE, holds_on, sync_people
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.sharing import has_records, shared_store
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Membership, Person, Team
from pipelines.reviews.saving_work import Save
from pipelines.workspace import Workspace, load
from pipelines.workspace.delivery import Team as TeamCalendar

ERASED_NAME = "Erased person"
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the machine, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Colleague:
    """A person as pages show them."""

    person_id: str
    name: str
    email: str | None = None


@dataclass(frozen=True)
class TeamCard:
    """A team as pages show it.

    Attributes:
        settings: With a default for all that it did not set.
        row_version: To hand back to `Desk.change_settings`.
        chosen: Names of the settings that somebody set; the others are defaults.
    """

    team_id: str
    name: str
    timezone: str
    settings: TeamSettings
    row_version: int
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Desk:
    """Where reviews are read and written. Cheap to open; safe to use from many threads.

    Attributes:
        folder: The workspace.
        settings: launchloop.toml as it is now.
        store: The records.
        person_id: Who is speaking; None = nobody said, who may do nothing.
        clock: Gives the time in UTC where the workspace sets none.
    """

    folder: Path
    settings: Workspace
    store: Store
    person_id: str | None
    clock: Clock = utc_now

    @classmethod
    def open(
        cls,
        folder: Path,
        person_id: str | None = None,
        *,
        clock: Clock = utc_now,
        moment: datetime | None = None,
    ) -> Self:
        """Opens the records of a workspace, makes them if there are none, and syncs its people.

        Args:
            folder: Of launchloop.toml.
            person_id: Who is speaking. Without [[person]] it is always the local person.
            clock: The time, for tests.
            moment: In the past of simulated data, in place of the time at which they stand still.

        Raises:
            WorkspaceError: launchloop.toml cannot be used.
            RecordsError: The records cannot be opened.
            NotAllowedError: launchloop.toml does not name this person.
        """
        settings = load(folder)
        if moment is not None:
            product = settings.product.model_copy(update={"now": moment})
            settings = settings.model_copy(update={"product": product})
        known = {each.id for each in settings.people} or {LOCAL}
        if not settings.people and person_id != MACHINE:
            person_id = LOCAL
        if person_id not in {*known, MACHINE, None}:
            raise NotAllowedError(
                f"launchloop.toml names no person {person_id}. Add [[person]] with this id."
            )
        store = shared_store(settings.records.url, folder)
        desk = cls(folder, settings, store, person_id, clock)
        sync_people(store, settings, now=desk.now, today=desk.today)
        return desk

    @classmethod
    def of_machine(cls, folder: Path, *, clock: Clock = utc_now) -> Self | None:
        """A desk for what the program does by itself; None where no records exist yet."""
        settings = load(folder)
        if not has_records(settings.records.url, folder):
            return None
        return cls.open(folder, MACHINE, clock=clock)

    @property
    def now(self) -> datetime:
        """The time in UTC; simulated data bring their own, which stands still."""
        return self.settings.product.now or self.clock()

    @property
    def today(self) -> date:
        """The day, in the reporting zone."""
        return self.now.astimezone(ZoneInfo(self.settings.product.timezone)).date()

    @property
    def is_machine(self) -> bool:
        """Whether the program itself speaks."""
        return self.person_id == MACHINE

    def people(self) -> tuple[Colleague, ...]:
        """Everybody who was ever in the records, by name; erased ones without theirs."""
        with self.store.reading() as session:
            rows = rows_of(session, Person)
        found = [
            Colleague(row.person_id, row.display_name or ERASED_NAME, row.email)
            for row in rows
            if row.person_id != MACHINE
        ]
        return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.person_id)))

    def need_person(self, person_id: str | None) -> None:
        """Stops what would name somebody who is nobody; naming no one is allowed.

        Raises:
            NotAllowedError: launchloop.toml and the records know no such person.
        """
        if person_id is not None and person_id not in {each.person_id for each in self.people()}:
            raise NotAllowedError(
                f"There is no person {person_id}. Choose one of the team, or add [[person]] to "
                "launchloop.toml."
            )

    def names(self) -> dict[str, str]:
        """Person id → the name to show; names are filled in when shown, never stored."""
        with self.store.reading() as session:
            rows = rows_of(session, Person)
        return {row.person_id: row.display_name or ERASED_NAME for row in rows}

    def teams(self) -> tuple[TeamCard, ...]:
        """All teams by name."""
        with self.store.reading() as session:
            rows = rows_of(session, Team, order=["name", "team_id"])
        return tuple(_card(row) for row in rows)

    def team(self, team_id: str) -> TeamCard:
        """One team.

        Raises:
            RecordsError: There is none of this id.
        """
        with self.store.reading() as session:
            return _card(row_of(session, Team, team_id, "team"))

    def calendar(self, team_id: str) -> TeamCalendar:
        """Workdays, holidays and sprint length of a team; the defaults where none are declared."""
        declared = (each for each in self.settings.delivery.teams if each.id == team_id)
        return next(declared, TeamCalendar(id=team_id, name=team_id))

    def roles(self, team_id: str) -> frozenset[TeamRole]:
        """What the speaking person is in a team today."""
        with self.store.reading() as session:
            return self._roles(session, team_id)

    def members(self, team_id: str) -> dict[str, frozenset[TeamRole]]:
        """Person id → roles, of everybody who has one in a team today."""
        with self.store.reading() as session:
            rows = rows_of(session, Membership, team_id=team_id)
        held = [row for row in rows if holds_on(row, self.today)]
        return {
            who: frozenset(TeamRole(row.role) for row in held if row.person_id == who)
            for who in sorted({row.person_id for row in held})
        }

    def may(self, permission: Permission, team_id: str, *, is_owner: bool = False) -> bool:
        """Whether the speaking person may do this; for buttons. Writes ask `require` again."""
        return permission in self.permissions(team_id, is_owner=is_owner)

    def permissions(self, team_id: str, *, is_owner: bool = False) -> frozenset[Permission]:
        """All that the speaking person may do in a team; for the buttons of a page."""
        if self.person_id is None:
            return frozenset()
        if self.is_machine:
            return frozenset({Permission.READ})
        roles = self.roles(team_id)
        return frozenset(each for each in Permission if may(roles, each, is_owner=is_owner))

    def require(self, permission: Permission, team_id: str, *, is_owner: bool = False) -> None:
        """Stops who may not do this.

        Args:
            permission: What is to be done.
            team_id: In which team.
            is_owner: The person owns the cycle that it is about.

        Raises:
            NotAllowedError: With who may.
        """
        if self.person_id is None:
            raise NotAllowedError("Say who you are first: sign in, or choose your name.")
        if not self.may(permission, team_id, is_owner=is_owner):
            raise NotAllowedError(refusal(permission))

    @contextmanager
    def saving(self, key: str | None = None) -> Iterator[Save]:
        """One transaction: all of it is saved with its events, or nothing.

        Args:
            key: Made once for each save that a person asks for; with it `Save.once` answers a
                second click like the first.

        Raises:
            NotAllowedError: Nobody is speaking, or something changed that no event tells.
            StaleError: Somebody else saved the same row since it was read.
            RecordsError: It could not be saved; says why.
        """
        if self.person_id is None:
            raise NotAllowedError("Say who you are first: sign in, or choose your name.")
        with self.store.writing() as session:
            yield Save(session, Author(self.person_id, self.now), key)

    def change_settings(self, team_id: str, expected_version: int, **changes: Any) -> TeamCard:  # noqa: ANN401
        """Changes settings of a team; product managers, product owners and admins may.

        Args:
            team_id: Of the team.
            expected_version: `TeamCard.row_version` as it was shown.
            changes: Fields of `TeamSettings`; None takes a setting back to its default.

        Raises:
            NotAllowedError: The role does not allow it, or a value makes no sense.
            StaleError: Somebody else changed them meanwhile.
        """
        if not self.may(Permission.ADMINISTER, team_id):
            self.require(Permission.DEFINE, team_id)
        checked = checked_changes(changes)
        with self.saving() as save:
            row = row_of(save.session, Team, team_id, "team")
            _need_version(row, expected_version, checked)
            stored = {**row.settings, **checked}
            stored = {name: value for name, value in stored.items() if value is not None}
            solo = bool(stored.get("solo", row.solo))
            save.update(row, expected_version, {"settings": stored, "solo": solo},
                        action="settings_changed")  # fmt: skip
            return _card(row)

    def _roles(self, session: RecordsSession, team_id: str) -> frozenset[TeamRole]:
        rows = rows_of(session, Membership, person_id=self.person_id, team_id=team_id)
        return frozenset(TeamRole(row.role) for row in rows if holds_on(row, self.today))


def _need_version(row: Team, expected: int, changes: dict[str, Any]) -> None:
    """Settings are one column: each is compared by itself, so that both texts are told."""
    if row.row_version != expected:
        theirs = {name: row.settings.get(name) for name in changes}
        raise StaleError(
            f"Somebody else changed the settings of {row.name} while you wrote. "
            "Nothing was overwritten. Read them again, then save.",
            theirs,
            changes,
        )


def _card(row: Team) -> TeamCard:
    settings = team_settings(row.settings, solo=row.solo)
    chosen = frozenset(row.settings)
    return TeamCard(row.team_id, row.name, row.timezone, settings, row.row_version, chosen)

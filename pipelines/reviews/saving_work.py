"""One save of one person: rows and their events in a transaction, answered once per key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.reviews.core.canonical import Json
from pipelines.reviews.records.chain import Change, append
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.identity import new_id
from pipelines.reviews.records.saving import Author, Row, insert, once, update


@dataclass(frozen=True)
class Save:
    """An open transaction with the person who saves; made by `Desk.saving`.

    Attributes:
        session: Of the records; also reads what this save wrote.
        author: Who saves, and when.
        key: Made by the page once for each save that a person asks for; None = not asked twice.
    """

    session: RecordsSession
    author: Author
    key: str | None = None

    @property
    def at(self) -> datetime:
        """When this save is made, in UTC."""
        return self.author.at

    def once(self, work: Callable[[], Json]) -> Json:
        """Does the work, or gives the answer of the save that had the same key.

        Args:
            work: Returns what JSON can hold, such as the id of the new row.
        """
        if self.key is None:
            return work()
        # A key of one person never answers another.
        return once(self.session, f"{self.author.actor_id}/{self.key}", self.at, work)

    def new_id(self) -> str:
        """An id for a new row; later ones sort behind earlier ones, also on a fixed clock."""
        return new_id()

    def insert(self, row: Row, *, action: str = "created", reason: str | None = None) -> Row:
        """Adds a row and the event that holds it, as `records.saving.insert`."""
        return insert(self.session, row, self.author, action=action, reason=reason)

    def update(
        self,
        row: Row,
        expected_version: int,
        changes: Mapping[str, Any],
        *,
        action: str = "changed",
        reason: str | None = None,
    ) -> Row:
        """Changes a row that nobody changed meanwhile, as `records.saving.update`.

        Raises:
            StaleError: Somebody else saved since; holds their texts and yours.
        """
        return update(
            self.session, row, expected_version, changes, self.author, action=action, reason=reason
        )

    def event(
        self,
        entity: str,
        entity_id: str,
        action: str,
        *,
        before: str | None = None,
        after: str | None = None,
        changes: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Tells something that no single row shows.

        Args:
            entity: The table of the thing.
            entity_id: Its id.
            action: One word, such as "refreshed".
            before: The status left.
            after: The status reached.
            changes: What else belongs to it.
            reason: Why, in the person's words.
        """
        change = Change(
            at=self.at,
            actor_id=self.author.actor_id,
            entity=entity,
            entity_id=entity_id,
            action=action,
            from_status=before,
            to_status=after,
            changes=changes or {},
            reason=reason,
        )
        append(self.session, change)

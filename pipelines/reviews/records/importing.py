"""What an export holds goes into records: rows as they were, events with their former place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import plain
from pipelines.reviews.records.backup_file import typed
from pipelines.reviews.records.chain import Change, append
from pipelines.reviews.records.freezes import stored_snapshot_id
from pipelines.reviews.records.imported_references import foreign, references
from pipelines.reviews.records.imported_rows import Bundle, Key, key_values, table_of
from pipelines.reviews.records.other_logs import with_place
from pipelines.reviews.records.people import ensure_person
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.saving import insert as insert_told
from pipelines.reviews.records.tables import (
    Definition,
    Event,
    FrozenValue,
    Person,
    Snapshot,
    Target,
    Team,
)
from pipelines.reviews.records.verifying import verify_records

LEFT_EMPTY = "left_empty"
# The ledger belongs to the releases of its own workspace: a prediction is judged on their numbers.
_LEDGER = "outcome_link"


@dataclass
class Brought:
    """What an import added, and what it could not.

    Attributes:
        rows: How many rows were added.
        events: How many events.
        people: Ids of persons who were not known here; they have their id for a name.
        left_out: Rows that were not added, each with its events and why.
        left_empty: (table, key, column, what it named) of references to what is not here.
    """

    rows: int = 0
    events: int = 0
    people: list[str] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    left_empty: list[tuple[str, str, str, str]] = field(default_factory=list)


def bring_in(session: Session, bundle: Bundle, author: Author) -> Brought:
    """Adds all that is not there yet, and verifies the records before they are kept.

    Args:
        session: Of `Store.writing`.
        bundle: Of exports that verify and that differ in nothing from what is there.
        author: Who imports.

    Returns:
        What was added and what was not.

    Raises:
        RecordsError: It names what is neither here nor in the files, or the records do not
            verify. Nothing is saved then.
    """
    brought = Brought()
    _add_people(session, bundle, author, brought)
    for key, why in list(_without_place(session, bundle)):
        events = bundle.events_of(key)
        brought.left_out.append(
            {"table": key[0], "key": key[1], "why": why, "row": bundle.rows.pop(key),
             "events": events}
        )  # fmt: skip
        bundle.events = [each for each in bundle.events if each not in events]
    for snapshot_id in list(bundle.freezes):
        _add_freeze(session, bundle, snapshot_id, author)
    for key, row in bundle.rows.items():
        if not _is_there(session, key[0], key_values(key[0], row)):
            _add_row(session, bundle, key, brought)
    _add_events(session, bundle, brought)
    for name, row_key, column, value in brought.left_empty:
        told = {"from": {column: value}, "to": {column: None}}
        append(session, Change(author.at, author.actor_id, name, row_key, LEFT_EMPTY, changes=told))
    session.flush()
    session.expire_all()
    broken = verify_records(session)
    if broken is not None:
        raise RecordsError(f"Nothing was imported, as the records do not verify: {broken.text}")
    return brought


def differences(session: Session, bundle: Bundle) -> Iterator[tuple[Key, str, Any, Any]]:
    """What stands otherwise here than in the files: (table, key), column, here, there.

    A row that is not here at all differs in nothing. Snapshots are known by their content.
    """
    for (name, key), row in bundle.rows.items():
        if name == Snapshot.__tablename__:
            continue
        here = _stored(session, name, key_values(name, row))
        if here is None:
            continue
        empty = _emptied(session, name, key)
        for column in sorted(row):
            if here[column] != row[column] and column not in empty:
                yield (name, key), column, here[column], row[column]


def missing(session: Session, bundle: Bundle) -> list[Key]:
    """Rows of the files that are not here."""
    return [
        key
        for key, row in bundle.rows.items()
        if not _is_there(session, key[0], key_values(key[0], row))
    ]


def _stored(session: Session, name: str, keys: Mapping[str, Any]) -> dict[str, Any] | None:
    table = table_of(name)
    query = select(table).where(*(table.c[column] == value for column, value in keys.items()))
    row = session.execute(query).mappings().first()
    return None if row is None else {column: plain(value) for column, value in row.items()}


def _is_there(session: Session, name: str, keys: Mapping[str, Any]) -> bool:
    return _stored(session, name, keys) is not None


def _emptied(session: Session, name: str, key: str) -> set[str]:
    """Columns that an earlier import had to leave empty."""
    found = select(Event.changes).where(
        Event.entity == name, Event.entity_id == key, Event.action == LEFT_EMPTY
    )
    return {column for changes in session.scalars(found) for column in changes["to"]}


def _add_people(session: Session, bundle: Bundle, author: Author, brought: Brought) -> None:
    """Who is not known here is added with the id for a name: exports hold no names."""
    named = references(bundle, Person.__tablename__)
    named |= {str(each["actor_id"]) for each in bundle.events}
    owners = {target["owner_id"] for one in bundle.freezes.values() for target in one["targets"]}
    for person_id in sorted(named | {each for each in owners if each}):
        if session.get(Person, person_id) is None:
            ensure_person(session, person_id, person_id, None, author)
            brought.people.append(person_id)


def _without_place(session: Session, bundle: Bundle) -> Iterator[tuple[Key, str]]:
    """Rows that cannot be added, and why."""
    for key, row in bundle.rows.items():
        if key[0] == _LEDGER:
            yield key, "the ledger belongs to the releases of its own workspace"
            continue
        for column, target, may_be_empty in foreign(key[0]):
            if may_be_empty or _is_known(session, bundle, target, row[column]):
                continue
            if target != "evidence":
                raise RecordsError(
                    f"The {key[0]} {key[1]} names the {target} {row[column]}, which is neither in "
                    "the file nor here. Nothing was imported. Export again."
                )
            yield key, f"the evidence {row[column]} is not here"


def _is_known(session: Session, bundle: Bundle, target: str, value: Any) -> bool:  # noqa: ANN401
    frozen = bundle.freezes.values()
    if (target, str(value)) in bundle.rows or (target == "snapshot" and value in bundle.freezes):
        return True
    if target == "definition" and any(
        value == each["definition_hash"] for one in frozen for each in one["definitions"]
    ):
        return True
    (key,) = table_of(target).primary_key.columns
    return _is_there(session, target, {key.name: value})


def _add_row(session: Session, bundle: Bundle, key: Key, brought: Brought) -> None:
    name, row = key[0], dict(bundle.rows[key])
    for column, target, _ in foreign(name):
        value = row[column]
        if value is not None and not _is_known(session, bundle, target, value):
            brought.left_empty.append((*key, column, str(value)))
            row[column] = None
    # Not by the mapper, which would count `row_version` from 1 again.
    session.connection().execute(insert(table_of(name)), [typed(table_of(name), row)])
    brought.rows += 1


def _add_freeze(session: Session, bundle: Bundle, snapshot_id: str, author: Author) -> None:
    freeze, key = bundle.freezes[snapshot_id], (Snapshot.__tablename__, snapshot_id)
    if session.get(Snapshot, snapshot_id) is not None:
        # The same numbers were frozen here: nothing of them is told twice.
        bundle.rows.pop(key, None)
        bundle.events = [each for each in bundle.events if each["entity_id"] != snapshot_id]
        return
    if key not in bundle.rows:
        raise RecordsError(
            f"The file does not say who froze the snapshot {snapshot_id}. Export again with this "
            "version of Launchloop."
        )
    for each in freeze["definitions"]:
        if session.get(Definition, each["definition_hash"]) is None:
            when = datetime.fromisoformat(str(freeze["taken_at"]))
            row = Definition(**each, engine_version=freeze["engine_version"], created_at=when)
            insert_told(session, row, author)
    for each in freeze["targets"]:
        if session.get(Target, each["target_id"]) is None:
            insert_told(session, Target(**typed(table_of("target"), each)), author)
    table = table_of("frozen_value")
    session.connection().execute(
        insert(table_of(key[0])), [typed(table_of(key[0]), bundle.rows[key])]
    )
    session.add_all(
        FrozenValue(snapshot_id=snapshot_id, **typed(table, each)) for each in freeze["values"]
    )
    session.flush()
    if stored_snapshot_id(session, session.get_one(Snapshot, snapshot_id)) != snapshot_id:
        raise RecordsError("What was stored is not what was frozen. Nothing was imported.")


def _add_events(session: Session, bundle: Bundle, brought: Brought) -> None:
    for event in bundle.events:
        if session.scalars(select(Event.seq).where(Event.event_id == event["event_id"])).first():
            continue
        told = {name: event[name] for name in ("actor_id", "entity", "entity_id", "action")}
        change = Change(
            at=datetime.fromisoformat(event["at"]),
            **told,
            from_status=event["from_status"],
            to_status=event["to_status"],
            changes=with_place(event),
            reason=event["reason"],
        )
        append(session, change, event["event_id"])
        brought.events += 1


def need_team(session: Session, team_id: str) -> None:
    """Stops what belongs to a team that is not here.

    Raises:
        RecordsError: With what to write into launchloop.toml.
    """
    if session.get(Team, team_id) is None:
        raise RecordsError(
            f'There is no team "{team_id}" here. Add [[team]] with id = "{team_id}" to '
            "launchloop.toml, then import again."
        )

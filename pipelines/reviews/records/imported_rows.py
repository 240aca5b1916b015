"""What an export may bring into records: the rows of its own cycle or meeting, and nothing else.

Whoever writes a file can make its hashes fit. So no row is taken that does not belong to the thing
that the file says it holds: none of another cycle, no person, no role.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from pipelines.errors import RecordsError
from pipelines.reviews.records.backup_file import typed
from pipelines.reviews.records.tables import Base

Key = tuple[str, str]
# Kind of export → the table of its thing.
MAIN = {"cycle": "pdca_cycle", "meeting": "review_meeting"}
# Kind → table → the column that must name the thing; "" = the row stands for itself.
_OWN: Mapping[str, Mapping[str, str]] = {
    "cycle": {
        **dict.fromkeys(
            ("pdca_cycle", "pdca_metric", "pdca_plan", "pdca_action", "pdca_check", "pdca_verdict",
             "follow_up", "outcome_link"),
            "cycle_id",
        ),
        "evidence_link": "subject_id",
        "decision": "",
        "snapshot": "",
    },
    "meeting": {
        **dict.fromkeys(
            ("review_meeting", "meeting_attendee", "meeting_item", "decision", "follow_up",
             "minutes", "correction"),
            "meeting_id",
        ),
        "snapshot": "",
    },
}  # fmt: skip


@dataclass
class Bundle:
    """What several exports hold together, each row, freeze and event once.

    Attributes:
        rows: (table, key) → the row as JSON held it.
        freezes: Id of a snapshot → its values, definitions, targets and the rest.
        events: In the order of their logs.
    """

    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    freezes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def events_of(self, key: Key) -> list[Mapping[str, Any]]:
        """The events that tell of one row."""
        return [each for each in self.events if (each["entity"], each["entity_id"]) == key]


def bundled(bodies: Iterable[Mapping[str, Any]]) -> Bundle:
    """Exports that verify → what they hold together.

    Raises:
        RecordsError: One holds what is not part of its cycle or meeting, or two differ.
    """
    found, seen = Bundle(), set()
    for body in bodies:
        for key, row in own_rows(body).items():
            if found.rows.setdefault(key, row) != row:
                raise RecordsError(
                    f"The files hold the {key[0]} {key[1]} in two states. Export both again, or "
                    "import them one after the other."
                )
        found.freezes |= {each["snapshot_id"]: each for each in body["snapshots"]}
        for event in body["events"]:
            if event["event_id"] not in seen:
                seen.add(event["event_id"])
                found.events.append(event)
    return found


def own_rows(body: Mapping[str, Any]) -> dict[Key, dict[str, Any]]:
    """(table, key) → row of an export.

    Raises:
        RecordsError: A row or event is not part of its cycle or meeting, or has other columns.
    """
    kind, thing_id = body["kind"], body["id"]
    if kind not in _OWN:
        raise RecordsError(f"A {kind} cannot be imported: exports hold a cycle or a meeting.")
    decided = {each["changes"].get("decision_id") for each in body["events"]}
    found = {}
    for entry in body["rows"]:
        name, row = entry["table"], entry["row"]
        column = _OWN[kind].get(name)
        is_own = column is not None and (not column or row.get(column) == thing_id)
        if kind == "cycle" and name == "decision":
            is_own = entry["key"] in decided
        if not is_own or not _is_whole(name, entry["key"], row):
            raise RecordsError(
                f"The {name} {entry['key']} is no part of the {kind} {thing_id}. "
                "Nothing was imported."
            )
        found[name, entry["key"]] = row
    for event in body["events"]:
        if (event["entity"], event["entity_id"]) not in found:
            raise RecordsError(
                f"Event {event['seq']} tells of the {event['entity']} {event['entity_id']}, which "
                "is not in the file. Nothing was imported."
            )
    if (MAIN[kind], thing_id) not in found:
        raise RecordsError(f"The file lacks the {kind} {thing_id} itself. Export again.")
    return found


def table_of(name: str) -> Table:
    """A table of the records by its name."""
    return Base.metadata.tables[name]


def key_values(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The primary key of a row, typed as its table has it."""
    table = table_of(name)
    keys = [column.name for column in table.primary_key.columns]
    return {column: typed(table, row)[column] for column in keys}


def _is_whole(name: str, key: str, row: Mapping[str, Any]) -> bool:
    table = table_of(name)
    if set(row) != {column.name for column in table.columns}:
        return False
    return key == "/".join(str(row[column.name]) for column in table.primary_key.columns)

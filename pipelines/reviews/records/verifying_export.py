"""Whether an exported cycle or meeting is what the records held: checked from the file alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import RecordsError
from pipelines.reviews.core import canonical
from pipelines.reviews.records.chain import Break
from pipelines.reviews.records.other_logs import PLACES, fits_other_logs, place_in_first_log

FORMAT = "launchloop-review-1"
# Marks what a redaction keeps out of the file: told by its key or hash alone.
WITHHELD = "withheld"
_FREEZE = ("values", "definitions", "filters", "watermarks", "targets", "engine_version")
# Table → the column with a hash of its body, and how that is taken again.
_HASHED = {
    "pdca_plan": ("plan_hash", canonical.plan_hash),
    "minutes": ("body_hash", canonical.body_hash),
}


@dataclass(frozen=True)
class CheckedExport:
    """What was found in an export.

    Attributes:
        kind: "cycle" or "meeting".
        id: Of it.
        events: How many events it holds.
        snapshots: How many freezes.
        withheld: Rows and events of which only hashes are told, because text was redacted.
        last_hash: Hash of its newest event.
        broken: The first thing that does not fit; None if all does.
    """

    kind: str
    id: str
    events: int
    snapshots: int
    withheld: int
    last_hash: str
    broken: Break | None


def is_export(file: Path) -> bool:
    """Whether a file begins as an export does; a backup is packed and begins otherwise."""
    with file.open("rb") as opened:
        return opened.read(1) == b"{"


def verify_export(file: Path) -> CheckedExport:
    """Takes every hash of an exported file again.

    The hash of the whole comes first, then freezes with their definitions, plans and minutes,
    then the events, and every row against the events that tell of it.

    Args:
        file: As `launchloop report cycle|review … --format json` wrote it.

    Raises:
        RecordsError: It is no such export.
    """
    return verified(file)[1]


def verified(file: Path) -> tuple[Mapping[str, Any], CheckedExport]:
    """An exported file with what was found in it, as `verify_export`."""
    body = _read(file)
    try:
        broken = next(_breaks(body), None)
        events = body["events"]
        withheld = sum(WITHHELD in each for each in (*events, *body["rows"]))
        return body, CheckedExport(
            kind=str(body["kind"]),
            id=str(body["id"]),
            events=len(events),
            snapshots=len(body["snapshots"]),
            withheld=withheld,
            last_hash=events[-1]["event_hash"] if events else canonical.NO_HASH,
            broken=broken,
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise RecordsError(
            f"{file} lacks a part of an export: {problem}. Export again."
        ) from problem


def _read(file: Path) -> dict[str, Any]:
    try:
        body = json.loads(file.read_bytes())
    except ValueError as problem:
        raise RecordsError(f"{file} is no JSON: {problem}. Export again.") from problem
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise RecordsError(
            f"{file} is no export of a cycle or meeting. Write one with `launchloop report cycle "
            "CYCLE_ID --format json`."
        )
    return body


def _breaks(body: Mapping[str, Any]) -> Iterator[Break]:
    yield from _of_whole(body)
    for each in body["snapshots"]:
        yield from _of_freeze(each)
    for each in body["rows"]:
        yield from _of_body(each)
    yield from _of_events(body["events"])
    yield from _of_rows(body)
    yield from _of_minutes(body)


def _of_whole(body: Mapping[str, Any]) -> Iterator[Break]:
    rest = {name: value for name, value in body.items() if name != "hash"}
    if canonical.hash_of(rest) != body["hash"]:
        yield Break("export", str(body["id"]), "The file was changed: its hash does not fit.")


def _of_freeze(freeze: Mapping[str, Any]) -> Iterator[Break]:
    found = freeze["snapshot_id"]
    for each in freeze["definitions"]:
        if canonical.definition_hash(each["body"]) != each["definition_hash"]:
            text = f"The definition of {each['metric_id']} was changed: its hash does not fit."
            yield Break("definition", str(each["definition_hash"]), text)
    if canonical.snapshot_id(**{name: freeze[name] for name in _FREEZE}) != found:
        yield Break("snapshot", str(found), f"Numbers of the snapshot {found} were changed.")


def _of_body(entry: Mapping[str, Any]) -> Iterator[Break]:
    if entry["table"] not in _HASHED or WITHHELD in entry:
        return
    column, again = _HASHED[entry["table"]]
    if again(entry["row"]["body"]) != entry["row"][column]:
        what, key = entry["table"], entry["key"]
        yield Break(what, key, f"The {what} {key} was changed: its {column} does not fit.")


def _of_events(events: list[Mapping[str, Any]]) -> Iterator[Break]:
    """Each event's own hash; those that follow on each other in the log are held together."""
    last, last_hash = 0, ""
    for event in events:
        seq = event["seq"]
        if seq <= last:
            yield Break("event", str(seq), f"Event {seq} is out of order.")
        if seq == last + 1 and last and event["prev_hash"] != last_hash:
            yield Break("event", str(seq), f"Event {seq} does not follow the last.")
        if WITHHELD not in event:
            own = {n: v for n, v in event.items() if n not in {"prev_hash", "event_hash"}}
            if canonical.event_hash(event["prev_hash"], own) != event["event_hash"]:
                yield Break("event", str(seq), f"Event {seq} was changed.")
            if not fits_other_logs(own):
                text = f"Event {seq} is not what the log that it was imported from held."
                yield Break("event", str(seq), text)
        last, last_hash = seq, event["event_hash"]


def _of_rows(body: Mapping[str, Any]) -> Iterator[Break]:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    covered = set()
    for event in body["events"]:
        about = (event["entity"], event["entity_id"])
        if WITHHELD in event:
            covered.add(about)
        else:
            told.setdefault(about, {}).update(event["changes"].get("to", {}))
    for entry in body["rows"]:
        table, key = entry["table"], entry["key"]
        if WITHHELD in entry or (table, key) in covered:
            continue
        if (table, key) not in told:
            yield Break(table, key, f"No event tells of the {table} {key}.")
            continue
        for column, value in told[table, key].items():
            if column in entry["row"] and entry["row"][column] != value:
                text = f"{column} of the {table} {key} is not what the events tell of it."
                yield Break(table, key, text)


def _of_minutes(body: Mapping[str, Any]) -> Iterator[Break]:
    """Published minutes keep the place of the log that they close."""
    hashes = {event["seq"]: event["event_hash"] for event in body["events"]}
    imported = {
        event["entity_id"]: place_in_first_log(event)
        for event in body["events"]
        if event["entity"] == "minutes" and PLACES in event.get("changes", {})
    }
    for entry in body["rows"]:
        if entry["table"] != "minutes" or WITHHELD in entry:
            continue
        seq, last = (entry["row"]["body"][name] for name in ("events_count", "events_last_hash"))
        place = imported.get(entry["key"], (seq, hashes.get(seq, last)))
        if place != (seq, last):
            yield Break("event", str(seq), f"Event {seq} is not the one that the minutes keep.")

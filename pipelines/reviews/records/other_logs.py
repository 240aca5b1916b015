"""Events that came from another log, and how they prove what they were there. Pure.

An imported event stands in this log with all that it said, and with its number and hashes in every
log that held it before. So this log proves that nothing of it was changed since the import, and
its hash there that it is what the other log held.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.reviews.core.canonical import event_hash

# The key of an event's changes that holds its places in other logs, the first log first.
PLACES = "in_other_logs"
# The action of the event that tells who imported what, from which file.
IMPORTED = "imported"
PLACE = ("seq", "prev_hash", "event_hash")


def with_place(event: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of an exported event, as they go into the log that it is imported into.

    Args:
        event: Of an export: its body with its hashes.
    """
    places = event["changes"].get(PLACES, [])
    return {**event["changes"], PLACES: [*places, {name: event[name] for name in PLACE}]}


def fits_other_logs(body: Mapping[str, Any]) -> bool:
    """Whether an event has in every log that held it before the hash that this log says.

    Args:
        body: All of the event but its own two hashes.
    """
    places = body["changes"].get(PLACES, [])
    return all(_fits(body, places[: count + 1]) for count in range(len(places)))


def place_in_first_log(body: Mapping[str, Any]) -> tuple[int, str]:
    """How many events the first log had before this one, and the last hash then."""
    first = body["changes"][PLACES][0]
    return int(first["seq"]) - 1, str(first["prev_hash"])


def _fits(body: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> bool:
    *earlier, place = places
    changes = {name: value for name, value in body["changes"].items() if name != PLACES}
    if earlier:
        changes[PLACES] = earlier
    then = {**body, "seq": place["seq"], "changes": changes}
    return bool(event_hash(place["prev_hash"], then) == place["event_hash"])

"""Zendesk tables: tickets as feedback, with answers and history looked up in their own files.

Times without a zone are UTC, as Zendesk's interface and the tables made from it have them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipelines.sources.clock_changes import local_instant, written_time_notes
from pipelines.sources.definition import (
    BadCell,
    Context,
    Dropped,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Remark,
    Row,
    Value,
)

_STAFF = frozenset({"agent", "admin"})
_ENDED = frozenset({"solved", "closed"})
COMMENT, USER, HISTORY, TAG = (
    "zendesk_ticket_comment",
    "zendesk_user",
    "zendesk_ticket_field_history",
    "zendesk_ticket_tag",
)


@dataclass(frozen=True)
class History:
    """What the status history of a ticket says.

    Attributes:
        first_at: Its oldest change.
        closed_at: Start of the last unbroken stay in solved or closed, None while open.
        reopen_count: How often it left solved or closed.
    """

    first_at: datetime
    closed_at: datetime | None
    reopen_count: int


@dataclass(frozen=True)
class _Lookups:
    first_answers: Mapping[str, datetime]
    histories: Mapping[str, History]
    tags: Mapping[str, list[str]]


def zendesk_tickets(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """One feedback item per ticket; deleted tickets are dropped by the rule `deleted`.

    The first answer is the first public comment by an agent. A history that begins before
    its ticket was created is reported as `order_conflict` and gives no closing time.
    """
    siblings = context.siblings
    users = siblings.get(USER, ())
    staff = {str(user.values["id"]) for user in users if user.values.get("role") in _STAFF}
    lookups = _Lookups(
        _first_answers(siblings.get(COMMENT, ()), staff, context),
        _histories(siblings.get(HISTORY, ()), context),
        _tags(siblings.get(TAG, ())),
    )
    written: list[datetime] = []
    for record in records:
        if record.values.get("status") == "deleted":
            yield Dropped(record.no, "deleted")
            continue
        created_at = instant(record.values.get("created_at"), context)
        if created_at is None:
            raw = str(record.values.get("created_at") or "")
            yield Refused(record.no, "created_at", raw, "bad_time", f"'{raw}' is no time.")
            continue
        local = datetime.fromisoformat(str(record.values["created_at"]).strip())
        if local.tzinfo is None:
            written.append(local)
        yield from _ticket(record, created_at, lookups, context)
    zone = ZoneInfo(context.timezone or "UTC")
    yield from (Remark(note) for note in written_time_notes("created_at", written, zone))


def _ticket(
    record: Record, created_at: datetime, lookups: _Lookups, context: Context
) -> Iterator[Made]:
    values = record.values
    ticket_id = str(values["id"])
    history = lookups.histories.get(ticket_id)
    closed_at = history.closed_at if history else None
    if history and history.first_at < created_at:
        yield BadCell(
            record.no,
            "closed_at",
            str(closed_at or ""),
            "order_conflict",
            f"Ticket {ticket_id}: its history begins {history.first_at:%Y-%m-%d %H:%M} UTC, "
            f"before it was created ({created_at:%Y-%m-%d %H:%M}). It counts, but in no duration.",
        )
        closed_at = None
    made: dict[str, Value] = {
        "feedback_id": ticket_id,
        "revision_no": 1,
        "feedback_kind": "ticket",
        "submitted_at": created_at,
        "time_quality": "exact",
        "user_id": values.get("requester_id") or None,
        "account_id": values.get("organization_id") or None,
        "title_text": values.get("subject") or None,
        "body_text": values.get("description") or None,
        "status_code": values.get("status") or None,
        "item_url": values.get("url") or None,
        "channel_code": values.get("via_channel") or None,
        "first_answered_at": lookups.first_answers.get(ticket_id),
        "closed_at": closed_at,
        "reopen_count": history.reopen_count if history else None,
        "tag_list": lookups.tags.get(ticket_id),
        "source_updated_at": instant(values.get("updated_at"), context),
    }
    yield Row(record.no, "feedback_items", made)


def instant(text: str | None, context: Context) -> datetime | None:
    """A time as these tables write it; without an offset it is UTC or the declared zone."""
    try:
        found = datetime.fromisoformat(str(text or "").strip())
    except ValueError:
        return None
    if found.tzinfo is None:
        return local_instant(found, ZoneInfo(context.timezone or "UTC"))
    return found.astimezone(UTC)


def _first_answers(
    comments: Sequence[Record], staff: set[str], context: Context
) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for comment in comments:
        values = comment.values
        is_public = str(values.get("public")).casefold() in {"true", "t", "1", "yes"}
        said_at = instant(values.get("created") or values.get("created_at"), context)
        if not is_public or said_at is None or str(values.get("user_id")) not in staff:
            continue
        ticket_id = str(values["ticket_id"])
        found[ticket_id] = min(found.get(ticket_id, said_at), said_at)
    return found


def _histories(changes: Sequence[Record], context: Context) -> dict[str, History]:
    by_ticket: dict[str, set[tuple[datetime, int, str]]] = defaultdict(set)
    repeated = {made.record_no for made in repeated_changes(changes, context)}
    for change in changes:
        changed_at = instant(change.values.get("updated"), context)
        if change.values.get("field_name") == "status" and changed_at and change.no not in repeated:
            status = str(change.values.get("value") or "")
            by_ticket[str(change.values["ticket_id"])].add((changed_at, change.no, status))
    return {ticket_id: _history(sorted(found)) for ticket_id, found in by_ticket.items()}


def _history(changes: Sequence[tuple[datetime, int, str]]) -> History:
    closed_at: datetime | None = None
    reopen_count = 0
    for changed_at, _, status in changes:
        if status in _ENDED:
            closed_at = closed_at or changed_at
        elif closed_at:
            closed_at = None
            reopen_count += 1
    return History(changes[0][0], closed_at, reopen_count)


def _tags(records: Sequence[Record]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        found[str(record.values["ticket_id"])].add(str(record.values["tag"]))
    return {ticket_id: sorted(tags) for ticket_id, tags in found.items()}


def repeated_changes(records: Iterable[Record], context: Context) -> Iterator[Dropped]:
    """History rows that say again what a row before them said, dropped as `repeated`."""
    del context
    seen = set()
    for record in records:
        said = tuple(
            str(record.values.get(name) or "")
            for name in ("ticket_id", "field_name", "updated", "value")
        )
        if said in seen:
            yield Dropped(record.no, "repeated")
        seen.add(said)


def _lookup(preset_id: str, title: str, required: set[str], forbidden: set[str]) -> Preset:
    return Preset(
        id=preset_id,
        version="1",
        title=title,
        fingerprint=Fingerprint(required=frozenset(required), forbidden=frozenset(forbidden)),
        tables=(),
        records=repeated_changes if preset_id == HISTORY else None,
        is_lookup=True,
    )


PRESETS = (
    Preset(
        id="zendesk_ticket",
        version="2",
        title="Zendesk tickets",
        fingerprint=Fingerprint(
            required=frozenset({"id", "requester_id", "via_channel", "status", "created_at"})
        ),
        tables=("feedback_items",),
        records=zendesk_tickets,
        reads_with=(COMMENT, USER, HISTORY, TAG),
    ),
    _lookup(COMMENT, "Zendesk comments", {"id", "ticket_id", "public", "body", "user_id"}, set()),
    _lookup(USER, "Zendesk users", {"id", "role", "ticket_restriction"}, set()),
    _lookup(
        HISTORY, "Zendesk ticket history", {"field_name", "ticket_id", "updated", "value"}, set()
    ),
    _lookup(TAG, "Zendesk ticket tags", {"tag", "ticket_id"}, {"field_name", "body"}),
)

"""A pre-read as it went out: agenda and numbers at the moment of the freeze, whatever came later.

It is read from the log of events, so it stays the same while the meeting writes on.
"""

from dataclasses import dataclass
from typing import Any

from pipelines.errors import RecordsError
from pipelines.reviews.core.meeting import Item, Meeting
from pipelines.reviews.core.plan import Plan
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About, thing_of
from pipelines.reviews.core.team_settings import team_settings
from pipelines.reviews.core.terms import ItemSource, ItemState
from pipelines.reviews.core.timing import Part, parts
from pipelines.reviews.cycle.values import plan_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.agenda_items import AGENDA_MADE
from pipelines.reviews.meeting.saves import read_meeting
from pipelines.reviews.meeting.since_review import SinceReview, from_told
from pipelines.reviews.meeting.view import markers_of, numbers_of
from pipelines.reviews.numbers.frozen import Frozen, FrozenSeries, frozen
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import masked
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, MeetingItem, PdcaPlan

NOT_FROZEN = (
    "This meeting has no frozen numbers yet. Send its pre-read, or start it; both freeze them."
)


@dataclass(frozen=True)
class PrereadItem:
    """One item of the agenda as it was frozen.

    Attributes:
        reasons: Why it is on the agenda, in words.
        numbers: Frozen; None where it is no number.
        since: Against the last review; None without one.
        markers: Of this number or of everything, in the time of its chart.
        plan: Of a cycle whose Check is due: what was predicted; None else.
    """

    item: Item
    reasons: tuple[str, ...]
    numbers: FrozenSeries | None
    since: SinceReview | None
    markers: tuple[dict[str, Any], ...]
    plan: Plan | None


@dataclass(frozen=True)
class Preread:
    """What those who are invited read before a meeting.

    Attributes:
        team: Its name.
        items: To be talked about, in order.
        folded: Those with nothing to see.
        left_out: (metric id, why it could not be shown).
        data_stand_since: When and why the last refresh had failed; None if it did well.
        parts: The minutes and what they are for.
    """

    meeting: Meeting
    team: str
    freeze: Frozen
    items: tuple[PrereadItem, ...]
    folded: tuple[PrereadItem, ...]
    left_out: tuple[tuple[str, str], ...]
    data_stand_since: dict[str, str] | None
    parts: tuple[Part, ...]


def preread(desk: Desk, meeting_id: str) -> Preread:
    """The pre-read of a meeting; of one that began without, what it began with.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is no such meeting, or nothing was frozen yet.
    """
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    if meeting.snapshot_id is None:
        raise RecordsError(NOT_FROZEN)
    freeze = frozen(desk.store, meeting.snapshot_id)
    with desk.store.reading() as session:
        told, last = _agenda(session, meeting_id)
        minutes = _minutes(session, meeting.team_id, last)
        items = [_item(session, each, freeze, told) for each in _items(session, meeting_id, last)]
    return Preread(
        meeting=meeting,
        team=desk.team(meeting.team_id).name,
        freeze=freeze,
        items=tuple(each for each in items if each.item.state is ItemState.PROPOSED),
        folded=tuple(each for each in items if each.item.state is not ItemState.PROPOSED),
        left_out=tuple((name, why) for name, why in told.get("left_out", ())),
        data_stand_since=told.get("data_stand_since"),
        parts=parts(minutes),
    )


def _agenda(session: RecordsSession, meeting_id: str) -> tuple[dict[str, Any], int]:
    """What the frozen agenda rested on, and the number of its event.

    Agendas are made until the numbers are frozen, so the newest is the frozen one.
    """
    events = rows_of(
        session, Event, order=["-seq"], entity="review_meeting", entity_id=meeting_id,
        action=AGENDA_MADE,
    )  # fmt: skip
    return (dict(events[0].changes["agenda"]), events[0].seq) if events else ({}, 0)


def _minutes(session: RecordsSession, team_id: str, last: int) -> int:
    """How long the team's meetings took when an event was written: settings change later."""
    told: dict[str, Any] = {}
    for event in rows_of(session, Event, order=["seq"], entity="team", entity_id=team_id):
        if event.seq < last:
            told |= event.changes.get("to", {})
    return team_settings(told.get("settings", {}), solo=bool(told.get("solo"))).agenda_minutes


def _items(session: RecordsSession, meeting_id: str, last: int) -> list[Item]:
    """The items as they stood when an event was written."""
    rows = {row.item_id: row for row in rows_of(session, MeetingItem, meeting_id=meeting_id)}
    columns: dict[str, dict[str, Any]] = {}
    for event in rows_of(
        session, Event, order=["seq"], entity="meeting_item", entity_id=list(rows)
    ):
        if event.seq < last:
            columns.setdefault(event.entity_id, {}).update(event.changes.get("to", {}))
    found = [_as_it_stood(session, rows[each], told) for each, told in columns.items()]
    return sorted(found, key=lambda item: (item.position, item.item_id))


def _as_it_stood(session: RecordsSession, row: MeetingItem, told: dict[str, Any]) -> Item:
    known = {name: value for name, value in told.items() if name != "row_version"}
    for name in ("subject", "note"):
        if known.get(name) == getattr(row, name):
            known[name] = masked(session, row, name)
    state = ItemState(known.get("state") or ItemState.PROPOSED)
    return Item(**{**known, "source": ItemSource(known["source"]), "state": state})


def _item(session: RecordsSession, item: Item, freeze: Frozen, told: dict[str, Any]) -> PrereadItem:
    numbers = numbers_of(freeze, item.subject_id)
    since = {each["subject_id"]: each for each in told.get("since", ())}.get(item.subject_id)
    return PrereadItem(
        item=item,
        reasons=tuple(told.get("reasons", {}).get(item.item_id, ())),
        numbers=numbers,
        since=from_told(since) if since else None,
        markers=markers_of(numbers, told.get("markers", ())),
        plan=_plan(session, item, freeze),
    )


def _plan(session: RecordsSession, item: Item, freeze: Frozen) -> Plan | None:
    if item.source is not ItemSource.DUE_CHECK or item.subject_id is None:
        return None
    about, thing_id = thing_of(item.subject_id)
    if about is not About.CYCLE:
        return None
    rows = rows_of(session, PdcaPlan, order=["plan_no"], cycle_id=thing_id)
    locked = [row for row in rows if row.locked_at <= freeze.taken_at]
    return plan_value(locked[-1]) if locked else None

"""The agenda that made itself goes into the records: items in their order, with the reasons.

Why an item is there, and what else the facts held, stands in one event: chained, never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.reviews.core.agenda import METRICS, Agenda, Proposal, agenda
from pipelines.reviews.core.canonical import plain
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.subjects import About, subject_of
from pipelines.reviews.core.terms import ItemSource, ItemState
from pipelines.reviews.meeting.agenda_facts import Gathered
from pipelines.reviews.meeting.earlier_meetings import carried
from pipelines.reviews.meeting.since_review import as_told
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, MeetingItem
from pipelines.reviews.saving_work import Save

AGENDA_MADE = "agenda_made"
NO_NEW_DATA = "Discussed before on the same data."
OVER_LIMIT = f"Beyond the limit of {METRICS} metrics. Take it up by hand if it matters more."
NOTHING = "Nothing to see."
NO_LONGER = "No longer so in these numbers."
CARRIED = "Carried over from the last meeting."
# Notes that the program wrote: an item that has one was not decided on by a person.
_OWN_NOTES = (NO_NEW_DATA, OVER_LIMIT, NOTHING, NO_LONGER, CARRIED)


@dataclass(frozen=True)
class _Wanted:
    """An item as the agenda wants it."""

    subject_id: str
    subject: str
    source: ItemSource
    state: ItemState
    note: str | None
    reasons: tuple[str, ...]


def bring_agenda(save: Save, meeting: Meeting, gathered: Gathered) -> None:
    """Brings a meeting's items to what the facts say; keeps what people added or decided.

    Items that were added by hand stand behind those that came by themselves; what has nothing
    to see is folded at the end.

    Args:
        save: The transaction.
        meeting: Before its session.
        gathered: The facts.
    """
    rows = rows_of(
        save.session, MeetingItem, order=["position", "item_id"], meeting_id=meeting.meeting_id
    )
    by_subject = {row.subject_id: row for row in rows if row.subject_id}
    wanted = list(_wanted(save.session, meeting, agenda(gathered.facts)))
    talked = [each for each in wanted if each.state is ItemState.PROPOSED]
    named = {each.subject_id for each in talked}
    by_hand = [row for row in rows if _is_by_hand(row) and row.subject_id not in named]
    # What somebody asked for is not folded, whether or not there is something to see.
    named |= {row.subject_id for row in by_hand if row.subject_id}
    folded = [
        each
        for each in wanted
        if each.state is not ItemState.PROPOSED and each.subject_id not in named
    ]
    named |= {each.subject_id for each in folded}
    gone = [row for row in rows if not _is_by_hand(row) and row.subject_id not in named]
    reasons: dict[str, list[str]] = {}
    position = 0
    for each in talked:
        position += 1
        item = _put(save, meeting, by_subject.get(each.subject_id), each, position)
        reasons[item.item_id] = list(each.reasons)
    for row in by_hand:
        position += 1
        save.update(row, row.row_version, {"position": position})
    for each in folded:
        position += 1
        item = _put(save, meeting, by_subject.get(each.subject_id), each, position)
        reasons[item.item_id] = list(each.reasons)
    for row in gone:
        position += 1
        _fold(save, row, position)
    _tell(save, meeting, gathered, reasons)


def agenda_told(session: RecordsSession, meeting_id: str) -> dict[str, Any]:
    """What the newest agenda of a meeting rested on; {} before the first."""
    events = rows_of(
        session,
        Event,
        order=["-seq"],
        entity="review_meeting",
        entity_id=meeting_id,
        action=AGENDA_MADE,
    )
    return dict(events[0].changes["agenda"]) if events else {}


def next_position(session: RecordsSession, meeting_id: str) -> int:
    """The place behind the last item of a meeting."""
    rows = rows_of(session, MeetingItem, meeting_id=meeting_id)
    return max((row.position for row in rows), default=0) + 1


def _wanted(session: RecordsSession, meeting: Meeting, made: Agenda) -> Iterator[_Wanted]:
    seen = set()
    for proposal in made.items:
        seen.add(proposal.subject_id)
        yield _of_proposal(proposal, ItemState.PROPOSED, None)
    for row in carried(session, meeting):
        subject_id = row.subject_id or subject_of(About.MEETING_ITEM, row.item_id)
        if subject_id not in seen:
            seen.add(subject_id)
            yield _Wanted(subject_id, row.subject, ItemSource.CARRIED, ItemState.PROPOSED, None,
                          (CARRIED, *([row.note] if row.note else [])))  # fmt: skip
    for proposal in made.over_limit:
        yield _of_proposal(proposal, ItemState.PARKED, OVER_LIMIT)
    for fact in (*made.no_new_data, *made.nothing_to_see):
        if fact.metric_id not in seen:
            note = NO_NEW_DATA if fact in made.no_new_data else NOTHING
            yield _Wanted(fact.metric_id, fact.name, ItemSource.AUTO_SIGNAL,
                          ItemState.NOTHING_TO_SEE, note, (note,))  # fmt: skip


def _of_proposal(proposal: Proposal, state: ItemState, note: str | None) -> _Wanted:
    return _Wanted(
        proposal.subject_id, proposal.subject, proposal.source, state, note, proposal.reasons
    )


def _put(
    save: Save, meeting: Meeting, row: MeetingItem | None, wanted: _Wanted, position: int
) -> MeetingItem:
    if row is None:
        return save.insert(
            MeetingItem(
                item_id=save.new_id(),
                meeting_id=meeting.meeting_id,
                position=position,
                source=wanted.source.value,
                subject=wanted.subject,
                subject_id=wanted.subject_id,
                state=wanted.state.value,
                note=wanted.note,
            ),
            action="proposed",
        )
    changes: dict[str, Any] = {"position": position}
    if not _is_by_hand(row):
        changes |= {"subject": wanted.subject, "source": wanted.source.value}
        if not _is_decided(row):
            changes |= {"state": wanted.state.value, "note": wanted.note}
    return save.update(row, row.row_version, changes, action="proposed")


def _fold(save: Save, row: MeetingItem, position: int) -> None:
    changes: dict[str, Any] = {"position": position}
    if not _is_decided(row):
        changes |= {"state": ItemState.NOTHING_TO_SEE.value, "note": NO_LONGER}
    save.update(row, row.row_version, changes, action="folded")


def _is_by_hand(row: MeetingItem) -> bool:
    return row.source in (ItemSource.MANUAL, ItemSource.EVIDENCE)


def _is_decided(row: MeetingItem) -> bool:
    """Whether a person parked it, took it up or wrote to it."""
    return bool(row.note) and row.note not in _OWN_NOTES


def _tell(save: Save, meeting: Meeting, gathered: Gathered, reasons: dict[str, list[str]]) -> None:
    told = {
        "warehouse_id": gathered.snapshot.id,
        "reasons": reasons,
        "since": [as_told(each) for each in gathered.since],
        "markers": list(gathered.markers),
        "left_out": [list(each) for each in gathered.pinned.left_out],
        "data_stand_since": gathered.data_stand_since,
    }
    save.event("review_meeting", meeting.meeting_id, AGENDA_MADE, changes={"agenda": plain(told)})

"""What earlier meetings of a series looked at, discussed and left over."""

from datetime import date

from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingStatus, ValueState
from pipelines.reviews.numbers.frozen import Frozen, frozen, values_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import MeetingItem, ReviewMeeting

HELD = (MeetingStatus.MINUTES_DRAFT.value, MeetingStatus.PUBLISHED.value)


def earlier_meetings(session: RecordsSession, meeting: Meeting) -> list[ReviewMeeting]:
    """The meetings of its series that were held before it, the newest first."""
    rows = rows_of(
        session,
        ReviewMeeting,
        order=["-held_on", "-meeting_id"],
        team_id=meeting.team_id,
        series=meeting.series,
        status=HELD,
    )
    own = (meeting.held_on, meeting.meeting_id)
    return [row for row in rows if (row.held_on, row.meeting_id) < own]


def last_frozen(store: Store, meeting: Meeting) -> Frozen | None:
    """The freeze of the last meeting of its series; None without one."""
    with store.reading() as session:
        held = [row.snapshot_id for row in earlier_meetings(session, meeting) if row.snapshot_id]
    return frozen(store, held[0]) if held else None


def last_shown(session: RecordsSession, meeting: Meeting) -> dict[str, date]:
    """Subject of a metric → end of its newest frozen period when the series last discussed it."""
    found: dict[str, date] = {}
    for row in earlier_meetings(session, meeting):
        items = rows_of(
            session, MeetingItem, meeting_id=row.meeting_id, state=ItemState.DISCUSSED.value
        )
        for item in items:
            end = _newest_end(session, row.snapshot_id, item.subject_id)
            if item.subject_id and end and item.subject_id not in found:
                found[item.subject_id] = end
    return found


def carried(session: RecordsSession, meeting: Meeting) -> list[MeetingItem]:
    """What the last meeting of the series parked or did not get to, in its order.

    What came there by itself comes again by itself, if there is still reason to.
    """
    held = earlier_meetings(session, meeting)
    if not held:
        return []
    open_states = [ItemState.PARKED.value, ItemState.PROPOSED.value]
    own = [ItemSource.MANUAL.value, ItemSource.CARRIED.value, ItemSource.EVIDENCE.value]
    return rows_of(
        session,
        MeetingItem,
        order=["position", "item_id"],
        meeting_id=held[0].meeting_id,
        state=open_states,
        source=own,
    )


def _newest_end(
    session: RecordsSession, snapshot_id: str | None, subject_id: str | None
) -> date | None:
    rows = values_of(session, snapshot_id, subject_id)
    return next((row.period_end for row in rows if row.state == ValueState.OK), None)

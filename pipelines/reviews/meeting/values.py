"""Rows of meetings as the frozen values that the core of reviews works on."""

from typing import Any

from pipelines.reviews.core.meeting import Decision, FollowUp, Item, Meeting
from pipelines.reviews.core.terms import (
    FollowUpStatus,
    ItemSource,
    ItemState,
    MeetingKind,
    MeetingStatus,
)
from pipelines.reviews.records.tables import (
    Base,
    MeetingItem,
    ReviewMeeting,
    columns_of,
)
from pipelines.reviews.records.tables import Decision as DecisionRow
from pipelines.reviews.records.tables import FollowUp as FollowUpRow


def meeting_of(row: ReviewMeeting) -> Meeting:
    """A meeting as a value."""
    kind, status = MeetingKind(row.kind), MeetingStatus(row.status)
    return Meeting(**{**_columns(row), "kind": kind, "status": status})


def item_of(row: MeetingItem) -> Item:
    """An item of an agenda as a value."""
    state = ItemState(row.state or ItemState.PROPOSED)
    return Item(**{**_columns(row), "source": ItemSource(row.source), "state": state})


def decision_of(row: DecisionRow) -> Decision:
    """A decision as a value."""
    return Decision(**{**_columns(row), "options": tuple(row.options)})


def follow_up_of(row: FollowUpRow) -> FollowUp:
    """A promise as a value."""
    return FollowUp(**{**_columns(row), "status": FollowUpStatus(row.status)})


def _columns(row: Base) -> dict[str, Any]:
    return {name: value for name, value in columns_of(row).items() if name != "row_version"}

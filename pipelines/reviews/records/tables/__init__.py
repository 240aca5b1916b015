"""Every table of the records (reviews.md 5), one class each."""

from pipelines.reviews.records.tables.base import Base, columns_of, key_of
from pipelines.reviews.records.tables.cycles import (
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    PdcaVerdict,
)
from pipelines.reviews.records.tables.events import Event, EventHead, SavedRequest
from pipelines.reviews.records.tables.evidence import Evidence, EvidenceLink
from pipelines.reviews.records.tables.frozen import Definition, FrozenValue, Snapshot, Target
from pipelines.reviews.records.tables.meetings import (
    Correction,
    Decision,
    FollowUp,
    MeetingAttendee,
    MeetingItem,
    Minutes,
    ReviewMeeting,
)
from pipelines.reviews.records.tables.outcomes import OutcomeLink, OutcomeResult
from pipelines.reviews.records.tables.people import Membership, Person, Team

__all__ = [
    "Base",
    "Correction",
    "Decision",
    "Definition",
    "Event",
    "EventHead",
    "Evidence",
    "EvidenceLink",
    "FollowUp",
    "FrozenValue",
    "MeetingAttendee",
    "MeetingItem",
    "Membership",
    "Minutes",
    "OutcomeLink",
    "OutcomeResult",
    "PdcaAction",
    "PdcaCheck",
    "PdcaCycle",
    "PdcaMetric",
    "PdcaPlan",
    "PdcaVerdict",
    "Person",
    "ReviewMeeting",
    "SavedRequest",
    "Snapshot",
    "Target",
    "Team",
    "columns_of",
    "key_of",
]

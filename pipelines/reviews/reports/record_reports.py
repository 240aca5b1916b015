"""What `launchloop report cycle|review|preread` prints, read from the records alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import Json
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import MeetingStatus
from pipelines.reviews.cycle.lists import CycleCard, lineage
from pipelines.reviews.cycle.page import CyclePage, cycle_page
from pipelines.reviews.desk import Desk, TeamCard
from pipelines.reviews.meeting.minutes import Published, published
from pipelines.reviews.meeting.preread import Preread, preread
from pipelines.reviews.meeting.saves import read_meeting
from pipelines.reviews.meeting.view import imported_among
from pipelines.reviews.numbers.frozen import Frozen, frozen
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import masked, masked_items
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import Decision, FollowUp, PdcaAction, PdcaCycle
from pipelines.reviews.reports.exporting import cycle_export, meeting_export

NO_RECORDS = (
    "There are no records yet. Open Reviews in the dashboard, and begin a cycle or meeting."
)
NOTHING_LOCKED = (
    "This cycle has no locked plan, so nothing of it is frozen. Lock the plan, then take it along."
)
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class CycleReport:
    """A cycle with all that its paper says.

    Attributes:
        lineage: With parents and children, oldest first.
        is_simulated: The data are made up.
        export: With hashes, for programs.
    """

    page: CyclePage
    lineage: tuple[CycleCard, ...]
    team: TeamCard
    is_simulated: bool
    export: dict[str, Json]


@dataclass(frozen=True)
class PrereadReport:
    """A pre-read with names and hashes.

    Attributes:
        is_imported: The meeting was called in another workspace.
    """

    preread: Preread
    names: Mapping[str, str]
    is_simulated: bool
    is_imported: bool
    export: dict[str, Json]


@dataclass(frozen=True)
class MinutesReport:
    """Published minutes with names, charts and hashes.

    Attributes:
        freeze: The numbers that the meeting looked at.
        is_imported: The meeting was held in another workspace.
    """

    minutes: Published
    freeze: Frozen
    team: str
    names: Mapping[str, str]
    is_simulated: bool
    is_imported: bool
    export: dict[str, Json]


def desk_of(folder: Path) -> Desk:
    """The program's own desk, which may read.

    Raises:
        RecordsError: There are no records yet.
    """
    desk = Desk.of_machine(folder)
    if desk is None:
        raise RecordsError(NO_RECORDS)
    return desk


def cycle_report(desk: Desk, cycle_id: str) -> CycleReport:
    """Everything that the paper of a cycle says.

    Raises:
        NotAllowedError: The role does not allow reading it.
        RecordsError: There is no such cycle, or its plan was never locked.
    """
    page = cycle_page(desk, cycle_id)
    if page.record.plan_freeze is None:
        raise RecordsError(NOTHING_LOCKED)
    with desk.store.reading() as session:
        page = _with_masks(session, page)
        export = cycle_export(session, cycle_id)
    return CycleReport(
        page=page,
        lineage=lineage(desk, cycle_id),
        team=desk.team(page.record.cycle.team_id),
        is_simulated=_is_simulated(desk),
        export=export,
    )


def preread_report(desk: Desk, meeting_id: str) -> PrereadReport:
    """Everything that a pre-read says.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is no such meeting, or nothing was frozen yet.
    """
    found = preread(desk, meeting_id)
    with desk.store.reading() as session:
        export = meeting_export(session, meeting_id)
        is_imported = bool(imported_among(session, [meeting_id]))
    return PrereadReport(found, desk.names(), _is_simulated(desk), is_imported, export)


def minutes_report(desk: Desk, meeting_id: str) -> MinutesReport:
    """Everything that published minutes say.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is no such meeting, or its minutes are not published.
    """
    found = published(desk, meeting_id)
    meeting = read_meeting(desk, meeting_id, Permission.READ)
    with desk.store.reading() as session:
        export = meeting_export(session, meeting_id)
        is_imported = bool(imported_among(session, [meeting_id]))
    return MinutesReport(
        minutes=found,
        freeze=frozen(desk.store, meeting.snapshot_id or ""),
        team=desk.team(meeting.team_id).name,
        names=desk.names(),
        is_simulated=_is_simulated(desk),
        is_imported=is_imported,
        export=export,
    )


def review_report(desk: Desk, meeting_id: str) -> MinutesReport | PrereadReport:
    """The minutes of a meeting once they are published, its pre-read before.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: There is no such meeting, or nothing was frozen yet.
    """
    meeting: Meeting = read_meeting(desk, meeting_id, Permission.READ)
    if meeting.status is MeetingStatus.PUBLISHED:
        return minutes_report(desk, meeting_id)
    return preread_report(desk, meeting_id)


def _is_simulated(desk: Desk) -> bool:
    return desk.settings.product.now is not None


def _with_masks(session: RecordsSession, page: CyclePage) -> CyclePage:
    """The page with every text covered that a redaction names."""
    record = page.record
    return replace(
        page,
        record=replace(
            record,
            cycle=_covered(session, record.cycle, PdcaCycle, record.cycle.cycle_id),
            actions=tuple(
                _covered(session, each, PdcaAction, each.action_id) for each in record.actions
            ),
            decisions=tuple(
                _covered(session, each, Decision, each.decision_id) for each in record.decisions
            ),
            follow_ups=tuple(
                _covered(session, each, FollowUp, each.follow_up_id) for each in record.follow_ups
            ),
        ),
    )


def _covered(session: RecordsSession, value: _Value, table: type[Any], key: str) -> _Value:
    row = row_of(session, table, key, "record")
    shown: dict[str, Any] = {
        name: masked(session, row, name)
        for name, text in vars(value).items()
        if isinstance(text, str) and getattr(row, name, None) == text
    }
    shown |= {
        name: masked_items(session, row, name)
        for name, texts in vars(value).items()
        if isinstance(texts, tuple) and getattr(row, name, None) == list(texts)
    }
    hidden = {name: text for name, text in shown.items() if text != getattr(value, name)}
    return replace(value, **hidden) if hidden else value  # type: ignore[type-var]

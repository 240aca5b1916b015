"""A cycle or meeting of another workspace comes into the records, proven before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.imported_references import is_made_here, named_beside
from pipelines.reviews.records.imported_rows import MAIN, Bundle, bundled
from pipelines.reviews.records.importing import (
    Brought,
    bring_in,
    differences,
    missing,
    need_team,
)
from pipelines.reviews.records.other_logs import IMPORTED
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, PdcaCycle, ReviewMeeting
from pipelines.reviews.records.verifying_export import verified
from pipelines.reviews.saving_work import Save

_OF_A_MEETING = ("review_meeting", "meeting_item", "decision")


@dataclass(frozen=True)
class Imported:
    """What became of one file.

    Attributes:
        kind: "cycle" or "meeting".
        is_new: It was added now; else nothing was changed.
        by: The person who imported it, now or before; None = the records held it already.
        at: When.
    """

    file: Path
    kind: str
    id: str
    title: str
    is_new: bool
    by: str | None
    at: datetime | None


@dataclass(frozen=True)
class Import:
    """What became of all files.

    Attributes:
        brought: Rows, events and persons added, and what was left out.
    """

    files: tuple[Imported, ...]
    brought: Brought


@dataclass(frozen=True)
class _File:
    path: Path
    body: Mapping[str, Any]
    bundle: Bundle

    @property
    def kind(self) -> str:
        return str(self.body["kind"])

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def row(self) -> Mapping[str, Any]:
        """Of the cycle or meeting itself."""
        return self.bundle.rows[MAIN[self.kind], self.id]

    @property
    def title(self) -> str:
        return str(self.row.get("title") or f"{self.row.get('kind')} of {self.row.get('held_on')}")


def import_exports(desk: Desk, files: Sequence[Path]) -> Import:
    """Brings exports into the records: all of them, or none.

    Files of one call may name each other, as a cycle and the meeting that decided it do. Ids stay
    as they are. A file that was imported before changes nothing.

    Args:
        desk: Who imports; product managers, product owners and admins of the team may.
        files: As `launchloop report cycle|review … --format json` wrote them.

    Raises:
        NotAllowedError: The role does not allow it.
        RecordsError: A file does not verify, was redacted, or holds other content under an id
            that is known here. Nothing is imported then.
    """
    read = [_read(path) for path in files]
    with desk.saving() as save:
        for each in read:
            team_id = str(each.row.get("team_id"))
            need_team(save.session, team_id)
            _need_role(desk, team_id)
        known = [_known(save.session, each) for each in read]
        new = [each for each, before in zip(read, known, strict=True) if before is None]
        if not new:
            return Import(tuple(each for each in known if each), Brought())
        found = bundled(each.body for each in new)
        _need_no_conflict(save.session, new, found)
        _need_own(desk, save.session, found)
        brought = bring_in(save.session, found, save.author)
        for each in new:
            _tell(save, each, brought)
    return Import(
        tuple(before or _told(each, save.author.actor_id, save.at, is_new=True)
              for each, before in zip(read, known, strict=True)),
        brought,
    )  # fmt: skip


def _need_role(desk: Desk, team_id: str) -> None:
    allowed = (Permission.DEFINE, Permission.ADMINISTER)
    if not any(desk.may(each, team_id) for each in allowed):
        raise NotAllowedError(
            f"Your roles do not let you import records of the team {team_id}. Ask one of its "
            "product managers, product owners or admins."
        )


def _need_own(desk: Desk, session: RecordsSession, found: Bundle) -> None:
    """Stops what would write into other things than those of the files.

    Whoever imports a cycle may not thereby add to another team's, or decide in a meeting that was
    held here: its minutes are for those who were there.
    """
    for cycle_id in named_beside(found, MAIN["cycle"]):
        if (cycle := session.get(PdcaCycle, cycle_id)) is not None:
            _need_role(desk, cycle.team_id)
    for meeting_id in named_beside(found, MAIN["meeting"]):
        if (meeting := session.get(ReviewMeeting, meeting_id)) is not None:
            _need_role(desk, meeting.team_id)
    for table in _OF_A_MEETING:
        for thing_id in named_beside(found, table):
            if is_made_here(session, (table, thing_id)):
                raise RecordsError(
                    f"The files add to the {table} {thing_id}, which was made here. Nothing was "
                    "imported: write down here what was decided in a meeting of this workspace."
                )


def imported_by(session: RecordsSession, kind: str, thing_id: str) -> Event | None:
    """The event that tells who imported a cycle or meeting; None where it was made here."""
    found = rows_of(
        session, Event, order=["-seq"], entity=MAIN[kind], entity_id=thing_id, action=IMPORTED
    )
    return found[0] if found else None


def _read(path: Path) -> _File:
    if not path.is_file():
        raise RecordsError(f"There is no file {path}. Give an export of a cycle or review.")
    body, checked = verified(path)
    if checked.broken:
        raise RecordsError(
            f"{path} does not verify: {checked.broken.text} Nothing was imported. "
            "Ask for a new export."
        )
    if checked.withheld:
        raise RecordsError(
            f"{path} tells {checked.withheld} of its rows and events by their hashes only, because "
            "text in them was redacted. It is not the whole record, so nothing was imported."
        )
    return _File(path, body, bundled([body]))


def _known(session: RecordsSession, file: _File) -> Imported | None:
    """What the records know of a file already."""
    before = imported_by(session, file.kind, file.id)
    if before is not None and before.changes["import"]["hash"] == file.body["hash"]:
        return _told(file, before.actor_id, before.at, is_new=False)
    if missing(session, file.bundle) or any(differences(session, file.bundle)):
        return None
    return _told(file, None, None, is_new=False)


def _told(file: _File, by: str | None, at: datetime | None, *, is_new: bool) -> Imported:
    return Imported(file.path, file.kind, file.id, file.title, is_new, by, at)


def _need_no_conflict(session: RecordsSession, new: Sequence[_File], found: Bundle) -> None:
    for (table, key), column, here, there in differences(session, found):
        files = ", ".join(str(each.path) for each in new)
        raise RecordsError(
            f"The records hold the {table} {key} otherwise than {files}: {column} is “{here}” "
            f"here and “{there}” there. Nothing was imported, as nothing is ever overwritten."
        )
    absent = set(missing(session, found))
    for file in new:
        if (MAIN[file.kind], file.id) not in absent:
            before = imported_by(session, file.kind, file.id)
            origin = f"imported from {before.changes['import']['file']}" if before else "made here"
            more = sum(table != "outcome_link" for table, _ in absent)
            raise RecordsError(
                f"The {file.kind} {file.id} is here already, {origin}; {file.path} holds {more} "
                "rows more. Nothing was imported: what is here goes on by itself."
            )


def _tell(save: Save, file: _File, brought: Brought) -> None:
    """Who imported what from which file, with all that could not be added."""
    changes = {
        "import": {
            "file": file.path.name,
            "hash": file.body["hash"],
            "events": len(file.body["events"]),
            "left_out": brought.left_out,
            "left_empty": [list(each) for each in brought.left_empty],
        }
    }
    save.event(MAIN[file.kind], file.id, IMPORTED, changes=changes, reason=file.path.name)

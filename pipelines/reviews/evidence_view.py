"""Evidence as pages show it, to those who may see it; celebrations in their own list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import Link, Participants, Visibility
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import masked, masked_items
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import Evidence, EvidenceLink


@dataclass(frozen=True)
class EvidenceView:
    """A piece of evidence with what it speaks for.

    Attributes:
        quotes: Masked, and only those with consent.
    """

    evidence_id: str
    kind: EvidenceKind
    held_on: date
    team_id: str
    summary: str
    participants: Participants
    method: str | None
    prompt: str | None
    quotes: tuple[str, ...]
    consent: bool
    author_id: str
    visibility: Visibility
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Celebrations:
    """What was achieved: counted, never scored."""

    count: int
    items: tuple[EvidenceView, ...]


def evidence(
    desk: Desk,
    team_id: str,
    *,
    kinds: Collection[EvidenceKind] = tuple(EvidenceKind),
    about: tuple[About, str] | None = None,
    start: date | None = None,
    end: date | None = None,
) -> tuple[EvidenceView, ...]:
    """What the speaking person may see of a team, and what other teams show to everyone.

    Args:
        desk: Who reads.
        team_id: Whose pages are open.
        kinds: Of these kinds only.
        about: Only what is linked to this thing.
        start: First day.
        end: First day no longer wanted.

    Returns:
        The newest first.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.READ, team_id)
    wanted = [kind.value for kind in kinds]
    with desk.store.reading() as session:
        rows = rows_of(session, Evidence, order=["-held_on", "-evidence_id"], kind=wanted)
        links = _links(session)
        found = [
            _view(session, row, links.get(row.evidence_id, ()))
            for row in rows
            if _may_see(desk, row, team_id)
            and (start is None or row.held_on >= start)
            and (end is None or row.held_on < end)
        ]
    if about is None:
        return tuple(found)
    return tuple(
        each for each in found if about in {(link.about, link.thing_id) for link in each.links}
    )


def one_piece(desk: Desk, evidence_id: str) -> EvidenceView:
    """One piece of evidence.

    Raises:
        NotAllowedError: It is not shown to this person.
        RecordsError: There is none of this id.
    """
    with desk.store.reading() as session:
        row = row_of(session, Evidence, evidence_id, "piece of evidence")
        links = rows_of(session, EvidenceLink, evidence_id=evidence_id)
        found = _view(session, row, [_link(each) for each in links])
    if row.visibility != Visibility.EVERYONE:
        desk.require(Permission.READ, row.team_id)
    if not _may_see(desk, row, row.team_id):
        raise NotAllowedError("Only its author may read this evidence. Ask them.")
    return found


def celebrations(
    desk: Desk, team_id: str, *, start: date | None = None, end: date | None = None
) -> Celebrations:
    """What a team celebrated in a time.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    found = evidence(desk, team_id, kinds=(EvidenceKind.CELEBRATION,), start=start, end=end)
    return Celebrations(len(found), found)


def _may_see(desk: Desk, row: Evidence, team_id: str) -> bool:
    if row.visibility == Visibility.EVERYONE:
        return True
    if row.visibility == Visibility.AUTHOR:
        return row.author_id == desk.person_id
    return row.team_id == team_id


def _links(session: RecordsSession) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    order = ["evidence_id", "subject", "subject_id", "use"]
    for row in rows_of(session, EvidenceLink, order=order):
        found.setdefault(row.evidence_id, []).append(_link(row))
    return found


def _link(row: EvidenceLink) -> Link:
    return Link(About(row.subject), row.subject_id, EvidenceUse(row.use))


def _view(session: RecordsSession, row: Evidence, links: Collection[Link]) -> EvidenceView:
    people = row.participants or {}
    return EvidenceView(
        evidence_id=row.evidence_id,
        kind=EvidenceKind(row.kind),
        held_on=row.held_on,
        team_id=row.team_id,
        summary=masked(session, row, "summary") or "",
        participants=Participants(
            people.get("count"), tuple(people.get("roles", ())), tuple(people.get("named", ()))
        ),
        method=masked(session, row, "method"),
        prompt=masked(session, row, "prompt"),
        quotes=masked_items(session, row, "quotes") if row.consent else (),
        consent=row.consent,
        author_id=row.author_id,
        visibility=Visibility(row.visibility),
        links=tuple(links),
    )

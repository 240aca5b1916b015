"""Qualitative evidence: dated, with source, method and consent; linked to what it speaks for.

It is an input or an action, never a verdict. Celebrations are counted and never scored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.desk import Desk
from pipelines.reviews.masking import masked_texts
from pipelines.reviews.naming import need_person, need_text
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import (
    Evidence,
    EvidenceLink,
    FollowUp,
    MeetingItem,
    OutcomeLink,
    PdcaCycle,
)
from pipelines.reviews.saving_work import Save

# What is about a team must not judge a person.
TEAM_LEVEL = (EvidenceKind.OBSERVATION, EvidenceKind.PEER_REVIEW)
SHORTEST_NAME = 3
_TABLES = {
    About.CYCLE: PdcaCycle,
    About.FOLLOW_UP: FollowUp,
    About.LEDGER_ROW: OutcomeLink,
    About.MEETING_ITEM: MeetingItem,
}


class Visibility(StrEnum):
    """Who may read a piece of evidence."""

    EVERYONE = "everyone"
    TEAM = "team"
    AUTHOR = "author"


@dataclass(frozen=True)
class Participants:
    """Who took part: how many in which roles, never whom, but for those who agreed to be named.

    Attributes:
        count: How many; None = not known.
        roles: In words, such as "support", "new customers".
        named: Persons who agreed to be named: for celebrations.
    """

    count: int | None = None
    roles: Sequence[str] = ()
    named: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """A piece of evidence as it is added.

    Attributes:
        held_on: When it took place.
        summary: What was found; of a celebration, what was achieved.
        method: How: five whys, think-aloud, …
        prompt: Goal, question, tasks or template.
        quotes: Masked before they are kept.
        consent: Those who are quoted agreed; of an observation: announced to the team and agreed.
    """

    kind: EvidenceKind
    held_on: date
    team_id: str
    summary: str
    participants: Participants = field(default_factory=Participants)
    method: str | None = None
    prompt: str | None = None
    quotes: Sequence[str] = ()
    consent: bool = False
    visibility: Visibility = Visibility.TEAM


@dataclass(frozen=True)
class Link:
    """What a piece of evidence speaks for, and as what."""

    about: About
    thing_id: str
    use: EvidenceUse


def add(desk: Desk, finding: Finding, links: Sequence[Link] = (), *, key: str | None = None) -> str:
    """Keeps a piece of evidence with its links; whoever works in the team may.

    Returns:
        Its id.

    Raises:
        NotAllowedError: The role does not allow it, there is no summary, the day lies ahead,
            quotes have no consent, or an observation names a person or was not agreed to.
    """
    desk.require(Permission.CONTRIBUTE, finding.team_id)
    row = checked_row(desk, finding)
    with desk.saving(key) as save:

        def work() -> str:
            row.evidence_id = save.new_id()
            return insert_evidence(save, row, links)

        return str(save.once(work))


def link(desk: Desk, evidence_id: str, to: Link, *, key: str | None = None) -> str:
    """Links evidence to a cycle, a metric, a release, a promise or an item of a meeting.

    Raises:
        NotAllowedError: The role does not allow it, or it is linked so already.
    """
    with desk.store.reading() as session:
        team_id = row_of(session, Evidence, evidence_id, "piece of evidence").team_id
    desk.require(Permission.CONTRIBUTE, team_id)
    with desk.saving(key) as save:

        def work() -> str:
            row = row_of(save.session, Evidence, evidence_id, "piece of evidence")
            insert_link(save, row, to)
            return evidence_id

        return str(save.once(work))


def insert_evidence(save: Save, row: Evidence, links: Sequence[Link]) -> str:
    """Adds a checked piece of evidence and its links in a transaction that is open."""
    for person_id in (row.participants or {}).get("named", ()):
        need_person(save.session, person_id)
    save.insert(row)
    for each in links:
        insert_link(save, row, each)
    return row.evidence_id


def insert_link(save: Save, row: Evidence, to: Link) -> None:
    """Adds one link in a transaction that is open."""
    is_celebration = row.kind == EvidenceKind.CELEBRATION
    if is_celebration and to.use is not EvidenceUse.RECOGNITION:
        raise NotAllowedError("A celebration is recognition and proves nothing. Link it as such.")
    _need_thing(save.session, to)
    key = (row.evidence_id, to.about.value, to.thing_id, to.use.value)
    if save.session.get(EvidenceLink, key) is not None:
        raise NotAllowedError("This evidence is linked so already.")
    found = EvidenceLink(
        evidence_id=row.evidence_id,
        subject=to.about.value,
        subject_id=to.thing_id,
        use=to.use.value,
    )
    save.insert(found, action="linked")


def checked_row(desk: Desk, finding: Finding) -> Evidence:
    """A row without an id, masked, once the rules of evidence hold.

    Raises:
        NotAllowedError: As `add`.
    """
    _check(desk, finding)
    return _row(desk, finding)


def _row(desk: Desk, finding: Finding) -> Evidence:
    parts = [finding.summary.strip(), finding.method or "", finding.prompt or "", *finding.quotes]
    summary, method, prompt, *quotes = masked_texts(parts)
    people = finding.participants
    return Evidence(
        kind=finding.kind.value,
        held_on=finding.held_on,
        team_id=finding.team_id,
        participants={
            "count": people.count,
            "roles": list(people.roles),
            "named": list(people.named),
        },
        method=method or None,
        prompt=prompt or None,
        summary=summary,
        quotes=quotes,
        consent=finding.consent,
        author_id=desk.person_id,
        visibility=finding.visibility.value,
    )


def _check(desk: Desk, finding: Finding) -> None:
    need_text(finding.summary, "what was found")
    if finding.held_on > desk.today:
        raise NotAllowedError(
            f"{in_words(finding.held_on)} lies ahead. Evidence is of what took place."
        )
    if finding.quotes and not finding.consent:
        raise NotAllowedError("Ask those whom you quote, then say that they agreed.")
    if finding.participants.named and finding.kind is not EvidenceKind.CELEBRATION:
        raise NotAllowedError("Only a celebration names people. Say how many and in which roles.")
    if finding.kind is EvidenceKind.OBSERVATION and not finding.consent:
        raise NotAllowedError("An observation is announced, and the team agrees to it. Ask first.")
    if finding.kind in TEAM_LEVEL:
        _need_no_names(desk, finding)


def _need_no_names(desk: Desk, finding: Finding) -> None:
    said = " ".join([finding.summary, finding.prompt or "", *finding.quotes])
    for person in desk.people():
        for name in (person.name, *person.name.split()):
            if len(name) >= SHORTEST_NAME and re.search(rf"\b{re.escape(name)}\b", said):
                raise NotAllowedError(
                    f"This is about the team and judges nobody. Take “{name}” out."
                )


def _need_thing(session: RecordsSession, to: Link) -> None:
    table = _TABLES.get(to.about)
    if table is not None:
        row_of(session, table, to.thing_id, to.about.value.replace("_", " "))
    else:
        need_text(to.thing_id, "what it is linked to")

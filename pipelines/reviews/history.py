"""What a team decided and learned, found again by text and date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pipelines.reviews.core.meeting import Decision
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus, EvidenceUse
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence_view import evidence
from pipelines.reviews.meeting.minutes_body import shown_body
from pipelines.reviews.meeting.values import decision_of
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import masked, masked_items
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Correction, Event, Minutes, PdcaCycle, ReviewMeeting
from pipelines.reviews.records.tables import Decision as DecisionRow

AROUND = 160


class Where(StrEnum):
    """In what something was found."""

    MINUTES = "minutes"
    DECISION = "decision"
    LEARNING = "learning"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Found:
    """One place that holds the words.

    Attributes:
        where: In what.
        thing_id: Id of the meeting, decision, cycle or piece of evidence.
        on: Its day; None where nobody noted one.
        title: What it is called.
        excerpt: The words with what stands around them; the beginning where none were asked for.
    """

    where: Where
    thing_id: str
    on: date | None
    title: str
    excerpt: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision in the list.

    Attributes:
        on: The day of its meeting; of one made outside of a meeting its own.
        reversed_by: The decision that replaced it; None = it stands.
    """

    decision: Decision
    on: date
    reversed_by: str | None

    @property
    def is_reversed(self) -> bool:
        """Whether another decision replaced it."""
        return self.reversed_by is not None


def search(
    desk: Desk,
    team_id: str,
    text: str = "",
    *,
    start: date | None = None,
    end: date | None = None,
) -> tuple[Found, ...]:
    """Searches published minutes with their corrections, decisions, and what was learned.

    Args:
        desk: Who searches.
        team_id: Whose records.
        text: Every word of it must be there, in any case; "" finds all.
        start: First day.
        end: First day no longer wanted.

    Returns:
        The newest first.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.READ, team_id)
    words = text.casefold().split()
    with desk.store.reading() as session:
        places = [*_minutes(session, team_id), *_learnings(session, team_id)]
    for line in decisions(desk, team_id):
        said = [line.decision.rationale or "", *line.decision.options]
        place = (Where.DECISION, line.decision.decision_id, line.on, line.decision.text)
        places.append((*place, _joined(said)))
    for piece in evidence(desk, team_id, start=start, end=end):
        if any(link.use is EvidenceUse.LEARNING for link in piece.links):
            title = piece.kind.value.replace("_", " ")
            said = [piece.summary, *piece.quotes]
            places.append((Where.EVIDENCE, piece.evidence_id, piece.held_on, title, _joined(said)))
    found = [
        Found(where, thing_id, on, title, _excerpt(said, words))
        for where, thing_id, on, title, said in places
        if all(word in f"{title} {said}".casefold() for word in words)
        and (start is None or (on is not None and on >= start))
        and (end is None or (on is not None and on < end))
    ]
    return tuple(sorted(found, key=lambda each: (each.on or date.min, each.thing_id), reverse=True))


def decisions(desk: Desk, team_id: str) -> tuple[DecisionLine, ...]:
    """All decisions of a team's meetings and cycles, the newest first; reversed ones stay.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.READ, team_id)
    with desk.store.reading() as session:
        days = _days(session, team_id)
        rows = rows_of(session, DecisionRow, order=["-decision_id"], decision_id=list(days))
        reversing = {
            row.reverses_id: row.decision_id for row in rows if row.reverses_id is not None
        }
        return tuple(
            DecisionLine(
                _shown(session, row), days[row.decision_id], reversing.get(row.decision_id)
            )
            for row in rows
        )


def _days(session: RecordsSession, team_id: str) -> dict[str, date]:
    """Decision id → the day of its meeting; outside of one, the day on which it was made."""
    held = {row.meeting_id: row.held_on for row in rows_of(session, ReviewMeeting, team_id=team_id)}
    cycles = [row.cycle_id for row in rows_of(session, PdcaCycle, team_id=team_id)]
    made = rows_of(
        session, Event, entity="pdca_cycle", entity_id=cycles, action="decision_recorded"
    )
    days = {event.changes["decision_id"]: event.at.date() for event in made}
    rows = rows_of(session, DecisionRow, meeting_id=list(held))
    return days | {row.decision_id: held[row.meeting_id or ""] for row in rows}


def _shown(session: RecordsSession, row: DecisionRow) -> Decision:
    found = vars(decision_of(row))
    hidden = {name: masked(session, row, name) for name in ("text", "rationale")}
    return Decision(**{**found, **hidden, "options": masked_items(session, row, "options")})


Place = tuple[Where, str, date | None, str, str]


def _minutes(session: RecordsSession, team_id: str) -> Iterator[Place]:
    held = {row.meeting_id: row for row in rows_of(session, ReviewMeeting, team_id=team_id)}
    corrected = rows_of(session, Correction, order=["at"], meeting_id=list(held))
    for row in rows_of(session, Minutes, meeting_id=list(held)):
        meeting = held[row.meeting_id]
        body = shown_body(session, row.body)
        later = [each.text for each in corrected if each.meeting_id == row.meeting_id]
        title = meeting.kind.replace("_", " ")
        said = _joined([*_texts(body), *later])
        yield Where.MINUTES, row.meeting_id, meeting.held_on, title, said


def _texts(body: dict[str, Any]) -> Iterator[str]:
    named = {
        "items": ("subject", "note"),
        "decisions": ("text", "rationale"),
        "follow_ups": ("title", "reason"),
    }
    for part, names in named.items():
        for row in body.get(part, ()):
            yield from (row[name] for name in names if row.get(name))


def _learnings(session: RecordsSession, team_id: str) -> Iterator[Place]:
    ended = [CycleStatus.CLOSED.value, CycleStatus.CANCELLED.value]
    for row in rows_of(session, PdcaCycle, team_id=team_id, status=ended):
        said = masked(session, row, "learning")
        if said:
            events = rows_of(
                session, Event, order=["-seq"], entity="pdca_cycle", entity_id=row.cycle_id,
                to_status=row.status,
            )  # fmt: skip
            on = events[0].at.date() if events else None
            yield Where.LEARNING, row.cycle_id, on, row.title, said


def _joined(said: Iterable[str]) -> str:
    """What stands in different places, told apart."""
    return " · ".join(part for part in said if part)


def _excerpt(text: str, words: list[str]) -> str:
    """Whole words around the first one that was sought; the beginning where none is there."""
    folded = text.casefold()
    at = min((folded.find(word) for word in words if word in folded), default=0)
    start, end = max(0, at - AROUND // 3), min(len(text), at + AROUND)
    if start:
        start = text.find(" ", start, at + 1) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", at, end), at + 1)
    before, later = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{text[start:end].strip()}{later}"

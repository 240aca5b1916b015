"""Qualitative evidence in words: what each kind records, who took part, what it speaks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import evidence_records, records
from dashboard.format import counted, day
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.evidence import Visibility
from pipelines.reviews.evidence_view import EvidenceView

KINDS = {
    "all": "All",
    "voice": "Voice",
    "team": "Team",
    "celebration": "Celebrations",
    "training": "Training",
}
_IN: Mapping[str, tuple[EvidenceKind, ...]] = {
    "all": tuple(EvidenceKind),
    "voice": (EvidenceKind.FEEDBACK_SESSION, EvidenceKind.INTERVIEW, EvidenceKind.SURVEY,
              EvidenceKind.USABILITY_TEST),
    "team": (EvidenceKind.WORKSHOP, EvidenceKind.OBSERVATION, EvidenceKind.PEER_REVIEW,
             EvidenceKind.DOCUMENT),
    "celebration": (EvidenceKind.CELEBRATION,),
    "training": (EvidenceKind.TRAINING,),
}  # fmt: skip
NAMES = {
    EvidenceKind.WORKSHOP: "Workshop",
    EvidenceKind.FEEDBACK_SESSION: "Feedback session",
    EvidenceKind.INTERVIEW: "Interview",
    EvidenceKind.SURVEY: "Survey",
    EvidenceKind.OBSERVATION: "Observation of team interaction",
    EvidenceKind.PEER_REVIEW: "360 result, team level",
    EvidenceKind.CELEBRATION: "Celebration",
    EvidenceKind.TRAINING: "Training need",
    EvidenceKind.USABILITY_TEST: "Usability test",
    EvidenceKind.DOCUMENT: "Document",
}
VISIBILITY = {
    Visibility.TEAM: "The team",
    Visibility.EVERYONE: "Every team",
    Visibility.AUTHOR: "Only me",
}


@dataclass(frozen=True)
class Asked:
    """What the form of a kind asks; "" is not asked.

    Attributes:
        summary: Label of what was found.
        method: Label of how.
        prompt: Label of the goal, question or tasks.
        quotes: Whether words of people are kept.
        consent: Label of what must have been agreed to; "" where nothing must.
    """

    summary: str
    method: str = ""
    prompt: str = ""
    quotes: bool = False
    consent: str = ""


_QUOTED = "Those who are quoted agreed"
ASKED: Mapping[EvidenceKind, Asked] = {
    EvidenceKind.WORKSHOP: Asked("What came out of it", "Method", "Goal"),
    EvidenceKind.FEEDBACK_SESSION: Asked(
        "What we heard", "Method", "What we asked", quotes=True, consent=_QUOTED
    ),
    EvidenceKind.INTERVIEW: Asked(
        "What we heard", "Method", "What we asked", quotes=True, consent=_QUOTED
    ),
    EvidenceKind.SURVEY: Asked(
        "What the answers say", "Instrument and wave", "Asked, answered, usable", quotes=True,
        consent=_QUOTED,
    ),
    EvidenceKind.OBSERVATION: Asked(
        "What the team did, without names", "Setting", "Agreed template",
        consent="It was announced, and the team agreed",
    ),
    EvidenceKind.PEER_REVIEW: Asked(
        "What the team learned, without names", "Thresholds that were applied", "Which cycle"
    ),
    EvidenceKind.CELEBRATION: Asked("What was achieved"),
    EvidenceKind.TRAINING: Asked("What people need to learn"),
    EvidenceKind.USABILITY_TEST: Asked(
        "What was found", "Method", "Tasks", quotes=True, consent=_QUOTED
    ),
    EvidenceKind.DOCUMENT: Asked("What it says", "Where it is"),
}  # fmt: skip


def lines(who: Speaker, team_id: str, kind: str) -> tuple[EvidenceView, ...]:
    """The pieces of a group of kinds that the person may see."""
    return evidence_records.pieces(who, team_id, _IN[kind])


def kinds_told(pieces: tuple[EvidenceView, ...]) -> str:
    """How many pieces of which kind; celebrations are counted and never scored."""
    counts = {name: sum(piece.kind is kind for piece in pieces) for kind, name in NAMES.items()}
    named = [f"{name.lower()} {count}" for name, count in counts.items() if count]
    return f"{counted(len(pieces), 'piece')} of evidence: {', '.join(named)}." if named else ""


def piece_told(piece: EvidenceView, who: Speaker) -> str:
    """When, by whom, how many took part, who may read it."""
    told = [day(piece.held_on), f"noted by {who.name(piece.author_id)}"]
    people = piece.participants
    if people.count:
        roles = f" ({', '.join(people.roles)})" if people.roles else ""
        told.append(f"{people.count} took part{roles}")
    elif people.roles:
        told.append(", ".join(people.roles))
    told.append(f"read by {VISIBILITY[piece.visibility].lower()}")
    return " · ".join(told)


def thanks_told(piece: EvidenceView, who: Speaker) -> str:
    """Who agreed to be named; "" for nobody."""
    named = [who.name(each) for each in piece.participants.named]
    return f"Thanks to {', '.join(named)}." if named else ""


def asked_told(piece: EvidenceView) -> str:
    """Goal or question, and method; "" without either."""
    asked = ASKED[piece.kind]
    parts = ((asked.prompt, piece.prompt), (asked.method, piece.method))
    return " ".join(
        f"{label}: {text if text.endswith(('.', '?', '!')) else f'{text}.'}"
        for label, text in parts
        if label and text
    )


def cycles_of(who: Speaker, team_id: str) -> dict[str, str]:
    """Id → title of the team's cycles, newest first."""
    return {card.cycle.cycle_id: card.cycle.title for card in records.cycles(who, team_id)}


def cycle_links(piece: EvidenceView, titles: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """(cycle id, title, use) of each cycle that it speaks for."""
    return tuple(
        (link.thing_id, titles.get(link.thing_id, "a cycle of another team"), words(link.use))
        for link in piece.links
        if link.about is About.CYCLE
    )


def other_links(piece: EvidenceView) -> str:
    """What else it is linked to; "" for nothing."""
    found: dict[str, int] = {}
    for link in piece.links:
        if link.about is not About.CYCLE:
            name = words(link.about)
            named = f"{name}: {link.thing_id}" if link.about is About.METRIC else name
            found[named] = found.get(named, 0) + 1
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in found.items())


def uses_of(kind: EvidenceKind) -> list[EvidenceUse]:
    """As what a kind may be linked: a celebration is recognition and proves nothing."""
    if kind is EvidenceKind.CELEBRATION:
        return [EvidenceUse.RECOGNITION]
    return [use for use in EvidenceUse if use is not EvidenceUse.RECOGNITION]


def may_add(who: Speaker, team_id: str) -> bool:
    """Whether the person works in the team."""
    return who.may(Permission.CONTRIBUTE, team_id)

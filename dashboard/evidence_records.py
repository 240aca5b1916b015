"""Qualitative evidence in the records, for a person: as `records`."""

from collections.abc import Collection, Sequence
from datetime import date

from dashboard.records import Speaker
from pipelines.reviews import evidence, training
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.evidence_view import EvidenceView
from pipelines.reviews.evidence_view import evidence as pieces_of
from pipelines.reviews.training import Training


def pieces(
    who: Speaker, team_id: str, kinds: Collection[EvidenceKind], start: date | None = None
) -> tuple[EvidenceView, ...]:
    """What the person may see of a team, the newest first."""
    return pieces_of(who.desk, team_id, kinds=kinds, start=start)


def of_cycle(who: Speaker, team_id: str, cycle_id: str) -> tuple[EvidenceView, ...]:
    """What the person may see of the evidence of one cycle, the newest first."""
    return pieces_of(who.desk, team_id, about=(About.CYCLE, cycle_id))


def add(who: Speaker, found: Finding, links: Sequence[Link], key: str) -> str:
    """Keeps a piece of evidence with what it speaks for; returns its id."""
    return evidence.add(who.desk, found, links, key=key)


def link(who: Speaker, evidence_id: str, to: Link, key: str) -> None:
    """Links a piece of evidence to one thing more."""
    evidence.link(who.desk, evidence_id, to, key=key)


def train(who: Speaker, said: Training, key: str) -> None:
    """Keeps a training need with its action and its check."""
    training.train(who.desk, said, key=key)

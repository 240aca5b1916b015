"""Qualitative evidence, and what it is used for."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.records.tables.base import (
    Base,
    Id,
    InsertOnly,
    Items,
    Object,
    PersonRef,
    TeamRef,
    Versioned,
    one_of,
    refers_to,
)


class Evidence(Versioned, Base):
    """A dated record with source, method and consent; quotes are masked before they come here."""

    __tablename__ = "evidence"
    __table_args__ = (one_of("kind", EvidenceKind),)

    evidence_id: Mapped[Id]
    kind: Mapped[str]
    held_on: Mapped[date]
    team_id: Mapped[TeamRef]
    participants: Mapped[Object | None]
    method: Mapped[str | None]
    prompt: Mapped[str | None]
    summary: Mapped[str]
    quotes: Mapped[Items] = mapped_column(default=list)
    consent: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[PersonRef]
    visibility: Mapped[str] = mapped_column(default="team")


class EvidenceLink(InsertOnly, Base):
    """What a piece of evidence speaks for: a cycle, a meeting's item, a ledger row."""

    __tablename__ = "evidence_link"
    __table_args__ = (one_of("use", EvidenceUse),)

    evidence_id: Mapped[str] = mapped_column(refers_to("evidence.evidence_id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    use: Mapped[str] = mapped_column(primary_key=True)

"""Words in a free text that nobody shall read any more: masked when shown, by an appended event."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import hash_of
from pipelines.reviews.records.chain import Change, append
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.tables import Base, Event, key_of

REDACTED = "redacted"
MASK = "█"

Span = tuple[int, int]


def redact(  # noqa: PLR0913 (what is masked where, for whom and why)
    session: Session,
    row: Base,
    column: str,
    spans: Sequence[Span],
    author: Author,
    reason: str,
    *,
    item: int | None = None,
) -> Event:
    """Appends that parts of a text are to be masked; the row, its hashes and old events stay.

    Args:
        session: Of `Store.writing`.
        row: Whose text it is.
        column: A column with text, or with a list of texts.
        spans: Begin and end of each part, in characters of the text as it stands.
        author: Who asks for it.
        reason: Why.
        item: Which text of a list, from 0: which quote of evidence.

    Raises:
        RecordsError: The column holds no text, or a part lies outside it.
    """
    text = _text_of(row, column, item)
    for begin, end in spans:
        if not 0 <= begin < end <= len(text):
            raise RecordsError(f"{begin} to {end} is no part of a text of {len(text)} characters.")
    mask = {"column": column, "text": hash_of(text), "spans": [list(span) for span in spans]}
    return append(
        session,
        Change(
            at=author.at,
            actor_id=author.actor_id,
            entity=row.__tablename__,
            entity_id=key_of(row),
            action=REDACTED,
            changes={"mask": mask},
            reason=reason,
        ),
    )


def masked(session: Session, row: Base, column: str) -> str | None:
    """A text as it may be shown: every part that a redaction names is covered."""
    text = getattr(row, column)
    return None if text is None else _covered(text, column, _masks(session, row))


def masked_items(session: Session, row: Base, column: str) -> tuple[str, ...]:
    """A list of texts as it may be shown, such as the quotes of evidence.

    A text is covered wherever it stands: whoever puts the list into another order hides nothing
    less.
    """
    masks = _masks(session, row)
    return tuple(_covered(text, column, masks) for text in getattr(row, column))


def _text_of(row: Base, column: str, item: int | None) -> str:
    found = getattr(row, column, None)
    if item is not None and isinstance(found, list) and 0 <= item < len(found):
        found = found[item]
    if not isinstance(found, str):
        raise RecordsError(f"{row.__tablename__}.{column} holds no text to mask.")
    return found


def _masks(session: Session, row: Base) -> list[Mapping[str, Any]]:
    found = session.scalars(
        select(Event.changes).where(
            Event.entity == row.__tablename__,
            Event.entity_id == key_of(row),
            Event.action == REDACTED,
        )
    )
    return [changes["mask"] for changes in found]


def _covered(text: str, column: str, masks: Sequence[Mapping[str, Any]]) -> str:
    # A mask is of one text: after an edit its places mean nothing.
    whole = hash_of(text)
    shown = text
    for mask in masks:
        if mask["column"] == column and mask["text"] == whole:
            for begin, end in mask["spans"]:
                shown = shown[:begin] + MASK * (end - begin) + shown[end:]
    return shown

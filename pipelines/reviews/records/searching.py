"""Past cycles found by a word in their title, hypothesis or learning."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.reviews.records.tables import PdcaCycle

SEARCHED = (
    PdcaCycle.title,
    PdcaCycle.theme,
    PdcaCycle.problem,
    PdcaCycle.hypothesis_change,
    PdcaCycle.hypothesis_effect,
    PdcaCycle.hypothesis_because,
    PdcaCycle.act_rationale,
    PdcaCycle.learning,
)
ESCAPE = "\\"


def cycles_with(session: Session, words: str, team_ids: list[str]) -> list[PdcaCycle]:
    """Cycles that hold every word somewhere, newest first.

    Args:
        session: Reading.
        words: One or several; capital and small letters count alike.
        team_ids: Of these teams.
    """
    query = select(PdcaCycle).where(PdcaCycle.team_id.in_(team_ids))
    for word in words.split():
        # SQLite folds only the letters of ASCII, so other first letters are tried both ways.
        spellings = {word, word.lower(), word.upper(), word.capitalize()}
        query = query.where(
            or_(
                *(
                    column.ilike(f"%{_escaped(spelling)}%", escape=ESCAPE)
                    for column in SEARCHED
                    for spelling in sorted(spellings)
                )
            )
        )
    return list(session.scalars(query.order_by(PdcaCycle.cycle_id.desc())))


def _escaped(word: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        word = word.replace(sign, ESCAPE + sign)
    return word

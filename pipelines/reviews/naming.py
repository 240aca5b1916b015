"""Persons and texts that a save names, checked with a sentence before a table refuses them."""

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.cycle import given
from pipelines.reviews.people_sync import MACHINE
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.tables import Person


def need_person(session: RecordsSession, person_id: str | None) -> str:
    """A person of the records who is not the program.

    Raises:
        NotAllowedError: There is none of this id.
    """
    row = session.get(Person, person_id) if person_id else None
    if row is None or row.person_id == MACHINE or row.erased_at is not None:
        raise NotAllowedError(
            f"There is no person {person_id or 'without a name'}. Choose one person from the list."
        )
    return row.person_id


def need_text(text: str | None, what: str) -> str:
    """A text that says something, without blanks around it.

    Args:
        text: As it was typed.
        what: What is to be written, as in "Write what was decided."

    Raises:
        NotAllowedError: It is empty.
    """
    if not given(text):
        raise NotAllowedError(f"Write {what}.")
    return str(text).strip()

"""Persons in the records: known by id, their names kept apart, erased on request."""

from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.records.saving import Author, insert, update
from pipelines.reviews.records.tables import Person


def ensure_person(
    session: Session, person_id: str, display_name: str | None, email: str | None, author: Author
) -> Person:
    """The person with this id, added or renamed as launchloop.toml says; erased stays erased."""
    known = session.get(Person, person_id)
    if known is None:
        person = Person(person_id=person_id, display_name=display_name, email=email)
        return insert(session, person, author)
    if known.erased_at is not None:
        return known
    names = {"display_name": display_name, "email": email}
    return update(session, known, known.row_version, names, author)


def erase(session: Session, person_id: str, author: Author, reason: str) -> Person:
    """Overwrites a person's name and address, and nothing else: hashes and events hold ids only.

    SQLite overwrites the old bytes in its file too (`secure_delete`); backups made before keep
    them until they are removed.

    Raises:
        RecordsError: There is no such person.
    """
    known = session.get(Person, person_id)
    if known is None:
        raise RecordsError(f"There is no person {person_id} in the records.")
    gone = {"display_name": None, "email": None, "erased_at": author.at}
    return update(session, known, known.row_version, gone, author, action="erased", reason=reason)

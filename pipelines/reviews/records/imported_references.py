"""What the rows of an import name beside themselves: persons, meetings, cycles and the rest."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.reviews.records.imported_rows import Bundle, Key, table_of
from pipelines.reviews.records.other_logs import PLACES
from pipelines.reviews.records.tables import Event


def foreign(name: str) -> Iterator[tuple[str, str, bool]]:
    """(column, table that it names, may be empty) of a table's references of one column."""
    for constraint in table_of(name).foreign_key_constraints:
        if len(constraint.elements) == 1:
            (element,) = constraint.elements
            yield element.parent.name, element.column.table.name, bool(element.parent.nullable)


def references(bundle: Bundle, to: str) -> set[str]:
    """Ids that the rows name of one table."""
    return {
        str(row[column])
        for (name, _), row in bundle.rows.items()
        for column, target, _ in foreign(name)
        if target == to and row[column] is not None
    }


def named_beside(bundle: Bundle, to: str) -> list[str]:
    """Ids of one table that the rows name and that are not among them."""
    return sorted(each for each in references(bundle, to) if (to, each) not in bundle.rows)


def is_made_here(session: Session, key: Key) -> bool:
    """Whether a row is here that no other log held before; False also of one that is not here."""
    query = select(Event.changes).where(Event.entity == key[0], Event.entity_id == key[1])
    told = session.scalars(query).all()
    return bool(told) and not any(PLACES in changes for changes in told)

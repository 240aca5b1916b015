"""What all tables of the records share: column types, keys, versions and the insert-only mark."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    inspect,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored as UTC without a zone: the one form that every database has."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a time without a zone is refused, as nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


Object = dict[str, Any]
Items = list[Any]


class Base(DeclarativeBase):
    """A table of the records."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        float: Double(),
        datetime: UtcTime(),
        date: Date(),
        Object: JSON(none_as_null=True),
        Items: JSON(none_as_null=True),
    }
    # Rows that are only ever added: the store, and triggers below it, refuse all else.
    insert_only: ClassVar[bool] = False
    # Columns that no event repeats: a person's name must be erasable.
    kept_out_of_events: ClassVar[frozenset[str]] = frozenset()


class InsertOnly:
    """Marks a table whose rows never change and never go."""

    insert_only: ClassVar[bool] = True


class Versioned:
    """A table whose rows change: each change counts `row_version` up and names the one it saw."""

    row_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy calls it on the class
        """A change of a row that somebody else changed meanwhile changes nothing."""
        return {"version_id_col": cls.row_version}


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """A CHECK that a column holds one of the words, or null where it may be null."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def between_0_and_1(column: str) -> CheckConstraint:
    """A CHECK that a column holds a probability, or null."""
    return CheckConstraint(f"{column} >= 0 AND {column} <= 1", name=column)


def refers_to(target: str) -> ForeignKey:
    """A reference to a row that must exist at the end of the transaction and stays."""
    return ForeignKey(target, ondelete="RESTRICT", deferrable=True, initially="DEFERRED")


def key_of(row: Base) -> str:
    """The id by which events know a row: its primary key, parts joined by a slash."""
    return "/".join(
        value.isoformat() if isinstance(value, date) else str(value)
        for value in inspect(type(row)).primary_key_from_instance(row)
    )


def columns_of(row: Base) -> dict[str, Any]:
    """Every column of a row with its value, by name."""
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


# Columns that many tables have, spelt once.
Id = Annotated[str, mapped_column(Text, primary_key=True)]
PersonRef = Annotated[str, mapped_column(refers_to("person.person_id"))]
MaybePersonRef = Annotated[str | None, mapped_column(refers_to("person.person_id"))]
TeamRef = Annotated[str, mapped_column(refers_to("team.team_id"))]
SnapshotRef = Annotated[str, mapped_column(refers_to("snapshot.snapshot_id"))]
MaybeSnapshotRef = Annotated[str | None, mapped_column(refers_to("snapshot.snapshot_id"))]
DefinitionRef = Annotated[str, mapped_column(refers_to("definition.definition_hash"))]
CycleRef = Annotated[str, mapped_column(refers_to("pdca_cycle.cycle_id"))]
MaybeCycleRef = Annotated[str | None, mapped_column(refers_to("pdca_cycle.cycle_id"))]
MeetingRef = Annotated[str, mapped_column(refers_to("review_meeting.meeting_id"))]
MaybeMeetingRef = Annotated[str | None, mapped_column(refers_to("review_meeting.meeting_id"))]
MaybeItemRef = Annotated[str | None, mapped_column(refers_to("meeting_item.item_id"))]

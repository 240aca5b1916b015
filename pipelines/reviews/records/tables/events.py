"""The log of all that was done, its head, and the saves that were answered already."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.reviews.records.tables.base import Base, Id, InsertOnly, Object, PersonRef


class Event(InsertOnly, Base):
    """One thing that was done; its hash holds the hash of the event before it."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[PersonRef]
    entity: Mapped[str]
    entity_id: Mapped[str]
    action: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    changes: Mapped[Object]
    reason: Mapped[str | None]
    prev_hash: Mapped[str]
    event_hash: Mapped[str]


class EventHead(Base):
    """The one row that a writer holds while it writes: how many events, and the last hash."""

    __tablename__ = "event_head"
    __table_args__ = (CheckConstraint("head_id = 1", name="one_row"),)

    head_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    events_count: Mapped[int] = mapped_column(BigInteger)
    last_hash: Mapped[str]


class SavedRequest(InsertOnly, Base):
    """A save that was answered; asked again with the same key, it gets the same answer."""

    __tablename__ = "saved_request"

    idempotency_key: Mapped[Id]
    # {"answer": …}: an object, as SQLite would make a number of JSON that is only a number.
    result: Mapped[Object]
    saved_at: Mapped[datetime]

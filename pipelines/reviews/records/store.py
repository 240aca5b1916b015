"""Where the records are kept, SQLite or PostgreSQL: opened, read and written."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from pipelines.errors import RecordsError, StaleError
from pipelines.reviews.records.chain import HEAD_ID, WRITING
from pipelines.reviews.records.connecting import WAIT_SECONDS, engine_for, is_locked, readable_url
from pipelines.reviews.records.guards import RecordsSession, need_event
from pipelines.reviews.records.migrating import bring_up_to_date
from pipelines.reviews.records.tables import EventHead

PAUSE_SECONDS = 0.05


class _OfThread(threading.local):
    """The session that each thread has open."""

    session: RecordsSession | None = None

    @contextmanager
    def open(self, session: RecordsSession) -> Iterator[None]:
        """Makes a session that of this thread, and then the one before it again."""
        before, self.session = self.session, session
        try:
            yield
        finally:
            self.session = before


class Store:
    """The records of one workspace. Safe to use from many threads; one per process is enough."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mine = _OfThread()
        writes: dict[str, object] = {"writes": True}
        reads: dict[str, object] = {}
        if engine.dialect.name == "postgresql":
            # A page reads one state of things; a writer sees all that others finished before it.
            reads = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            writes |= {"isolation_level": "READ COMMITTED"}
        self._reader = engine.execution_options(**reads)
        self._writer = engine.execution_options(**writes)

    @classmethod
    def open(cls, url: str, folder: Path) -> "Store":
        """Opens the records, makes them if there are none, and brings an older form up to date.

        Args:
            url: `[records] url`: `sqlite:///records.db` below the folder,
                `postgresql+psycopg://…`, or `env:NAME` of either.
            folder: The workspace.

        Raises:
            WorkspaceError: The address is not one of these, or its variable is not set.
            RecordsError: It cannot be reached, or a newer Launchloop wrote it.
        """
        engine = engine_for(url, folder)
        try:
            bring_up_to_date(engine)
        except DBAPIError as problem:
            engine.dispose()
            raise RecordsError(
                f"The records at {readable_url(engine)} cannot be opened: {_first_line(problem)} "
                "Check [records] url in launchloop.toml and that the place can be written."
            ) from problem
        except RecordsError:
            engine.dispose()
            raise
        return cls(engine)

    @property
    def url(self) -> str:
        """The address, without a password."""
        return readable_url(self._engine)

    def close(self) -> None:
        """Gives its connections back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[RecordsSession]:
        """A session that sees one state of the records and saves nothing.

        Inside of another session of this thread it is that one: so nobody holds a connection
        while waiting for a second one, and what a save asks it sees in its own transaction.

        Raises:
            RecordsError: Others had every connection for too long.
        """
        if (mine := self._mine.session) is not None:
            yield mine
            return
        with (
            _waiting_for_room(),
            RecordsSession(self._reader, expire_on_commit=False) as session,
            self._mine.open(session),
        ):
            yield session

    @contextmanager
    def writing(self) -> Iterator[RecordsSession]:
        """One transaction: saved whole at the end, or not at all if anything is raised inside.

        Writers take turns, by the lock on the head of the log, and wait up to 30 seconds.

        Raises:
            RecordsError: Others wrote for too long, or a rule of the tables refused it.
            NotAllowedError: Something changed and no event tells it.
            StaleError: A row was changed by somebody else since it was read.
        """
        with (
            _waiting_for_room(),
            RecordsSession(self._writer, expire_on_commit=False, info={}) as session,
        ):
            _take_turn(session)
            try:
                with self._mine.open(session):
                    yield session
                session.flush()
                need_event(session)
                session.commit()
            except StaleDataError as problem:
                raise StaleError(
                    "Somebody else saved this record while you wrote. Read it again.", {}, {}
                ) from problem
            except IntegrityError as problem:
                raise RecordsError(
                    f"The records refuse this: {_first_line(problem)} Nothing was saved."
                ) from problem
            except DBAPIError as problem:
                raise RecordsError(
                    f"Nothing was saved: {_first_line(problem)} Save again."
                ) from problem


@contextmanager
def _waiting_for_room() -> Iterator[None]:
    """A pool whose connections are all in use for too long is told in a sentence."""
    try:
        yield
    except PoolTimeoutError as problem:
        raise RecordsError(
            f"All connections to the records have been in use for {WAIT_SECONDS} seconds. Try "
            "again in a minute; if it stays so, restart the dashboard."
        ) from problem


def _take_turn(session: RecordsSession) -> None:
    """Begins to write: SQLite locks its file, PostgreSQL the head of the log."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            session.scalars(
                select(EventHead).where(EventHead.head_id == HEAD_ID).with_for_update()
            ).one()
        except DBAPIError as problem:
            session.rollback()
            if not is_locked(problem):
                raise RecordsError(f"Nothing was saved: {_first_line(problem)}") from problem
            if time.monotonic() >= until:
                raise RecordsError(
                    f"Others have been writing for {WAIT_SECONDS} seconds. Save again."
                ) from problem
            time.sleep(PAUSE_SECONDS)
        else:
            session.info[WRITING] = True
            return


def _first_line(problem: DBAPIError) -> str:
    return str(problem.orig).strip().split("\n", maxsplit=1)[0].rstrip(".") + "."

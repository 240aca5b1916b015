"""An address of records → an engine whose connections behave the same on both databases."""

import sqlite3
from pathlib import Path

import orjson
import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from pipelines.errors import WorkspaceError
from pipelines.reviews.core.canonical import canonical
from pipelines.workspace.environment import resolved

WAIT_SECONDS = 30
PEOPLE_AT_ONCE = 20
MORE_AT_A_RUSH = 10
SQLITE, POSTGRESQL = "sqlite", "postgresql+psycopg"
# PostgreSQL: lock not available, serialization failure, deadlock.
LOCK_STATES = frozenset({"55P03", "40001", "40P01"})
LOCK_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_LOCKED})
ON_SQLITE = (
    f"PRAGMA busy_timeout = {WAIT_SECONDS * 1_000}",
    "PRAGMA journal_mode = WAL",
    # A save that was answered survives a power cut.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # Else INSERT OR REPLACE would delete without the triggers.
    "PRAGMA recursive_triggers = ON",
    # An erased name is gone from the file, not only from the table.
    "PRAGMA secure_delete = ON",
)


def engine_for(url: str, folder: Path) -> Engine:
    """An engine for `[records] url`; connects to nothing yet.

    Raises:
        WorkspaceError: The address is of no known kind or lies outside the workspace.
    """
    address = address_of(resolved(url), folder)
    engine = create_engine(
        address,
        pool_size=PEOPLE_AT_ONCE,
        max_overflow=MORE_AT_A_RUSH,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=address.drivername == POSTGRESQL,
        hide_parameters=True,
        # Stored as hashed: the bytes of a body are its canonical form.
        json_serializer=lambda value: canonical(value).decode(),
        json_deserializer=orjson.loads,
    )
    if address.drivername == SQLITE:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _end_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def address_of(text: str, folder: Path) -> URL:
    """The address, a relative SQLite file made absolute.

    Raises:
        WorkspaceError: As in `engine_for`; the message shows no password.
    """
    try:
        url = make_url(text)
    except ArgumentError as problem:
        raise WorkspaceError(
            "[records] url is no address. Write sqlite:///records.db or "
            "postgresql+psycopg://USER@HOST/DATABASE."
        ) from problem
    if url.drivername == POSTGRESQL:
        return url
    if url.drivername != SQLITE:
        raise WorkspaceError(
            f'[records] url begins with "{url.drivername}", which holds no records. '
            "Write sqlite:///records.db or postgresql+psycopg://USER@HOST/DATABASE."
        )
    if not url.database or url.database == ":memory:":
        raise WorkspaceError(
            "[records] url names no file, and records must stay. Write sqlite:///records.db."
        )
    return url.set(database=str(_below(folder, Path(url.database))))


def _below(folder: Path, path: Path) -> Path:
    if path.is_absolute():
        return path
    home = folder.resolve()
    found = (home / path).resolve()
    if not found.is_relative_to(home):
        raise WorkspaceError(
            f"[records] url leaves the workspace: {path}. "
            "Name a file below it, or write the whole path with four slashes: sqlite:////…"
        )
    return found


def is_there(url: str, folder: Path) -> bool:
    """Whether records were begun: a file is there; of a server that is not asked."""
    address = address_of(resolved(url), folder)
    return address.drivername != SQLITE or Path(address.database or "").exists()


def is_locked(problem: DBAPIError) -> bool:
    """Whether somebody else held the records: then, and only then, waiting helps."""
    if isinstance(problem.orig, psycopg.Error):
        return problem.orig.sqlstate in LOCK_STATES
    return getattr(problem.orig, "sqlite_errorcode", None) in LOCK_CODES


def readable_url(engine: Engine) -> str:
    """The address for people: without a password."""
    return engine.url.render_as_string(hide_password=True)


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late to lock; `_begin_sqlite` sends ours.
    connection.isolation_level = None
    for pragma in ON_SQLITE:
        connection.execute(pragma).close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _end_sqlite(connection: sqlite3.Connection | None, _entry: ConnectionPoolEntry) -> None:
    # A COMMIT that a reference to nothing refuses leaves SQLite's transaction open.
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _prepare_postgresql(
    connection: psycopg.Connection[tuple[object, ...]], _entry: ConnectionPoolEntry
) -> None:
    connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    connection.commit()

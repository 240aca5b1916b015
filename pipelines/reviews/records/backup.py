"""All records into one file and back: the same file for SQLite and PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pipelines.errors import RecordsError
from pipelines.reviews.records.backup_file import (
    BackupFile,
    TableRow,
    check_file,
    read_rows,
    write_rows,
)
from pipelines.reviews.records.chain import ROWS_AT_ONCE, Break
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import Base, EventHead
from pipelines.reviews.records.verifying import verify_records

OWNER_ONLY = 0o600
HEAD = EventHead.__tablename__


@dataclass(frozen=True)
class Saved:
    """A backup that was written.

    Attributes:
        file: What it holds.
        broken: The first thing in the records that does not verify; it was saved all the same.
    """

    file: BackupFile
    broken: Break | None


def backup(store: Store, file: Path) -> Saved:
    """Writes all records as they stand at one moment; others may go on writing meanwhile.

    The file is readable by its owner only, as it holds names, and appears whole or not at all.

    Raises:
        RecordsError: The file exists already.
        OSError: It cannot be written.
    """
    if file.exists():
        raise RecordsError(f"{file} exists already. Name a new file; nothing was written.")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with store.reading() as session:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
            with os.fdopen(handle, "wb") as raw:
                written = write_rows(raw, _all_rows(session))
                raw.flush()
                os.fsync(raw.fileno())
            broken = verify_records(session)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Saved(written, broken)


def _all_rows(session: Session) -> Iterator[TableRow]:
    for table in Base.metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key.columns)
        for row in session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
            yield table, dict(row)


def restore(file: Path, store: Store) -> BackupFile:
    """Fills empty records from a file, all or nothing.

    The file is checked to its end before anything is written, and the records are verified
    before they are kept.

    Raises:
        RecordsError: The file is damaged or of another form, the store holds records already,
            or what the file holds does not verify. Nothing is changed then.
        OSError: The file cannot be read.
    """
    found = check_file(file)
    with store.writing() as session:
        _need_empty(session, store)
        connection = session.connection()
        for table, rows in groupby(read_rows(file), key=lambda each: each[0]):
            while batch := [dict(row) for _, row in islice(rows, ROWS_AT_ONCE)]:
                if table.name == HEAD:
                    connection.execute(update(table), batch)
                else:
                    connection.execute(insert(table), batch)
        session.expire_all()
        broken = verify_records(session)
        if broken is not None:
            raise RecordsError(f"{file} was not restored, as it does not verify: {broken.text}")
    return found


def _need_empty(session: Session, store: Store) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name != HEAD and session.execute(select(table).limit(1)).first():
            raise RecordsError(
                f"{store.url} holds records already, and nothing is ever overwritten. "
                "Name an empty place in [records] url, restore there, and compare."
            )

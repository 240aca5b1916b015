"""The form of a backup: gzipped JSON lines, with a first line, a last line and a hash."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Date, Table

from pipelines.errors import RecordsError
from pipelines.reviews.records.migrating import newest_form
from pipelines.reviews.records.tables import Base
from pipelines.reviews.records.tables.base import UtcTime

FORMAT = "launchloop-records"
VERSION = 1

TableRow = tuple[Table, Mapping[str, Any]]


@dataclass(frozen=True)
class BackupFile:
    """What a whole file holds.

    Attributes:
        form: The form of the tables, as the migrations number it.
        rows: Table → number of rows.
    """

    form: str
    rows: dict[str, int]


def write_rows(raw: IO[bytes], rows: Iterable[TableRow]) -> BackupFile:
    """Writes rows to an open file; the same rows give the same bytes."""
    form, seen = newest_form(), sha256()
    counted = dict.fromkeys(Base.metadata.tables, 0)
    with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:

        def write(value: Mapping[str, Any]) -> None:
            line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
            seen.update(line)
            packed.write(line)

        write({"format": FORMAT, "version": VERSION, "form": form})
        for table, row in rows:
            write({"table": table.name, "row": dict(row)})
            counted[table.name] += 1
        write({"rows": counted, "sha256": seen.hexdigest()})
    return BackupFile(form, counted)


def check_file(file: Path) -> BackupFile:
    """Reads a file to its end.

    Raises:
        RecordsError: It is no backup, of another form, damaged, cut off or changed.
    """
    counted = dict.fromkeys(Base.metadata.tables, 0)
    for table, _ in read_rows(file):
        counted[table.name] += 1
    return BackupFile(newest_form(), counted)


def read_rows(file: Path) -> Iterator[TableRow]:
    """The rows of a file as they were, in the order of their tables.

    Raises:
        RecordsError: As in `check_file`; what is wrong at the end is only known there.
    """
    seen, counted = sha256(), dict.fromkeys(Base.metadata.tables, 0)
    lines = _lines(file)
    line, value = next(lines, (b"", {}))
    _need_form(value, file)
    for following, next_value in lines:
        seen.update(line)
        if "row" not in next_value:
            if next_value != {"rows": counted, "sha256": seen.hexdigest()} or next(lines, None):
                break
            return
        table = Base.metadata.tables.get(next_value["table"])
        if table is None:
            break
        counted[table.name] += 1
        yield table, typed(table, next_value["row"])
        line = following
    raise RecordsError(f"{file} is damaged: cut off or changed. Use another backup.")


def _lines(file: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    try:
        with gzip.open(file, "rb") as packed:
            for line in packed:
                value = orjson.loads(line)
                if not isinstance(value, dict):
                    raise RecordsError(f"{file} is no backup of records.")
                yield line, value
    except (gzip.BadGzipFile, EOFError, zlib.error, orjson.JSONDecodeError) as problem:
        raise RecordsError(
            f"{file} is no backup of records, or damaged ({problem}). Use another backup."
        ) from problem


def _need_form(first: Mapping[str, Any], file: Path) -> None:
    if first.get("format") != FORMAT or first.get("version") != VERSION:
        raise RecordsError(f"{file} is no backup that this Launchloop can read.")
    if first.get("form") != newest_form():
        raise RecordsError(
            f"{file} holds records of form {first.get('form')}; this Launchloop writes form "
            f"{newest_form()}. Restore it with the version that wrote it, then open it with this."
        )


def typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON held it → as the table holds it: days and times are such again."""
    found = dict(row)
    for column in table.columns:
        text = found.get(column.name)
        if text is None:
            continue
        if isinstance(column.type, UtcTime):
            found[column.name] = datetime.fromisoformat(text)
        elif isinstance(column.type, Date):
            found[column.name] = date.fromisoformat(text)
    return found

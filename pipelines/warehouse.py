"""Snapshots: built beside, published whole, never changed. With engines/ the only door to DuckDB.

A path that was once served is never written again: a process that holds the old file would go on
reading it under the new name.
"""

import json
import os
import shutil
import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.engines.duckdb import DatabaseError, Session, quoted
from pipelines.errors import SnapshotError, UsageError
from pipelines.sources.landing import write_atomically

# Raised when tables of a snapshot change their meaning; older ones are then refused by name.
FORMAT = 1
POINTER = "CURRENT.json"
OPEN_SNAPSHOTS = 6
SHOWN_IDS = 5


@dataclass(frozen=True)
class SnapshotInfo:
    """What is known of one published snapshot.

    Attributes:
        id: UTC start of its refresh, then eight digits of the hash over its tables.
        pinned_by: Who needs it to stay, None if nobody.
    """

    id: str
    published_at: datetime
    size: int
    is_current: bool
    pinned_by: str | None


class Warehouse:
    """The snapshots folder of a workspace."""

    def __init__(self, folder: Path) -> None:
        """Names the folder; nothing is created before the first build."""
        self.folder = folder

    @property
    def current_id(self) -> str | None:
        """The snapshot that is served, None before the first one."""
        pointer = self.folder / POINTER
        try:
            found = json.loads(pointer.read_text(encoding="utf-8"))["snapshot"]
        except FileNotFoundError:
            return None
        return str(found) if self.path(found).exists() else None

    def path(self, snapshot: str) -> Path:
        """The file of a snapshot."""
        return self.folder / f"{snapshot}.duckdb"

    @property
    def spill(self) -> Path:
        """Where a running refresh keeps what does not fit into memory."""
        return self.folder / ".work"

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """The folder of one refresh for temporary files; leftovers of killed ones go first."""
        shutil.rmtree(self.spill, ignore_errors=True)
        self.spill.mkdir(parents=True)
        try:
            yield self.spill
        finally:
            shutil.rmtree(self.spill, ignore_errors=True)

    def new_build(self, started: datetime) -> Path:
        """A path for a build; leftovers of builds whose process died are removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.folder.glob(".build-*"):
            leftover.unlink(missing_ok=True)
        return self.folder / f".build-{started:%Y%m%dT%H%M%SZ}-{os.getpid()}.duckdb"

    def free_id(self, started: datetime, digits: str) -> str:
        """An id that no snapshot bears yet; of two refreshes in one second the later is put off.

        Equal numbers do not make equal snapshots: settings that no number rests on may differ.
        """
        while self.path(new_id(started, digits)).exists():
            started += timedelta(seconds=1)
        return new_id(started, digits)

    def publish(self, build: Path, snapshot: str) -> None:
        """Makes a closed build the current snapshot: fsync, rename, then move the pointer.

        Args:
            build: Its file.
            snapshot: From `free_id`, so that nothing that was served is written over.
        """
        with build.open("rb+") as file:
            os.fsync(file.fileno())
        build.replace(self.path(snapshot))
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        pointer = {"snapshot": snapshot, "published_at": datetime.now(UTC).isoformat()}
        write_atomically(self.folder / POINTER, json.dumps(pointer))

    def ids(self) -> list[str]:
        """All published snapshots, oldest first."""
        return sorted(path.stem for path in self.folder.glob("[0-9]*.duckdb"))

    def resolve(self, snapshot: str | None) -> str:
        """A full id from an id or its beginning; the current one if none is named.

        Raises:
            SnapshotError: If none was published yet.
            UsageError: If none begins so, or several do; names the nearest ones.
        """
        if snapshot is None:
            if self.current_id is None:
                raise SnapshotError(
                    "There is no snapshot yet. Run `launchloop refresh` to publish the first one."
                )
            return self.current_id
        found = [known for known in self.ids() if known.startswith(snapshot)] if snapshot else []
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(found[-SHOWN_IDS:])
            raise UsageError(f"{len(found)} snapshots begin with '{snapshot}', such as {listed}.")
        nearest = ", ".join(nearest_ids(snapshot, self.ids())) or "none"
        raise UsageError(f"There is no snapshot '{snapshot}'. The nearest are: {nearest}.")

    def snapshots(self) -> list[SnapshotInfo]:
        """All published snapshots, newest first."""
        current = self.current_id
        return [
            SnapshotInfo(
                id=known,
                published_at=datetime.fromtimestamp(self.path(known).stat().st_mtime, UTC),
                size=self.path(known).stat().st_size,
                is_current=known == current,
                pinned_by=self._pin(known),
            )
            for known in reversed(self.ids())
        ]

    def _pin(self, snapshot: str) -> str | None:
        pin = self.folder / f"{snapshot}.pin"
        return pin.read_text(encoding="utf-8").strip() if pin.exists() else None

    def pin(self, snapshot: str, who: str) -> None:
        """Keeps a snapshot from being pruned; the file names who needs it."""
        write_atomically(self.folder / f"{snapshot}.pin", who + "\n")

    def unpin(self, snapshot: str) -> None:
        """Lets a snapshot be pruned again."""
        (self.folder / f"{snapshot}.pin").unlink(missing_ok=True)

    def prune(self, keep: int, keep_monthly: int) -> list[str]:
        """Removes old snapshots.

        Stays: the last `keep`, the last of each of `keep_monthly` months, the current one and
        every pinned one.

        Returns:
            Ids of the removed ones.
        """
        ids = self.ids()
        kept = set(ids[-keep:]) if keep else set()
        last_of_month: dict[str, str] = {known[:6]: known for known in ids}
        kept |= {last_of_month[month] for month in sorted(last_of_month)[-keep_monthly:]}
        current = self.current_id
        removed = []
        for known in ids:
            if known in kept or known == current or self._pin(known) is not None:
                continue
            self.path(known).unlink(missing_ok=True)
            removed.append(known)
        return removed

    def inputs_of(self, snapshot: str) -> str | None:
        """The digest of what a snapshot was built from, None if this program cannot read it."""
        try:
            with Session(self.path(snapshot), read_only=True) as session:
                if _format(session) != FORMAT:
                    return None
                found = session.value("select value from control.snapshot where key = 'inputs'")
        except (DatabaseError, IndexError):
            return None
        return str(found)

    def begin_as_current(self, build: Path) -> bool:
        """Makes a build a copy of the current snapshot; False if there is none to build upon.

        What did not change is then there already: a file is copied faster than its tables.
        """
        current = self.current_id
        if current is None or self.inputs_of(current) is None:
            return False
        shutil.copyfile(self.path(current), build)
        return True

    def attach_current(self, session: Session) -> None:
        """Attaches the current snapshot as `previous`."""
        current = self.resolve(None)
        session.execute(f"attach {quoted(str(self.path(current)))} as previous (read_only)")


def _format(session: Session) -> int | None:
    try:
        return int(session.value("select value from control.snapshot where key = 'format'"))
    except (DatabaseError, IndexError):
        return None


_open: "OrderedDict[Path, Session]" = OrderedDict()
_open_lock = threading.Lock()


def reader(warehouse: Warehouse, snapshot: str) -> Session:
    """A cursor of its own on a published snapshot; the file is opened once a process.

    Raises:
        SnapshotError: If another version of the program wrote it in a way this one cannot read.
    """
    path = warehouse.path(snapshot).resolve()
    with _open_lock:
        if path not in _open:
            if not path.exists():
                raise SnapshotError(
                    f"Snapshot {snapshot} is no longer there. `launchloop snapshots list` shows "
                    "those that are."
                )
            try:
                session = Session(path, read_only=True)
            except DatabaseError as problem:
                raise SnapshotError(
                    f"Snapshot {snapshot} cannot be opened ({str(problem).splitlines()[0]}). "
                    "Run `launchloop refresh --full` to publish it anew."
                ) from problem
            found = _format(session)
            if found != FORMAT:
                session.close()
                raise SnapshotError(
                    f"Snapshot {snapshot} has format {found}, this program reads {FORMAT}. "
                    "Run `launchloop refresh --full` to publish it anew."
                )
            _open[path] = session
        _open.move_to_end(path)
        while len(_open) > OPEN_SNAPSHOTS:
            _open.popitem(last=False)
        return _open[path].cursor()


def table_hash(session: Session) -> str:
    """Eight hex digits over all rows of all published tables, whatever their order."""
    parts = []
    tables = session.rows(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('activity', 'marts') and table_type = 'BASE TABLE' "
        "and table_catalog = current_database() order by all"
    )
    for schema, table in tables:
        found = session.rows(
            f'select count(*), sum(cast(hash(rows) as hugeint)) from "{schema}"."{table}" as rows'
        )
        parts.append(f"{schema}.{table} {found[0]}")
    total: Any = session.value("select printf('%016x', hash($1))", ["\n".join(parts)])
    return str(total)[:8]


def new_id(started: datetime, digits: str) -> str:
    """The id of a snapshot: sorts by time, equal tails mean equal numbers."""
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digits}"


def today(now: datetime) -> date:
    """The UTC day of a clock."""
    return now.astimezone(UTC).date()


def nearest_ids(wanted: str, ids: Sequence[str]) -> list[str]:
    """The ids next to one that does not exist, by time and by its hash; oldest first.

    >>> nearest_ids("20260302", ["20260101T060000Z-aa", "20260301T060000Z-bb"])
    ['20260101T060000Z-aa', '20260301T060000Z-bb']
    """
    tail = wanted.rpartition("-")[2]
    alike = [known for known in ids if "-" in wanted and known.endswith(tail)]
    place = bisect_left(ids, wanted)
    near = ids[max(place - SHOWN_IDS // 2, 0) :][:SHOWN_IDS]
    return sorted({*alike[-1:], *(near or ids[-SHOWN_IDS:])})

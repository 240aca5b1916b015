"""landing/: every row ever pulled in, as Parquet by table and import, and what is in force of it.

Append-only. An import exists from the moment its manifest does, which is written last; what a
killed run left behind is overwritten by the next, because ids follow from content.
"""

import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.engines.duckdb import Session, quoted
from pipelines.sources.tables import Table

Status = Literal["published", "held", "failed", "superseded"]


@dataclass(frozen=True)
class Manifest:
    """What is known of one import.

    Attributes:
        import_id: Follows from source, file name, content and mapping.
        sequence: Order of arrival in this workspace, from 1.
        tables: Canonical table → number of its rows.
        dropped_by: Rule → records left out.
        replaces_name: It stands for all that came before under its file name: rows without ids
            of their own cannot be corrected one by one.
        is_full: It stands for all that its source said before about its tables.
        may_overlap: Tables in which it shares keys with other imports.
        date_orders: Header → order of day and month that its texts settled.
        hash_probe: By which hash function its keys were made; empty if by none that matters.
    """

    import_id: str
    sequence: int
    source_id: str
    preset_id: str
    preset_version: str
    mapping_hash: str
    file_name: str
    file_hash: str
    status: Status
    exported_at: str | None
    started_at: str
    finished_at: str
    read: int
    loaded: int
    updated: int
    unchanged: int
    dropped: int
    quarantined: int
    tables: dict[str, int] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    questions: tuple[dict[str, str | None], ...] = ()
    dropped_by: dict[str, int] = field(default_factory=dict)
    replaces_name: bool = False
    is_full: bool = False
    may_overlap: tuple[str, ...] = ()
    date_orders: dict[str, str] = field(default_factory=dict)
    hash_probe: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether every record is accounted for."""
        fates = (self.loaded, self.updated, self.unchanged, self.dropped, self.quarantined)
        return self.read == sum(fates) and min(fates) >= 0

    def gives_way_to(self, newer: "Manifest") -> bool:
        """Whether a later import under the same file name stands for this one."""
        return newer.sequence > self.sequence and (
            newer.replaces_name or newer.file_hash == self.file_hash
        )


def write_atomically(path: Path, text: str) -> None:
    """Replaces a small file as a whole, durable before it is visible."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


class Landing:
    """The landing folder of a workspace.

    Args:
        folder: `landing/`.
        overlay: For `check`: where new imports go instead, so that nothing is written here.
    """

    def __init__(self, folder: Path, overlay: Path | None = None) -> None:
        """Reads the manifests and the decisions of people about them."""
        self.folder = folder
        self._target = overlay or folder
        self._manifests: dict[str, Manifest] = {}
        self._places: dict[str, Path] = {}
        for path in sorted((folder / "imports").glob("*.json")):
            manifest = _manifest(json.loads(path.read_text(encoding="utf-8")))
            self._manifests[manifest.import_id] = manifest
            self._places[manifest.import_id] = folder
        self._decisions = self._read_decisions()

    def _read_decisions(self) -> dict[str, str]:
        decisions = {}
        for path in sorted((self.folder / "decisions").glob("*.json")):
            entry = json.loads(path.read_text(encoding="utf-8"))
            decisions[entry["import_id"]] = entry["decision"]
        return decisions

    @property
    def manifests(self) -> list[Manifest]:
        """All imports, in order of arrival."""
        return sorted(self._manifests.values(), key=lambda manifest: manifest.sequence)

    def get(self, import_id: str) -> Manifest | None:
        """The manifest of an import, None if it never finished."""
        return self._manifests.get(import_id)

    def decision(self, import_id: str) -> str | None:
        """Either "accept" or "revoke", if a person decided about it; the last word counts."""
        return self._decisions.get(import_id)

    def decide(self, import_id: str, decision: Literal["accept", "revoke"], at: datetime) -> None:
        """Notes a person's decision; nothing is deleted."""
        folder = self.folder / "decisions"
        number = len(list(folder.glob("*.json"))) + 1
        entry = {"import_id": import_id, "decision": decision, "at": at.isoformat()}
        write_atomically(folder / f"{number:06d}.json", json.dumps(entry, indent=1))
        self._decisions[import_id] = decision

    def in_force(self) -> list[Manifest]:
        """The imports whose rows count: published or accepted, neither revoked nor replaced."""
        counted = [
            manifest
            for manifest in self.manifests
            if self.decision(manifest.import_id) != "revoke"
            and (manifest.status == "published" or self.decision(manifest.import_id) == "accept")
        ]
        replaced = _replaced(counted)
        return [manifest for manifest in counted if manifest.import_id not in replaced]

    def next_sequence(self) -> int:
        """The place of the next import in the order of arrival."""
        return 1 + max((manifest.sequence for manifest in self._manifests.values()), default=0)

    def rows_path(self, table: str, import_id: str) -> Path:
        """Where the rows of an import lie, or will."""
        place = self._places.get(import_id, self._target)
        return place / table / f"{import_id}.parquet"

    def add(self, manifest: Manifest) -> None:
        """Makes an import real; its rows are already in place."""
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
        write_atomically(self._target / "imports" / f"{manifest.import_id}.json", text)
        self._manifests[manifest.import_id] = manifest
        self._places[manifest.import_id] = self._target

    def files(self, table: str, manifests: Iterable[Manifest] | None = None) -> list[Path]:
        """The Parquet files with rows of a table that are in force."""
        chosen = self.in_force() if manifests is None else manifests
        return [
            self.rows_path(table, manifest.import_id)
            for manifest in chosen
            if manifest.tables.get(table)
        ]

    def write_rows(self, session: Session, table: Table, import_id: str, select: str) -> int:
        """Writes the rows of one import and table; returns how many."""
        path = self._target / table.name / f"{import_id}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}")
        # Level 1 takes two thirds of the default's time, and on ids and hashes no more space.
        session.execute(
            f"copy ({select}) to {quoted(str(unfinished))} "
            "(format parquet, compression zstd, compression_level 1)"
        )
        count = int(session.value(f"select count(*) from read_parquet({quoted(str(unfinished))})"))
        if count:
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            unfinished.replace(path)
        else:
            unfinished.unlink()
        return count


def _replaced(counted: Iterable[Manifest]) -> set[str]:
    """Ids of the imports that others among them stand for.

    Told anew each time: when the newest version is taken back, the one before it counts again.
    """
    by_name: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
    by_source: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in counted:
        by_name[manifest.source_id, manifest.file_name].append(manifest)
        by_source[manifest.source_id].append(manifest)
    replaced = {
        old.import_id
        for versions in by_name.values()
        for old in versions
        if any(old.gives_way_to(newer) for newer in versions)
    }
    for own in by_source.values():
        for whole in (one for one in own if one.is_full):
            replaced |= {
                old.import_id
                for old in own
                if _age(old) < _age(whole) and set(old.tables) & set(whole.tables)
            }
    return replaced


def _age(manifest: Manifest) -> tuple[str, int]:
    """By export, where the files say when that was, else by arrival."""
    return manifest.exported_at or "", manifest.sequence


def _manifest(entry: Mapping[str, Any]) -> Manifest:
    known = {name: entry[name] for name in Manifest.__dataclass_fields__ if name in entry}
    for name in ("notes", "questions", "may_overlap"):
        known[name] = tuple(known.get(name, ()))
    return Manifest(**known)

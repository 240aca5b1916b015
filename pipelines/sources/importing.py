"""One file → rows in landing/, a manifest and a report. Shell around the pure steps.

Nothing becomes visible before everything of the file is in place; a file that cannot be used
leaves what was there untouched.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from pipelines.engines.duckdb import FileReadError, Session, hash_probe
from pipelines.errors import SourceError
from pipelines.sources import choosing, reading
from pipelines.sources.arriving import Arrival, Arriving
from pipelines.sources.definition import Context
from pipelines.sources.fate import Question
from pipelines.sources.file_report import FileReport
from pipelines.sources.file_rows import Choice
from pipelines.sources.landing import Landing, Manifest
from pipelines.sources.opened_before import OpenedBefore
from pipelines.sources.siblings import Siblings
from pipelines.sources.tables import MONEY_TABLES
from pipelines.workspace import SourceSettings, Workspace

__all__ = ["FileReport", "Importer"]

# Raised when the same file would give other rows than before.
READER_VERSION = "2"
_SOURCE_KEYS = (
    "timezone", "date_order", "encoding", "delimiter", "sheet", "mode", "scope", "currency",
    "columns", "survey", "team", "production",
)  # fmt: skip
# Tables whose rows take something from the settings of the workspace.
_OF_PRODUCT = frozenset({"releases"})
_OF_DELIVERY = frozenset({"work_items", "work_item_changes", "workflow_statuses", "sprints"})
# What waits for a person's answer, as opposed to what is broken.
_QUESTIONS = ("ask_", "mixed_", "two_", "repeated_", "scale_")


@dataclass(frozen=True)
class Importer:
    """Everything that all files of one refresh share.

    Attributes:
        landing: Where rows go.
        quarantine_folder: Where refused rows go.
        secret: Of the pseudonyms.
        now: The clock: the workspace's own if it is simulated.
        memory: Holds the rows of the file at hand, each file through a cursor of its own: to open
            a database takes longer than to read most files.
        opened_before: What earlier refreshes saw in files that lie as they were.
        spill: Folder for temporary files.
    """

    workspace: Workspace
    landing: Landing
    quarantine_folder: Path
    secret: bytes
    now: datetime
    memory: Session
    opened_before: OpenedBefore
    spill: Path

    @classmethod
    @contextmanager
    def working_in(  # noqa: PLR0913, PLR0917
        cls,
        spill: Path,
        workspace: Workspace,
        landing: Landing,
        quarantine_folder: Path,
        secret: bytes,
        now: datetime,
    ) -> Iterator[Self]:
        """An importer with its database in memory and what is known of files; both end with it."""
        known = OpenedBefore(landing.folder / "opened.json")
        with Session(spill=spill) as memory:
            yield cls(workspace, landing, quarantine_folder, secret, now, memory, known, spill)

    def pull_in(
        self,
        source: SourceSettings,
        path: Path,
        siblings: Siblings,
    ) -> FileReport:
        """Imports one file; every outcome is a report, never an exception of the file's making."""
        file_name = self._name(path)
        try:
            with (
                tempfile.TemporaryDirectory(dir=self.spill) as work,
                self.memory.cursor() as session,
            ):
                return self._pull_in(session, source, path, Path(work), siblings)
        except SourceError as problem:
            status = "held" if problem.code.startswith(_QUESTIONS) else "failed"
            question: Question = {
                "code": problem.code, "text": problem.text, "toml": problem.toml,
            }  # fmt: skip
        except FileReadError as problem:
            status, first = "failed", str(problem).splitlines()[0]
            text = f"{file_name}: cannot be read ({first}). Export the file again."
            question = {"code": "unreadable", "text": text, "toml": None}
        return FileReport(source.name, file_name, source.preset, status, questions=[question])

    def context(self, source: SourceSettings, path: Path) -> Context:
        """What is known of a file before it is opened."""
        return Context(
            source=source,
            workspace=self.workspace,
            file_name=self._name(path),
            exported_at=self._exported_at(source, path),
            timezone=source.timezone,
        )

    def _name(self, path: Path) -> str:
        folder = self.workspace.folder.resolve()
        resolved = path.resolve()
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
        return path.as_posix()

    def _pull_in(  # noqa: PLR0913, PLR0917
        self,
        session: Session,
        source: SourceSettings,
        path: Path,
        work: Path,
        siblings: Siblings,
    ) -> FileReport:
        context = self.context(source, path)
        file_name = context.file_name
        mapping = choosing.declared(context)
        opened = self.opened_before.opened(
            path,
            choosing.asked_for(context, mapping),
            partial(choosing.opened_as, path, context, work, mapping),
        )
        if opened.is_empty:
            raise SourceError("empty", f"{file_name}: is empty. Nothing was loaded from it.")
        chosen = choosing.choose(session, opened, context, mapping)
        probe = hash_probe()
        mapping_hash = _digest(
            READER_VERSION,
            probe,
            chosen.identity,
            self._settings_identity(source, chosen),
            str(context.exported_at),
            siblings.fingerprint(chosen.reads_with),
        )
        import_id = _digest(source.name, file_name, opened.file_hash, mapping_hash)[:20]
        known = self.landing.get(import_id)
        if known:
            return self._again(known)
        rows = reading.read(
            session, opened, chosen, context, siblings.records, self._earlier_orders(source)
        )
        arrival = Arrival(
            import_id,
            mapping_hash,
            opened.file_hash,
            probe,
            self.secret,
            self.now,
            self.quarantine_folder,
        )
        manifest = Arriving(self.landing, session, context, rows, arrival).land()
        return FileReport.of(manifest, "held" if manifest.questions else "loaded")

    def _earlier_orders(self, source: SourceSettings) -> dict[str, str]:
        """Header → order of day and month that earlier files of a source settled."""
        found: dict[str, str] = {}
        for known in self.landing.in_force():
            if known.source_id == source.name:
                found |= known.date_orders
        return found

    def _exported_at(self, source: SourceSettings, path: Path) -> datetime | None:
        if source.exported_at:
            return self.workspace.instant(source.exported_at, source)
        day = dated_name(path.name)
        return self.workspace.instant(day, source) if day else None

    def _again(self, known: Manifest) -> FileReport:
        """The report of a file that was imported before: nothing changes."""
        decision = self.landing.decision(known.import_id)
        if known.status == "held" and decision is None:
            return FileReport.of(known, "held")
        notes = ["Already imported (same content). Nothing changed."]
        if decision == "revoke":
            notes = [f"Revoked. `launchloop imports accept {known.import_id}` brings it back."]
        return replace(
            FileReport.of(known, "unchanged"),
            loaded=0,
            updated=0,
            unchanged=known.read - known.dropped - known.quarantined,
            questions=[],
            notes=notes,
        )

    def _settings_identity(self, source: SourceSettings, chosen: Choice) -> str:
        """The settings that change what a file's rows become, and whether they come in."""
        parts = source.model_dump(mode="json", include=set(_SOURCE_KEYS))
        if "limit" in source.model_fields_set:
            parts["limit"] = source.limit
        target = chosen.mapping.target if chosen.mapping else None
        tables = {*(chosen.preset.tables if chosen.preset else ()), target}
        product, delivery = self.workspace.product, self.workspace.delivery
        if tables & MONEY_TABLES:
            parts["workspace_currency"] = product.currency
        if tables & _OF_PRODUCT:
            parts["product"] = product.name
        if tables & _OF_DELIVERY:
            parts["delivery"] = delivery.model_dump(mode="json", include={"states", "points_field"})
        return json.dumps(parts, sort_keys=True)


def dated_name(name: str) -> date | None:
    """The last date in a file's name, of a range its end; None if there is none.

    >>> dated_name("events_2026-05-01_2026-05-31.csv")
    datetime.date(2026, 5, 31)
    """
    for found in reversed(re.findall(r"(?<!\d)(20\d{2})-?([01]\d)-?([0-3]\d)(?!\d)", name)):
        try:
            return date(*(int(part) for part in found))
        except ValueError:
            continue
    return None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

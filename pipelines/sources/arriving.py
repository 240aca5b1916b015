"""Typed rows of one file → keyed, compared and landed.

The manifest comes last and makes them real.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.engines.duckdb import Session
from pipelines.sources import keys, quarantine
from pipelines.sources.definition import Context
from pipelines.sources.fate import Fate, Question, held_for_bad_rows
from pipelines.sources.file_rows import FileRows
from pipelines.sources.gaps import fall_note, gap_notes, shrunk_note
from pipelines.sources.keys import Keyed
from pipelines.sources.landing import Landing, Manifest
from pipelines.sources.order_conflicts import conflict_note, needed_tables, order_conflicts
from pipelines.sources.raw import Problem
from pipelines.sources.suspicions import STREAMS, rows_by_day, truncation_note, unit_jump
from pipelines.sources.totals import control_totals
from pipelines.sources.typed import Typed

# Clocks of devices run ahead, and exports say their day only.
FUTURE = timedelta(hours=24)


@dataclass(frozen=True)
class Arrival:
    """By what an import is known, and what it comes with.

    Attributes:
        import_id: Follows from source, file name, content and mapping.
        hash_probe: By which hash function its keys are made.
        secret: Of the pseudonyms.
        now: When it is pulled in.
        quarantine_folder: Where refused rows go.
    """

    import_id: str
    mapping_hash: str
    file_hash: str
    hash_probe: str
    secret: bytes
    now: datetime
    quarantine_folder: Path


class Arriving:
    """Carries the typed rows of one file into the landing folder."""

    def __init__(
        self,
        landing: Landing,
        session: Session,
        context: Context,
        rows: FileRows,
        arrival: Arrival,
    ) -> None:
        """Looks up what the source brought before."""
        self._landing = landing
        self._session = session
        self._context = context
        self._rows = rows
        self._arrival = arrival
        self._fate = Fate(rows)
        self._by_day: dict[date, int] = {}
        self._started = datetime.now(UTC)
        self._own = [
            known for known in landing.in_force() if known.source_id == context.source.name
        ]

    def land(self) -> Manifest:
        """Keys, compares and writes all rows; the manifest comes last and makes them real."""
        rows, session = self._rows, self._session
        tables, overlapping, questions = dict[str, int](), list[str](), list[Question]()
        totals: dict[str, Any] = {}
        replaces_name = False
        all_keyed = self._keyed()
        for keyed, typed in zip(all_keyed, rows.typed, strict=True):
            name = keyed.table.name
            replaces_name = replaces_name or keyed.is_content_keyed
            if self._compare(keyed):
                overlapping.append(name)
            self._fate.problems += self._order_conflicts(keyed, all_keyed, typed)
            if name == rows.primary:
                totals = control_totals(session, keyed)
                self._count_days(keyed)
            jump = unit_jump(session, keyed, self._files_of_source(name), self._context.file_name)
            questions += [jump] if jump else []
            tables[name] = self._landing.write_rows(
                session, keyed.table, self._arrival.import_id, f"select * from {keyed.relation}"
            )
        counts = self._fate.counts()
        bad = held_for_bad_rows(rows, self._fate.problems, counts, self._context)
        questions += [bad] if bad else []
        manifest = self._manifest(tables, totals, questions, counts, overlapping, replaces_name)
        quarantine.write(
            self._arrival.quarantine_folder,
            manifest.import_id,
            manifest.file_name,
            self._fate.problems,
            rows.line_of,
        )
        self._landing.add(manifest)
        return manifest

    def _keyed(self) -> list[Keyed]:
        rows = self._rows
        return [
            keys.keyed_rows(
                self._session,
                typed.plan.table,
                typed.relation,
                secret=self._arrival.secret,
                privacy=typed.plan.privacy,
                source_id=self._context.source.name,
                import_id=self._arrival.import_id,
                exported_at=self._context.exported_at,
                key=rows.key if typed.plan.table.name == rows.primary else (),
                given=frozenset(cell.column.name for cell in typed.plan.cells),
                salt=rows.salt,
                duplicates=rows.duplicates,
            )
            for typed in rows.typed
        ]

    def _compare(self, keyed: Keyed) -> bool:
        """Settles what the rows are worth beside all others; whether they share keys with any."""
        name = keyed.table.name
        if name == "events":
            future = _future_events(self._session, keyed.relation, self._collected_at())
            self._fate.refuse(future)
        within = keys.settle_within_file(self._session, keyed, self._rows.duplicates)
        met = keys.fates(
            self._session,
            keyed,
            self._landing.files(name, self._landing.manifests),
            in_force=[known.import_id for known in self._landing.in_force()],
            same_name=[
                known.import_id for known in self._own if known.file_name == self._context.file_name
            ],
        )
        if name == self._rows.primary:
            self._fate.settle(within, met)
        else:
            self._fate.settle_further(name, within, met)
        return met.meets_others or bool(within)

    def _order_conflicts(
        self, keyed: Keyed, all_keyed: Sequence[Keyed], typed: Typed
    ) -> list[Problem]:
        """Times of a row that cannot follow those they must, in the file and beside other files."""
        return order_conflicts(
            self._session,
            keyed,
            {name: self._landing.files(name) for name in needed_tables(keyed.table.name)},
            {one.table.name: one for one in all_keyed},
            {cell.column.name: cell.header for cell in typed.plan.cells},
            self._context.timezone or "UTC",
        )

    def _count_days(self, keyed: Keyed) -> None:
        """Notes how many rows each day has, where rows have days."""
        if keyed.table.dated_by:
            product = self._context.workspace.product
            zone = self._context.timezone or product.timezone
            self._by_day = rows_by_day(self._session, keyed, zone)

    def _collected_at(self) -> datetime:
        """When the file was exported, if the source says so; a date in a name may mean its data."""
        declared = self._context.source.exported_at
        exported = self._context.exported_at if declared else None
        return exported or self._arrival.now

    def _files_of_source(self, table: str) -> list[Path]:
        return self._landing.files(table, self._own)

    def _manifest(  # noqa: PLR0913, PLR0917
        self,
        tables: dict[str, int],
        totals: dict[str, Any],
        questions: Sequence[Question],
        counts: Mapping[str, int],
        overlapping: Sequence[str],
        replaces_name: bool,  # noqa: FBT001
    ) -> Manifest:
        context, rows, arrival = self._context, self._rows, self._arrival
        exported = context.exported_at
        manifest = Manifest(
            import_id=arrival.import_id,
            sequence=self._landing.next_sequence(),
            source_id=context.source.name,
            preset_id=rows.preset_id,
            preset_version=rows.preset_version,
            mapping_hash=arrival.mapping_hash,
            file_name=context.file_name,
            file_hash=arrival.file_hash,
            status="held" if questions else "published",
            exported_at=exported.isoformat() if exported else None,
            started_at=self._started.isoformat(),
            finished_at=datetime.now(UTC).isoformat(),
            tables=tables,
            totals=totals,
            questions=tuple(questions),
            dropped_by=rows.dropped_by,
            replaces_name=replaces_name,
            is_full=context.source.scope == "full" or rows.is_full,
            may_overlap=tuple(overlapping),
            date_orders=rows.date_orders,
            hash_probe=arrival.hash_probe,
            read=counts["read"],
            loaded=counts["loaded"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            dropped=counts["dropped"],
            quarantined=counts["quarantined"],
        )
        return replace(manifest, notes=tuple(self._notes(manifest)))

    def _notes(self, manifest: Manifest) -> list[str]:
        notes = [
            *self._rows.notes,
            *self._fate.notes(),
            *conflict_note(self._fate.problems),
            *self._truncation_notes(manifest.read),
        ]
        replaced = [known for known in self._own if known.gives_way_to(manifest)
                    and known.file_name == manifest.file_name]  # fmt: skip
        if replaced and manifest.status == "published":
            went = sum(sum(known.tables.values()) for known in replaced)
            came = sum(manifest.tables.values())
            notes.append(f"Replaces its earlier version: {went} rows went, {came} came.")
        return notes

    def _truncation_notes(self, read: int) -> list[str]:
        """What speaks for an export that was cut; it stays a note, for a person to judge."""
        earlier = [known.read for known in self._own
                   if known.file_name == self._context.file_name]  # fmt: skip
        found = [
            truncation_note(read),
            *gap_notes(self._by_day),
            fall_note(self._by_day) if self._rows.primary in STREAMS else None,
            shrunk_note(read, earlier[-1], self._by_day) if earlier else None,
        ]
        return [note for note in found if note]


def _future_events(session: Session, relation: str, collected_at: datetime) -> list[Problem]:
    """Events more than a day after their own sync time, else the export's, else now."""
    latest = (collected_at + FUTURE).isoformat()
    condition = (
        f"occurred_at > coalesce(received_at + interval 24 hour, cast('{latest}' as timestamptz))"
    )
    found = session.rows(
        f"select record_no, cast(occurred_at as varchar) from {relation} where {condition} "
        "order by record_no"
    )
    if found:
        session.execute(f"delete from {relation} where {condition}")
    return [
        Problem(
            int(record_no),
            "occurred_at",
            moment,
            "future_time",
            f"happened at {moment}, more than 24 hours after it was collected.",
        )
        for record_no, moment in found
    ]

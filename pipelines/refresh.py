"""Pull in → transform → check → publish: all or nothing, one at a time in a workspace."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pipelines import build, restatements
from pipelines.engines.duckdb import Session, hash_probe
from pipelines.errors import BusyError, CheckError, LaunchloopError, SnapshotError, SourceError
from pipelines.file_reports import reports_frame
from pipelines.last_refresh import RefreshReport, note_failure, note_refresh
from pipelines.read import Snapshot
from pipelines.sources.importing import FileReport, Importer
from pipelines.sources.landing import Landing
from pipelines.sources.secret import claim, load_secret
from pipelines.sources.siblings import SourceFiles
from pipelines.warehouse import Warehouse
from pipelines.workspace import SourceSettings, Workspace, load

Step = Callable[[str], None]


def _silent(_: str) -> None:
    """No one listens."""


def refresh(folder: Path, *, full: bool = False, step: Step = _silent) -> RefreshReport:
    """Publishes a new snapshot if anything changed.

    Args:
        folder: The workspace.
        full: Rebuild every model, whatever the last snapshot holds.
        step: Called with a few words before each step.

    Raises:
        WorkspaceError: If launchloop.toml cannot be used.
        BusyError: If another refresh runs in this workspace; that one tells how it ended.
        KeyMismatchError: If the ids that lie here were hashed with another key.
        CheckError: If an identity does not hold; the last snapshot stays.
    """
    workspace = load(folder)
    with only_one(folder):
        started = datetime.now(UTC)
        landing = Landing(folder / "landing")
        store = Warehouse(folder / "snapshots")
        now = workspace.product.now or started
        reports: list[FileReport] = []
        with store.work_folder() as work, _noting_failure(store, started, reports):
            secret = load_secret()
            claim(folder / "landing", secret, write=True)
            quarantine = folder / "quarantine"
            with Importer.working_in(work, workspace, landing, quarantine, secret, now) as importer:
                reports += pull_in(importer, step)
                importer.opened_before.save()
            _refuse_foreign_keys(landing)
            report = _publish(workspace, store, landing, reports, started, full=full, step=step)
        note_refresh(store.folder, started, report)
        return report


def check(folder: Path, *, step: Step = _silent) -> RefreshReport:
    """Reads every file as a refresh would and writes nothing."""
    workspace = load(folder)
    secret = load_secret()
    claim(folder / "landing", secret, write=False)
    with tempfile.TemporaryDirectory() as overlay:
        work = Path(overlay)
        landing, quarantine = Landing(folder / "landing", work / "landing"), work / "quarantine"
        now = workspace.product.now or datetime.now(UTC)
        with Importer.working_in(work, workspace, landing, quarantine, secret, now) as importer:
            reports = pull_in(importer, step)
    return RefreshReport(None, False, tuple(reports))


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the workspace's refresh lock; it falls with the process.

    Raises:
        BusyError: If another process holds it; names that one.
    """
    path = folder / ".refresh.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            file.seek(0)
            who = file.read().strip() or "another process"
            raise BusyError(
                f"A refresh of this workspace is already running ({who}). Wait for it to end."
            ) from problem
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield


def source_files(workspace: Workspace, source: SourceSettings) -> list[Path]:
    """The files of a source, in the order of their names; nothing outside a glob's reach."""
    found: dict[Path, None] = {}
    for pattern in source.files:
        path = Path(pattern)
        if path.is_absolute():
            matches = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        else:
            matches = sorted(workspace.folder.glob(pattern))
        found.update((match, None) for match in matches if match.is_file())
    return list(found)


def all_sources(workspace: Workspace) -> list[SourceSettings]:
    """The declared sources, and the business cases that launches name."""
    cases = [
        SourceSettings(
            name=f"business case {launch.id}",
            files=(launch.business_case,),
            preset="neutral_business_case_lines",
        )
        for launch in workspace.launches
        if launch.business_case
    ]
    return [*workspace.sources, *cases]


def pull_in(importer: Importer, step: Step) -> list[FileReport]:
    """Imports every file of every source; one report per file."""
    reports = []
    for source in all_sources(importer.workspace):
        paths = source_files(importer.workspace, source)
        if not paths:
            reports.append(_no_files(importer.workspace, source))
            continue
        files = SourceFiles(paths, partial(importer.context, source), importer.memory)
        for path in paths:
            step(f"reading {path.name}")
            reports.append(importer.pull_in(source, path, files.beside(path)))
    return reports


def _no_files(workspace: Workspace, source: SourceSettings) -> FileReport:
    listed = ", ".join(source.files)
    place = workspace.place("source")
    problem = SourceError(
        "no_files",
        f"{place}: no file fits `files` of source '{source.name}' ({listed}). Put the export "
        "there, or correct the path.",
    )
    question = {"code": problem.code, "text": problem.text, "toml": None}
    return FileReport(source.name, listed, source.preset, "failed", questions=[question])


@contextmanager
def _noting_failure(
    store: Warehouse, started: datetime, reports: Sequence[FileReport]
) -> Iterator[None]:
    """Whatever ends a refresh without a snapshot is written down for those who read the old one."""
    try:
        yield
    except LaunchloopError as problem:
        checks = problem.checks if isinstance(problem, CheckError) else ()
        report = RefreshReport(store.current_id, False, tuple(reports), checks, str(problem))
        note_failure(store.folder, started, report, str(problem))
        if isinstance(problem, CheckError):
            problem.report = report
        raise
    except Exception as problem:
        reason = f"The refresh broke off ({type(problem).__name__})."
        report = RefreshReport(store.current_id, False, tuple(reports), note=reason)
        note_failure(store.folder, started, report, reason)
        raise


def _refuse_foreign_keys(landing: Landing) -> None:
    """Keys are hashes; rows whose files are gone cannot follow to another hash function.

    Raises:
        CheckError: If rows in force were landed by a DuckDB that hashes otherwise.
    """
    probe = hash_probe()
    foreign = [one for one in landing.in_force() if one.hash_probe not in {"", probe}]
    if foreign:
        listed = ", ".join(f"{one.file_name} ({one.import_id})" for one in foreign[:5])
        raise CheckError(
            f"{len(foreign)} imports were landed by another release of DuckDB, whose keys cannot "
            f"be compared with today's: {listed}. Put their files back where the sources look for "
            "them and refresh, or take them back with `launchloop imports revoke ID`."
        )


def _publish(  # noqa: PLR0913
    workspace: Workspace,
    store: Warehouse,
    landing: Landing,
    reports: Sequence[FileReport],
    started: datetime,
    *,
    full: bool,
    step: Step,
) -> RefreshReport:
    current = store.current_id
    inputs = build.inputs_digest(workspace, landing)
    is_known = current is not None and store.inputs_of(current) == inputs
    if is_known and not full:
        note = "Nothing changed since the last snapshot; nothing was published."
        return RefreshReport(current, False, tuple(reports), note=note)
    path = store.new_build(started)
    try:
        candidate, restated = _built(
            workspace, store, landing, reports, path, started, full=full, step=step
        )
        snapshot = store.free_id(started, candidate.digits)
        if is_known and current is not None and current.endswith(candidate.digits):
            note = "The full rebuild equals the last snapshot; nothing was published."
            return RefreshReport(current, False, tuple(reports), candidate.checks, note)
        step("publishing")
        store.publish(path, snapshot)
    finally:
        path.unlink(missing_ok=True)
    store.prune(workspace.snapshots.keep, workspace.snapshots.keep_monthly)
    differs = (
        "The full rebuild differs from the last snapshot, which was built step by step; the "
        "rebuilt one is published."
    )
    notes = [note for note in (differs if is_known else None, restated) if note]
    return RefreshReport(snapshot, True, tuple(reports), candidate.checks, " ".join(notes) or None)


def _built(  # noqa: PLR0913
    workspace: Workspace,
    store: Warehouse,
    landing: Landing,
    reports: Sequence[FileReport],
    path: Path,
    started: datetime,
    *,
    full: bool,
    step: Step,
) -> tuple[build.Candidate, str | None]:
    """The candidate, and which settled numbers it changes."""
    has_previous = not full and store.begin_as_current(path)
    with Session(path, spill=store.spill) as session:
        if has_previous:
            store.attach_current(session)
        builder = build.Builder(
            session,
            workspace,
            landing,
            workspace.folder / "quarantine",
            has_previous=has_previous,
            step=step,
        )
        candidate = builder.run(reports_frame(reports))
        step("comparing settled numbers")
        return candidate, _log_restated(workspace.folder, landing, session, candidate, started)


def _log_restated(
    folder: Path,
    landing: Landing,
    session: Session,
    candidate: build.Candidate,
    started: datetime,
) -> str | None:
    """Writes the restatement log into a build, and says what is new in it."""
    try:
        before: Snapshot | None = Snapshot(folder)
    except SnapshotError:
        before = None
    log = new = restatements.log_of(None)
    if before is not None:
        after = Snapshot.of_build(folder, session)
        tables = restatements.changed_tables(before, landing)
        log = before.restatements()
        new = restatements.restated(before, after, tables, candidate.event_days, started)
    session.register("restated", restatements.appended(log, new))
    session.execute("create table control.restatements as select * from restated")
    session.execute("checkpoint")
    return restatements.restated_text(new)

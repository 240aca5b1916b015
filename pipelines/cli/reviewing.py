"""`launchloop reviews`: verify, back up, restore and import the records of reviews."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from pipelines.cli.answers import number_text, printable, say, say_json
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.errors import RecordsError
from pipelines.reviews.core.canonical import NO_HASH
from pipelines.reviews.records.backup import backup as write_backup
from pipelines.reviews.records.backup import restore as read_backup
from pipelines.reviews.records.backup_file import BackupFile
from pipelines.reviews.records.chain import Break, head_of
from pipelines.reviews.records.connecting import is_there
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.verifying import verify_records
from pipelines.reviews.records.verifying_export import is_export, verify_export
from pipelines.workspace import load

Verified = Annotated[
    Path | None,
    Parameter(help="A backup, or a cycle or review as JSON; else the workspace's records."),
]
IN_ITS_OWN_PLACE = "sqlite:///records.db"

app = App(
    name="reviews",
    help="Verify, back up, restore and import the records of reviews.",
    help_epilogue="Example: launchloop reviews verify -w lumen",
)
app.command(
    "pipelines.cli.importing:import_files",
    name="import",
    help_epilogue="Example: launchloop reviews import cycle.json -w lumen",
)


@app.command(help_epilogue="Example: launchloop reviews verify records-2026-11-28.jsonl.gz")
def verify(
    file: Verified = None,
    /,
    *,
    workspace: Folder = HERE,
    as_json: AsJson = False,
) -> int:
    """Check every hash and the log of events; exit code 1 names the first break."""
    if file is not None and not file.is_file():
        raise RecordsError(f"There is no file {file}. Give a backup or an export.")
    if file is not None and is_export(file):
        return _verify_export(file, as_json=as_json)
    if file is not None:
        with _restored(file) as store:
            return _verify(store, str(file), as_json=as_json)
    if not is_there(load(workspace).records.url, workspace):
        answer = {"ok": True, "events": 0, "last_hash": NO_HASH, "broken": None}
        _answer(answer, "There are no records yet: nothing to verify.", as_json=as_json)
        return 0
    with _records(workspace) as store:
        return _verify(store, store.url, as_json=as_json)


@app.command(help_epilogue="Example: launchloop reviews backup records-2026-11-28.jsonl.gz")
def backup(file: Path, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> int:
    """Write all records into a new file, while others go on working."""
    if not is_there(load(workspace).records.url, workspace):
        raise RecordsError("There are no records yet: nothing to back up.")
    with _records(workspace) as store:
        saved = write_backup(store, file)
    answer = {**_facts(file, saved.file), "broken": _broken(saved.broken)}
    text = f"{file} holds {_rows_text(saved.file)}."
    if saved.broken:
        text += f" The records do not verify: {saved.broken.text} Keep an older backup as well."
    _answer(answer, text, as_json=as_json)
    return 1 if saved.broken else 0


@app.command(help_epilogue="Example: launchloop reviews restore records-2026-11-28.jsonl.gz")
def restore(file: Path, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Fill empty records from a backup, all or nothing; records that exist stay untouched."""
    with _records(workspace) as store:
        found = read_backup(file, store)
        text = f"{store.url} now holds {_rows_text(found)} from {file}, and all of it verifies."
    _answer(_facts(file, found), text, as_json=as_json)


@contextmanager
def _records(folder: Path) -> Iterator[Store]:
    store = Store.open(load(folder).records.url, folder)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _restored(file: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(IN_ITS_OWN_PLACE, Path(folder))
        try:
            read_backup(file, store)
            yield store
        finally:
            store.close()


def _verify(store: Store, what: str, *, as_json: bool) -> int:
    with store.reading() as session:
        broken = verify_records(session)
        events, last = head_of(session)
    answer = {"ok": not broken, "events": events, "last_hash": last, "broken": _broken(broken)}
    if broken:
        text = (
            f"{what} does not verify: {broken.text} "
            "Compare with the newest backup that verifies before you go on."
        )
    else:
        text = f"{what} verifies: {number_text(events)} events, nothing changed or missing."
    _answer(answer, text, as_json=as_json)
    return 1 if broken else 0


def _verify_export(file: Path, *, as_json: bool) -> int:
    found = verify_export(file)
    answer = {"ok": not found.broken, **asdict(found), "broken": _broken(found.broken)}
    if found.broken:
        text = f"{file} does not verify: {found.broken.text} Ask for a new export."
    else:
        text = (
            f"{file} verifies: the {found.kind} {found.id}, nothing changed. Events: "
            f"{number_text(found.events)}; snapshots of frozen numbers: "
            f"{number_text(found.snapshots)}."
        )
        if found.withheld:
            text += (
                f" {number_text(found.withheld)} of its rows and events are told by their hashes "
                "only, because text in them was redacted."
            )
    _answer(answer, text, as_json=as_json)
    return 1 if found.broken else 0


def _facts(file: Path, found: BackupFile) -> dict[str, Any]:
    return {"file": str(file), **asdict(found)}


def _broken(broken: Break | None) -> dict[str, Any] | None:
    return asdict(broken) if broken else None


def _rows_text(found: BackupFile) -> str:
    return f"{number_text(sum(found.rows.values()))} rows in {len(found.rows)} tables"


def _answer(answer: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        say_json(answer)
    else:
        say(printable(text))

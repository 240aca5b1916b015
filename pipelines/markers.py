"""Release markers and notes that people or the product's CI post: rows of the source `launchloop`.

Appends to landing/ like any import, so that they can be taken back; charts show them after the
next refresh.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.engines.duckdb import Session
from pipelines.errors import UsageError
from pipelines.sources.keys import Keyed, keyed_rows
from pipelines.sources.landing import Landing, Manifest
from pipelines.sources.secret import claim, load_secret
from pipelines.sources.tables import TABLES, Table
from pipelines.sources.totals import control_totals
from pipelines.workspace import Workspace, load
from pipelines.workspace.sources import OWN_SOURCE
from pipelines.workspace.values import nearest

ID_DIGITS = 20
KINDS = TABLES["annotations"].column("annotation_kind").allowed


@dataclass(frozen=True)
class Marker:
    """What was posted.

    Attributes:
        text: The release's name or the note.
        import_id: For `launchloop imports revoke`.
        is_new: False if the same marker was there already.
    """

    text: str
    happened_at: datetime
    import_id: str
    is_new: bool


def release(folder: Path, name: str, at: str) -> Marker:
    """Appends a stable release; posted again with another time, the later word counts.

    Args:
        folder: The workspace.
        name: Id and version in one.
        at: A day or time, as `moment` reads it.

    Raises:
        UsageError: If the name is empty or the time cannot be read.
    """
    workspace = load(folder)
    version, released_at = _text(name, "NAME"), moment(at, workspace)
    row = {
        "release_id": version,
        "product_id": workspace.product.name,
        "version": version,
        "channel_code": "stable",
        "released_at": released_at.isoformat(),
    }
    return _append(workspace, TABLES["releases"], row, f"release {version}", (version, released_at))


def annotate(folder: Path, text: str, at: str, kind: str = "other") -> Marker:
    """Appends a note for the time axis of every chart.

    Args:
        folder: The workspace.
        text: What is shown.
        at: A day or time, as `moment` reads it.
        kind: One of `KINDS`.

    Raises:
        UsageError: If the text is empty, the kind unknown or the time cannot be read.
    """
    workspace = load(folder)
    if kind not in KINDS:
        raise UsageError(f'"{kind}" is no kind of note; {nearest(kind, list(KINDS))}.')
    title, happened_at = _text(text, "TEXT"), moment(at, workspace)
    number = _digest(title, kind, happened_at.isoformat())[:ID_DIGITS]
    row = {
        "annotation_id": number,
        "happened_at": happened_at.isoformat(),
        "annotation_kind": kind,
        "title_text": title,
    }
    return _append(workspace, TABLES["annotations"], row, f"note {number}", (title, happened_at))


def moment(text: str, workspace: Workspace) -> datetime:
    """A day or time in UTC; without an offset it is local to the reporting zone.

    Raises:
        UsageError: If the text is neither.
    """
    zone = ZoneInfo(workspace.product.timezone)
    try:
        found = datetime.fromisoformat(text)
        if len(text) <= len("2026-05-04"):
            found = datetime.combine(date.fromisoformat(text), time.min)
    except ValueError as problem:
        raise UsageError(
            f"--at {text} is no time; write 2026-05-04, 2026-05-04T09:30 or "
            "2026-05-04T09:30:00+02:00."
        ) from problem
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _text(text: str, what: str) -> str:
    kept = " ".join(text.split())
    if not kept:
        raise UsageError(f"{what} is empty; say what the marker is to be called.")
    return kept


def _append(
    workspace: Workspace,
    table: Table,
    row: Mapping[str, str],
    name: str,
    shown: tuple[str, datetime],
) -> Marker:
    """Lands one row, unless the newest marker of that name says the same."""
    secret = load_secret()
    claim(workspace.folder / "landing", secret, write=True)
    landing = Landing(workspace.folder / "landing")
    content = _digest(table.name, *row.values())
    file_name = f"launchloop {name}"
    earlier = [
        known
        for known in landing.in_force()
        if known.source_id == OWN_SOURCE and known.file_name == file_name
    ]
    if earlier and earlier[-1].file_hash == content:
        return Marker(*shown, earlier[-1].import_id, is_new=False)
    now = datetime.now(UTC)
    import_id = _digest(content, now.isoformat())[:ID_DIGITS]
    with Session() as session:
        keyed = _keyed(
            session, table, {**row, "source_updated_at": now.isoformat()}, secret, import_id
        )
        landing.write_rows(session, table, import_id, f"select * from {keyed.relation}")
        totals = control_totals(session, keyed)
    landing.add(
        Manifest(
            import_id=import_id,
            sequence=landing.next_sequence(),
            source_id=OWN_SOURCE,
            preset_id="marker",
            preset_version="1",
            mapping_hash="",
            file_name=file_name,
            file_hash=content,
            status="published",
            exported_at=None,
            started_at=now.isoformat(),
            finished_at=datetime.now(UTC).isoformat(),
            read=1,
            loaded=1 - len(earlier[:1]),
            updated=len(earlier[:1]),
            unchanged=0,
            dropped=0,
            quarantined=0,
            tables={table.name: 1},
            totals=totals,
            replaces_name=True,
        )
    )
    return Marker(*shown, import_id, is_new=True)


def _keyed(
    session: Session, table: Table, row: Mapping[str, str], secret: bytes, import_id: str
) -> Keyed:
    types = {column.name: column.type for column in table.columns}
    types["source_updated_at"] = "TIMESTAMPTZ"
    cells = "".join(
        f", cast(${name} as {kind}) as {name}"
        if name in row
        else f", cast(null as {kind}) as {name}"
        for name, kind in types.items()
    )
    typed = f"typed_{table.name}"
    session.execute(
        f"create or replace temp table {typed} as select cast(1 as bigint) as record_no, "
        f"cast(0 as bigint) as row_no, cast(0 as ubigint) as record_hash{cells}",
        dict(row),
    )
    return keyed_rows(
        session,
        table,
        typed,
        secret=secret,
        privacy={},
        source_id=OWN_SOURCE,
        import_id=import_id,
        exported_at=None,
        given=frozenset(row) - {"source_updated_at"},
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

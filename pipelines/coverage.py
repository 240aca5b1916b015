"""How far each source's data reach: the watermark W of every canonical table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.engines.duckdb import Session
from pipelines.metrics.definition import Coverage
from pipelines.sources.in_force import reach_sql, rows_sql
from pipelines.sources.landing import Landing, Manifest
from pipelines.sources.tables import TABLES
from pipelines.workspace import Workspace

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "table_name": pl.String,
    "source_id": pl.String,
    "first_at": pl.Datetime("us", "UTC"),
    "through_at": pl.Datetime("us", "UTC"),
    "lateness_s": pl.Int64,
    "is_declared": pl.Boolean,
}
# A tracker is known up to its newest change, whichever table holds it; the state of a
# subscription up to when it was read.
_TOGETHER = (
    ("work_items", "work_item_changes"),
    ("subscriptions", "subscription_changes"),
)
# Tables of what has happened: no row of them can lie behind the export.
_HAPPENED = frozenset(
    """events survey_responses survey_exposures payments feedback_items feedback_votes
    work_item_changes commits deployments incidents""".split()
)
# What a row says of a later time than its own is known up to then, too.
_ENDED = {
    "work_items": ("done_at",),
    "sprints": ("completed_at",),
    "incidents": ("acknowledged_at", "resolved_at"),
}
# Plans reach into the future: they say nothing about how far the data do.
PLANS = frozenset({"business_case_lines", "targets"})
# A source whose data end this much earlier than its table's newest has ended: an archive of an
# old survey must not keep all later ones unsettled.
ENDED_AFTER = timedelta(days=60)


def measured(session: Session, landing: Landing, workspace: Workspace) -> pl.DataFrame:
    """One row per canonical table and source with dated rows in force; `SCHEMA` columns.

    through_at is exclusive: what the source declares (`complete_to`), else when it was exported,
    else just after its newest row.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    by_source: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in landing.in_force():
        by_source[manifest.source_id].append(manifest)
    for source_id, manifests in by_source.items():
        for name in sorted({table for manifest in manifests for table in manifest.tables}):
            found = _reach(session, landing, name, manifests)
            if found:
                rows[name, source_id] = {"table_name": name, "source_id": source_id, **found}
    for names in _TOGETHER:
        _share_newest(rows, names)
    declared = {source.name: source for source in workspace.sources}
    listed = []
    for (_, source_id), row in sorted(rows.items()):
        source = declared.get(source_id)
        exported = [one.exported_at for one in by_source[source_id] if one.exported_at]
        if source and source.complete_to:
            through = workspace.instant(source.complete_to, source)
            row |= {"through_at": through, "lateness_s": 0, "is_declared": True}
        elif exported:
            through = max(datetime.fromisoformat(moment) for moment in exported).astimezone(UTC)
            is_said = source is not None and source.exported_at is not None
            # A date in a file's name may be that of its data; what happened later shows it.
            if is_said or row["table_name"] not in _HAPPENED or through >= row["through_at"]:
                row |= {"through_at": through, "lateness_s": 0}
        listed.append(row)
    return pl.DataFrame(listed, schema=SCHEMA)


def _reach(
    session: Session, landing: Landing, name: str, manifests: list[Manifest]
) -> dict[str, Any] | None:
    table, files = TABLES[name], landing.files(name, manifests)
    if table.dated_by is None or not files:
        return None
    newest = (table.dated_by, *_ENDED.get(name, ()))
    first, last = session.rows(reach_sql(files, newest))[0]
    if first is None:
        return None
    return {
        "first_at": first,
        "through_at": last + timedelta(microseconds=1),
        "lateness_s": _lateness(session, files) if name == "events" else 0,
        "is_declared": False,
    }


def _lateness(session: Session, files: list[Path]) -> int:
    """Seconds within which 99 % of the events had come; 0 where no received times say it."""
    late = session.value(
        "select quantile_disc(date_diff('second', occurred_at, received_at), 0.99) "
        f"from {rows_sql(files, TABLES['events'])} where received_at is not null"
    )
    return max(int(late or 0), 0)


def _share_newest(rows: dict[tuple[str, str], dict[str, Any]], names: tuple[str, ...]) -> None:
    together = [row for (name, _), row in rows.items() if name in names]
    if names[0] == "subscriptions" and any(row["table_name"] == names[0] for row in together):
        newest = max(row["through_at"] for row in together if row["table_name"] == names[0])
    elif together:
        newest = max(row["through_at"] for row in together)
    else:
        return
    oldest = min(row["first_at"] for row in together)
    for row in together:
        row["through_at"], row["first_at"] = newest, oldest


def by_table(frame: pl.DataFrame) -> dict[str, Coverage]:
    """The coverage of each table over its sources: complete where all living sources are."""
    found: dict[str, Coverage] = {}
    for (name,), rows in frame.group_by("table_name", maintain_order=True):
        newest: datetime = rows["through_at"].max()  # type: ignore[assignment]
        living = rows.filter(pl.col("through_at") >= newest - ENDED_AFTER)
        found[str(name)] = Coverage(
            first_at=rows["first_at"].min(),  # type: ignore[arg-type]
            through_at=living["through_at"].min(),  # type: ignore[arg-type]
            lateness=timedelta(seconds=int(living["lateness_s"].max() or 0)),  # type: ignore[arg-type]
        )
    return found


def as_of(reach: Mapping[str, Coverage]) -> datetime | None:
    """The newest moment that any observation reaches; None without one."""
    observed = [found.through_at for table, found in reach.items() if table not in PLANS]
    return max(observed, default=None)

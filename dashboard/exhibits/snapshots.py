"""The published snapshots, and in what two of them differ."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from dashboard import data
from dashboard.format import counted, day
from dashboard.question import Opened

_BYTES_A_MEGABYTE = 1_000_000
_KEYS = "key of "
_DIFFERENT = ("metric", "of", "period", "segment", "component", "percentile", "age", "id", "a", "b")


def snapshot_table(known: Sequence[data.Published], zone: str) -> pl.DataFrame:
    """One row per snapshot, newest first: Snapshot, Published, Size, Served, Kept for (text)."""
    rows = [
        {
            "Snapshot": one.id,
            "Published": _when(one.published_at, zone),
            "Size": f"{one.size / _BYTES_A_MEGABYTE:.1f} MB",
            "Served": "now" if one.is_current else "",
            "Kept for": one.pinned_by or "",
        }
        for one in known
    ]
    names = ("Snapshot", "Published", "Size", "Served", "Kept for")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def check_table(checks: pl.DataFrame) -> pl.DataFrame:
    """One row per kind of check: Check, What it demands (text).

    Args:
        checks: One row per check: id, demand.
    """
    demands: dict[str, dict[str, None]] = {}
    for name, demand in checks.select("id", "demand").iter_rows():
        kind = _KEYS if name.startswith(_KEYS) else name
        demands.setdefault(kind, {})[demand] = None
    keys = sum(name.startswith(_KEYS) for name in checks["id"])
    ranked = sorted(demands, key=lambda kind: (kind != _KEYS, len(kind), kind))
    rows = [
        (f"Keys of {counted(keys, 'table')}" if kind == _KEYS else kind, " ".join(demands[kind]))
        for kind in ranked
    ]
    names = ("Check", "What it demands")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def earlier(known: Sequence[data.Published], opened: Opened) -> dict[str, str]:
    """Id → id of the snapshots before the one shown, newest first."""
    return {one.id: one.id for one in known if one.id < opened.id}


def differences(opened: Opened, other: str) -> pl.DataFrame:
    """One row per number that differs between an earlier snapshot and this one."""
    found = data.changed(opened, other)
    if not found:
        return pl.DataFrame()
    rows = [{name: row.get(name) for name in _DIFFERENT} for row in found]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    kept = [column for column in frame if column.null_count() < frame.height]
    return frame.select(kept).rename({"a": "before", "b": "now"}, strict=False)


def difference_told(changed: pl.DataFrame) -> str:
    """How many numbers differ, of how many metrics."""
    if changed.is_empty():
        return "Every number is the same"
    count = changed["metric"].n_unique()
    metrics = "1 metric" if count == 1 else f"{count} metrics"
    numbers = "1 number differs" if changed.height == 1 else f"{changed.height:,} numbers differ"
    return f"{numbers}, of {metrics}"


def _when(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M}"

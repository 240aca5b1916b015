"""What a snapshot says of its own making: imports, refused rows, and which tables metrics need."""

import json
from pathlib import Path

import polars as pl

from pipelines.metrics.catalogue import built_in
from pipelines.sources import quarantine
from pipelines.sources.landing import Landing, Manifest

QUARANTINE = {
    "import_id": pl.String, "entry_no": pl.Int64, "file_name": pl.String,
    "record_no": pl.Int64, "line_no": pl.Int64, "column_name": pl.String,
    "raw_text": pl.String, "reason_code": pl.String, "reason_text": pl.String,
    "scope_code": pl.String,
}  # fmt: skip


def metric_tables() -> pl.DataFrame:
    """One row per built-in metric and canonical table that it needs."""
    return pl.DataFrame(
        [
            {"metric_id": metric.id, "metric_name": metric.name, "table_name": table}
            for metric in built_in()
            for table in metric.needs
        ],
        schema={"metric_id": pl.String, "metric_name": pl.String, "table_name": pl.String},
    )


def quarantine_frame(landing: Landing, folder: Path) -> pl.DataFrame:
    """One row per refused row or cell of any import."""
    rows = list(quarantine.entries(folder, [one.import_id for one in landing.manifests]))
    return pl.DataFrame(rows, schema=QUARANTINE, orient="row")


def imports_frame(landing: Landing) -> pl.DataFrame:
    """One row per import, in order of arrival."""
    in_force = {manifest.import_id for manifest in landing.in_force()}
    schema = {
        "import_id": pl.String, "source_id": pl.String, "preset_id": pl.String,
        "file_name": pl.String, "file_hash": pl.String, "exported_at": pl.String,
        "finished_at": pl.String, "read_count": pl.Int64, "loaded_count": pl.Int64,
        "updated_count": pl.Int64, "unchanged_count": pl.Int64, "dropped_count": pl.Int64,
        "quarantined_count": pl.Int64, "totals_json": pl.String, "tables_json": pl.String,
        "notes": pl.String, "status_code": pl.String, "is_in_force": pl.Boolean,
    }  # fmt: skip
    rows = [_import_row(manifest, manifest.import_id in in_force) for manifest in landing.manifests]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _import_row(manifest: Manifest, is_in_force: bool) -> dict[str, object]:  # noqa: FBT001
    return {
        "import_id": manifest.import_id,
        "source_id": manifest.source_id,
        "preset_id": manifest.preset_id,
        "file_name": manifest.file_name,
        "file_hash": manifest.file_hash,
        "exported_at": manifest.exported_at,
        "finished_at": manifest.finished_at,
        "read_count": manifest.read,
        "loaded_count": manifest.loaded,
        "updated_count": manifest.updated,
        "unchanged_count": manifest.unchanged,
        "dropped_count": manifest.dropped,
        "quarantined_count": manifest.quarantined,
        "totals_json": json.dumps(manifest.totals, default=str),
        "tables_json": json.dumps(manifest.tables),
        "notes": " ".join(manifest.notes),
        "status_code": manifest.status if is_in_force or manifest.status != "published"
        else "superseded",
        "is_in_force": is_in_force,
    }  # fmt: skip

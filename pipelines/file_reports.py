"""What became of every file at the last refresh, and what was refused of it, as frames."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.control_tables import QUARANTINE
from pipelines.judging import Reader
from pipelines.last_refresh import last_refresh
from pipelines.sources import quarantine
from pipelines.sources.file_report import FileReport

COUNTS = ("read", "loaded", "updated", "unchanged", "dropped", "quarantined")
REPORTS = {
    **dict.fromkeys(("source", "file", "preset", "status"), pl.String),
    **dict.fromkeys(COUNTS, pl.Int64),
    **dict.fromkeys(("questions", "notes", "import_id"), pl.String),
}
STOPPED = ("held", "failed")
_REPORTS = f"select {', '.join(REPORTS)} from control.reports"
_REFUSED = "select * from control.quarantine where list_contains($ids, import_id)"


def reports_frame(reports: Sequence[FileReport]) -> pl.DataFrame:
    """One row per file; `questions` as JSON, `notes` as one text."""
    own = {"questions", "notes"}
    rows = [
        {
            **{name: getattr(report, name) for name in REPORTS if name not in own},
            "questions": json.dumps(report.questions),
            "notes": " ".join(report.notes),
        }
        for report in reports
    ]
    return pl.DataFrame(rows, schema=REPORTS, orient="row")


def file_reports(reader: Reader, snapshot: str, snapshots: Path) -> pl.DataFrame:
    """One row per file that the last refresh looked at, by source and file.

    Of a snapshot that is no longer served, or was not there yet when the last refresh ended: the
    files of the refresh that built it.

    Args:
        reader: The snapshot.
        snapshot: Its id.
        snapshots: The folder where it lies.
    """
    last = last_refresh(snapshots)
    if last is not None and last.snapshot == snapshot:
        return reports_frame(last.sources).sort("source", "file")
    return reader.frame(_REPORTS).sort("source", "file")


def refused_rows(reader: Reader, reports: pl.DataFrame, file: str, folder: Path) -> pl.DataFrame:
    """One row per refused record or cell of a file at the last refresh, in the file's order.

    Args:
        reader: The snapshot.
        reports: From `file_reports`.
        file: Its name.
        folder: `quarantine/`: entries of files that were held after the snapshot was built.
    """
    ids = reports.filter(pl.col("file") == file)["import_id"].drop_nulls().to_list()
    found = reader.frame(_REFUSED, {"ids": ids})
    unknown = [one for one in ids if one not in set(found["import_id"])]
    later = pl.DataFrame(list(quarantine.entries(folder, unknown)), schema=QUARANTINE, orient="row")
    return pl.concat([found, later]).sort("import_id", "record_no", "entry_no")

"""What the last refresh did, published or not: snapshots/LAST_REFRESH.json, replaced as a whole.

It lies beside the snapshots, not in one: a refresh that only held a file publishes nothing, and
its readers must learn of that file all the same.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipelines.identities import CheckResult
from pipelines.sources.file_report import FileReport
from pipelines.sources.landing import write_atomically

NAME = "LAST_REFRESH.json"


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh or check did; `as_json` is the contract of the command line."""

    snapshot: str | None
    published: bool
    sources: tuple[FileReport, ...]
    checks: tuple[CheckResult, ...] = ()
    note: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether every file was let in and every check held."""
        return all(report.is_good for report in self.sources) and all(
            check.ok for check in self.checks
        )

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "snapshot": self.snapshot,
            "published": self.published,
            "sources": [asdict(report) for report in self.sources],
            "checks": [
                {"id": check.id, "ok": check.ok, "note": check.note} for check in self.checks
            ],
            "note": self.note,
        }


@dataclass(frozen=True)
class Failure:
    """Why a refresh came to no end.

    Attributes:
        since: When the first of those that failed one after the other began.
        at: When the last of them began.
        reason: Of the last.
    """

    since: str
    at: str
    reason: str


@dataclass(frozen=True)
class LastRefresh:
    """What the last refresh left behind.

    Attributes:
        began_at: ISO text, UTC.
        ended_at: ISO text, UTC.
        snapshot: That was served when it ended, None before the first one.
        sources: One report per file that it looked at.
        failure: Why it came to no end, None if it did.
    """

    began_at: str
    ended_at: str
    snapshot: str | None
    published: bool
    sources: tuple[FileReport, ...]
    checks: tuple[CheckResult, ...] = ()
    note: str | None = None
    failure: Failure | None = field(default=None)


_FORM = TypeAdapter(LastRefresh)


def note_refresh(snapshots: Path, began: datetime, report: RefreshReport) -> None:
    """Writes down a refresh that came to its end."""
    _write(snapshots, began, report, None)


def note_failure(snapshots: Path, began: datetime, report: RefreshReport, reason: str) -> None:
    """Writes down a refresh that did not, and since when none did."""
    before = last_refresh(snapshots)
    at = began.isoformat()
    since = before.failure.since if before and before.failure else at
    _write(snapshots, began, report, Failure(since, at, reason))


def _write(
    snapshots: Path, began: datetime, report: RefreshReport, failure: Failure | None
) -> None:
    entry = {
        "began_at": began.isoformat(),
        "ended_at": datetime.now(UTC).isoformat(),
        **report.as_json(),
        "failure": asdict(failure) if failure else None,
    }
    write_atomically(snapshots / NAME, json.dumps(entry, indent=1, ensure_ascii=False, default=str))


def last_refresh(snapshots: Path) -> LastRefresh | None:
    """What the last refresh did; None where none left a word that can be read.

    Args:
        snapshots: The folder of the snapshots.
    """
    try:
        return _FORM.validate_json((snapshots / NAME).read_bytes())
    except (OSError, ValueError):
        return None


def mark(snapshots: Path) -> str:
    """A short text that changes with every refresh, for what is kept by it; "" before the first."""
    try:
        known = (snapshots / NAME).stat()
    except OSError:
        return ""
    return f"{known.st_mtime_ns}-{known.st_ino}"


def failure(snapshots: Path) -> dict[str, str] | None:
    """Why the last refresh published nothing (since, at, reason), None if it did well."""
    known = last_refresh(snapshots)
    return asdict(known.failure) if known and known.failure else None

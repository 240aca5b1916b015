"""The reports that `launchloop report` knows: each kind, what it is asked for by, its formats.

A new report is one function that makes its `Content`, and one line of `KINDS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.reports.content import Content
from dashboard.reports.cycle_paper import cycle_content
from dashboard.reports.digest_paper import digest_content
from dashboard.reports.minutes_paper import minutes_content
from dashboard.reports.preread_paper import preread_content
from dashboard.reports.scorecard_paper import scorecard_content
from pipelines.reviews.desk import Desk
from pipelines.reviews.reports.record_reports import (
    MinutesReport,
    cycle_report,
    desk_of,
    preread_report,
    review_report,
)
from pipelines.reviews.reports.reporting import current_digest, current_ledger

PAPERS = ("md", "html", "pdf", "pptx", "csv", "json")


@dataclass(frozen=True)
class Kind:
    """One report.

    Attributes:
        build: From the workspace and the id, "" where none is asked for.
        formats: That it has.
        asks_for: What the id is of, such as "MEETING_ID"; "" = it has none.
    """

    build: Callable[[Path, str], Content]
    formats: tuple[str, ...] = PAPERS
    asks_for: str = ""


def _digest(folder: Path, _: str) -> Content:
    return digest_content(current_digest(folder))


def _scorecard(folder: Path, _: str) -> Content:
    return scorecard_content(current_ledger(folder))


def cycle_paper(desk: Desk, cycle_id: str) -> Content:
    """A cycle, as the one at the desk may read it."""
    return cycle_content(cycle_report(desk, cycle_id))


def preread_paper(desk: Desk, meeting_id: str) -> Content:
    """What is read before a meeting."""
    return preread_content(preread_report(desk, meeting_id))


def review_paper(desk: Desk, meeting_id: str) -> Content:
    """The minutes of a meeting once they are published, its pre-read before."""
    report = review_report(desk, meeting_id)
    if isinstance(report, MinutesReport):
        return minutes_content(report)
    return preread_content(report)


OF_RECORDS: Mapping[str, Callable[[Desk, str], Content]] = {
    "cycle": cycle_paper,
    "preread": preread_paper,
    "review": review_paper,
}


def _of_record(name: str, asks_for: str) -> Kind:
    def build(folder: Path, thing: str) -> Content:
        return OF_RECORDS[name](desk_of(folder), thing)

    return Kind(build, (*PAPERS, "ics"), asks_for)


KINDS: Mapping[str, Kind] = {
    "digest": Kind(_digest, (*PAPERS, "ics")),
    "scorecard": Kind(_scorecard),
    "cycle": _of_record("cycle", "CYCLE_ID"),
    "preread": _of_record("preread", "MEETING_ID"),
    "review": _of_record("review", "MEETING_ID"),
}

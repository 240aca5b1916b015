"""What a report is made of before it has a format, and how each format is made of it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dashboard.reports.calendar import Due, due_calendar
from dashboard.reports.html import paper_html
from dashboard.reports.markdown import paper_markdown
from dashboard.reports.paper import Paper, Provenance
from dashboard.reports.pdf import paper_pdf
from dashboard.reports.slides import paper_pptx
from dashboard.reports.tables import paper_tables
from pipelines.reviews.core.canonical import canonical
from pipelines.reviews.numbers.origin import Origin

# Formats that no terminal can show.
BINARY = frozenset({"pdf", "pptx"})
NOT_RESTATED = "No settled number was restated in the last seven days."


@dataclass(frozen=True)
class Content:
    """A report.

    Attributes:
        paper: For people.
        data: For programs: what JSON can hold, with hashes where it was frozen.
        dues: For calendars.
    """

    paper: Paper
    data: object
    dues: tuple[Due, ...] = field(default=())

    @property
    def tables(self) -> Mapping[str, bytes]:
        """File name → CSV, one a table."""
        return paper_tables(self.paper)


def provenance(origin: Origin) -> Provenance:
    """Of numbers of a published snapshot; its time is the creation time of every file."""
    names = ", ".join(origin.restated)
    return Provenance(
        snapshot_id=origin.snapshot_id,
        data_as_of=origin.data_as_of,
        frozen_at=origin.built_at,
        timezone=origin.timezone,
        restatement=f"Restated in the last seven days: {names}." if names else NOT_RESTATED,
        simulated="Simulated data" if origin.is_simulated else "",
    )


def _json(content: Content) -> bytes:
    return canonical(content.data) + b"\n"


def _calendar(content: Content) -> bytes:
    return due_calendar(content.dues, content.paper.title, content.paper.provenance)


# CSV is not among them: it is a file for each table.
RENDERERS: Mapping[str, Callable[[Content], bytes]] = {
    "md": lambda content: paper_markdown(content.paper),
    "html": lambda content: paper_html(content.paper),
    "pdf": lambda content: paper_pdf(content.paper),
    "pptx": lambda content: paper_pptx(content.paper),
    "json": _json,
    "ics": _calendar,
}

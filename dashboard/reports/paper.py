"""The one document that every format prints: what a frozen record says, block by block. Pure.

A builder turns a record into a `Paper`; a renderer turns a `Paper` into bytes. Neither reads a
clock, so the same paper gives the same bytes on any machine.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from dashboard.format import day
from dashboard.reports.blocks import Bullets, Cell, Column, Fact, Facts, Grid, Prose, Quote, Rule
from dashboard.reports.printable import Printable
from dashboard.reports.series import Baseline, Change, Chart, Point, Series

# A builder needs this one import.
__all__ = [
    "Baseline",
    "Block",
    "Bullets",
    "Cell",
    "Change",
    "Chart",
    "Column",
    "Fact",
    "Facts",
    "Grid",
    "Half",
    "Paper",
    "Point",
    "Prose",
    "Provenance",
    "Quote",
    "RENDERER_VERSION",
    "Rule",
    "Section",
    "Series",
]

# Raised by whoever changes what a renderer prints, as it is part of what the bytes promise.
RENDERER_VERSION = "2"

_NO_RULE = "no number on this page is judged."


class Half(StrEnum):
    """Where a section stands on a sheet of A3."""

    LEFT = "left"
    RIGHT = "right"


Block = Prose | Facts | Bullets | Grid | Chart | Quote | Rule


@dataclass(frozen=True)
class Section(Printable):
    """One item: it begins a page and a slide of its own.

    Attributes:
        heading: What the item says, or is.
        blocks: Top to bottom.
        kicker: A word or two above the heading: "Check", "Follow-up"; "" for none.
        half: Where it stands on a sheet; None = on pages of its own.
    """

    heading: str
    blocks: tuple[Block, ...]
    kicker: str = ""
    half: Half | None = None

    @property
    def rule(self) -> str:
        """The section's rules in one line."""
        return " ".join(self.rules) or _NO_RULE

    @property
    def rules(self) -> tuple[str, ...]:
        """Each of the section's rules in one line."""
        return tuple(
            " ".join(block.text.split()) for block in self.blocks if isinstance(block, Rule)
        )

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The section's charts: on a sheet they stand apart from their figures."""
        return tuple(block for block in self.blocks if isinstance(block, Chart))

    @property
    def shown(self) -> tuple[Block, ...]:
        """What stands in the section itself: all but its rules, which stand at its foot."""
        return tuple(block for block in self.blocks if not isinstance(block, Rule))


@dataclass(frozen=True)
class Provenance(Printable):
    """Where the numbers come from, and when they were frozen.

    Attributes:
        snapshot_id: Of the frozen snapshot.
        data_as_of: Last day that all sources reach.
        frozen_at: When it was frozen, with its zone; every creation time in a file is this one.
        timezone: IANA name of the zone in which the time is printed.
        restatement: What was restated since the last review, in a sentence.
        simulated: How simulated data are labelled; "" for real data.

    Raises:
        ValueError: `frozen_at` has no zone, or `timezone` is unknown.
    """

    snapshot_id: str
    data_as_of: date
    frozen_at: datetime
    timezone: str
    restatement: str
    simulated: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        # It stands in a foot, which has no room for lines that somebody broke.
        object.__setattr__(self, "restatement", " ".join(self.restatement.split()))
        if self.frozen_at.tzinfo is None:
            raise ValueError(f"frozen_at is a time without a zone: {self.frozen_at}.")
        ZoneInfo(self.timezone)

    @property
    def frozen_utc(self) -> datetime:
        """The freeze in UTC, to the second."""
        return self.frozen_at.astimezone(UTC).replace(microsecond=0)

    @property
    def frozen(self) -> str:
        """When it was frozen, in the team's zone."""
        local = self.frozen_at.astimezone(ZoneInfo(self.timezone))
        return f"{day(local.date())}, {local:%H:%M} {self.timezone}"

    @property
    def short_id(self) -> str:
        """As much of the snapshot's id as nobody confuses, for a foot that is narrow."""
        return self.snapshot_id[:12]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What a first page says about the numbers, in order."""
        return (
            Fact("Snapshot", self.snapshot_id),
            Fact("Data as of", day(self.data_as_of)),
            Fact("Frozen", self.frozen),
            Fact("Renderer", f"version {RENDERER_VERSION}"),
        )


@dataclass(frozen=True)
class Paper(Printable):
    """A document: sections on pages of their own, or on the halves of a sheet.

    Attributes:
        title: Of the document.
        kind: What it is: "Minutes", "Pre-read", "PDCA cycle".
        lead: What a reader with one minute must know.
        provenance: Of all its numbers.
        sections: In reading order.
    """

    title: str
    kind: str
    lead: str
    provenance: Provenance
    sections: tuple[Section, ...]

    @property
    def is_sheet(self) -> bool:
        """Whether it is one sheet of A3 with two halves; else a page of A4 for each section."""
        return any(each.half for each in self.sections)

    @property
    def rule(self) -> str:
        """The rules of all sections, each once: what the foot of a sheet says."""
        rules = dict.fromkeys(rule for each in self.sections for rule in each.rules)
        return " ".join(rules) or _NO_RULE

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Of all sections: a sheet keeps their figures at its end."""
        return tuple(chart for each in self.sections for chart in each.charts)

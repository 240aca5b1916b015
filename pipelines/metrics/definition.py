"""What a metric is: declared once, and everything that shows it follows from the declaration.

Pure. A `Measure` says which SQL answers a request and how the answer becomes rows of the
command line's contract; nothing here touches a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import polars as pl

from pipelines.workspace import Workspace

EVERY = ("day", "week", "month", "quarter", "year", "sprint", "release", "wave", "total")


class Family(StrEnum):
    """The part of the catalogue a metric belongs to."""

    USAGE = "usage"
    SATISFACTION = "satisfaction"
    FINANCE = "finance"
    FEEDBACK = "feedback"
    DELIVERY = "delivery"
    QUALITY = "quality"
    TRUST = "trust"
    OWN = "own"


class Unit(StrEnum):
    """Unit of value, low and high. MONEY is printed as the currency's code."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    DAYS = "days"
    HOURS = "hours"
    MONEY = "money"
    RATIO = "ratio"
    PER_1000 = "per 1,000"


class Better(StrEnum):
    """Which direction is good; NONE for bands and counts without one."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Settling(StrEnum):
    """When a value is settled (metrics.md 1): codes S0, SP, SC, SW, SB, SR, SX."""

    AT_ONCE = "S0"
    PERIOD = "SP"
    MEMBER = "SC"
    SURVEY_WINDOW = "SW"
    BOOKS = "SB"
    AFTER = "SR"
    SPRINT = "SX"


class Uncertainty(StrEnum):
    """Interval method (metrics.md 1)."""

    WILSON = "UW"
    NPS = "UA"
    STUDENT = "UT"
    RATIO = "UR"
    ORDER = "UQ"
    COUNT = "UG"
    BOOTSTRAP = "UB"
    NONE = "UX"


class MinimumN(StrEnum):
    """Below which n a number is `too_few` (metrics.md 1)."""

    SURVEY = "NS"
    PROPORTION = "NP"
    QUANTILE = "NQ"
    CUSTOMERS = "NC"
    NONE = "N0"


@dataclass(frozen=True)
class Coverage:
    """How far the data of one canonical table reach, over all its sources.

    Attributes:
        first_at: Oldest row, UTC.
        through_at: The watermark W, UTC: complete up to here (exclusive).
        lateness: Added to a period's end before it counts as settled.
    """

    first_at: datetime
    through_at: datetime
    lateness: timedelta


@dataclass(frozen=True)
class Facts:
    """What a snapshot says about itself; the same for every query on it.

    Attributes:
        settings: The workspace as it was when the snapshot was built.
        coverage: By canonical table; a table without rows is absent.
        as_of: Newest watermark of all tables, None in an empty snapshot.
        now: The reader's clock, set by the shell; only the age of data asks for it.
    """

    settings: Workspace
    coverage: Mapping[str, Coverage]
    as_of: datetime | None
    now: datetime | None = None


@dataclass(frozen=True)
class Request:
    """One question, already validated against the metric's declaration.

    Attributes:
        every: One of `EVERY`.
        start: First day asked for, in the metric's time zone; None = all history.
        end: First day no longer asked for.
        by: Segment name, or None.
        where: Segment = value pairs; all must hold.
    """

    metric: "Metric"
    of: str | None = None
    every: str = "total"
    start: date | None = None
    end: date | None = None
    by: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    variant: str | None = None
    policy: str | None = None


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters ($name); only the registry's own text is interpolated."""

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Measure(Protocol):
    """How a metric is computed from the published tables."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """The query whose frame `rows` understands; runs on a published snapshot."""
        ...

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows (`rows.CONTRACT` columns plus the shape's own keys), in print order."""
        ...


@dataclass(frozen=True)
class Metric:
    """One entry of the catalogue.

    Attributes:
        id: Snake case; never changes, it is in links.
        name: For people.
        family: Part of the catalogue.
        question: The heading of a page about it.
        definition: One sentence: share of whom, by when, counted how.
        formula: As printed beside the number.
        unit: Of value, low and high.
        better: The good direction.
        reader: "PM", "PO" or "both".
        measure: How it is computed.
        needs: Canonical tables without which it has no answer (all of them).
        clock: The canonical table whose watermark settles it; default the first need.
        every: Grains that make sense, its own first.
        neighbours: Ids of metrics that answer much the same by other grains, nearest first.
        variants: Name → what differs; the default is unnamed.
        variant_units: Name → unit of a variant that has another one.
        settles: Settling code, with `settles_after` where the code takes a time.
        uncertainty: Interval method.
        minimum: Minimum-n code.
        segments: Tables whose columns may split it: of "events", "users", "accounts".
        things: SQL giving (id, name) of the things it exists for, or None.
        of_kind: What those things are called in messages ("funnel", "survey", …).
        of_required: With several things and no `--of`, refuse.
        takes_policy: Whether `--policy` applies.
        is_additive: Segments add up to the total.
        source: Where the definition comes from.
        setting: The part of launchloop.toml without which it has no meaning, or "".
        unit_name: What an own metric calls its unit where that is none of ours ("stars"), or "".
    """

    id: str
    name: str
    family: Family
    question: str
    definition: str
    formula: str
    unit: Unit
    better: Better
    reader: str
    measure: Measure
    needs: tuple[str, ...]
    every: tuple[str, ...]
    neighbours: tuple[str, ...] = ()
    clock: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    variant_units: Mapping[str, Unit] = field(default_factory=dict)
    settles: Settling = Settling.AT_ONCE
    settles_after: timedelta = timedelta(0)
    uncertainty: Uncertainty = Uncertainty.NONE
    minimum: MinimumN = MinimumN.NONE
    segments: tuple[str, ...] = ()
    things: str | None = None
    of_kind: str | None = None
    of_required: bool = True
    takes_policy: bool = False
    is_additive: bool = False
    source: str = "ours"
    setting: str = ""
    unit_name: str = ""

    @property
    def settled_by(self) -> str:
        """The canonical table whose watermark decides what is settled; "" for none."""
        return self.clock or next(iter(self.needs), "")

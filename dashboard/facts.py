"""What a card or chart must know besides its rows. Frozen, and without a source: pure values."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal

import polars as pl

State = Literal[
    "higher", "lower", "no_clear_change", "too_early", "too_little_data", "not_comparable"
]
Better = Literal["up", "down", "none"]
Standing = Literal["met", "not met", "within the interval", "cannot be told yet"]
MarkerKind = Literal["release", "incident", "note", "definition"]


@dataclass(frozen=True)
class Comparison:
    """Two spans of one metric, compared as metrics.md 13 demands.

    Attributes:
        state: What may be said. Only "higher" and "lower" allow a colour or an arrow.
        before: Value of the earlier span, in the metric's unit.
        after: Value of the later span.
        difference: After minus before.
        low: Lower end of its 95 % interval.
        high: Upper end.
        n_before: What the earlier value rests on.
        n_after: What the later value rests on.
        spans: In words, as in "the 4 weeks to 16 Nov 2026 against the 4 before".
        against: The same, as short as a card needs it: "vs 4 weeks before".
        smallest_visible: The smallest change that this much data could show.
        reason: The state and why, in a sentence.
        notes: What must stand beside it, as that the seasons were not checked.
    """

    state: State
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    n_before: int | None = None
    n_after: int | None = None
    spans: str = ""
    against: str = ""
    smallest_visible: float | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One row of a metric: what is known for one period.

    Attributes:
        period: First day.
        period_end: First day after it.
        value: In the metric's unit; None where unknown.
        low: Lower end of the 95 % interval; None where there is none, or at an open end.
        high: Upper end.
        n: The denominator; for counts the count.
        total: Numerator of a share or sum behind a mean.
        status: "ok", "immature", "too_few" or "no_data".
        note: The sentence that stands where a value is missing.
        label: The name of the sprint, release or wave; "" for a calendar period.
    """

    period: date
    period_end: date
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    total: float | None
    status: str
    note: str | None
    label: str = ""


def newest(points: pl.DataFrame) -> Reading | None:
    """The newest period that is not waiting to settle, else the newest of all.

    Args:
        points: One row per period, oldest first; columns as the attributes of `Reading`.
    """
    if points.is_empty():
        return None
    settled = points.filter(pl.col("status") != "immature")
    row = (points if settled.is_empty() else settled).row(-1, named=True)
    known = {field.name: row[field.name] for field in fields(Reading) if field.name in row}
    return Reading(**known)


@dataclass(frozen=True)
class Marker:
    """Something that happened on a day and may explain a chart."""

    on: date
    text: str
    kind: MarkerKind = "release"


@dataclass(frozen=True)
class Target:
    """Where the team wants a metric to be.

    Attributes:
        value: In force at the newest period; the lower end of a band.
        high: Upper end of a band, else None.
        line: (day, value) pairs for a chart, oldest first; empty draws `value` throughout.
        standing: Whether the newest settled value meets it, as far as its interval tells.
        reason: Why that is not known; "" where it is.
    """

    value: float
    high: float | None = None
    line: tuple[tuple[date, float], ...] = ()
    standing: Standing = "cannot be told yet"
    reason: str = ""


@dataclass(frozen=True)
class Subject:
    """The metric that rows are about.

    Attributes:
        id: As in `launchloop query`.
        name: For people.
        unit: "share", "count", … or a currency's code, as in `launchloop query`.
        better: The good direction; "none" has no good one.
        definition: One sentence: share of whom, by when, counted how.
        formula: As printed beside the number.
    """

    id: str
    name: str
    unit: str
    better: Better
    definition: str
    formula: str


@dataclass(frozen=True)
class Provenance:
    """Where every number on a page comes from.

    Attributes:
        snapshot: Its id.
        as_of: Up to when the data are complete.
        timezone: The reporting zone.
    """

    snapshot: str
    as_of: datetime | None
    timezone: str


@dataclass(frozen=True)
class Asked:
    """What must be answered before a file is let in.

    Attributes:
        file: Its name.
        text: What is wrong and what to do.
        toml: The line of launchloop.toml that answers it; "" where none does.
    """

    file: str
    text: str
    toml: str


@dataclass(frozen=True)
class Source:
    """One source at the moment of reading.

    Attributes:
        name: As declared.
        state: Its age against how often it should send; None where that is not known.
        age_hours: None without rows.
        through_at: Complete up to here; None without rows.
        expected_hours: How often it should send.
        tables: What it fills.
        asked: Why files of it were not let in at the last refresh.
    """

    name: str
    state: Literal["fresh", "late", "stale"] | None
    age_hours: float | None
    through_at: datetime | None
    expected_hours: float | None
    tables: tuple[str, ...]
    asked: tuple[Asked, ...]

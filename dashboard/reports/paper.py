"""The one document that every format prints: what a frozen record says, block by block. Pure.

A builder turns a record into a `Paper`; a renderer turns a `Paper` into bytes. Neither reads a
clock, so the same paper gives the same bytes on any machine.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dashboard.format import counted, day, goal, number

# Raised by whoever changes what a renderer prints, as it is part of what the bytes promise.
RENDERER_VERSION = "1"

Cell = str | float | date | None

# XML has no sign for these, half a character has no UTF-8, and an override turns the words
# around it back to front: all are shown as the sign for a character that cannot be shown.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]"
)
_NO_RULE = "no number on this page is judged."


def printable(text: str) -> str:
    r"""Text as every format can hold it: one kind of line break, no invisible controls.

    >>> printable("one\r\ntwo\x00")
    'one\ntwo\ufffd'
    """
    lines = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub("\ufffd", lines)


class _Text:
    """Makes every text of a part printable as it is built, so that no renderer can forget."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, each.name, _cleaned(getattr(self, each.name)))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list | tuple):
        return tuple(_cleaned(one) for one in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"A paper holds finite numbers or None, not {value}.")
    return value


@dataclass(frozen=True)
class Prose(_Text):
    """Paragraphs; a line break begins a new one.

    Attributes:
        text: What is said.
        title: A small heading above it; "" for none.
    """

    text: str
    title: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text without its empty lines."""
        return tuple(line for line in self.text.split("\n") if line.strip())


@dataclass(frozen=True)
class Fact(_Text):
    """One value with its name.

    Attributes:
        label: What it is.
        value: In words, as `dashboard.format.number` gives it.
        note: What stands beside it: interval, n, target.
    """

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts(_Text):
    """A few values that are read at a glance, in reading order."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Bullets(_Text):
    """A list.

    Attributes:
        items: One sentence each.
        title: A small heading above it; "" for none.
        ordered: Numbered, as an agenda is.
    """

    items: tuple[str, ...]
    title: str = ""
    ordered: bool = False


@dataclass(frozen=True)
class Column(_Text):
    """One column of a grid.

    Attributes:
        name: Its head.
        unit: "" for text and dates; else a unit of `dashboard.format.number`.
    """

    name: str
    unit: str = ""

    def words(self, cell: Cell) -> str:
        r"""A cell as it is printed; a dash where nothing is known.

        >>> Column("Rate", "share").words(0.448), Column("On").words(date(2026, 11, 6))
        ('44.8\xa0%', '6 Nov 2026')
        """
        if isinstance(cell, str):
            return cell
        if isinstance(cell, date):
            return day(cell)
        return number(cell, self.unit or "count", exact=True)


@dataclass(frozen=True)
class Grid(_Text):
    """A table.

    Attributes:
        caption: What its rows are.
        columns: Left to right; the first one names the row.
        rows: A cell for each column. Text, a date, a number in the column's unit, or None.
        note: Why something is missing, or what the rows rest on; "" for none.

    Raises:
        ValueError: A row is shorter or longer than the columns, or a number is not finite.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for place, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"Row {place} of {self.caption!r} has {len(row)} cells "
                    f"for {len(self.columns)} columns."
                )

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Every cell as it is printed."""
        return tuple(
            tuple(column.words(cell) for column, cell in zip(self.columns, row, strict=True))
            for row in self.rows
        )


@dataclass(frozen=True)
class Point(_Text):
    """One period of a series.

    Attributes:
        on: Its first day.
        value: In the chart's unit; None where nothing is known, which leaves a gap.
        signal: The rule by which the point is a signal, in words; "" where it is none.
    """

    on: date
    value: float | None
    signal: str = ""


@dataclass(frozen=True)
class Series(_Text):
    """One line of a chart, oldest point first."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Baseline(_Text):
    """The process limits that were frozen with the plan, in the chart's unit.

    Attributes:
        centre: Mean of the baseline.
        lower: Lower natural process limit; None where it has none.
        upper: Upper natural process limit; None where it has none.
    """

    centre: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Change(_Text):
    """What happened on a day, marked across the chart."""

    on: date
    label: str


@dataclass(frozen=True)
class Chart(_Text):
    """Series over time with what they are judged against. Its words and its table are computed.

    Attributes:
        title: What it shows, in words.
        unit: Of every value, as `dashboard.format.number` knows it.
        series: The first is the one that the chart is about.
        baseline: Limits of the first series.
        target: Wanted value.
        changes: Marked days.
        period: What a point stands for: "week", "day", "month".
    """

    title: str
    unit: str
    series: tuple[Series, ...]
    baseline: Baseline | None = None
    target: float | None = None
    changes: tuple[Change, ...] = ()
    period: str = "week"

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that any series has a point for, oldest first."""
        return tuple(sorted({point.on for line in self.series for point in line.points}))

    @property
    def signals(self) -> tuple[Point, ...]:
        """The points that are signals."""
        return tuple(point for line in self.series for point in line.points if point.signal)

    @property
    def summary(self) -> str:
        """The chart for those who cannot see it."""
        parts = [self.title]
        parts += [_told(line, self.unit, self.period) for line in self.series]
        if self.baseline is not None:
            parts.append(_limits(self.baseline, self.unit))
        if self.target is not None:
            parts.append(f"target {goal(self.target, self.unit)}")
        parts += [f"marked: {change.label} on {day(change.on)}" for change in self.changes]
        parts += _signalled(self.signals)
        return "; ".join(part.rstrip(".; ") for part in parts) + "."

    @property
    def table(self) -> Grid:
        """Every point in figures, newest first."""
        values = [{point.on: point for point in line.points} for line in self.series]
        rows: list[tuple[Cell, ...]] = []
        for on in reversed(self.days):
            here = [line.get(on) for line in values]
            signals = "; ".join(dict.fromkeys(one.signal for one in here if one and one.signal))
            figures = [one.value if one else None for one in here]
            rows.append((on, *figures, *([signals] if self.signals else [])))
        columns = [Column(f"{self.period.capitalize()} of")]
        columns += [Column(line.name, self.unit) for line in self.series]
        columns += [Column("Signal")] if self.signals else []
        return Grid(f"{self.title}: the figures", tuple(columns), tuple(rows))


def _told(line: Series, unit: str, period: str) -> str:
    known = [(point.value, point.on) for point in line.points if point.value is not None]
    gaps = len(line.points) - len(known)
    if not known:
        return f"{line.name}: nothing known yet"
    (first, start), (last, end) = known[0], known[-1]
    least, most = min(known)[0], max(known)[0]
    words = (
        f"{line.name}: first {number(first, unit)} ({period} of {day(start)}), "
        f"last {number(last, unit)} ({period} of {day(end)}), "
        f"lowest {number(least, unit)}, highest {number(most, unit)}"
    )
    return words + (f", {gaps:,} without a value" if gaps else "")


def _signalled(points: Sequence[Point]) -> list[str]:
    """Each rule once, with how often and since when it speaks."""
    words = []
    for rule in dict.fromkeys(point.signal for point in points):
        days = [point.on for point in points if point.signal == rule]
        since = f"on {day(days[0])}" if len(days) == 1 else f"from {day(days[0])}"
        words.append(f"{counted(len(days), 'signal')} {since} ({rule})")
    return words


def _limits(baseline: Baseline, unit: str) -> str:
    centre = f"baseline {number(baseline.centre, unit)}"
    ends = [number(end, unit) for end in (baseline.lower, baseline.upper) if end is not None]
    return f"{centre}, process limits {' and '.join(ends)}" if ends else centre


@dataclass(frozen=True)
class Quote(_Text):
    """What somebody said, as consent allows it.

    Attributes:
        text: Word for word.
        source: Who or what kind of person, and when; "" where consent names nobody.
    """

    text: str
    source: str = ""


@dataclass(frozen=True)
class Rule(_Text):
    """The rule by which the section's numbers are judged, in words; printed on all its pages."""

    text: str


Block = Prose | Facts | Bullets | Grid | Chart | Quote | Rule


@dataclass(frozen=True)
class Section(_Text):
    """One item: it begins a page and a slide of its own.

    Attributes:
        heading: What the item says, or is.
        blocks: Top to bottom.
        kicker: A word or two above the heading: "Check", "Follow-up"; "" for none.
    """

    heading: str
    blocks: tuple[Block, ...]
    kicker: str = ""

    @property
    def rule(self) -> str:
        """The section's rules in one line."""
        found = [" ".join(block.text.split()) for block in self.blocks if isinstance(block, Rule)]
        return " ".join(found) or _NO_RULE

    @property
    def shown(self) -> tuple[Block, ...]:
        """What stands in the section itself: all but its rules, which stand at its foot."""
        return tuple(block for block in self.blocks if not isinstance(block, Rule))


@dataclass(frozen=True)
class Provenance(_Text):
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
class Paper(_Text):
    """A document.

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

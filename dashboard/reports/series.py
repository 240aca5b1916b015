"""A chart as values: series over time, what they are judged against, their words and table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.format import counted, day, goal, number
from dashboard.reports.blocks import Cell, Column, Grid
from dashboard.reports.printable import Printable


@dataclass(frozen=True)
class Point(Printable):
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
class Series(Printable):
    """One line of a chart, oldest point first."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Baseline(Printable):
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
class Change(Printable):
    """What happened on a day, marked across the chart."""

    on: date
    label: str


@dataclass(frozen=True)
class Chart(Printable):
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

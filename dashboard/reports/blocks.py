"""What stands in a section: words, values, lists, tables, quotes and rules. Pure values."""

from dataclasses import dataclass
from datetime import date

from dashboard.format import day, number
from dashboard.reports.printable import Printable

Cell = str | float | date | None


@dataclass(frozen=True)
class Prose(Printable):
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
class Fact(Printable):
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
class Facts(Printable):
    """A few values that are read at a glance, in reading order."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Bullets(Printable):
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
class Column(Printable):
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
class Grid(Printable):
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
class Quote(Printable):
    """What somebody said, as consent allows it.

    Attributes:
        text: Word for word.
        source: Who or what kind of person, and when; "" where consent names nobody.
    """

    text: str
    source: str = ""


@dataclass(frozen=True)
class Rule(Printable):
    """The rule by which the section's numbers are judged, in words; printed on all its pages."""

    text: str

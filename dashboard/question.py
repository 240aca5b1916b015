"""What a card or chart asks for. Frozen, so that it is the key of what was answered."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Self

Pick = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Opened:
    """The one snapshot that a whole page is made from."""

    folder: Path
    id: str


@dataclass(frozen=True)
class Question:
    """One request to the read API.

    Attributes:
        metric: Its id.
        of: Which funnel, feature, survey or team.
        every: Grain; None is the metric's own.
        start: First day.
        end: First day no longer wanted.
        by: Segment to split by.
        where: Segment = value pairs, all of which hold.
        variant: Of the metric.
        pick: Column = value pairs that the rows of a card have: one percentile, one step.
    """

    metric: str
    of: str | None = None
    every: str | None = None
    start: date | None = None
    end: date | None = None
    by: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    variant: str | None = None
    pick: Pick = ()

    def but(self, **changes: object) -> Self:
        """The same question with something else in it."""
        return replace(self, **changes)  # type: ignore[arg-type]

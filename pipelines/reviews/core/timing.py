"""The minutes of a review and what each part is for (reviews.md 11). Pure."""

from dataclasses import dataclass

FULL, SHORT = 60, 30


@dataclass(frozen=True)
class Part:
    """A part of a meeting; minutes from its beginning, half-open."""

    name: str
    purpose: str
    start: int
    end: int

    @property
    def minutes(self) -> int:
        """How long it may take."""
        return self.end - self.start


PARTS = (
    ("celebrate", "What worked, whom to thank, which outcome it belongs to.", 3, 2),
    ("follow-ups due", "Done, late or dropped, with the reason.", 10, 6),
    ("voice", "Quotes, feedback sessions, observations.", 15, 10),
    ("signals", "Only metrics with a signal or a missed target.", 25, 16),
    ("Checks due", "Prediction first, then chart, verdict, guard-rails, Act decision.", 45, 24),
    ("next cycles", "New or re-planned cycles, within the team's limit.", 55, 28),
    ("read back", "Decisions, owners, dates.", 60, 30),
)


def parts(minutes: int = FULL) -> tuple[Part, ...]:
    """The parts of a meeting of 60 or 30 minutes, in order.

    Raises:
        ValueError: For another length.

    >>> [part.minutes for part in parts(30)]
    [2, 4, 4, 6, 8, 4, 2]
    """
    if minutes not in (FULL, SHORT):
        raise ValueError(f"a meeting takes {FULL} or {SHORT} minutes, not {minutes}")
    ends = [full if minutes == FULL else short for _, _, full, short in PARTS]
    return tuple(
        Part(name, purpose, start, end)
        for (name, purpose, _, _), start, end in zip(PARTS, [0, *ends[:-1]], ends, strict=True)
    )


def part_at(minute: float, minutes: int = FULL) -> Part:
    """The part that a minute belongs to; past the end the last one."""
    found = (part for part in parts(minutes) if part.start <= minute < part.end)
    return next(found, parts(minutes)[-1])

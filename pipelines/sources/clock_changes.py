"""Local times in the hour that a change of clocks skips or repeats: they are named in a note."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.engines.duckdb import Session
from pipelines.sources import conversion
from pipelines.sources.cells_sql import texts_sql
from pipelines.sources.mapping_sql import Cell, Plan
from pipelines.sources.raw import Raw

_STEP = timedelta(days=7)
_NO_CHANGE = timedelta(0)


@dataclass(frozen=True)
class ClockChange:
    """One change of clocks in a zone.

    Attributes:
        at: Its instant.
        shift: How far clocks went; forward is positive.
        skipped_or_repeated: First local time that never was, or was twice.
    """

    at: datetime
    shift: timedelta
    skipped_or_repeated: datetime


def clock_changes(zone: str, first: datetime, last: datetime) -> Iterator[ClockChange]:
    """The changes of clocks between two instants, in order."""
    place = ZoneInfo(zone)
    start = first
    while start < last:
        end = start + _STEP
        if _offset(place, start) != _offset(place, end):
            yield _between(place, start, end)
        start = end


def _offset(place: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(place).utcoffset() or _NO_CHANGE


def _between(place: ZoneInfo, start: datetime, end: datetime) -> ClockChange:
    before, after = _offset(place, start), _offset(place, end)
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) / 2
        start, end = (middle, end) if _offset(place, middle) == before else (start, middle)
    at = (end + timedelta(milliseconds=500)).replace(microsecond=0)
    return ClockChange(at, after - before, at.replace(tzinfo=None) + min(before, after))


def clock_change_notes(
    session: Session, raw: Raw, plan: Plan, relation: str, zone: str | None
) -> list[str]:
    """Sentences on times without offset that a change of clocks makes doubtful.

    Args:
        session: Holds the relation.
        raw: The file.
        plan: As carried out.
        relation: Typed rows.
        zone: Of times without offset.
    """
    if zone in {None, "UTC", "Etc/UTC"}:
        return []
    notes = []
    for cell in plan.cells:
        if cell.column.type == "TIMESTAMPTZ" and cell.text != "cast(null as varchar)":
            notes += _notes(session, raw, plan, relation, cell, str(zone))
    return notes


def _notes(  # noqa: PLR0913, PLR0917
    session: Session, raw: Raw, plan: Plan, relation: str, cell: Cell, zone: str
) -> list[str]:
    column = cell.column.name
    first, last = session.rows(f"select min({column}), max({column}) from {relation}")[0]
    if first is None:
        return []
    notes = []
    margin = timedelta(days=1)
    for change in clock_changes(zone, first.astimezone(UTC) - margin, last + margin):
        start, end = change.at, change.at + abs(change.shift)
        # A skipped or repeated local time always lands in the hour behind the change.
        near = f"between timestamptz '{start.isoformat()}' and timestamptz '{end.isoformat()}'"
        if not session.value(f"select count(*) from {relation} where {column} {near}"):
            continue
        hour = change.skipped_or_repeated.hour
        text = f"t_{column}"
        count = session.value(
            f"select count(*) from ({texts_sql(raw, plan)}) "
            f"where {cell.typed.replace('{text}', text)} {near} "
            f"and regexp_matches({text}, '[ T,]0?{hour}:') "
            f"and not regexp_matches({text}, '{conversion.OFFSET}')"
        )
        if count:
            is_repeated = change.shift < _NO_CHANGE
            notes.append(_note(cell.header, change.skipped_or_repeated, is_repeated, zone, count))
    return notes


def local_instant(written: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time, in UTC; of two that it may mean, the later one.

    >>> local_instant(datetime(2026, 10, 25, 2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-10-25T01:30:00+00:00'
    >>> local_instant(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return max(written.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def written_time_notes(header: str, written: Iterable[datetime], zone: ZoneInfo) -> list[str]:
    """The sentences of `clock_change_notes`, for times that a preset reads one by one.

    Args:
        header: The column, for messages.
        written: Local times without offset.
        zone: Where they were written.
    """
    doubtful: Counter[tuple[datetime, bool]] = Counter()
    for moment in written:
        first, second = (
            moment.replace(tzinfo=zone, fold=fold).utcoffset() or _NO_CHANGE for fold in (0, 1)
        )
        if first != second:
            day = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 (local day)
            doubtful[day, first > second] += 1
    return [
        _note(header, day, is_repeated, zone.key, count)
        for (day, is_repeated), count in sorted(doubtful.items())
    ]


def _note(header: str, at: datetime, is_repeated: bool, zone: str, count: int) -> str:  # noqa: FBT001
    day = f"{at:%-d %b %Y}"
    fall = "1 time falls" if count == 1 else f"{count:,} times fall"
    if is_repeated:
        return (
            f"'{header}': {fall} in the hour that occurred twice on {day} "
            f"({zone}). Read as the second pass."
        )
    return (
        f"'{header}': {fall} in the hour that was skipped on {day} ({zone}). "
        "Read as one hour later."
    )

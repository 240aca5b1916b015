"""The times that survey tools write, read as a whole column: one order of day and month for all.

Pure. A time without a zone is asked about; which of day and month comes first is found from
the values or asked, never assumed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pipelines.errors import SourceError
from pipelines.sources.clock_changes import local_instant, written_time_notes
from pipelines.sources.definition import Context, Remark
from pipelines.sources.zones_sql import ABBREVIATIONS

_CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
_DAYS = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"),
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "mdy": ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"),
}
_YEAR_FIRST = re.compile(r"\d{4}\D")
_ZONE = re.compile(
    r"\s*(?:(?P<name>[A-Z]{1,4})(?![A-Z]))?(?P<sign>[+-])?(?P<hours>\d{1,2})?"
    r"(?::?(?P<minutes>\d{2}))?$"
)


@dataclass(frozen=True)
class ColumnTimes:
    """The times of a column.

    Attributes:
        at: Record number → instant in UTC, None where a cell is no time.
        remarks: On those that a change of clocks makes doubtful.
    """

    at: Mapping[int, datetime | None] = field(default_factory=dict)
    remarks: Sequence[Remark] = ()


def column_times(cells: Mapping[int, str], header: str, context: Context) -> ColumnTimes:
    """Reads the times of a column.

    Args:
        cells: Filled cells by record number.
        header: The column, for messages.
        context: Of the file: its zone and declared order.

    Raises:
        SourceError: `ask_timezone`, `ask_date_order` or `mixed_date_order`.
    """
    parted = {no: _parted(cell) for no, cell in cells.items()}
    order = _order(parted, header, context)
    if context.timezone is None and any(zone is None for _, zone in parted.values()):
        raise SourceError(
            "ask_timezone",
            f"{context.file_name}: '{header}' has no zone. Where were these times recorded? "
            "It moves answers near midnight to another day.",
            f'timezone = "{context.workspace.product.timezone}"',
        )
    local = ZoneInfo(context.timezone or "UTC")
    read = {
        no: (_parsed(text, "ymd" if _YEAR_FIRST.match(text) else order), zone)
        for no, (text, zone) in parted.items()
    }
    notes = written_time_notes(
        header, (found for found, zone in read.values() if found and zone is None), local
    )
    instants = {no: _instant(found, zone, local) for no, (found, zone) in read.items()}
    return ColumnTimes(instants, [Remark(note) for note in notes])


def _parted(cell: str) -> tuple[str, tzinfo | None]:
    """The text of a time and its zone, where it names one."""
    text = re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(cell.split()))
    clock = re.match(r"(.*?\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(\s?[AaPp]\.?[Mm]\.?)?(.*)$", text)
    if not clock:
        return text, None
    half = (clock[2] or "").replace(".", "").strip().upper()
    found = _ZONE.match(clock[3])
    plain = f"{clock[1]} {half}".strip().replace(", ", " ")
    if not found or not clock[3].strip():
        return (plain if not clock[3].strip() else text), None
    if found["name"] and found["name"] not in ABBREVIATIONS:
        return text, None
    hours = ABBREVIATIONS.get(found["name"] or "Z", 0)
    sign = -1 if found["sign"] == "-" else 1
    shift = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    return plain, timezone(timedelta(hours=hours) + sign * shift)


def _order(parted: Mapping[int, tuple[str, tzinfo | None]], header: str, context: Context) -> str:
    """The one order of day, month and year that reads the column."""
    texts = {no: text for no, (text, _) in parted.items() if not _YEAR_FIRST.match(text)}
    declared = context.source.date_order
    if not texts:
        return "ymd"
    if declared in {"dmy", "mdy"}:
        return declared
    readable = {no: text for no, text in texts.items() if _orders(text)}
    fitting = [order for order in ("dmy", "mdy")
               if all(order in _orders(text) for text in readable.values())]  # fmt: skip
    if len(fitting) == 1 or not readable:
        return fitting[0] if readable else "ymd"
    example = next(iter(readable.values()))
    if fitting:
        raise SourceError(
            "ask_date_order",
            f"{context.file_name}: column '{header}': all {len(readable)} dates can be day/month "
            f"or month/day (such as {example}). Which comes first?",
            'date_order = "dmy"',
        )
    only_month_first = [no for no, text in readable.items() if _orders(text) == ["mdy"]]
    raise SourceError(
        "mixed_date_order",
        f"{context.file_name}: column '{header}': some dates are only valid as day/month, "
        f"{len(only_month_first)} only as month/day (records "
        f"{', '.join(map(str, only_month_first[:5]))}). Nothing loaded.",
    )


def _orders(text: str) -> list[str]:
    return [order for order in ("dmy", "mdy") if _parsed(text, order)]


def _parsed(text: str, order: str) -> datetime | None:
    for day in _DAYS[order]:
        for clock in _CLOCKS:
            try:
                return datetime.strptime(text, day + clock)  # noqa: DTZ007 (zone comes after)
            except ValueError:
                continue
    return None


def _instant(found: datetime | None, zone: tzinfo | None, local: ZoneInfo) -> datetime | None:
    if found is None or zone is None:
        return found and local_instant(found, local)
    return found.replace(tzinfo=zone).astimezone(UTC)

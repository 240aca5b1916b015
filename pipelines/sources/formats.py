"""Formats that only a whole column settles: day and month, decimal mark, zone, day numbers.

Where the texts leave two readings, a person is asked; nothing is ever taken by default.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipelines.engines.duckdb import Session, quoted
from pipelines.errors import SourceError
from pipelines.sources import conversion
from pipelines.sources.cells_sql import distinct_texts_sql, texts_sql
from pipelines.sources.mapping_sql import Cell, Plan, in_our_time
from pipelines.sources.raw import Raw
from pipelines.sources.zones_sql import ABBREVIATIONS, clock_of, is_abbreviated, zone_of

_ORDER_WORDS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_TIMES = frozenset({"TIMESTAMPTZ", "DATE"})
MAX_SHOWN_RECORDS = 3
# A tool that abbreviates zones does so in every row.
_LOOKED_THROUGH = 1000


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file beside its texts.

    Attributes:
        zone: For times without offset; None = ask when one occurs.
        date_order: "infer" or the order that the source declares.
        exported_at: Nothing in the file happened later.
        earlier_orders: What earlier files of the source settled, by header.
    """

    file_name: str
    zone: str | None
    date_order: str
    exported_at: datetime | None
    earlier_orders: Mapping[str, str]


@dataclass(frozen=True)
class Settled:
    """A plan with its formats found.

    Attributes:
        plan: The same object where nothing had to be found.
        date_orders: Header → order.
    """

    plan: Plan
    notes: tuple[str, ...] = ()
    date_orders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Readings:
    """How the unreadable texts of a column could be read as dates."""

    cell: Cell
    counts: Mapping[str, int]
    shown: Mapping[str, str]
    kept: tuple[str, ...]


def settled(
    session: Session, raw: Raw, plan: Plan, failing: frozenset[str], facts: FileFacts
) -> Settled:
    """Finds the formats of columns whose texts are not plain.

    Args:
        session: Holds what `raw` scans.
        raw: The file.
        plan: Read with plain formats so far.
        failing: Columns with texts that plain formats cannot read.
        facts: Of the file.

    Raises:
        SourceError: If a person has to say how a column is meant.
    """
    unread = [
        cell for cell in plan.cells if cell.column.name in failing and cell.column.type in _TIMES
    ]
    for cell in unread:
        if cell.pattern and cell.column.type == "TIMESTAMPTZ" and not (cell.zone or facts.zone):
            _ask_zone(session, raw, plan, cell, facts, _fits(cell.pattern))
    times = [cell for cell in unread if cell.pattern is None]
    orders = _date_orders(session, raw, plan, times, facts)
    replaced, notes = dict[str, Cell](), list[str]()
    for cell in times:
        order = orders.get(cell.column.name)
        if order:
            typed = in_our_time(
                plan.table, cell.column, _with_order(cell, order, cell.zone or facts.zone)
            )
            replaced[cell.column.name] = cell.with_typed(typed)
            notes.append(f"'{cell.header}' is read as {_ORDER_WORDS[order]}.")
        else:
            _ask_day_numbers(session, raw, plan, cell, facts)
        if cell.column.type == "TIMESTAMPTZ" and not (cell.zone or facts.zone):
            condition = conversion.is_naive("{text}")
            if order:
                read = _with_order(cell, order, "UTC")
                condition = f"{zone_of('{text}')} = '' and ({read}) is not null"
            _ask_zone(session, raw, plan, cell, facts, condition)
    for cell in _read_with_comma(session, raw, plan, facts):
        assert cell.with_comma
        replaced[cell.column.name] = cell.with_typed(cell.with_comma)
        notes.append(f"'{cell.header}' is read with ',' as decimal mark.")
    notes += _abbreviation_notes(session, raw, plan)
    if not replaced:
        return Settled(plan, tuple(notes))
    cells = tuple(replaced.get(cell.column.name, cell) for cell in plan.cells)
    found = {cell.header: orders[cell.column.name] for cell in times if cell.column.name in orders}
    return Settled(replace(plan, cells=cells), tuple(dict.fromkeys(notes)), found)


# day and month ----------------------------------------------------------------------------------


def _date_orders(
    session: Session, raw: Raw, plan: Plan, cells: Sequence[Cell], facts: FileFacts
) -> dict[str, str]:
    """Column → order of day, month and year; columns without texts of such a shape are left out."""
    found = [_readings(session, raw, plan, cell, facts) for cell in cells]
    readings = [one for one in found if one]
    if facts.date_order != "infer":
        return {
            one.cell.column.name: facts.date_order
            for one in readings
            if one.counts[facts.date_order]
        }
    sure = {one.cell.column.name: one.kept[0] for one in readings if len(one.kept) == 1}
    in_file = frozenset(sure.values())
    for one in readings:
        if len(one.kept) == 1:
            continue
        borrowed = in_file & set(one.kept)
        earlier = facts.earlier_orders.get(one.cell.header)
        if len(borrowed) == 1:
            sure[one.cell.column.name] = next(iter(borrowed))
        elif earlier in one.kept:
            sure[one.cell.column.name] = str(earlier)
        else:
            _ask_order(one, facts)
    return sure


def _ask_order(one: _Readings, facts: FileFacts) -> None:
    count = max(one.counts.values())
    raise SourceError(
        "ask_date_order",
        f"{facts.file_name}: column '{one.cell.header}': all {count} dates can be day/month or "
        f"month/day (for example {one.shown[one.kept[0]]}). Which is it? Your answer applies to "
        "this source.",
        'date_order = "dmy"',
    )


def _readings(
    session: Session, raw: Raw, plan: Plan, cell: Cell, facts: FileFacts
) -> _Readings | None:
    texts = distinct_texts_sql(raw, plan, cell, f"({cell.typed}) is null")
    parsed = {
        order: _parsed_sql(order, with_time=cell.column.type != "DATE") for order in _ORDER_WORDS
    }
    columns = ", ".join(
        f"coalesce(sum(n) filter ({sql} is not null), 0), "
        f"min(text) filter ({sql} is not null), max({sql}), "
        f"list_sort(list(record_no) filter ({sql} is not null "
        f"and not ({_others_sql(parsed, order)})))[1:{MAX_SHOWN_RECORDS}]"
        for order, sql in parsed.items()
    )
    readable = " or ".join(f"{sql} is not null" for sql in parsed.values())
    row = session.rows(f"select coalesce(sum(n) filter ({readable}), 0), {columns} from {texts}")[0]
    parts = {order: row[1 + 4 * at : 5 + 4 * at] for at, order in enumerate(parsed)}
    counts = {order: int(part[0]) for order, part in parts.items()}
    best = max(counts.values())
    if best == 0:
        return None
    if best < int(row[0]) and facts.date_order == "infer":
        _refuse_mixed(cell, facts, counts, {order: part[3] for order, part in parts.items()})
    kept = [order for order, count in counts.items() if count == best]
    if len(kept) > 1 and facts.exported_at:
        end = facts.exported_at.replace(tzinfo=None)
        possible = [order for order in kept if parts[order][2] <= end]
        kept = possible or kept
    shown = {order: str(part[1]) for order, part in parts.items()}
    return _Readings(cell, counts, shown, tuple(kept))


def _parsed_sql(order: str, *, with_time: bool) -> str:
    patterns = ", ".join(map(quoted, conversion.day_patterns(order, with_time=with_time)))
    parsed = f"try_strptime({clock_of('text') if with_time else 'text'}, [{patterns}])"
    # strptime takes 26/05/04 for a day of the year 26.
    return (
        f"case when regexp_matches(text, '^\\d{{4}}') then {parsed} end"
        if order == "ymd"
        else parsed
    )


def _others_sql(parsed: Mapping[str, str], order: str) -> str:
    return " or ".join(f"{sql} is not null" for name, sql in parsed.items() if name != order)


def _refuse_mixed(
    cell: Cell,
    facts: FileFacts,
    counts: Mapping[str, int],
    alone: Mapping[str, Sequence[int] | None],
) -> None:
    """No order fits all texts: which is right cannot be told row by row."""
    listed = "; ".join(
        f"{_ORDER_WORDS[order]} fits {counts[order]}"
        + (f" (alone in records {', '.join(map(str, found))})" if (found := alone[order]) else "")
        for order in counts
        if counts[order]
    )
    raise SourceError(
        "mixed_date_order",
        f"{facts.file_name}: column '{cell.header}' mixes orders of day and month: {listed}. "
        "Nothing was loaded. Correct the export, or name the order: what does not fit it then "
        "goes to quarantine.",
        'date_order = "dmy"',
    )


def _with_order(cell: Cell, order: str, zone: str | None) -> str:
    if cell.column.type == "DATE":
        patterns = conversion.day_patterns(order, with_time=False)
        return f"coalesce({cell.typed}, {conversion.formatted_day('{text}', patterns)})"
    patterns = conversion.day_patterns(order, with_time=True)
    return f"coalesce({cell.typed}, {conversion.zoned('{text}', patterns, zone)})"


def _abbreviation_notes(session: Session, raw: Raw, plan: Plan) -> list[str]:
    """EST stands in rows of June too: it is read as it is written, and that is said."""
    times = [
        cell
        for cell in plan.cells
        if cell.column.type == "TIMESTAMPTZ"
        and not cell.pattern
        and cell.text != "cast(null as varchar)"
    ]
    if not times:
        return []
    texts = [f"t_{cell.column.name}" for cell in times]
    found = ", ".join(
        f"list_sort(list(distinct {zone_of(text)}) filter ({is_abbreviated(text)}))"
        for text in texts
    )
    some = f"from ({texts_sql(raw, replace(plan, cells=tuple(times)))}) limit {_LOOKED_THROUGH}"
    with session.planned_as_written() if raw.is_small else nullcontext():
        zones = session.rows(f"select {found} from (select {', '.join(texts)} {some})")[0]
    return [
        f"'{cell.header}': {', '.join(map(_as_offset, names))} is read as a fixed offset, "
        "whatever the season."
        for cell, names in zip(times, zones, strict=True)
        if names
    ]


def _as_offset(name: str) -> str:
    return f"{name} as {ABBREVIATIONS[name]:+03d}:00"


# zone and day numbers ---------------------------------------------------------------------------


def _fits(pattern: str) -> str:
    """SQL over `{text}`: it is a time in a declared format that bears no zone."""
    if pattern.startswith("epoch") or "%z" in pattern:
        return "false"
    return f"({conversion.formatted('{text}', [pattern], 'UTC')}) is not null"


def _ask_zone(  # noqa: PLR0913, PLR0917
    session: Session, raw: Raw, plan: Plan, cell: Cell, facts: FileFacts, condition: str
) -> None:
    texts = distinct_texts_sql(raw, plan, cell, condition)
    count, example = session.rows(f"select coalesce(sum(n), 0), min(text) from {texts}")[0]
    if count:
        raise SourceError(
            "ask_timezone",
            f"{facts.file_name}: '{cell.header}' has no zone ({int(count)} values, for example "
            f"{example}). Where were these times recorded? The answer moves events near midnight "
            "to another day.",
            'timezone = "Europe/Berlin"',
        )


def _ask_day_numbers(session: Session, raw: Raw, plan: Plan, cell: Cell, facts: FileFacts) -> None:
    """45123 in a date column is how a spreadsheet writes 16 July 2023."""
    texts = distinct_texts_sql(raw, plan, cell)
    is_number = conversion.is_day_number("text")
    count, total, example, day = session.rows(
        f"select coalesce(sum(n) filter ({is_number}), 0), sum(n), min(text) filter ({is_number}), "
        f"cast(cast({conversion.day_number('min(text) filter (' + is_number + ')')} as date) "
        f"as varchar) from {texts}"
    )[0]
    # A few numbers among dates are slips, and go to quarantine.
    if count and count > total / 2:
        raise SourceError(
            "ask_day_numbers",
            f"{facts.file_name}: '{cell.header}' holds {int(count)} numbers such as {example}; a "
            f"spreadsheet would mean {day}. If so, say it in a mapping, or format the column as a "
            "date and export again.",
            f'format = "{conversion.DAY_NUMBER}"',
        )


# decimal mark -----------------------------------------------------------------------------------


def _read_with_comma(session: Session, raw: Raw, plan: Plan, facts: FileFacts) -> list[Cell]:
    """The columns with an undeclared decimal mark whose texts show that it is a comma."""
    found = [cell for cell in plan.cells if cell.with_comma]
    if not found:
        return []
    columns = ", ".join(_decimal_counts_sql(cell) for cell in found)
    row = session.rows(f"select {columns} from ({texts_sql(raw, plan)}) where is_wanted")[0]
    with_comma = []
    for at, cell in enumerate(found):
        by_dot, by_comma, differing, example = row[4 * at : 4 * at + 4]
        if differing and by_dot == by_comma:
            _ask_decimal(cell, facts, example)
        if by_comma > by_dot:
            with_comma.append(cell)
    return with_comma


def _decimal_counts_sql(cell: Cell) -> str:
    text = f"t_{cell.column.name}"
    assert cell.numbers
    dot, comma = (number.replace("{text}", text) for number in cell.numbers)
    return (
        f"count({dot}), count({comma}), "
        f"count(*) filter (({dot}) <> ({comma})), min({text}) filter (({dot}) <> ({comma}))"
    )


def _ask_decimal(cell: Cell, facts: FileFacts, example: str) -> None:
    raise SourceError(
        "ask_decimal",
        f"{facts.file_name}: '{cell.header}' holds numbers such as {example}, and none that tells "
        "whether the mark parts thousands or decimals. Say it in a mapping (`launchloop map "
        f"{facts.file_name}` drafts one).",
        'decimal = ","',
    )

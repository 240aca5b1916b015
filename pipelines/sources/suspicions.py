"""Files that can be read and may be wrong: amounts in another unit, exports cut by a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.engines.duckdb import Session, quoted
from pipelines.metrics.money import DEFAULT_EXPONENT, EXPONENTS
from pipelines.sources.fate import Question
from pipelines.sources.in_force import rows_sql
from pipelines.sources.keys import Keyed

# How many rows tools export unless they are asked for more (imports.md 1.5.9).
_EXPORT_LIMITS = frozenset({30, 100, 500, 1000, 10000})
# Tables whose rows come on and on: half as many in a week is news, not the end of a campaign.
STREAMS = frozenset({"events"})
# A factor of 100 is cents for euros; medians of real prices do not move so.
_LOWEST_JUMP, _HIGHEST_JUMP = 95, 105
# The median of fewer amounts is one customer's.
_MIN_AMOUNTS = 3


@dataclass(frozen=True)
class _Amounts:
    """Where a table holds amounts that are alike: by group, in time."""

    group: str
    amount: str
    dated_by: str


_AMOUNTS = {
    "invoice_lines": _Amounts("plan_id", "amount_minor", "service_from_at"),
    "payments": _Amounts("payment_kind", "amount_minor", "happened_at"),
    "subscription_changes": _Amounts("plan_id", "unit_price_minor", "changed_at"),
    "subscriptions": _Amounts("plan_id", "unit_price_minor", "started_at"),
}


def truncation_note(read: int) -> str | None:
    """A sentence if a file holds exactly as many records as exporters stop at."""
    if read not in _EXPORT_LIMITS:
        return None
    return (
        f"Exactly {read:,} records: this looks like the exporter's default limit. If there are "
        "more, repeat the export with a higher one."
    )


def rows_by_day(session: Session, keyed: Keyed, zone: str) -> dict[date, int]:
    """Day → rows of a file, by the column that places its table in time; rows without are left out.

    Args:
        session: Holds the relation.
        keyed: Rows of a table that is dated.
        zone: Whose days they are.
    """
    assert keyed.table.dated_by
    moment = keyed.table.column(keyed.table.dated_by)
    is_day = moment.type == "DATE"
    day = moment.name if is_day else f"cast({moment.name} at time zone {quoted(zone)} as date)"
    return dict(
        session.rows(
            f"select {day} as day, count(*) from {keyed.relation} "
            f"where {moment.name} is not null group by 1"
        )
    )


def unit_jump(
    session: Session, keyed: Keyed, files: Sequence[Path], file_name: str
) -> Question | None:
    """The question if amounts become a hundred times what they were, None if they do not.

    Args:
        session: Holds the relation.
        keyed: Rows of the file.
        files: Earlier rows of the same source and table.
        file_name: As messages call it.
    """
    where = _AMOUNTS.get(keyed.table.name)
    if where is None:
        return None
    columns = f"{where.group} as thing, currency, {where.dated_by} as moment, {where.amount} as n"
    found = session.rows(
        f"""
        with amounts as (
            select {columns}, true as is_new from {keyed.relation}
            union all
            select {columns}, false as is_new from {rows_sql(files, keyed.table)}
        ),
        medians as (
            select thing, currency, date_trunc('month', moment) as month_at,
                quantile_disc(abs(n), 0.5) as typical, count(*) as amounts,
                bool_or(is_new) as is_new
            from amounts where n <> 0 and moment is not null
            group by 1, 2, 3 having count(*) >= {_MIN_AMOUNTS}
        ),
        steps as (
            select *, lag(typical) over by_month as before,
                is_new or lag(is_new) over by_month as concerns_file
            from medians
            window by_month as (partition by thing, currency order by month_at)
        )
        select thing, currency, strftime(month_at, '%B %Y'), before, typical from steps
        where concerns_file
            and greatest(typical, before) / least(typical, before)
                between {_LOWEST_JUMP} and {_HIGHEST_JUMP}
        order by month_at, thing, currency limit 1
        """
    )
    if not found:
        return None
    thing, currency, month, before, typical = found[0]
    return {
        "code": "unit_jump",
        "text": (
            f"{file_name}: '{thing or 'all'}' {currency}: the median amount is "
            f"{_major(before, currency)} before and {_major(typical, currency)} from {month}. "
            "Cents instead of whole units? Correct the unit, or let it in as it is with "
            "`launchloop imports accept`."
        ),
        "toml": 'unit = "minor"',
    }


def _major(minor: int, currency: str) -> str:
    exponent = EXPONENTS.get(currency, DEFAULT_EXPONENT)
    return f"{minor / 10**exponent:,.{exponent}f}"

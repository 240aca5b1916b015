"""How old and how trustworthy the data behind a number are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import contract, instant, local_day, periods

HOUR = timedelta(hours=1)
# Ages in expected intervals (metrics.md 9).
FRESH_UP_TO, LATE_UP_TO = 1, 2
NORMAL_FROM = 0.95


@dataclass(frozen=True)
class DataFreshness:
    """Hours from a source's watermark to the moment of reading.

    A workspace's `[product] now` comes before the reader's clock.
    """

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row: the source that reaches least far, with its expected interval."""
        del facts
        sql = """
with reach as (
    select source_id, max(through_at) as through_at
    from control.coverage
    where $of is null or source_id = $of
    group by source_id
)
select reach.source_id, reach.through_at, sources.expected_every_s
from reach
left join settings.sources as sources on reach.source_id = sources.source_id
order by reach.through_at, reach.source_id
limit 1
"""
        return Statement(sql, {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row, dated by the source's last day; nothing without data."""
        del request
        if frame.is_empty():
            return contract(pl.DataFrame({"period": []}, schema={"period": pl.Date}))
        source, through_at, expected_s = frame.row(0)
        product = facts.settings.product
        now = product.now or facts.now or through_at
        age = now - through_at
        last = local_day(through_at - timedelta(microseconds=1), product.timezone)
        note = _age_note(source, age, timedelta(seconds=expected_s) if expected_s else None)
        return contract(
            pl.DataFrame(
                {
                    "period": [last],
                    "period_end": [last + timedelta(days=1)],
                    "value": [max(age / HOUR, 0.0)],
                    "n": [1],
                    "note": [note],
                }
            )
        )


def _age_note(source: str, age: timedelta, expected: timedelta | None) -> str:
    if expected is None:
        return f"{source}: no expected interval is declared."
    hours = f"expected every {expected / HOUR:g} hours"
    if age <= FRESH_UP_TO * expected:
        return f"{source}: fresh, {hours}."
    if age <= LATE_UP_TO * expected:
        return f"{source}: late, {hours}."
    return f"{source}: stale, {hours}."


@dataclass(frozen=True)
class DataTrust:
    """The weakest of what is known about the data of a period: their reach and their losses."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per table that the metric needs: where it reaches, rows read and refused."""
        del facts
        sql = """
with needed as (
    select distinct table_name
    from control.metric_tables
    where $of is null or metric_id = $of
),
sources as (
    select table_name, source_id, first_at, through_at
    from control.coverage
    where table_name in (select table_name from needed)
),
reach as (
    select table_name, min(first_at) as first_at, max(through_at) as through_at
    from sources
    group by table_name
),
feeding as (
    select
        sources.table_name,
        sum(imports.read_count) as read_count,
        sum(imports.quarantined_count) as quarantined_count
    from sources
    inner join control.imports as imports on sources.source_id = imports.source_id
    where imports.is_in_force
    group by sources.table_name
)
select
    needed.table_name,
    reach.first_at,
    reach.through_at,
    cast(coalesce(feeding.read_count, 0) as bigint) as read_count,
    cast(coalesce(feeding.quarantined_count, 0) as bigint) as quarantined_count
from needed
left join reach on needed.table_name = reach.table_name
left join feeding on needed.table_name = feeding.table_name
order by needed.table_name
"""
        return Statement(sql, {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period; below .95 the note names the weakest part."""
        tables = frame.filter(pl.col("first_at").is_not_null())
        if tables.is_empty():
            return contract(pl.DataFrame({"period": []}, schema={"period": pl.Date}))
        timezone = facts.settings.product.timezone
        coverage = facts.coverage[
            min(tables["table_name"], key=lambda name: facts.coverage[name].first_at)
        ]
        read = int(tables["read_count"].sum())
        lost = int(tables["quarantined_count"].sum())
        found = []
        for start, end, _ in periods(request, coverage, facts):
            covered = min(_covered(start, end, row, timezone) for row in tables.rows(named=True))
            kept = 1 - lost / read if read else 1.0
            value = min(covered, kept)
            weakest = (
                f"{100 * covered:.0f}\u00a0% of the days are covered by all sources"
                if covered <= kept
                else f"{lost} of {read} records are in quarantine"
            )
            note = None if value >= NORMAL_FROM else f"Weakest part: {weakest}."
            found.append((start, end, value, read, note))
        names = {"period": pl.Date, "period_end": pl.Date, "value": pl.Float64, "n": pl.Int64,
                 "note": pl.String}  # fmt: skip
        return contract(pl.DataFrame(found, schema=names, orient="row"))


def _covered(start: date, end: date, row: dict[str, datetime], timezone: str) -> float:
    """The share of a period's time from a table's oldest row to its watermark."""
    begin, stop = instant(start, timezone), instant(end, timezone)
    first = instant(local_day(row["first_at"], timezone), timezone)
    overlap = min(stop, row["through_at"]) - max(begin, first)
    return max(overlap / (stop - begin), 0.0)

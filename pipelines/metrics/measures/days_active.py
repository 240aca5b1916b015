"""On how many days of the last 28 people are active: stickiness and its distribution."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.active import PERSON_KEYS
from pipelines.metrics.rows import local_day, on_calendar, periods, with_status
from pipelines.metrics.sql import segmentation

WINDOW = 28


def _counted_sql(request: Request, facts: Facts, width: int) -> tuple[str, dict[str, object]]:
    """CTEs ending in `counted`: one row per window end and person, with days_active."""
    split = segmentation(request, facts, PERSON_KEYS)
    segment = "segment, " if split.column else ""
    listed = periods(request, facts.coverage[request.metric.settled_by], facts)
    ends = [end - timedelta(days=1) for _, end, _ in listed]
    sql = f"""
        with ends as (select unnest(cast($ends as date[])) as last_on),
        active as (
            select distinct {split.select} days.person_key, days.day_on
            from activity.person_days as days {split.joins}
            where {split.predicate}
        ),
        counted as (
            select {segment}ends.last_on, active.person_key, count(*) as days_active,
                max(case when active.day_on > ends.last_on - 7 then 1 else 0 end) as in_last_week
            from active
            inner join ends
                on active.day_on <= ends.last_on and active.day_on > ends.last_on - {width}
            group by {segment}ends.last_on, active.person_key
        )
    """
    return sql, {**split.parameters, "ends": ends}


def _with_whole_windows(
    placed: pl.DataFrame, request: Request, facts: Facts, width: int
) -> pl.DataFrame:
    """Windows that begin before the data say so instead of a value."""
    coverage = facts.coverage[request.metric.settled_by]
    first = local_day(coverage.first_at, facts.settings.product.timezone)
    is_whole = pl.col("period_end") > first + timedelta(days=width - 1)
    note = pl.lit(f"The first {width - 1} days of history have no whole window.")
    return placed.with_columns(
        pl.when(is_whole).then(pl.col("state")).otherwise(pl.lit("no_data")).alias("state"),
        pl.when(is_whole).then(None).otherwise(note).alias("note"),
    )


def _by_period(frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
    """Window ends → the periods that end on them."""
    listed = periods(request, facts.coverage[request.metric.settled_by], facts)
    ends = pl.DataFrame(
        [(end - timedelta(days=1), start) for start, end, _ in listed],
        schema={"last_on": pl.Date, "period": pl.Date},
        orient="row",
    )
    return frame.join(ends, on="last_on", how="inner").drop("last_on")


@dataclass(frozen=True)
class Stickiness:
    """Mean share of a window's days on which an active person was active.

    Attributes:
        widths: Variant → days of the window.
    """

    widths: Mapping[str | None, int]

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value, on every axis."""
        del every
        return self.widths[variant]

    def statement(self, request: Request, facts: Facts) -> Statement:
        """last_on, segment, n, total, total_of_squares."""
        width = self.widths[request.variant]
        counted, parameters = _counted_sql(request, facts, width)
        share = f"days_active / {width}.0"
        if request.variant == "wau_mau":
            share = "cast(in_last_week as double)"
        segment = "segment, " if request.by else ""
        sql = f"""{counted}
            select {segment}last_on, count(*) as n, cast(sum({share}) as double) as total,
                cast(sum({share} * {share}) as double) as total_of_squares
            from counted group by {segment}last_on
        """
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows."""
        placed = on_calendar(_by_period(frame, request, facts), request, facts)
        placed = placed.with_columns(pl.col("total_of_squares").fill_null(0))
        placed = _with_whole_windows(placed, request, facts, self.widths[request.variant])
        return with_status(
            estimate.mean(placed), request, nobody="Nobody was active in the window."
        )


@dataclass(frozen=True)
class DaysActive:
    """Shares of active persons by the number of days on which they were active."""

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value, on every axis."""
        del variant, every
        return WINDOW

    def statement(self, request: Request, facts: Facts) -> Statement:
        """last_on, segment, days_active, persons."""
        counted, parameters = _counted_sql(request, facts, WINDOW)
        segment = "segment, " if request.by else ""
        sql = f"""{counted}
            select {segment}last_on, days_active, count(*) as persons
            from counted group by {segment}last_on, days_active
        """
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows, component "1" … "28"."""
        keys = ["period", *(["segment"] if request.by else [])]
        by_period = _by_period(frame, request, facts)
        totals = by_period.group_by(keys).agg(pl.col("persons").sum().cast(pl.Int64).alias("n"))
        days = pl.DataFrame(
            {"days_active": list(range(1, WINDOW + 1))}, schema={"days_active": pl.Int64}
        )
        grid = totals.join(days, how="cross").join(
            by_period.with_columns(pl.col("days_active").cast(pl.Int64)),
            on=[*keys, "days_active"],
            how="left",
        )
        grid = grid.with_columns(pl.col("persons").fill_null(0)).sort([*keys, "days_active"])
        if request.variant == "at_least":
            grid = grid.with_columns(
                pl.col("persons").reverse().cum_sum().reverse().over(keys).alias("persons")
            )
        shaped = grid.select(
            *keys,
            pl.col("days_active").cast(pl.String).alias("component"),
            "n",
            pl.col("persons").cast(pl.Float64).alias("total"),
        )
        components = [str(number) for number in range(1, WINDOW + 1)]
        placed = on_calendar(shaped, request, facts, components=components)
        placed = _with_whole_windows(placed, request, facts, WINDOW)
        return with_status(
            estimate.share(placed), request, nobody="Nobody was active in the window."
        )

"""New, returning, resurrected, dormant: where the change in active persons comes from."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.active import PERSON_KEYS
from pipelines.metrics.rows import local_day, next_period, on_calendar, period_start, with_status
from pipelines.metrics.sql import bucket, segmentation

COMPONENTS = ("new", "returning", "resurrected", "dormant")
# DuckDB knows no quarter as an interval to add.
_STEP = {
    "day": "1 day",
    "week": "7 day",
    "month": "1 month",
    "quarter": "3 month",
    "year": "1 year",
}


@dataclass(frozen=True)
class Lifecycle:
    """Four distinct sets of persons per period."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period, component, segment, n."""
        split = segmentation(request, facts, PERSON_KEYS)
        segment = "segment, " if split.column else ""
        step = _STEP[request.every]
        joined, is_new = "", "previous_on is null"
        if request.variant == "new_by_account_created":
            joined = "left join marts.people on people.person_key = active.person_key"
            signed_up = bucket("people.signed_up_on", request, facts)
            is_new = f"coalesce({signed_up} = period, false)"
        sql = f"""
            with active as (
                select distinct {split.select} days.person_key,
                    {bucket("days.day_on", request, facts)} as period
                from activity.person_days as days {split.joins} where {split.predicate}
            ),
            neighbours as (
                select {segment}active.person_key, period,
                    lag(period) over (
                        partition by {segment}active.person_key order by period
                    ) as previous_on,
                    lead(period) over (
                        partition by {segment}active.person_key order by period
                    ) as next_on
                from active
            ),
            states as (
                select {segment}period, case
                    when {is_new} then 'new'
                    when previous_on = cast(period - interval {step} as date) then 'returning'
                    else 'resurrected'
                end as component
                from neighbours as active {joined}
                union all
                select {segment}cast(period + interval {step} as date) as period,
                    'dormant' as component
                from neighbours
                where next_on is null or next_on > cast(period + interval {step} as date)
            )
            select {segment}period, component, count(*) as n
            from states group by {segment}period, component
        """
        return Statement(sql, dict(split.parameters))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows; the first period of tracking has nothing to compare with."""
        counted = frame.with_columns(pl.col("n").cast(pl.Float64).alias("total"))
        placed = on_calendar(counted, request, facts, components=COMPONENTS)
        product = facts.settings.product
        coverage = facts.coverage[request.metric.settled_by]
        first = local_day(coverage.first_at, product.timezone)
        begin = period_start(first, request.every, product.week_start)
        comparable_from = next_period(begin, request.every)
        is_first = pl.col("period") < comparable_from
        covered = pl.col("period_end") > first - timedelta(days=0)
        note = pl.lit("The first period of tracking has no earlier one to compare with.")
        placed = placed.with_columns(
            pl.when(is_first).then(pl.lit("no_data")).otherwise(pl.col("state")).alias("state"),
            pl.when(is_first & covered).then(note).otherwise(None).alias("note"),
        )
        return with_status(estimate.count(placed), request, is_count=True)

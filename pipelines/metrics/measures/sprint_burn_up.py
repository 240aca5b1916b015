"""Scope and done of a sprint or release, day by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import TRACKER, joint_coverage
from pipelines.metrics.rows import contract, instant

COMPONENTS = ("scope", "done")


@dataclass(frozen=True)
class BurnUp:
    """Two step series: what was in, and what of it was done, at the end of each day."""

    def statement(self, request: Request, facts: Facts) -> Statement:  # noqa: ARG002
        """One row per day of change, and the first and last day of the sprint or release."""
        measured = "items" if request.variant == "items" else "points"
        sql = f"""
with windows as (
    select 'sprint' as scope_kind, sprint_id as scope_id, timezone, is_closed as is_over,
        started_on as first_on, last_on
    from marts.sprints
    union all
    select 'release', release_id, cast(null as varchar), released_on is not null,
        cast(null as date), released_on
    from marts.releases
)
select windows.scope_kind, windows.scope_id, windows.timezone, windows.is_over, windows.first_on,
    windows.last_on, days.day_on, days.scope_{measured} as scope, days.done_{measured} as done
from windows
left join marts.burn_up_days as days
    on windows.scope_kind = days.scope_kind and windows.scope_id = days.scope_id
where (cast($of as varchar) is null or windows.scope_id = $of)
    and (windows.scope_kind = 'sprint' or days.day_on is not null)
"""
        return Statement(sql, {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per day and component; n and total as the value."""
        coverage = joint_coverage(facts, TRACKER)
        if coverage is None or frame.is_empty():
            return contract(pl.DataFrame())
        chosen = frame.filter(pl.col("scope_kind") == frame["scope_kind"].sort()[-1])
        timezone = chosen["timezone"][0] or facts.settings.product.timezone
        reach = coverage.through_at - timedelta(microseconds=1)
        today = reach.astimezone(ZoneInfo(timezone)).date()
        steps = chosen.drop_nulls("day_on").sort("day_on")
        first = chosen["first_on"][0] or steps["day_on"][0]
        is_over = bool(chosen["is_over"][0])
        days = _days(first, (chosen["last_on"][0] if is_over else None) or today, request)
        values = pl.DataFrame({"period": days}, schema={"period": pl.Date}).join_asof(
            steps.select("day_on", *COMPONENTS), left_on="period", right_on="day_on"
        )
        whole = [
            is_over or instant(day + timedelta(days=1), timezone) <= coverage.through_at
            for day in days
        ]
        parts = [
            values.select(
                "period",
                (pl.col("period") + timedelta(days=1)).alias("period_end"),
                pl.lit(component).alias("component"),
                pl.lit(number).alias("part_no"),
                pl.col(component).fill_null(0).cast(pl.Float64).alias("value"),
                pl.Series("is_whole", whole, dtype=pl.Boolean),
            )
            for number, component in enumerate(COMPONENTS)
        ]
        told = pl.concat(parts).sort("period", "part_no")
        return contract(
            told.with_columns(
                pl.col("value").round().cast(pl.Int64).alias("n"),
                pl.when("is_whole").then(pl.col("value")).alias("total"),
                pl.when("is_whole").then(pl.col("value")).alias("value"),
                pl.when("is_whole")
                .then(pl.lit("ok"))
                .otherwise(pl.lit("immature"))
                .alias("status"),
                pl.when(~pl.col("is_whole"))
                .then(pl.lit("The day is not over in the data."))
                .alias("note"),
            )
        )


def _days(first: date, last: date, request: Request) -> list[date]:
    """Whole days from first to last that lie in the range asked for."""
    if request.start:
        first = max(first, request.start)
    if request.end:
        last = min(last, request.end - timedelta(days=1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]

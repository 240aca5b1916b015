"""Deployments that failed: their share, or the incidents they caused."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_shares import with_wilson
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range

PER_DEPLOYMENT = "incidents_per_deployment"


@dataclass(frozen=True)
class ChangeFailRate:
    """Failed deployments over deployments that ended, once their first days are over."""

    settles_after: timedelta

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period: n deployments, total failed (or incidents they caused)."""
        asked, parameters = in_range("started_on", request)
        failed = (
            "cast(sum(incident_count) as bigint)"
            if request.variant == PER_DEPLOYMENT
            else "count(*) filter (where is_failed)"
        )
        sql = f"""
select {bucket("started_on", request, facts)} as period, count(*) as n, {failed} as total
from marts.deployments
where {asked}
    -- Over all time, a deployment counts from when its own days are over.
    and (cast($settled as timestamptz) is null or started_at <= $settled)
group by 1
"""
        settled = facts.coverage["deployments"].through_at - self.settles_after
        parameters["settled"] = settled if request.every == "total" else None
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period; without a deployment there is no rate."""
        placed = on_calendar(frame, request, facts)
        if request.variant == PER_DEPLOYMENT:
            # More than one incident may follow a deployment: this is no share.
            placed = placed.with_columns(
                pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n")).alias("value"),
                pl.lit(None, dtype=pl.Float64).alias("low"),
                pl.lit(None, dtype=pl.Float64).alias("high"),
            )
        else:
            placed = with_wilson(placed)
        return with_status(
            placed, request, nobody="Nothing was deployed to production in this period."
        )

"""One row per work item in progress: how old it is."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import TRACKER, joint_coverage
from pipelines.metrics.rows import contract


@dataclass(frozen=True)
class ItemAge:
    """Days since each item in progress was first started, both ends counted."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per item: its start, its age and what it is called."""
        coverage = joint_coverage(facts, TRACKER)
        # The watermark is exclusive: complete to midnight is not a part of the next day.
        now = coverage.through_at - timedelta(microseconds=1) if coverage else None
        sql = """
select first_started_on as period,
    cast(cast($now as timestamptz) at time zone timezone as date) as today,
    work_item_key as id,
    coalesce(title_text, work_item_key) as label
from marts.work_item_flow
where state_code = 'doing'
    and (cast($of as varchar) is null or team_id = $of)
    and (cast($start as date) is null or first_started_on >= $start)
    and (cast($end as date) is null or first_started_on < $end)
"""
        return Statement(
            sql, {"now": now, "of": request.of, "start": request.start, "end": request.end}
        )

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:  # noqa: ARG002
        """The oldest first."""
        aged = frame.with_columns(
            ((pl.col("today") - pl.col("period")).dt.total_days() + 1)
            .cast(pl.Float64)
            .alias("value"),
            (pl.col("today") + timedelta(days=1)).alias("period_end"),
            pl.lit(1, dtype=pl.Int64).alias("n"),
        )
        return contract(aged.sort(["value", "id"], descending=[True, False]).drop("today"))

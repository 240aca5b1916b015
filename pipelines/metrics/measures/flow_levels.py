"""Levels at the end of a period: work in progress, and arrivals at the stages of the board."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import TRACKER, on_clock
from pipelines.metrics.rows import contract, on_calendar, with_status


def _level(frame: pl.DataFrame, day: str, value: str, calendar: pl.DataFrame) -> pl.DataFrame:
    """The calendar with the newest value of the days before each period's end."""
    known = frame.select(
        (pl.col(day) + timedelta(days=1)).alias("known_from"), pl.col(value).alias("level")
    ).sort("known_from")
    return (
        calendar.sort("period_end")
        .join_asof(known, left_on="period_end", right_on="known_from", strategy="backward")
        .with_columns(pl.col("level").fill_null(0))
        .drop("known_from")
    )


def _calendar(request: Request, facts: Facts) -> pl.DataFrame:
    """Every period asked for, with its state and nothing in it."""
    empty = pl.DataFrame(schema={"period": pl.Date, "n": pl.Int64, "total": pl.Int64})
    return on_calendar(empty, request, facts).drop("n", "total")


@dataclass(frozen=True)
class WorkInProgress:
    """Items started and not finished at the end of each period."""

    def statement(self, request: Request, facts: Facts) -> Statement:  # noqa: ARG002
        """One row per day on which it changed: day_on, wip."""
        sql = """
with days as (
    select day_on, sum(started + reopened - finished - cancelled - returned) as moved
    from marts.flow_days
    where cast($of as varchar) is null or team_id = $of
    group by 1
)
select day_on, cast(sum(moved) over (order by day_on) as bigint) as wip
from days
"""
        return Statement(sql, {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period."""
        reach = on_clock(facts, request, TRACKER)
        if reach is None:
            return contract(pl.DataFrame())
        placed = _level(frame, "day_on", "wip", _calendar(request, reach)).with_columns(
            pl.col("level").alias("n"),
            pl.col("level").cast(pl.Float64).alias("value"),
            pl.col("level").cast(pl.Float64).alias("total"),
            pl.lit(None, dtype=pl.Float64).alias("low"),
            pl.lit(None, dtype=pl.Float64).alias("high"),
        )
        return with_status(placed, request, is_count=True).sort("period")


@dataclass(frozen=True)
class CumulativeFlow:
    """Items that ever reached each stage by the end of each period."""

    def statement(self, request: Request, facts: Facts) -> Statement:  # noqa: ARG002
        """One row per stage and day of arrivals, and one per stage without any."""
        sql = """
with arrivals as (
    select stage_no, arrived_on as day_on, count(*) as arrived
    from marts.work_item_stages
    where cast($of as varchar) is null or team_id = $of
    group by 1, 2
)
select stages.stage_no, stages.stage_name, arrivals.day_on,
    cast(sum(coalesce(arrivals.arrived, 0)) over (
        partition by stages.stage_no order by arrivals.day_on
    ) as bigint) as arrived
from marts.stages as stages
left join arrivals on stages.stage_no = arrivals.stage_no
"""
        return Statement(sql, {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period and stage; n is the number of items at the first stage."""
        reach = on_clock(facts, request, TRACKER)
        if reach is None or frame.is_empty():
            return contract(pl.DataFrame())
        calendar = _calendar(request, reach)
        stages = frame.select("stage_no", "stage_name").unique().sort("stage_no")
        levels = [
            _level(
                frame.filter((pl.col("stage_no") == stage_no) & pl.col("day_on").is_not_null()),
                "day_on",
                "arrived",
                calendar,
            ).with_columns(
                pl.lit(stage_no, dtype=pl.Int64).alias("step"), pl.lit(name).alias("component")
            )
            for stage_no, name in stages.rows()
        ]
        entered = levels[0].select("period", pl.col("level").alias("n"))
        placed = (
            pl.concat(levels)
            .join(entered, on="period", how="left")
            .with_columns(
                pl.col("level").cast(pl.Float64).alias("value"),
                pl.col("level").cast(pl.Float64).alias("total"),
                pl.lit(None, dtype=pl.Float64).alias("low"),
                pl.lit(None, dtype=pl.Float64).alias("high"),
            )
        )
        return with_status(placed, request, is_count=True).sort("period", "step")

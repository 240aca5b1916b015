"""Shares of flow: how much of the time was active, how much of what was done came back."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import TRACKER, on_clock
from pipelines.metrics.rows import contract, on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range
from pipelines.stats.means import ratio_interval
from pipelines.stats.proportions import wilson_interval

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class FlowEfficiency:
    """Active time of finished items over all their time from start to end."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period: n items and the five sums of a ratio, in days."""
        asked, parameters = in_range("last_done_on", request)
        y, x = f"active_s / {SECONDS_PER_DAY}.0", f"total_s / {SECONDS_PER_DAY}.0"
        sql = f"""
select {bucket("last_done_on", request, facts)} as period, count(*) as n,
    sum({y}) as total, sum({x}) as sum_x, sum({y} * {y}) as sum_yy,
    sum({x} * {x}) as sum_xx, sum({x} * {y}) as sum_xy
from marts.work_item_activity
where (cast($of as varchar) is null or team_id = $of) and {asked}
group by 1
"""
        return Statement(sql, {**parameters, "of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period."""
        reach = on_clock(facts, request, TRACKER)
        if reach is None:
            return contract(pl.DataFrame())
        placed = on_calendar(frame, request, reach)
        sums = placed.select("total", "sum_x", "sum_yy", "sum_xx", "sum_xy").fill_null(0.0)
        low, high = ratio_interval(placed["n"].to_numpy(), *sums.to_numpy().T)
        rated = placed.with_columns(
            pl.when(pl.col("sum_x") > 0).then(pl.col("total") / pl.col("sum_x")).alias("value"),
            # A share of time stays one, whatever the approximation says.
            pl.Series("low", low).clip(0.0, 1.0),
            pl.Series("high", high).clip(0.0, 1.0),
        )
        return with_status(
            rated, request, nobody="No item that had been started was finished in this period."
        )


@dataclass(frozen=True)
class Reopened:
    """Share of finished items that left done again within some days."""

    within: timedelta

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period of the first finish: n finished, total reopened in time."""
        asked, parameters = in_range("first_done_on", request)
        days = self.within.days
        sql = f"""
select {bucket("first_done_on", request, facts)} as period, count(*) as n,
    count(*) filter (
        where first_reopened_at <= first_done_at + interval '{days}' day
    ) as total
from marts.work_item_flow
where first_done_on is not null and (cast($of as varchar) is null or team_id = $of) and {asked}
    -- Over all time, an item counts from when its own days are over.
    and (
        cast($settled as timestamptz) is null
        or first_done_at + interval '{days}' day <= $settled
    )
group by 1
"""
        reach = on_clock(facts, request, TRACKER)
        is_total = request.every == "total" and reach is not None
        settled = reach.coverage[request.metric.settled_by].through_at if reach else None
        return Statement(
            sql, {**parameters, "of": request.of, "settled": settled if is_total else None}
        )

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period."""
        reach = on_clock(facts, request, TRACKER)
        if reach is None:
            return contract(pl.DataFrame())
        rated = with_wilson(on_calendar(frame, request, reach))
        return with_status(rated, request, nobody="No item was finished in this period.")


def with_wilson(placed: pl.DataFrame) -> pl.DataFrame:
    """Value, low and high of a share from n and total."""
    low, high = wilson_interval(placed["total"].to_numpy(), placed["n"].to_numpy())
    return placed.with_columns(
        pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n")).alias("value"),
        pl.Series("low", low),
        pl.Series("high", high),
    )

"""Feedback per thousand active persons: more users write more, and that is no complaint."""

from dataclasses import dataclass, replace

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.survey_windows import joint_coverage
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.stats.counts import dispersion, poisson_interval

PER = 1000
LEAST_ITEMS = 5


@dataclass(frozen=True)
class FeedbackVolume:
    """Items of a period per 1,000 distinct persons active in it."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period and segment: n active persons, total items."""
        items = segmentation(
            request, facts, {"person_key": "items.person_key", "account_id": "items.account_id"}
        )
        persons = segmentation(request, facts, {"person_key": "days.person_key"})
        # The spread of counts is judged by all periods, whichever are asked for.
        asked = request if request.every == "total" else replace(request, start=None, end=None)
        wrote, parameters = in_range("items.submitted_on", asked)
        was_active, _ = in_range("days.day_on", asked)
        keys = "period, segment" if items.column else "period"
        # By place: a joined table of segments has a column of that name, too.
        ordinals = "1, 2" if items.column else "1"
        sql = f"""
with item_counts as (
    select {items.select} {bucket("items.submitted_on", request, facts)} as period,
        count(*) as total
    from marts.feedback_items as items
    {items.joins}
    where not items.is_duplicate and items.submitted_on is not null
        and {wrote} and {items.predicate}
    group by {ordinals}
),
active as (
    select {persons.select} {bucket("days.day_on", request, facts)} as period,
        count(distinct days.person_key) as n
    from activity.person_days as days
    {persons.joins}
    where {was_active} and {persons.predicate}
    group by {ordinals}
)
select {keys},
    cast(sum(n) as bigint) as n,
    cast(sum(total) as double) as total
from (
    select {keys}, n, 0 as total from active
    union all
    select {keys}, 0 as n, total from item_counts
) as counts
group by {keys}
"""
        return Statement(sql, {**parameters, **items.parameters, **persons.parameters})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows; fewer than 5 items are too few for a rate."""
        coverage = {
            **facts.coverage,
            request.metric.settled_by: joint_coverage(facts, *request.metric.needs),
        }
        facts = replace(facts, coverage=coverage)
        placed = on_calendar(frame, request, facts)
        exposure = (placed["n"] / PER).to_numpy()
        spread = _dispersion(frame, request, facts)
        low, high = poisson_interval(placed["total"].to_numpy(), exposure, spread)
        rated = placed.with_columns(
            pl.when(pl.col("n") > 0).then(PER * pl.col("total") / pl.col("n")).alias("value"),
            pl.Series("low", low),
            pl.Series("high", high),
        )
        rows = with_status(rated, request, nobody="Nobody was active in this period.")
        is_few = (pl.col("status") == "ok") & (pl.col("total") < LEAST_ITEMS)
        items = pl.col("total").cast(pl.Int64)
        few = pl.format("Too few to judge: {} of at least {} items.", items, pl.lit(LEAST_ITEMS))
        return rows.with_columns(
            pl.when(is_few).then(few).otherwise(pl.col("note")).alias("note"),
            pl.when(is_few).then(pl.lit("too_few")).otherwise(pl.col("status")).alias("status"),
        )


def _dispersion(frame: pl.DataFrame, request: Request, facts: Facts) -> float:
    """How much more the counts of all settled periods vary than chance would make them."""
    if request.every == "total" or "segment" in frame.columns:
        return 1.0
    history = on_calendar(frame, replace(request, start=None, end=None), facts)
    settled = history.filter((pl.col("state") == "ok") & (pl.col("n") > 0))
    found = dispersion(settled["total"].to_numpy(), (settled["n"] / PER).to_numpy())
    return found if found > 1 else 1.0

"""How often a sprint met its goal, by the product owner's own record."""

from dataclasses import dataclass

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import on_clock
from pipelines.metrics.measures.flow_shares import with_wilson
from pipelines.metrics.rows import contract, on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range

# A sprint closed at midnight is closed on the day that begins.
CLOSED_ON = "cast(ended_at at time zone timezone as date)"
CLOCK = ("sprints", "work_items", "work_item_changes")


@dataclass(frozen=True)
class GoalSuccess:
    """Goals met over closed sprints whose goal was judged; partly met is not met."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period of the close: n judged, total met, unjudged goals."""
        asked, parameters = in_range(CLOSED_ON, request)
        sql = f"""
select {bucket(CLOSED_ON, request, facts)} as period,
    count(goal_result) as n,
    count(*) filter (where goal_result = 'met') as total,
    count(*) filter (where goal_result is null and goal_text is not null) as unjudged
from marts.sprints
where is_closed and (cast($of as varchar) is null or sprint_id = $of or team_id = $of) and {asked}
group by 1
"""
        return Statement(sql, {**parameters, "of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period."""
        reach = on_clock(facts, request, CLOCK)
        if reach is None:
            return contract(pl.DataFrame())
        rated = with_wilson(on_calendar(frame, request, reach))
        told = with_status(
            rated, request, nobody="No sprint with a judged goal was closed in this period."
        ).join(rated.select("period", "unjudged"), on="period", how="left")
        sentence = pl.format("{} goals without a record are left out.", pl.col("unjudged"))
        note = (
            pl.when(pl.col("unjudged") > 0)
            .then(pl.concat_str("note", sentence, separator=" ", ignore_nulls=True))
            .otherwise(pl.col("note"))
        )
        return told.with_columns(note.alias("note")).drop("unjudged")

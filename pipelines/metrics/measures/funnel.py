"""Funnel conversion: who, having begun, reached each step in time."""

from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.active import PERSON_KEYS
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.workspace import Funnel

KEYS = {"segment_key": "attempts.segment_key", "person_key": "attempts.person_key"}
EXPOSED = "exposed_denominator"
_COUNTING = {
    "strict": "strict",
    "any_order": "any_order",
    "window_from_previous_step": "previous_step",
}


def declared(request: Request, facts: Facts) -> Funnel:
    """The funnel asked for."""
    return next(funnel for funnel in facts.settings.funnels if funnel.id == request.of)


def longest(request: Request, facts: Facts) -> timedelta:
    """How long an attempt can go on."""
    funnel = declared(request, facts)
    hops = len(funnel.steps) - 1 if request.variant == "window_from_previous_step" else 1
    return funnel.window * hops


@dataclass(frozen=True)
class FunnelConversion:
    """Persons by their deepest settled attempt, dated by their first one."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period, segment, reached, n: persons (or attempts) whose deepest step is `reached`."""
        split = segmentation(request, facts, KEYS)
        inside, parameters = in_range("started_on", request)
        # A total tells of its range alone; a listed period is the same in every range.
        counts, lists = (inside, "true") if request.every == "total" else ("true", inside)
        counting = _COUNTING.get(request.variant or "", declared(request, facts).order)
        segment = "segment, " if split.column else ""
        attempts = f"""
            select {split.select} attempts.person_key, attempts.started_on, attempts.reached
            from marts.funnel_attempts as attempts {split.joins}
            where attempts.funnel_id = $of and attempts.counting = $counting
                and {split.predicate} and {counts}
                and attempts.started_at <= $settled_by
        """
        people = f"""
            select {segment}person_key, min(started_on) as started_on, max(reached) as reached
            from attempts group by {segment}person_key
        """
        if request.variant == "totals":
            people = f"select {segment}person_key, started_on, reached from attempts"
        period = bucket("started_on", request, facts)
        sql = f"""
            with attempts as ({attempts}), people as ({people}),
            dated as (select *, {period} as period from people where {lists})
            {_counted(request, facts, segment)}
        """
        through = facts.coverage[request.metric.settled_by].through_at
        return Statement(
            sql,
            {
                **split.parameters,
                **parameters,
                "of": request.of,
                "counting": counting,
                "settled_by": through - longest(request, facts),
            },
        )

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows, one per step; n entered at step 1 (or was exposed), total reached it."""
        funnel = declared(request, facts)
        keys = ["period", *(["segment"] if request.by else [])]
        steps = [
            frame.filter(pl.col("reached") >= number)
            .group_by(keys)
            .agg(pl.col("n").sum().alias("total"))
            .with_columns(
                pl.lit(match.event).alias("component"), pl.lit(number, dtype=pl.Int64).alias("step")
            )
            for number, match in enumerate(funnel.steps, 1)
        ]
        reached = pl.concat(steps)
        entered = frame.group_by(keys).agg(pl.col("n").sum())
        names = pl.DataFrame(
            [(match.event, number) for number, match in enumerate(funnel.steps, 1)],
            schema={"component": pl.String, "step": pl.Int64},
            orient="row",
        )
        grid = entered.join(names, how="cross").join(
            reached, on=[*keys, "component", "step"], how="left", nulls_equal=True
        )
        shaped = grid.with_columns(pl.col("total").fill_null(0).cast(pl.Float64))
        if shaped.is_empty():
            shaped = names.with_columns(
                pl.lit(None, dtype=pl.Date).alias("period"),
                pl.lit(0, dtype=pl.Int64).alias("n"),
                pl.lit(0.0).alias("total"),
            )
        metric = replace(request.metric, settles_after=longest(request, facts))
        placed = on_calendar(shaped, replace(request, metric=metric), facts)
        placed = placed.sort([*keys, "step"], nulls_last=True)
        did = "was active" if request.variant == EXPOSED else "began"
        return with_status(
            estimate.share(placed), request, nobody=f"Nobody {did} whose time is over."
        )


def _counted(request: Request, facts: Facts, segment: str) -> str:
    """SQL: persons by period, segment and deepest step; 0 for those who were only exposed."""
    if request.variant != EXPOSED:
        return f"""
            select {segment}period, reached, count(*) as n
            from dated group by {segment}period, reached
        """
    split = segmentation(request, facts, PERSON_KEYS)
    inside, _ = in_range("days.day_on", request)
    same_segment = "and dated.segment = exposed.segment" if segment else ""
    return f"""
        select {"exposed.segment, " if segment else ""}exposed.period,
            coalesce(dated.reached, 0) as reached, count(*) as n
        from (
            select distinct {split.select} days.person_key,
                {bucket("days.day_on", request, facts)} as period
            from activity.person_days as days {split.joins}
            where {split.predicate} and {inside} and days.first_at <= $settled_by
        ) as exposed
        left join dated on dated.person_key = exposed.person_key
            and dated.period is not distinct from exposed.period {same_segment}
        group by all
    """

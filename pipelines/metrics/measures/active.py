"""Active users: distinct persons in a day, a calendar period or a trailing window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import local_day, on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation

PERSON_KEYS = {"segment_key": "days.segment_key", "person_key": "days.person_key"}
CALENDAR = 0


def trailing_sql(source: str, width: int, segment: str) -> str:
    """SQL counting the distinct persons of a trailing window, by the days on which it changes.

    A person enters on a day of activity and leaves `width` days after the last one, so two rows
    a person and day are enough, and no window is scanned twice (the gap method).

    Args:
        source: Relation with person_key, day_on and, if asked, segment.
        width: Days in the window, the last one included.
        segment: `"segment, "` or nothing.
    """
    return f"""
        select {segment}day_on, sum(change) over (
            {f"partition by {segment.rstrip(', ')}" if segment else ""} order by day_on
        ) as n
        from (
            select {segment}day_on, sum(change) as change
            from (
                select {segment}day_on, 1 as change from {source}_steps
                union all
                select {segment}least(coalesce(next_on, day_on + {width}), day_on + {width}),
                    -1 as change
                from {source}_steps
            ) as changes
            group by {segment}day_on
        ) as daily
    """


def steps_sql(source: str, segment: str) -> str:
    """The CTE body that `trailing_sql` reads: each day of activity with the person's next one."""
    return f"""
        select {segment}person_key, day_on, lead(day_on) over (
            partition by {segment}person_key order by day_on
        ) as next_on
        from {source}
    """


@dataclass(frozen=True)
class ActiveUsers:
    """Distinct persons with an active event.

    Attributes:
        windows: Variant → days of its trailing window; `CALENDAR` for the period itself.
        by_axis: Grain → the variant that the unnamed form means on it.
    """

    windows: Mapping[str, int]
    by_axis: Mapping[str, str]

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value; 0 for whole periods."""
        return self.windows[variant or self.by_axis[every]]

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period (or day_on of each change of the trailing count), segment, n."""
        split = segmentation(request, facts, PERSON_KEYS)
        segment = "segment, " if split.column else ""
        width = self.window_days(request.variant, request.every)
        inside, parameters = in_range("days.day_on", request)
        active = f"""
            select distinct {split.select} days.person_key, days.day_on
            from activity.person_days as days {split.joins} where {split.predicate}
        """
        if width == CALENDAR:
            sql = f"""
                select {split.select} {bucket("days.day_on", request, facts)} as period,
                    count(distinct days.person_key) as n
                from activity.person_days as days {split.joins}
                where {split.predicate} and {inside}
                group by period{split.group}
            """
            return Statement(sql, {**parameters, **split.parameters})
        sql = f"""
            with active as ({active}),
            active_steps as ({steps_sql("active", segment)})
            {trailing_sql("active", width, segment)}
        """
        return Statement(sql, dict(split.parameters))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows; the first days of history have no whole window and no value."""
        width = self.window_days(request.variant, request.every)
        if width == CALENDAR:
            counted = frame.with_columns(pl.col("n").cast(pl.Float64).alias("total"))
            placed = on_calendar(counted, request, facts)
            return with_status(estimate.count(placed), request, is_count=True)
        placed = at_period_ends(frame, request, facts, width)
        return with_status(estimate.count(placed), request, is_count=True)


def at_period_ends(
    changes: pl.DataFrame, request: Request, facts: Facts, width: int, name: str = "n"
) -> pl.DataFrame:
    """A step function of days, read on the last day of each period.

    Args:
        changes: Columns day_on, `name`, optional segment: the value from that day on.
        request: The question.
        facts: Of the snapshot.
        width: Days that a window needs; periods whose window begins before the data are no_data.
        name: Of the value column.
    """
    keys = ["segment"] if "segment" in changes.columns else []
    empty = changes.select(
        *keys, pl.lit(None, dtype=pl.Date).alias("period"), pl.lit(0).alias("n"),
        pl.lit(0.0).alias("total"),
    ).unique()  # fmt: skip
    placed = on_calendar(empty, request, facts).with_columns(
        (pl.col("period_end") - pl.duration(days=1)).alias("last_on")
    )
    joined = (
        placed.drop("n", "total")
        .sort("last_on")
        .join_asof(
            changes.select(*keys, "day_on", pl.col(name).cast(pl.Int64)).sort("day_on"),
            left_on="last_on",
            right_on="day_on",
            by=keys or None,
        )
        .with_columns(pl.col(name).fill_null(0))
        .drop("day_on")
    )
    coverage = facts.coverage[request.metric.settled_by]
    first = local_day(coverage.first_at, facts.settings.product.timezone)
    whole_from = first + timedelta(days=width - 1)
    is_whole = pl.col("last_on") >= whole_from
    return (
        joined.with_columns(
            pl.when(is_whole).then(pl.col("state")).otherwise(pl.lit("no_data")).alias("state"),
            pl.when(is_whole)
            .then(None)
            .otherwise(pl.lit(f"The first {width - 1} days of history have no whole window."))
            .alias("note"),
        )
        .drop("last_on")
        .sort(["period", *keys])
    )

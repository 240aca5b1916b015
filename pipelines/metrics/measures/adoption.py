"""Feature adoption: which share of the active persons used a feature in the last 28 days."""

from dataclasses import dataclass

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.active import at_period_ends, steps_sql, trailing_sql
from pipelines.metrics.rows import with_status
from pipelines.metrics.sql import segmentation

WINDOW = 28
KEYS = {"segment_key": "days.segment_key", "person_key": "days.person_key"}


@dataclass(frozen=True)
class FeatureAdoption:
    """Users of a feature among all active persons; who has access is not known, so all count."""

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value, on every axis."""
        del variant, every
        return WINDOW

    def statement(self, request: Request, facts: Facts) -> Statement:
        """day_on, segment, kind ("active" or "used"), n: two trailing counts by their changes."""
        split = segmentation(request, facts, KEYS)
        segment = "segment, " if split.column else ""
        active = f"""
            select distinct {split.select} days.person_key, days.day_on
            from activity.person_days as days {split.joins} where {split.predicate}
        """
        used = f"""
            select distinct {split.select} days.person_key, days.day_on
            from marts.feature_days as days {split.joins}
            inner join activity.person_days as active_days
                on active_days.person_key = days.person_key and active_days.day_on = days.day_on
            where {split.predicate} and days.feature_id = $of
        """
        sql = f"""
            with active as ({active}),
            used as ({used}),
            active_steps as ({steps_sql("active", segment)}),
            used_steps as ({steps_sql("used", segment)})
            select 'active' as kind, * from ({trailing_sql("active", WINDOW, segment)})
            union all
            select 'used' as kind, * from ({trailing_sql("used", WINDOW, segment)})
        """
        return Statement(sql, {**split.parameters, "of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows: n active persons, total of them used it."""
        keys = ["segment"] if request.by else []
        active = frame.filter(pl.col("kind") == "active").drop("kind")
        used = frame.filter(pl.col("kind") == "used").drop("kind")
        placed = at_period_ends(active, request, facts, WINDOW)
        users = at_period_ends(
            used.rename({"n": "users"}), request, facts, WINDOW, name="users"
        ).select("period", *keys, "users")
        joined = placed.join(users, on=["period", *keys], how="left", nulls_equal=True)
        joined = joined.with_columns(
            pl.col("users").fill_null(0).cast(pl.Float64).alias("total")
        ).drop("users")
        return with_status(
            estimate.share(joined), request, nobody="Nobody was active in the window."
        )

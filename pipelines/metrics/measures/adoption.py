"""Feature adoption: which share of the active persons used a feature in the last 28 days."""

from dataclasses import dataclass

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.active import at_period_ends, steps_sql, trailing_sql
from pipelines.metrics.rows import with_status
from pipelines.metrics.sql import segmentation

WINDOW = 28
IMPACT = "impact_style"
_ACTIVATED = """(
    select roles.person_key, roles.day_on, roles.segment_key
    from activity.person_roles as roles
    inner join activity.person_days as active_days
        on active_days.person_key = roles.person_key and active_days.day_on = roles.day_on
    where roles.role_kind = 'activation'
)"""
KEYS = {"segment_key": "days.segment_key", "person_key": "days.person_key"}


@dataclass(frozen=True)
class FeatureAdoption:
    """Users of a feature among all active persons; who has access is not known, so all count.

    `impact_style`: both groups did an activation event, too. Who did both is counted as who did
    the one, plus who did the other, less who did either: three counts of the same kind.
    """

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value, on every axis."""
        del variant, every
        return WINDOW

    def statement(self, request: Request, facts: Facts) -> Statement:
        """day_on, segment, kind, n: trailing counts by their changes.

        Kinds: "active" (of impact_style: activated), "used", and of impact_style "either".
        """
        split = segmentation(request, facts, KEYS)
        segment = "segment, " if split.column else ""
        is_impact = request.variant == IMPACT
        source = _ACTIVATED if is_impact else "activity.person_days"
        kinds = {
            "active": f"""
                select distinct {split.select} days.person_key, days.day_on
                from {source} as days {split.joins} where {split.predicate}
            """,
            "used": f"""
                select distinct {split.select} days.person_key, days.day_on
                from marts.feature_days as days {split.joins}
                inner join activity.person_days as active_days
                    on active_days.person_key = days.person_key
                    and active_days.day_on = days.day_on
                where {split.predicate} and days.feature_id = $of
            """,
        }
        if is_impact:
            kinds["either"] = "select * from active union select * from used"
        parts = [f"{kind} as ({sql})" for kind, sql in kinds.items()]
        parts += [f"{kind}_steps as ({steps_sql(kind, segment)})" for kind in kinds]
        counts = [
            f"select '{kind}' as kind, * from ({trailing_sql(kind, WINDOW, segment)})"
            for kind in kinds
        ]
        sql = f"with {', '.join(parts)} {' union all '.join(counts)}"
        return Statement(sql, {**split.parameters, "of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows: n active persons, total of them used it."""
        keys = ["segment"] if request.by else []
        placed = self._placed(frame, request, facts, "active", "n")
        for kind in ("used", "either"):
            found = self._placed(frame, request, facts, kind, kind).select("period", *keys, kind)
            placed = placed.join(found, on=["period", *keys], how="left", nulls_equal=True)
        users = pl.col("used").fill_null(0)
        if request.variant == IMPACT:
            users = pl.col("n") + users - pl.col("either").fill_null(0)
        joined = placed.with_columns(users.cast(pl.Float64).alias("total"))
        did = "did an activation event" if request.variant == IMPACT else "was active"
        return with_status(
            estimate.share(joined.drop("used", "either")), request,
            nobody=f"Nobody {did} in the window.",
        )  # fmt: skip

    @staticmethod
    def _placed(
        frame: pl.DataFrame, request: Request, facts: Facts, kind: str, name: str
    ) -> pl.DataFrame:
        """One of the counts at the end of each period."""
        counted = frame.filter(pl.col("kind") == kind).drop("kind").rename({"n": name})
        return at_period_ends(counted, request, facts, WINDOW, name=name)

"""Share of paying accounts that were lost in a month."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.books import ASIDE, on_axis, on_books, told
from pipelines.metrics.measures.recurring import movement_parts
from pipelines.metrics.rows import with_status
from pipelines.stats.proportions import wilson_interval


@dataclass(frozen=True)
class LogoChurn:
    """Accounts paying at the start and not at the end, over accounts paying at the start.

    `stripe_base` adds the accounts that were new in the month to the denominator.
    """

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per month and segment: n in the denominator, total lost."""
        split, inside, parameters = movement_parts(request, facts)
        added = " or movements.is_new" if request.variant == "stripe_base" else ""
        sql = on_axis(f"""
            select
                {split.select}
                movements.month_on as period,
                movements.month_on,
                count(*) filter (where movements.is_paying_at_start{added}) as n,
                count(*) filter (where movements.is_lost) as total
            from marts.mrr_movements as movements
            {split.joins}
            where movements.policy_id = $policy and {inside} and {split.predicate}
            group by all
        """)
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """A share with its Wilson interval."""
        found = frame.filter(pl.col("period").is_not_null()).drop("first_on", "month_on")
        spread = on_books(found, frame, request, facts)
        low, high = wilson_interval(
            spread["total"].cast(pl.Float64).to_numpy(), spread["n"].cast(pl.Float64).to_numpy()
        )
        valued = spread.with_columns(
            pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n")).alias("value"),
            pl.Series("low", np.atleast_1d(low), dtype=pl.Float64),
            pl.Series("high", np.atleast_1d(high), dtype=pl.Float64),
        )
        answered = with_status(
            valued.drop(ASIDE), request, nobody="Nobody was paying at the start."
        )
        return told(answered, spread, request, facts)

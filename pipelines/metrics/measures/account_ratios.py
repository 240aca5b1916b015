"""Ratios of money over accounts, with an interval from resampling whole accounts (UB)."""

import math
from dataclasses import dataclass

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.books import (
    ASIDE,
    last_month_of_period,
    major,
    on_axis,
    on_books,
    told,
)
from pipelines.metrics.measures.recurring import movement_parts
from pipelines.metrics.money import minor_per_major
from pipelines.metrics.rows import with_status
from pipelines.metrics.sql import bucket
from pipelines.stats.bootstrap import bootstrap_ratio


@dataclass(frozen=True)
class AccountRatio:
    """Σy/Σx over accounts.

    The texts are SQL over `movements`, one row per account and month.

    Attributes:
        mart: The table behind `movements`.
        y: Numerator of an account, minor units.
        x: Denominator of an account.
        in_base: Whether an account is one of the n in the denominator.
        is_money: Whether the ratio is money, not a share.
        nobody: The sentence where nobody is in the denominator.
        variants: Name → another y.
    """

    mart: str
    y: str
    x: str
    in_base: str
    nobody: str
    is_money: bool = False
    variants: tuple[tuple[str, str], ...] = ()

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period, segment and account, accounts in order of id."""
        split, inside, parameters = movement_parts(request, facts)
        y = dict(self.variants).get(request.variant or "", self.y)
        sql = on_axis(f"""
            select
                {split.select}
                {bucket("movements.month_on", request, facts)} as period,
                movements.month_on,
                movements.account_id,
                cast({y} as bigint) as y,
                cast({self.x} as bigint) as x,
                {self.in_base} as is_in_base
            from {self.mart} as movements
            {split.joins}
            where movements.policy_id = $policy and {inside} and {split.predicate}
                and {last_month_of_period("movements.month_on", request)}
        """)
        return Statement(f"{sql} order by period, account_id", parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Value, interval and n; money in major units."""
        keys = ["period", *(["segment"] if request.by else [])]
        found = frame.filter(pl.col("period").is_not_null())
        grouped = found.group_by(keys, maintain_order=True).agg(
            pl.col("is_in_base").sum().alias("n"),
            pl.col("y").sum().alias("total"),
            pl.col("x").sum().alias("base"),
            pl.col("y"),
            pl.col("x"),
            pl.col(ASIDE).first(),
        )
        spread = on_books(grouped, frame, request, facts)
        ends = [_interval(row, request) for row in spread.iter_rows(named=True)]
        value = pl.when(pl.col("base") > 0).then(pl.col("total") / pl.col("base"))
        valued = spread.with_columns(
            value.alias("value"),
            pl.Series("low", [low for low, _ in ends], dtype=pl.Float64),
            pl.Series("high", [high for _, high in ends], dtype=pl.Float64),
        ).with_columns(major(pl.col("total"), facts).alias("total"))
        if self.is_money:
            scale = minor_per_major(facts.settings.product.currency)
            valued = valued.with_columns(pl.col("value", "low", "high") / scale)
        answered = with_status(valued.drop("y", "x", "base", *ASIDE), request, nobody=self.nobody)
        return told(answered, spread, request, facts)


def _interval(row: dict[str, object], request: Request) -> tuple[float | None, float | None]:
    """Bootstrap interval of one period and segment; None at an end that is not known."""
    y, x = row["y"], row["x"]
    if row["state"] != "ok" or not isinstance(y, list) or not isinstance(x, list):
        return None, None
    name = ".".join([request.metric.id, *([request.variant] if request.variant else [])])
    parts = (name, str(row.get("segment") or ""), str(row["period"]))
    low, high = bootstrap_ratio(y, x, seed_parts=parts)
    return (None if math.isnan(low) else low), (None if math.isnan(high) else high)


@dataclass(frozen=True)
class Retention:
    """GRR and NRR over twelve months; `bridge` is the lazy form, for reconciliation only.

    Attributes:
        cohort: The customers of a year ago, followed one by one.
        bridge: SQL of a month's movements that the lazy form adds to the start.
    """

    cohort: AccountRatio
    bridge: str

    def statement(self, request: Request, facts: Facts) -> Statement:
        """As `AccountRatio`, or one row per month and segment for the bridge."""
        if request.variant != "bridge":
            return self.cohort.statement(request, facts)
        split, inside, parameters = movement_parts(request, facts)
        sql = on_axis(f"""
            with months as (
                select
                    {split.select}
                    movements.month_on,
                    sum(movements.end_minor) as end_minor,
                    count(*) filter (where movements.is_paying_at_end) as paying,
                    sum({self.bridge}) as moved
                from marts.mrr_movements as movements
                {split.joins}
                where movements.policy_id = $policy and {split.predicate}
                group by all
            ),
            movements as (
                select
                    {"base.segment," if request.by else ""}
                    cast(base.month_on + interval 12 month as date) as month_on,
                    cast(base.end_minor as bigint) as base,
                    base.paying as n,
                    cast(base.end_minor + coalesce((
                        select sum(later.moved)
                        from months as later
                        where later.month_on > base.month_on
                            and later.month_on <= base.month_on + interval 12 month
                            {"and later.segment = base.segment" if request.by else ""}
                    ), 0) as bigint) as total
                from months as base
            )
            select movements.month_on as period, movements.* from movements where {inside}
        """)
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """The bridge has no interval: nobody is drawn, movements are added."""
        if request.variant != "bridge":
            return self.cohort.rows(frame, request, facts)
        found = frame.filter(pl.col("period").is_not_null()).drop("first_on", "month_on")
        spread = on_books(found, frame, request, facts)
        valued = spread.with_columns(
            pl.when(pl.col("base") > 0).then(pl.col("total") / pl.col("base")).alias("value"),
            major(pl.col("total"), facts).alias("total"),
            low=pl.lit(None),
            high=pl.lit(None),
        )
        answered = with_status(valued.drop("base", *ASIDE), request, nobody=self.cohort.nobody)
        return told(answered, spread, request, facts)

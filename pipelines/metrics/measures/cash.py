"""Cash metrics from payments: revenue, who paid, and who paid again."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.books import major
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.stats.proportions import wilson_interval

_NET_KINDS = ("charge", "refund", "dispute", "dispute_reversal")
_KINDS = {"gross": ("charge",), "net_of_fees": (*_NET_KINDS, "fee")}


def _statement(request: Request, facts: Facts, columns: str, kinds: tuple[str, ...]) -> Statement:
    """One row per period and segment of the payments of some kinds."""
    split = segmentation(request, facts, {"account_id": "revenue.account_id"})
    inside, parameters = in_range("revenue.happened_on", request)
    sql = f"""
        select
            {split.select}
            {bucket("revenue.happened_on", request, facts)} as period,
            {columns}
        from marts.revenue as revenue
        {split.joins}
        where list_contains($kinds, revenue.payment_kind) and {inside} and {split.predicate}
        group by all
    """
    return Statement(sql, {**parameters, **split.parameters, "kinds": list(kinds)})


@dataclass(frozen=True)
class Revenue:
    """Succeeded charges, less refunds and disputes, plus reversals, in the reporting currency.

    `gross` are the charges alone; `net_of_fees` takes off what the payment provider kept.
    """

    def statement(self, request: Request, facts: Facts) -> Statement:
        """total in minor units, n payments, and what could not be counted."""
        fee = "coalesce(revenue.fee_minor, 0)" if request.variant == "net_of_fees" else "0"
        columns = f"""
            cast(coalesce(sum(revenue.amount_minor - {fee}), 0) as bigint) as total,
            count(*) as n,
            string_agg(distinct revenue.currency, ', ' order by revenue.currency)
                filter (where revenue.amount_minor is null) as left_out,
            count(*) filter (where revenue.payment_kind = 'charge' and revenue.fee_minor is null)
                as without_fee
        """
        return _statement(request, facts, columns, _KINDS.get(request.variant or "", _NET_KINDS))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Money in major units; a covered period without payments is a real 0."""
        spread = on_calendar(frame, request, facts)
        valued = spread.with_columns(
            major(pl.col("total"), facts).alias("total"), low=pl.lit(None), high=pl.lit(None)
        ).with_columns(pl.col("total").alias("value"))
        answered = with_status(valued.drop("left_out", "without_fee"), request, is_count=True)
        sentences = pl.concat_str(
            pl.col("note"),
            pl.when(spread["left_out"].is_not_null()).then(
                pl.format(
                    "Left out: payments in {}, no rate to {} is known.",
                    spread["left_out"],
                    pl.lit(facts.settings.product.currency),
                )
            ),
            _unknown_fees(spread, request),
            separator=" ",
            ignore_nulls=True,
        )
        return answered.with_columns(pl.when(sentences != "").then(sentences).alias("note"))


def _unknown_fees(spread: pl.DataFrame, request: Request) -> pl.Expr:
    if request.variant != "net_of_fees":
        return pl.lit(None, dtype=pl.String)
    return pl.when(spread["without_fee"].fill_null(0) > 0).then(
        pl.format("The fee of {} charges is unknown and not taken off.", spread["without_fee"])
    )


@dataclass(frozen=True)
class PayingCustomers:
    """Distinct accounts with a charge in the period; a charge of 0.00 is one."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """n and total: distinct accounts."""
        columns = """
            count(distinct revenue.account_id) as n,
            count(distinct revenue.account_id) as total
        """
        return _statement(request, facts, columns, ("charge",))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """A count."""
        spread = on_calendar(frame, request, facts)
        valued = spread.with_columns(
            pl.col("n").alias("value"), low=pl.lit(None), high=pl.lit(None)
        )
        return with_status(valued, request, is_count=True)


@dataclass(frozen=True)
class RepeatCustomers:
    """Of the accounts with a charge in the period: those with two or more in all history."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """n accounts with a charge, total of them whose charge was not their first."""
        columns = """
            count(distinct revenue.account_id) as n,
            count(distinct revenue.account_id) filter (where revenue.charge_no >= 2) as total
        """
        return _statement(request, facts, columns, ("charge",))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """A share with its Wilson interval."""
        spread = on_calendar(frame, request, facts)
        low, high = wilson_interval(
            spread["total"].cast(pl.Float64).to_numpy(), spread["n"].cast(pl.Float64).to_numpy()
        )
        valued = spread.with_columns(
            pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n")).alias("value"),
            pl.Series("low", np.atleast_1d(low), dtype=pl.Float64),
            pl.Series("high", np.atleast_1d(high), dtype=pl.Float64),
        )
        return with_status(valued, request, nobody="Nobody paid in the period.")

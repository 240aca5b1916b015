"""Recurring revenue as money: its level at a period's end and the bridge between two ends."""

from dataclasses import dataclass

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.books import (
    ASIDE,
    last_month_of_period,
    major,
    on_axis,
    on_books,
    policy,
    told,
)
from pipelines.metrics.rows import contract, with_status
from pipelines.metrics.sql import Segmentation, bucket, in_range, segmentation

COMPONENTS = ("start", "new", "reactivation", "expansion", "contraction", "churn", "fx", "end")
_MOVES = COMPONENTS[1:-1]


def movement_parts(request: Request, facts: Facts) -> tuple[Segmentation, str, dict[str, object]]:
    """Segments, range predicate and parameters of a query over `movements`."""
    split = segmentation(request, facts, {"account_id": "movements.account_id"})
    inside, parameters = in_range("movements.month_on", request)
    return split, inside, {**parameters, **split.parameters, "policy": policy(request, facts)}


@dataclass(frozen=True)
class RunRate:
    """Recurring revenue at the end of each period, times `factor`."""

    factor: int = 1

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period and segment: total in minor units, n paying accounts."""
        split, inside, parameters = movement_parts(request, facts)
        sql = on_axis(f"""
            select
                {split.select}
                {bucket("movements.month_on", request, facts)} as period,
                movements.month_on,
                cast(sum(movements.end_minor) as bigint) as total,
                count(*) filter (where movements.is_paying_at_end) as n
            from marts.mrr_movements as movements
            {split.joins}
            where movements.policy_id = $policy and {inside} and {split.predicate}
                and {last_month_of_period("movements.month_on", request)}
            group by all
        """)
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Money in major units; a covered month without revenue is a real 0."""
        found = frame.filter(pl.col("period").is_not_null()).drop("first_on")
        spread = on_books(found, frame, request, facts).with_columns(
            major(pl.col("total") * self.factor, facts).alias("total")
        )
        valued = spread.with_columns(
            pl.col("total").alias("value"), low=pl.lit(None), high=pl.lit(None)
        )
        return told(with_status(valued, request, is_count=True), spread, request, facts)


@dataclass(frozen=True)
class Movements:
    """The bridge from one month's end to the next, in eight components.

    By default between the two snapshots; `event_booked` books every change when it happened,
    so that who joined and left inside the month shows on both sides.
    """

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per month and segment: `<component>` in minor units, `<component>_count`."""
        split, inside, parameters = movement_parts(request, facts)
        source = "booked" if request.variant == "event_booked" else "bridged"
        sums = ", ".join(
            f"cast(sum(movements.{name}_minor) as bigint) as {name}, "
            f'count(*) filter (where movements.{name}_minor <> 0) as "{name}_count"'
            for name in COMPONENTS
        )
        sql = on_axis(f"""
            with bridged as (
                select * from marts.mrr_movements where policy_id = $policy
            ),
            events as (
                select
                    month_on,
                    account_id,
                    {_booked_sums()}
                from marts.mrr_events
                where policy_id = $policy
                group by month_on, account_id
            ),
            booked as (
                select
                    bridged.month_on,
                    bridged.account_id,
                    bridged.start_minor,
                    {_booked_columns()},
                    bridged.end_minor - bridged.start_minor
                    - coalesce(events.net_minor, 0) as fx_minor,
                    bridged.end_minor,
                    false as is_short_stay
                from bridged
                left join events using (month_on, account_id)
            )
            select
                {split.select}
                movements.month_on as period,
                movements.month_on,
                {sums},
                count(*) filter (where movements.is_short_stay) as short_stays,
                (
                    select count(distinct subscription_id)
                    from marts.subscription_states where is_drawn
                ) as drawn
            from {source} as movements
            {split.joins}
            where {inside} and {split.predicate}
            group by all
        """)
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Eight rows per month (and segment), in the order in which they add up."""
        found = frame.filter(pl.col("period").is_not_null()).drop("first_on")
        keys = ["period", *ASIDE, *(["segment"] if request.by else [])]
        parts = [
            found.select(
                *keys,
                pl.lit(name).alias("component"),
                pl.col(name).alias("total"),
                pl.col(f"{name}_count").alias("n"),
                _aside(name).alias("aside"),
            )
            for name in COMPONENTS
        ]
        spread = on_books(pl.concat(parts), frame, request, facts, components=COMPONENTS)
        spread = spread.with_columns(major(pl.col("total"), facts).alias("total"))
        valued = spread.with_columns(
            pl.col("total").alias("value"), low=pl.lit(None), high=pl.lit(None)
        )
        answered = with_status(valued.drop("aside"), request, is_count=True)
        aside = pl.when(answered["status"] == "ok").then(spread["aside"])
        noted = answered.with_columns(pl.coalesce(pl.col("note"), aside).alias("note"))
        return told(contract(noted), spread, request, facts)


def _booked_sums() -> str:
    signed = {"contraction": "-", "churn": "-"}
    sums = [
        f"sum(case when movement_code = '{name}' then {signed.get(name, '')}value_minor else 0 end)"
        f" as {name}_minor"
        for name in _MOVES
        if name != "fx"
    ]
    return ", ".join([*sums, "sum(value_minor) as net_minor"])


def _booked_columns() -> str:
    return ", ".join(
        f"coalesce(events.{name}_minor, 0) as {name}_minor" for name in _MOVES if name != "fx"
    )


def _aside(component: str) -> pl.Expr:
    """What a component cannot say with its number alone."""
    if component in {"new", "churn"}:
        return pl.when((pl.col("short_stays") > 0) & (pl.col(component) == 0)).then(
            pl.format("{} joined and left inside the month: counted apart.", pl.col("short_stays"))
        )
    if component in {"expansion", "contraction"}:
        return pl.when(pl.col("drawn") > 0).then(
            pl.format(
                "Of {} subscriptions only the latest state is known, not how their price changed.",
                pl.col("drawn"),
            )
        )
    return pl.lit(None, dtype=pl.String)

"""From sign-up to first value: how many get there in time, and how soon."""

from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.stats.quantiles import nearest_rank, quantile_interval

KEYS = {
    "segment_key": "people.segment_key",
    "person_key": "people.person_key",
    "account_id": "people.account_id",
}
HOUR_US = 3_600_000_000
NOBODY = "Nobody signed up whose time is over."


def _unreached(percentile: int, days: int) -> str:
    by = f"within {days} days of signing up" if days else "so far"
    return f"Fewer than {percentile} % got there {by}."


def window(request: Request, facts: Facts) -> timedelta | None:
    """How long after sign-up activation counts; None = for ever."""
    named = request.variant
    if named == "any":
        return None
    if named:
        return timedelta(days=int(named.removesuffix("d")))
    activation = facts.settings.usage.activation
    return timedelta(days=activation.within_days if activation else 7)


def settling(request: Request, facts: Facts) -> Request:
    """The request with its metric settling after the window asked for."""
    after = window(request, facts) or timedelta(0)
    return replace(request, metric=replace(request.metric, settles_after=after))


def _members_sql(request: Request, facts: Facts) -> tuple[str, dict[str, object]]:
    """CTE `members`: period, segment, microseconds to activation, whether the time is over."""
    split = segmentation(request, facts, KEYS)
    inside, parameters = in_range("people.signed_up_on", request)
    limit = window(request, facts)
    through = facts.coverage[request.metric.settled_by].through_at
    sql = f"""
        with members as (
            select {split.select} {bucket("people.signed_up_on", request, facts)} as period,
                date_diff('microsecond', people.signed_up_at, people.activated_at) as took_us,
                date_diff('microsecond', people.signed_up_at, $through_at) >= $window_us as is_over
            from marts.activations as people {split.joins}
            where {split.predicate} and {inside}
        )
    """
    window_us = limit // timedelta(microseconds=1) if limit else 0
    return sql, {
        **split.parameters, **parameters, "through_at": through, "window_us": window_us,
    }  # fmt: skip


@dataclass(frozen=True)
class ActivationRate:
    """Share of those who signed up that did all activation events in time."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period, segment, n (members whose time is over), total (activated in time)."""
        members, parameters = _members_sql(request, facts)
        in_time = (
            "took_us is not null" if window(request, facts) is None else "took_us <= $window_us"
        )
        segment = "segment, " if request.by else ""
        sql = f"""{members}
            select {segment}period, count(case when is_over then 1 end) as n,
                cast(count(case when is_over and {in_time} then 1 end) as double) as total
            from members group by {segment}period
        """
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows."""
        placed = on_calendar(frame, settling(request, facts), facts)
        return with_status(estimate.share(placed), request, nobody=NOBODY)


@dataclass(frozen=True)
class TimeToValue:
    """Median and 85th percentile of the time to activation over the whole settled cohort."""

    percentiles: tuple[int, ...] = (50, 85)

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period, segment, n, hours (sorted, of those activated in time)."""
        members, parameters = _members_sql(request, facts)
        segment = "segment, " if request.by else ""
        sql = f"""{members}
            select {segment}period, count(case when is_over then 1 end) as n,
                list(took_us / {HOUR_US}.0 order by took_us) filter (
                    where is_over and took_us <= $window_us
                ) as hours
            from members group by {segment}period
        """
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows per percentile; those not activated rank behind all others."""
        days = (window(request, facts) or timedelta(0)).days
        shaped = []
        for row in frame.iter_rows(named=True):
            hours = row["hours"] or []
            for percentile in self.percentiles:
                share = percentile / 100
                slower = row["n"] - len(hours)
                value = nearest_rank(hours, share, censored=slower)
                low, high = quantile_interval(hours, share, censored=slower)
                is_reached = value == value  # noqa: PLR0124 (nan is the only value unlike itself)
                shaped.append(
                    {
                        "period": row["period"],
                        **({"segment": row["segment"]} if request.by else {}),
                        "percentile": percentile,
                        "n": row["n"],
                        "value": value,
                        "low": low,
                        "high": high,
                        "note": None
                        if is_reached or not row["n"]
                        else _unreached(percentile, days),
                    }
                )
        schema = {
            "period": pl.Date, **({"segment": pl.String} if request.by else {}),
            "percentile": pl.Int64, "n": pl.Int64, "value": pl.Float64, "low": pl.Float64,
            "high": pl.Float64, "note": pl.String,
        }  # fmt: skip
        found = pl.DataFrame(shaped, schema=schema, orient="row")
        if found.is_empty():
            found = pl.DataFrame(
                {"period": [None] * 2, "percentile": list(self.percentiles)},
                schema={"period": pl.Date, "percentile": pl.Int64},
            ).with_columns(
                pl.lit(0).alias("n"), *(pl.lit(None, dtype=pl.Float64).alias(name)
                for name in ("value", "low", "high")), pl.lit(None, dtype=pl.String).alias("note"),
            )  # fmt: skip
        placed = on_calendar(
            found.with_columns(pl.lit(None, dtype=pl.Float64).alias("total")),
            settling(request, facts),
            facts,
        ).with_columns(pl.lit(None, dtype=pl.Float64).alias("total"))
        return with_status(placed, request, nobody=NOBODY)

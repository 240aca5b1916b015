"""Percentiles and means of durations, those not ended yet ranking as longer than all others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import on_clock
from pipelines.metrics.rows import contract, on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range
from pipelines.stats.means import t_interval_from_sums
from pipelines.stats.quantiles import nearest_rank, quantile_interval

# metrics.md 1, NQ: p95 needs 20.
LEAST_FOR_P95 = 20
P95 = 95


@dataclass(frozen=True)
class Origin:
    """Where the durations of a variant stand.

    Attributes:
        table: The mart, one row per member.
        day: The day that dates a member.
        duration: SQL of the duration; null where it has not ended.
        where: Which rows are members.
        clock: Tables that say how far the members are known.
        way: "rank" for nearest rank, "between" for linear interpolation, "mean".
        is_open_counted: Members whose duration has not ended rank as longest; else they
            are left out, and the note says how many.
    """

    table: str
    day: str
    duration: str
    where: str
    clock: tuple[str, ...]
    way: str = "rank"
    is_open_counted: bool = False
    nobody: str = "Nothing ended in this period."


@dataclass(frozen=True)
class Durations:
    """Durations of the members of each period.

    Attributes:
        default: Of the metric itself.
        variants: Name → origin.
        percentiles: Which are handed out.
        left_out: The sentence about one member without a duration, and about several, with {}
            for their number.
    """

    default: Origin
    left_out: tuple[str, str]
    percentiles: tuple[int, ...] = (50, 85, 95)
    variants: Mapping[str, Origin] = field(default_factory=dict)

    def _origin(self, request: Request) -> Origin:
        return self.variants.get(request.variant or "", self.default)

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per member: period, duration."""
        origin = self._origin(request)
        asked, parameters = in_range(origin.day, request)
        sql = f"""
select {bucket(origin.day, request, facts)} as period, cast({origin.duration} as double) as duration
from {origin.table}
where {origin.where} and {origin.day} is not null and {asked}
"""
        if "$of" in sql:
            parameters["of"] = request.of
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period and percentile, or per period for a mean."""
        origin = self._origin(request)
        reach = on_clock(facts, request, origin.clock)
        if reach is None:
            return contract(pl.DataFrame())
        known = frame.group_by("period").agg(
            pl.col("duration").drop_nulls().sort().alias("durations"),
            pl.col("duration").null_count().cast(pl.Int64).alias("open"),
        )
        known = known.with_columns(
            (
                pl.col("durations").list.len().cast(pl.Int64)
                + (pl.col("open") if origin.is_open_counted else 0)
            ).alias("n"),
            pl.col("durations").list.sum().alias("total"),
        )
        placed = on_calendar(known, request, reach)
        if origin.way == "mean":
            told = with_status(_means(placed), request, nobody=origin.nobody)
            return self._noted(told, placed, origin)
        parts = []
        for percentile in self.percentiles:
            estimated = _percentiles(placed, percentile, origin)
            told = with_status(estimated, request, nobody=origin.nobody)
            parts.append(self._noted(_p95_is_careful(told), placed, origin))
        return pl.concat(parts).sort("period", "percentile")

    def _noted(self, rows: pl.DataFrame, placed: pl.DataFrame, origin: Origin) -> pl.DataFrame:
        """Says how many members have no duration, where they do not rank as longest."""
        if origin.is_open_counted:
            return rows
        rows = rows.join(placed.select("period", "open"), on="period", how="left")
        one, several = self.left_out
        sentence = (
            pl.when(pl.col("open") == 1)
            .then(pl.lit(one))
            .otherwise(pl.format(several, pl.col("open")))
        )
        note = (
            pl.when(pl.col("open") > 0)
            .then(pl.concat_str("note", sentence, separator=" ", ignore_nulls=True))
            .otherwise(pl.col("note"))
        )
        return rows.with_columns(note.alias("note")).drop("open")


def _percentiles(placed: pl.DataFrame, percentile: int, origin: Origin) -> pl.DataFrame:
    share = percentile / 100
    found: list[tuple[float | None, float | None, float | None, str | None]] = []
    for durations, n, state in placed.select("durations", "n", "state").rows():
        values = np.asarray(durations or [], dtype=float)
        censored = int(n) - values.size if origin.is_open_counted else 0
        if values.size + censored == 0:
            found.append((None, None, None, None))
            continue
        if origin.way == "between":
            value = float(np.quantile(values, share))
        else:
            value = nearest_rank(values, share, censored=censored)
        is_open = np.isnan(value) and state == "ok"
        note = f"Not reached: {censored} of {n} are still open." if is_open else None
        found.append((value, *quantile_interval(values, share, censored=censored), note))
    numbers = dict.fromkeys(("value", "low", "high"), pl.Float64)
    estimates = pl.DataFrame(found, schema={**numbers, "note": pl.String}, orient="row")
    return (
        placed.drop("durations", "total")
        .hstack(estimates)
        .with_columns(
            pl.lit(percentile, dtype=pl.Int64).alias("percentile"),
            pl.lit(None, dtype=pl.Float64).alias("total"),
        )
    )


def _means(placed: pl.DataFrame) -> pl.DataFrame:
    squares = [
        float(np.square(np.asarray(durations or [], dtype=float)).sum())
        for durations in placed["durations"].to_list()
    ]
    known = placed["durations"].list.len().fill_null(0).to_numpy()
    totals = placed["total"].fill_null(0.0).to_numpy()
    low, high = t_interval_from_sums(known, totals, squares)
    return placed.with_columns(
        pl.when(pl.col("durations").list.len() > 0)
        .then(pl.col("total") / pl.col("durations").list.len())
        .alias("value"),
        pl.Series("low", low),
        pl.Series("high", high),
    ).drop("durations")


def _p95_is_careful(rows: pl.DataFrame) -> pl.DataFrame:
    """p95 needs twice the members that other percentiles need."""
    is_thin = (
        (pl.col("percentile") == P95) & (pl.col("status") == "ok") & (pl.col("n") < LEAST_FOR_P95)
    )
    note = pl.format("Too few to judge: {} of at least {} needed.", pl.col("n"), LEAST_FOR_P95)
    return rows.with_columns(
        pl.when(is_thin).then(pl.lit("too_few")).otherwise(pl.col("status")).alias("status"),
        pl.when(is_thin).then(note).otherwise(pl.col("note")).alias("note"),
    )

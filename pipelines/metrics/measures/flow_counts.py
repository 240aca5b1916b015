"""Counts per period: work items that were finished, deployments that went well."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.flow_clock import on_clock
from pipelines.metrics.rows import contract, on_calendar, with_status
from pipelines.metrics.sql import bucket
from pipelines.stats.counts import dispersion, poisson_interval


@dataclass(frozen=True)
class Counted:
    """How many rows of a mart fall into each period.

    Attributes:
        table: The mart.
        day: Its day column.
        where: Which of its rows count; may use $of, the team asked for, null for all.
        by_variant: Variant → day column it counts by instead.
        distinct_days: The variant that counts days with at least one row.
        clock: Tables whose coverage together says how far the counts are known.
    """

    table: str
    day: str
    where: str
    clock: tuple[str, ...]
    by_variant: tuple[tuple[str, str], ...] = ()
    distinct_days: str | None = None

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period: n. All history, whatever range is asked: it tells the spread."""
        day = dict(self.by_variant).get(request.variant or "", self.day)
        is_days = request.variant is not None and request.variant == self.distinct_days
        count = f"count(distinct {day})" if is_days else "count(*)"
        total = request.every == "total"
        first = "$start" if total and request.start else "cast(null as date)"
        last = "$end" if total and request.end else "cast(null as date)"
        sql = f"""
select {bucket(day, request, facts)} as period, {count} as n, {count} as total
from {self.table}
where {self.where} and {day} is not null
    and ({first} is null or {day} >= {first}) and ({last} is null or {day} < {last})
group by 1
"""
        parameters: dict[str, Any] = {"of": request.of} if "$of" in self.where else {}
        if total and request.start:
            parameters["start"] = request.start
        if total and request.end:
            parameters["end"] = request.end
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per period; 0 is real where a source covers it."""
        reach = on_clock(facts, request, self.clock)
        if reach is None:
            return contract(pl.DataFrame())
        placed = on_calendar(frame, request, reach)
        low, high = poisson_interval(placed["n"].to_numpy(), 1.0, _spread(frame, request, reach))
        counted = placed.with_columns(
            pl.col("n").cast(pl.Float64).alias("value"),
            pl.Series("low", low),
            pl.Series("high", high),
        )
        return with_status(counted, request, is_count=True)


def _spread(frame: pl.DataFrame, request: Request, facts: Facts) -> float:
    """How much more the counts vary than chance, over all settled periods."""
    if request.every == "total":
        return 1.0
    everything = on_calendar(frame, replace(request, start=None, end=None), facts)
    settled = everything.filter(pl.col("state") == "ok")["n"].to_numpy()
    spread = dispersion(settled)
    return max(spread, 1.0) if spread == spread else 1.0  # noqa: PLR0124 (nan is no number)

"""Retention: which share of a cohort comes back, by whole intervals since its start."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import (
    contract,
    instant,
    local_day,
    next_period,
    periods,
    with_status,
)
from pipelines.metrics.sql import bucket, segmentation

START_KEYS = {"segment_key": "starts.segment_key", "person_key": "starts.person_key"}
# Before that, "first ever" only means "first in our data".
CENSORED_DAYS = 28
CENSORED = "Left-censored: tracking had just begun, so some of these are not new."
GROWING = "Still growing: compare only at equal follow-up."


def grain(request: Request, facts: Facts) -> str:
    """The interval: the one asked for; for a total that of `[retention] every`."""
    return facts.settings.retention.every if request.every == "total" else request.every


def variant(request: Request, facts: Facts) -> str | None:
    """The variant asked for, else the workspace's."""
    return request.variant or facts.settings.retention.variant


@dataclass(frozen=True)
class Retention:
    """First-time bounded calendar retention, and its variants."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """cohort, segment, age, n (members), total (who returned at that age)."""
        inner = replace(request, every=grain(request, facts))
        split = segmentation(request, facts, START_KEYS)
        segment = "segment, " if split.column else ""
        kind = variant(request, facts)
        source = "marts.retention_starts"
        cohort = bucket("starts.started_on", inner, facts)
        if kind == "recurring":
            source = "(select person_key, segment_key, day_on as started_on, started_at "
            source += "from marts.retention_days where started_at is not null)"
        age = _age_sql("cohort", "returned_on", inner.every)
        returns = f"""
            select members.*, {age} as age
            from members
            inner join (
                select distinct person_key, {bucket("day_on", inner, facts)} as returned_on
                from marts.retention_days where first_return_at is not null
            ) as returns
                on returns.person_key = members.person_key and returned_on >= cohort
        """
        if kind == "rolling_24h":
            moment = "date_diff('microsecond', members.started_at, {at}) // 86400000000"
            returns = " union ".join(
                f"""select members.*, {moment.format(at=f"days.{at}")} as age
                from members inner join marts.retention_days as days
                    on days.person_key = members.person_key
                where days.{at} >= members.started_at"""
                for at in ("first_return_at", "last_return_at")
            )
        if kind == "unbounded":
            returns = f"select * exclude (age), max(age) as age from ({returns}) group by all"
        sql = f"""
            with members as (
                select {split.select} starts.person_key, {cohort} as cohort,
                    min(starts.started_at) as started_at
                from {source} as starts {split.joins}
                where {split.predicate}
                group by starts.person_key, cohort{split.group}
            ),
            returned as ({returns}),
            sizes as (
                select {segment}cohort, count(*) as n,
                    list(started_at order by started_at) as starts
                from members group by {segment}cohort
            ),
            counts as (
                select {segment}cohort, age, count(distinct person_key) as total
                from returned group by {segment}cohort, age
            )
            select {"sizes.segment, " if segment else ""}sizes.cohort, sizes.n,
                {"sizes.starts" if kind == "rolling_24h" else "cast(null as timestamptz[])"}
                    as starts,
                list(struct_pack(age := counts.age, total := counts.total)) as ages
            from sizes
            left join counts on counts.cohort = sizes.cohort
                {"and counts.segment = sizes.segment" if segment else ""}
            group by all
            order by all
        """
        return Statement(sql, dict(split.parameters))

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """One row per cohort and age, or per age for `total`."""
        inner = replace(request, every=grain(request, facts))
        kind = variant(request, facts)
        cells = self._cells(frame, inner, facts, kind)
        if request.every == "total":
            return _averaged(cells, request, inner, facts, is_simple=kind == "simple")
        shaped = cells.drop("is_censored")
        placed = estimate.share(shaped).with_columns(
            pl.lit(None, dtype=pl.String).alias("component")
        )
        return with_status(placed.drop("component"), inner, nobody="Nobody has had the time yet.")

    def _cells(
        self, frame: pl.DataFrame, request: Request, facts: Facts, kind: str | None
    ) -> pl.DataFrame:
        """The triangle, settled or not: period, cohort, age, segment, n, total, state."""
        coverage = facts.coverage[request.metric.settled_by]
        product = facts.settings.product
        asked = {start for start, _, _ in periods(request, coverage, facts)}
        first = local_day(coverage.first_at, product.timezone)
        cells = []
        for row in frame.iter_rows(named=True):
            cohort: date = row["cohort"]
            if cohort not in asked:
                continue
            found = {cell["age"]: cell["total"] for cell in row["ages"] if cell["age"] is not None}
            censored = kind != "recurring" and cohort < first + timedelta(days=CENSORED_DAYS)
            age, start = 0, cohort
            while instant(start, product.timezone) < coverage.through_at:
                end = next_period(start, request.every)
                n, is_settled = row["n"], instant(end, product.timezone) <= coverage.through_at
                if kind == "rolling_24h":
                    limit = coverage.through_at - timedelta(hours=24 * (age + 1))
                    n = sum(moment <= limit for moment in row["starts"])
                    is_settled = n == row["n"]
                cells.append(
                    {
                        "period": cohort,
                        "period_end": next_period(cohort, request.every),
                        "cohort": cohort,
                        "age": age,
                        "segment": row.get("segment"),
                        "n": n,
                        "total": float(_total(found, age, n, kind)),
                        "state": "ok" if is_settled else "immature",
                        "note": _note(kind, censored=censored) if is_settled else None,
                        "is_censored": censored,
                    }
                )
                age, start = age + 1, end
        schema = {
            "period": pl.Date, "period_end": pl.Date, "cohort": pl.Date, "age": pl.Int64,
            "segment": pl.String, "n": pl.Int64, "total": pl.Float64, "state": pl.String,
            "note": pl.String, "is_censored": pl.Boolean,
        }  # fmt: skip
        shaped = pl.DataFrame(cells, schema=schema, orient="row")
        return shaped if request.by else shaped.drop("segment")


def _total(found: dict[int, int], age: int, n: int, kind: str | None) -> int:
    if age == 0:
        return n
    if kind == "unbounded":
        return sum(total for last, total in found.items() if last >= age)
    return found.get(age, 0)


def _note(kind: str | None, *, censored: bool) -> str | None:
    notes = [CENSORED] if censored else []
    if kind == "unbounded":
        notes.append(GROWING)
    return " ".join(notes) or None


def _age_sql(cohort: str, moment: str, every: str) -> str:
    if every in {"day", "week"}:
        days = f"cast({moment} - {cohort} as bigint)"
        return days if every == "day" else f"{days} // 7"
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    return (
        f"((year({moment}) - year({cohort})) * 12 + month({moment}) - month({cohort})) // {months}"
    )


def _averaged(
    cells: pl.DataFrame, request: Request, inner: Request, facts: Facts, *, is_simple: bool
) -> pl.DataFrame:
    """One row per age over the settled cells; left-censored cohorts stay out."""
    settled = cells.filter(pl.col("state") == "ok")
    known = settled.filter(~pl.col("is_censored"))
    note = None
    if known.is_empty() and not settled.is_empty():
        known, note = settled, CENSORED
    keys = ["age", *(["segment"] if "segment" in cells.columns else [])]
    coverage = facts.coverage[request.metric.settled_by]
    whole = periods(request, coverage, facts)
    if known.is_empty() or not whole:
        return contract(
            pl.DataFrame(schema={"period": pl.Date, "cohort": pl.Date, "age": pl.Int64})
        )
    start, end, _ = whole[0]
    pooled = (
        known.with_columns((pl.col("total") / pl.col("n")).alias("rate"))
        .group_by(keys)
        .agg(pl.col("n").sum(), pl.col("total").sum(), pl.col("rate").mean())
        .sort(keys)
        .with_columns(
            pl.lit(start).alias("period"),
            pl.lit(end).alias("period_end"),
            pl.lit(None, dtype=pl.Date).alias("cohort"),
            pl.lit("ok").alias("state"),
            pl.lit(note, dtype=pl.String).alias("note"),
        )
    )
    estimated = estimate.share(pooled)
    if is_simple:
        estimated = estimated.with_columns(
            pl.col("rate").alias("value"),
            pl.lit(None, dtype=pl.Float64).alias("low"),
            pl.lit(None, dtype=pl.Float64).alias("high"),
        )
    del inner
    return with_status(estimated.drop("rate"), request)

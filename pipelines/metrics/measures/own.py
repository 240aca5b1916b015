"""Own metrics: counts, sums, means, shares, distinct values, quantiles and ratios of a table."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.metrics import estimate
from pipelines.metrics.definition import Facts, Request, Statement, Unit
from pipelines.metrics.money import minor_per_major
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.stats.quantiles import nearest_rank, quantile_interval
from pipelines.workspace import ColumnMeasure, CountOf, OwnMetric, QuantileOf, RatioOf, ShareOf

KEYS = {
    "segment_key": "measures.segment_key",
    "person_key": "actors.person_key",
    "account_id": "measures.account_id",
}
# The column whose values are persons: two ids of one person are one.
PERSON = "user_id"


@dataclass(frozen=True)
class OwnMeasure:
    """The measure that `[[metric]]` declares."""

    own: OwnMetric

    def statement(self, request: Request, facts: Facts) -> Statement:
        """period, segment, part, n, total, total_of_squares, ids, values."""
        is_event = self.own.table == "events"
        table = "activity.own_event_measures" if is_event else "marts.own_measures"
        keys = KEYS if is_event else {name: KEYS[name] for name in ("person_key", "account_id")}
        split = segmentation(request, facts, keys)
        inside, parameters = in_range("measures.day_on", request)
        values = "cast(null as double[])"
        ranked = [
            str(number)
            for number, part in enumerate(self._parts(), 1)
            if isinstance(part, QuantileOf)
        ]
        if ranked:
            values = (
                "flatten(list(list_transform(range(measures.n), lambda i: measures.value)) "
                f"filter (where measures.part in ({', '.join(ranked)})))"
            )
        sql = f"""
            select {split.select} measures.part,
                {bucket("measures.day_on", request, facts)} as period,
                cast(sum(measures.n) as bigint) as n, sum(measures.total) as total,
                sum(measures.total_of_squares) as total_of_squares,
                count(distinct {self._identity()}) as ids, {values} as "values"
            from {table} as measures
            left join activity.actors as actors on actors.actor_key = measures.actor_key
            left join marts.excluded_accounts as excluded
                on excluded.account_id = measures.account_id
            {split.joins}
            where measures.metric_id = $metric_id and {inside} and {split.predicate}
                and not coalesce(actors.is_excluded, false) and excluded.account_id is null
            group by measures.part, period{split.group}
        """
        return Statement(sql, {**split.parameters, **parameters, "metric_id": self.own.id})

    def _identity(self) -> str:
        """SQL of what a distinct count counts: a user's id stands for the person behind it."""
        persons = [
            str(number)
            for number, part in enumerate(self._parts(), 1)
            if isinstance(part, ColumnMeasure) and part.column == PERSON
        ]
        if not persons:
            return "measures.id_text"
        person = "coalesce(cast(actors.person_key as varchar), measures.id_text)"
        return (
            f"case when measures.part in ({', '.join(persons)}) and measures.id_text is not null "
            f"then {person} else measures.id_text end"
        )

    def _parts(self) -> tuple[object, ...]:
        measure = self.own.measure
        if isinstance(measure, RatioOf):
            return measure.numerator, measure.denominator
        return (measure,)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows; money in major units of the reporting currency."""
        counted = frame.filter(pl.col("part") > 0)
        if request.metric.unit is not Unit.MONEY:
            return self._answered(counted, request, facts)
        currency = facts.settings.product.currency
        scales = {
            number: minor_per_major(currency)
            for number, part in enumerate(self._parts(), 1)
            if str(getattr(part, "column", "")).endswith("_minor")
        }
        answered = self._answered(_in_major(counted, scales), request, facts)
        return _with_left_out(answered, frame.filter(pl.col("part") == 0), request, currency)

    def _answered(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        measure = self.own.measure
        if isinstance(measure, RatioOf):
            return self._ratio(frame, request, facts, measure)
        one = frame.drop("part")
        if isinstance(measure, QuantileOf):
            return _quantile(one, request, facts, measure.p)
        if isinstance(measure, ShareOf):
            placed = on_calendar(_plain(one), request, facts)
            return with_status(estimate.share(placed), request)
        if isinstance(measure, ColumnMeasure) and measure.kind == "mean":
            placed = on_calendar(_plain(one), request, facts).with_columns(
                pl.col("total_of_squares").fill_null(0)
            )
            return with_status(estimate.mean(placed), request)
        return _summed(one, request, facts, measure)

    def _ratio(
        self, frame: pl.DataFrame, request: Request, facts: Facts, measure: RatioOf
    ) -> pl.DataFrame:
        """The first part over the second; no interval: the parts are full counts."""
        keys = ["period", *(["segment"] if request.by else [])]
        above, below = (
            _ranked(frame.filter(pl.col("part") == number), part).select(
                *keys, _amount(part).cast(pl.Float64).alias(name)
            )
            for number, part, name in (
                (1, measure.numerator, "total"),
                (2, measure.denominator, "base"),
            )
        )
        joined = below.join(above, on=keys, how="full", coalesce=True, nulls_equal=True)
        joined = joined.with_columns(pl.col("base", "total").fill_null(0)).with_columns(
            pl.col("base").round(0).cast(pl.Int64).alias("n")
        )
        placed = on_calendar(joined, request, facts)
        placed = placed.with_columns(
            pl.when(pl.col("base") != 0).then(pl.col("total") / pl.col("base")).alias("value"),
            pl.lit(None, dtype=pl.Float64).alias("low"),
            pl.lit(None, dtype=pl.Float64).alias("high"),
        )
        return with_status(placed.drop("base"), request, nobody="The denominator is 0.")


def _in_major(frame: pl.DataFrame, scales: Mapping[int, int]) -> pl.DataFrame:
    """The parts that are in minor units as major ones."""
    for part, scale in scales.items():
        here = pl.col("part") == part
        frame = frame.with_columns(
            pl.when(here).then(pl.col("total") / scale).otherwise("total").alias("total"),
            pl.when(here)
            .then(pl.col("total_of_squares") / scale**2)
            .otherwise("total_of_squares")
            .alias("total_of_squares"),
            pl.when(here)
            .then(pl.col("values").list.eval(pl.element() / scale))
            .otherwise("values")
            .alias("values"),
        )
    return frame


def _with_left_out(
    answered: pl.DataFrame, foreign: pl.DataFrame, request: Request, currency: str
) -> pl.DataFrame:
    """Says of each period how many rows are in another currency and not counted."""
    keys = ["period", *(["segment"] if request.by else [])]
    counts = foreign.select(*keys, pl.col("n").alias("foreign"))
    if request.every == "total" and answered.height:
        counts = counts.with_columns(pl.lit(answered["period"][0]).alias("period"))
    told = answered.join(counts, on=keys, how="left", nulls_equal=True, maintain_order="left")
    sentence = pl.format(
        "Left out: {} rows that are not in {}.", pl.col("foreign"), pl.lit(currency)
    )
    note = pl.concat_str("note", sentence, separator=" ", ignore_nulls=True)
    return told.with_columns(
        pl.when(pl.col("foreign") > 0).then(note).otherwise(pl.col("note")).alias("note")
    ).drop("foreign")


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("ids", "values")


def _amount(measure: object) -> pl.Expr:
    """The number that a part of a ratio stands for."""
    if isinstance(measure, ColumnMeasure) and measure.kind == "distinct":
        return pl.col("ids")
    if isinstance(measure, ShareOf) or getattr(measure, "kind", "") == "mean":
        return pl.col("total") / pl.col("n")
    return pl.col("n") if isinstance(measure, CountOf) else pl.col("total")


def _ranked(frame: pl.DataFrame, measure: object) -> pl.DataFrame:
    """The frame with a quantile, where that is measured, as its total."""
    if not isinstance(measure, QuantileOf):
        return frame
    found = [nearest_rank(sorted(values or []), measure.p) for values in frame["values"].to_list()]
    return frame.with_columns(pl.Series("total", found, dtype=pl.Float64))


def _summed(frame: pl.DataFrame, request: Request, facts: Facts, measure: object) -> pl.DataFrame:
    """Counts, distinct counts and sums: 0 is a real value in a covered period."""
    amount = _amount(measure).cast(pl.Float64)
    counted = frame.with_columns(amount.alias("total"))
    if isinstance(measure, CountOf) or getattr(measure, "kind", "") == "distinct":
        counted = counted.with_columns(pl.col("total").cast(pl.Int64).alias("n"))
    placed = on_calendar(_plain(counted), request, facts).with_columns(
        pl.col("total").fill_null(0).alias("value"),
        pl.col("total").fill_null(0),
        pl.lit(None, dtype=pl.Float64).alias("low"),
        pl.lit(None, dtype=pl.Float64).alias("high"),
    )
    return with_status(placed, request, is_count=True)


def _quantile(frame: pl.DataFrame, request: Request, facts: Facts, p: float) -> pl.DataFrame:
    ordered = [sorted(values or []) for values in frame["values"].to_list()]
    answers = [(nearest_rank(values, p), *quantile_interval(values, p)) for values in ordered]
    columns = list(zip(*answers, strict=True)) if answers else [(), (), ()]
    shaped = frame.drop("ids", "values").with_columns(
        *(
            pl.Series(name, column, dtype=pl.Float64)
            for name, column in zip(("value", "low", "high"), columns, strict=True)
        ),
        pl.lit(round(p * 100)).cast(pl.Int64).alias("percentile"),
        pl.lit(None, dtype=pl.Float64).alias("total"),
    )
    placed = on_calendar(shaped, request, facts)
    return with_status(placed.with_columns(pl.lit(None, dtype=pl.Float64).alias("total")), request)

"""One row per sprint: what was committed, what changed and what was done, as shares and sums."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import contract
from pipelines.stats.proportions import wilson_interval

RUNNING = "The sprint is still running."
NO_HISTORY = "No history tells who was in the sprint at its start: what was committed is unknown."
_ORIGINS = {
    "reconstructed": "Reconstructed from the history of changes.",
    "estimated": "Estimated: no history tells of sprints.",
}


@dataclass(frozen=True)
class Part:
    """One number of a sprint, from the columns of marts.sprints.

    Attributes:
        total: SQL of the numerator, or of the sum itself.
        n: SQL of the denominator; for a sum, of how many items it is over.
        is_share: Value is total over n; null where n is 0.
        is_interval: A share of items, with Wilson's interval.
        component: Name of the row, where a metric has several per sprint.
    """

    total: str
    n: str
    is_share: bool = True
    is_interval: bool = False
    component: str | None = None


@dataclass(frozen=True)
class PerSprint:
    """Numbers of each sprint that has begun.

    Attributes:
        parts: Of the metric itself.
        variants: Name → parts.
        needs_commitment: Unknown where no history tells of sprints.
        nobody: The sentence where the denominator is 0.
    """

    parts: tuple[Part, ...]
    variants: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    needs_commitment: bool = True
    nobody: str = "Nothing was committed at the start of the sprint."

    def _parts(self, request: Request) -> tuple[Part, ...]:
        return self.variants.get(request.variant or "", self.parts)

    def statement(self, request: Request, facts: Facts) -> Statement:  # noqa: ARG002
        """One row per sprint and part: period, period_end, id, label, n, total and its state."""
        selects = [
            f"""select started_on as period, cast(last_on + interval 1 day as date) as period_end,
    sprint_id as id, sprint_name as label, is_closed, origin_code, started_at, {number} as part_no,
    cast({part.n} as double) as n, cast({part.total} as double) as total
from marts.sprints
where cast($of as varchar) is null or sprint_id = $of or team_id = $of"""
            for number, part in enumerate(self._parts(request))
        ]
        return Statement("\nunion all\n".join(selects), {"of": request.of})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:  # noqa: ARG002
        """Sprints in the order in which they started; those that lie wholly in the range."""
        listed = within(frame, request).sort("started_at", "id", "part_no")
        parts = self._parts(request)
        shares = [number for number, part in enumerate(parts) if part.is_share]
        intervals = [number for number, part in enumerate(parts) if part.is_interval]
        low, high = wilson_interval(
            *(
                listed.select(pl.when(pl.col("part_no").is_in(intervals)).then(name).otherwise(0.0))
                .to_series()
                .to_numpy()
                for name in ("total", "n")
            )
        )
        is_share = pl.col("part_no").is_in(shares)
        valued = listed.with_columns(
            pl.when(~is_share)
            .then(pl.col("total"))
            .when(pl.col("n") != 0)
            .then(pl.col("total") / pl.col("n"))
            .alias("value"),
            pl.Series("low", low).fill_nan(None),
            pl.Series("high", high).fill_nan(None),
        )
        told = self._told(valued)
        if parts[0].component is not None:
            names = {number: part.component for number, part in enumerate(parts)}
            told = told.with_columns(
                pl.col("part_no").replace_strict(names, return_dtype=pl.String).alias("component")
            )
        return contract(told.with_columns(pl.col("n").round().cast(pl.Int64)))

    def _told(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Status and note; empties what is not known or not over."""
        is_unknown = pl.lit(self.needs_commitment) & (pl.col("origin_code") == "estimated")
        status = (
            pl.when(~pl.col("is_closed"))
            .then(pl.lit("immature"))
            .when(is_unknown | pl.col("value").is_null())
            .then(pl.lit("no_data"))
            .otherwise(pl.lit("ok"))
        )
        note = (
            pl.when(~pl.col("is_closed"))
            .then(pl.lit(RUNNING))
            .when(is_unknown)
            .then(pl.lit(NO_HISTORY))
            .when(pl.col("value").is_null())
            .then(pl.lit(self.nobody))
            .otherwise(pl.col("origin_code").replace_strict(_ORIGINS, default=None))
        )
        told = frame.with_columns(status.alias("status"), note.alias("note"))
        return told.with_columns(
            pl.when(pl.col("status") == "ok").then(pl.col(name)).alias(name)
            for name in ("value", "low", "high")
        ).with_columns(pl.when(pl.col("is_closed")).then(pl.col("total")).alias("total"))


def within(frame: pl.DataFrame, request: Request) -> pl.DataFrame:
    """The rows whose period lies wholly inside the range asked for."""
    if request.start:
        frame = frame.filter(pl.col("period") >= request.start)
    if request.end:
        frame = frame.filter(pl.col("period_end") <= request.end)
    return frame

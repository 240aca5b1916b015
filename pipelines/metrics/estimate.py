"""n, total and total_of_squares → value with its interval, a column operation on a whole frame."""

import polars as pl

from pipelines.stats.counts import poisson_interval
from pipelines.stats.means import t_interval_from_sums
from pipelines.stats.proportions import wilson_interval


def share(frame: pl.DataFrame) -> pl.DataFrame:
    """total/n with its Wilson interval (UW); nan where n is 0."""
    total, n = frame["total"].cast(pl.Float64), frame["n"].cast(pl.Float64)
    low, high = wilson_interval(total.to_numpy(), n.to_numpy())
    return frame.with_columns(
        (total / n).alias("value"), pl.Series("low", low), pl.Series("high", high)
    )


def mean(frame: pl.DataFrame) -> pl.DataFrame:
    """total/n with Student's interval (UT); needs total_of_squares."""
    sums = [frame[name].cast(pl.Float64) for name in ("n", "total", "total_of_squares")]
    low, high = t_interval_from_sums(*(column.to_numpy() for column in sums))
    return frame.with_columns(
        (sums[1] / sums[0]).alias("value"), pl.Series("low", low), pl.Series("high", high)
    )


def count(frame: pl.DataFrame) -> pl.DataFrame:
    """The count itself, a full count without a sampling interval (UX)."""
    return frame.with_columns(
        pl.col("n").cast(pl.Float64).alias("value"),
        pl.lit(None, dtype=pl.Float64).alias("low"),
        pl.lit(None, dtype=pl.Float64).alias("high"),
        pl.col("n").cast(pl.Float64).alias("total"),
    )


def count_with_interval(frame: pl.DataFrame) -> pl.DataFrame:
    """The count with its Poisson interval (UG)."""
    low, high = poisson_interval(frame["n"].cast(pl.Float64).to_numpy())
    return count(frame).with_columns(pl.Series("low", low), pl.Series("high", high))

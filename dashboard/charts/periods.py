"""Columns of rows over time as lists for a figure. Pure."""

import polars as pl

from dashboard.facts import Subject
from dashboard.format import interval, number, period


def days(points: pl.DataFrame, column: str = "period") -> list[str]:
    """Dates as ISO text, which a figure carries without converting."""
    return points[column].dt.to_string("%Y-%m-%d").to_list()


def solid(points: pl.DataFrame, column: str) -> list[float | None]:
    """The column where the status is ok, null elsewhere: a gap, not a guess."""
    kept = pl.when(pl.col("status") == "ok").then(pl.col(column))
    return points.select(kept.alias(column))[column].to_list()


def hover_words(points: pl.DataFrame, subject: Subject) -> list[str]:
    """What a row says when pointed at: period, value, interval, n."""
    words = []
    for row in points.iter_rows(named=True):
        plausible = interval(row["low"], row["high"], subject.unit)
        lines = [
            period(row["period"], row["period_end"]),
            f"<b>{number(row['value'], subject.unit)}</b>",
            f"95 %: {plausible}" if plausible else "",
            f"n = {row['n']:,}" if row["n"] is not None else "",
        ]
        words.append("<br>".join(line for line in lines if line))
    return words

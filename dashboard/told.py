"""Headlines that are true of the rows: what a chart of parts shows, in one line. Pure."""

from datetime import date

import polars as pl

from dashboard.format import NO_BREAK, day, interval, number, period, small_share


def last_known(points: pl.DataFrame) -> pl.DataFrame:
    """The rows of the newest period that has a value; empty where there is none."""
    if points.is_empty():
        return points
    known = points.filter(pl.col("value").is_not_null())
    return known.filter(pl.col("period") == pl.col("period").max())


def lifecycle_told(points: pl.DataFrame) -> str:
    """How many were active, how many of them new, and how many went quiet."""
    newest = last_known(points)
    if newest.is_empty():
        return "Who is new, who came back, who went quiet"
    parts = dict(newest.select("component", "value").iter_rows())
    active = sum(parts.get(name) or 0 for name in ("new", "returning", "resurrected"))
    when = period(newest["period"][0], newest["period_end"][0])
    if parts.get("dormant") is None:
        return f"{number(active, 'count')} active in the {when}"
    new, gone = number(parts["new"], "count"), number(parts["dormant"], "count")
    return f"{number(active, 'count')} active in the {when}: {new} new, {gone} gone quiet"


def retention_told(average: pl.DataFrame, every: str, age: int) -> str:
    """The pooled share that came back after so many intervals.

    Args:
        average: One row per age, as `retention --every total` gives them.
        every: Interval of the cohorts.
        age: In intervals; the oldest settled one if that is younger.
    """
    settled = average if average.is_empty() else average.filter(pl.col("value").is_not_null())
    if settled.is_empty() or settled["age"].max() == 0:
        return "Who comes back: no cohort can be pooled yet"
    oldest = min(int(settled.select(pl.col("age").max()).item()), age)
    row = settled.filter(pl.col("age") == oldest).row(0, named=True)
    if row["status"] == "too_few":
        counted = small_share(row["total"], row["n"], row["low"], row["high"])
        return f"After {oldest} {every}s {counted}"
    plausible = interval(row["low"], row["high"], "share")
    return (
        f"{number(row['value'], 'share')} come back {_after(oldest, every)}"
        f" (95{NO_BREAK}%: {plausible})"
    )


def funnel_told(steps: pl.DataFrame) -> str:
    """How many of those who began reached the last step, and the widest loss."""
    known = steps if steps.is_empty() else steps.filter(pl.col("total").is_not_null()).sort("step")
    if known.height < 2:  # noqa: PLR2004 (one step is no way to go)
        return "How far people get"
    rows = known.to_dicts()
    first, last = rows[0], rows[-1]
    if last["status"] == "too_few":
        counts = small_share(last["total"], last["n"] or 0, last["low"], last["high"])
        return f"{counts} reach the last step"
    losses = [
        (before["total"] - after["total"], before["component"], after["component"])
        for before, after in zip(rows, rows[1:], strict=False)
    ]
    most, before, after = max(losses, key=lambda loss: loss[0])
    told = f"{number(last['value'], 'share')} of {first['n']:,} reach the last step"
    if len(rows) == 2 or not most:  # noqa: PLR2004
        return told
    return f"{told}; most are lost between {before} and {after}"


def days_active_told(bins: pl.DataFrame) -> str:
    """The share of active people that came on one day only."""
    newest = last_known(bins)
    once = newest if newest.is_empty() else newest.filter(pl.col("component") == "1")
    if once.is_empty():
        return "On how many of 28 days people come"
    row = once.row(0, named=True)
    if row["status"] == "too_few":
        return (
            f"{small_share(row['total'], row['n'], row['low'], row['high'])} came on one day only"
        )
    return f"{number(row['value'], 'share')} of {row['n']:,} active people came on one day only"


def burn_up_told(points: pl.DataFrame, unit: str, last_on: date, *, is_closed: bool) -> str:
    """Done of scope, and whether that is how it ended."""
    newest = last_known(points)
    parts = {} if newest.is_empty() else dict(newest.select("component", "value").iter_rows())
    if "scope" not in parts or "done" not in parts:
        return "Nothing was planned"
    counted = f"{number(parts['done'], unit)} of {number(parts['scope'], unit)} {unit} done"
    return f"{counted} at the end" if is_closed else f"{counted}; ends on {day(last_on)}"


def ageing_told(items: pl.DataFrame, usual: float | None) -> str:
    """How many are in progress, and how many of them are older than most work got."""
    if items.is_empty():
        return "Nothing is in progress"
    noun = "item" if items.height == 1 else "items"
    told = f"{items.height:,} {noun} in progress"
    if usual is None:
        oldest = items.sort("value").row(-1, named=True)
        return f"{told}; the oldest for {number(oldest['value'], 'days')}"
    older = items.filter(pl.col("value") > usual).height
    return f"{told}, {older or 'none'} older than 85{NO_BREAK}% of finished work got"


def _after(age: int, every: str) -> str:
    return f"after {age} {every}s" if age > 1 else f"in the {every} after"

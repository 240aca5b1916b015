"""Observed aggregates → rows of the contract: calendar filled in, status and sentence set.

Every metric's frame passes through here, so "unknown is null with a sentence" is one place.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.metrics.definition import Coverage, Facts, MinimumN, Request, Settling

CONTRACT = {
    "period": pl.Date,
    "period_end": pl.Date,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "total": pl.Float64,
    "status": pl.String,
    "note": pl.String,
}
SHAPE_KEYS = ("segment", "cohort", "age", "component", "step", "percentile", "label", "id")

# metrics.md 1. Survey scores below the first number are withheld.
MINIMUM = {
    MinimumN.SURVEY: 30,
    MinimumN.PROPORTION: 30,
    MinimumN.QUANTILE: 10,
    MinimumN.CUSTOMERS: 20,
    MinimumN.NONE: 0,
}
SURVEY_HIDDEN_BELOW = 5


def period_start(day: date, every: str, week_start: str = "monday") -> date:
    """First day of the period of that grain which holds the day."""
    if every == "day":
        return day
    if every == "week":
        shift = day.weekday() if week_start == "monday" else (day.weekday() + 1) % 7
        return day - timedelta(days=shift)
    if every == "month":
        return day.replace(day=1)
    if every == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    if every == "year":
        return day.replace(month=1, day=1)
    raise ValueError(f"{every} is not a calendar grain")


def next_period(start: date, every: str) -> date:
    """First day after the period that starts on `start`."""
    if every == "day":
        return start + timedelta(days=1)
    if every == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def instant(day: date, timezone: str) -> datetime:
    """Local midnight at the start of a day, as UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of an instant in a time zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days (Monday to Friday) after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5  # noqa: PLR2004 (Saturday is 5)
    return day


def settled_at(end: date, request: Request, coverage: Coverage, timezone: str) -> datetime:
    """From which watermark on a period that ends on `end` is settled."""
    metric = request.metric
    if metric.settles is Settling.BOOKS:
        # Counted from the month's last day; the fifth one has to be over.
        last = add_working_days(end - timedelta(days=1), 5)
        return instant(last + timedelta(days=1), timezone)
    if metric.settles in {Settling.AT_ONCE, Settling.SPRINT}:
        return instant(end, timezone)
    if metric.settles is Settling.MEMBER:
        return instant(end, timezone) + metric.settles_after
    return instant(end, timezone) + coverage.lateness + metric.settles_after


def periods(request: Request, coverage: Coverage, facts: Facts) -> list[tuple[date, date, bool]]:
    """Whole periods to list, oldest first: (first day, first day after, is settled).

    Without a range: from the period of the oldest row to the one that holds the watermark.
    With one: the periods that lie wholly inside it. `total` is one period: the range asked
    for, or all history.
    """
    product = facts.settings.product
    first = local_day(coverage.first_at, product.timezone)
    # W is exclusive: a source complete to midnight has no part of the next day.
    last = local_day(coverage.through_at - timedelta(microseconds=1), product.timezone)
    last = max(first, last)
    if request.every == "total":
        start, end = request.start or first, request.end or last + timedelta(days=1)
        return [(start, end, True)]
    start = request.start or period_start(first, request.every, product.week_start)
    begin = period_start(start, request.every, product.week_start)
    if begin < start:
        begin = next_period(begin, request.every)
    stop = request.end or next_period(
        period_start(last, request.every, product.week_start), request.every
    )
    listed = []
    while (end := next_period(begin, request.every)) <= stop:
        settled = settled_at(end, request, coverage, product.timezone) <= coverage.through_at
        listed.append((begin, end, settled))
        begin = end
    return listed


def contract(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the contract's columns, then the shape's own keys it has.

    Columns that are missing become null; `status` defaults to ok.
    """
    keys = [key for key in SHAPE_KEYS if key in frame.columns]
    missing = [
        pl.lit("ok" if name == "status" else None, dtype=dtype).alias(name)
        for name, dtype in CONTRACT.items()
        if name not in frame.columns
    ]
    frame = frame.with_columns(missing)
    told = [pl.col(name).cast(dtype) for name, dtype in CONTRACT.items()]
    return frame.select(*told, *keys)


def on_calendar(
    frame: pl.DataFrame,
    request: Request,
    facts: Facts,
    *,
    components: Sequence[str] = (),
) -> pl.DataFrame:
    """Spreads observed aggregates over all periods asked for.

    Args:
        frame: One row per period that had anything and per shape key. Columns: period (date;
            any value for `total`), n and total (numbers), optional shape keys and further
            columns, which stay null where nothing was observed.
        request: The question.
        facts: Of the snapshot.
        components: Values of `component` that every period has, observed or not.

    Returns:
        One row per period and key, oldest first: the frame's columns plus period_end and
        `state` ("ok", "immature", "no_data"). n and total are 0 where nothing was observed.
    """
    coverage = facts.coverage[request.metric.settled_by]
    product = facts.settings.product
    listed = periods(request, coverage, facts)
    first = local_day(coverage.first_at, product.timezone)
    calendar = pl.DataFrame(
        [
            (start, end, _state(start, end, is_settled, first, coverage, product.timezone))
            for start, end, is_settled in listed
        ],
        schema={"period": pl.Date, "period_end": pl.Date, "state": pl.String},
        orient="row",
    )
    if request.every == "total" and listed:
        frame = frame.with_columns(pl.lit(listed[0][0]).alias("period"))
    keys = [key for key in SHAPE_KEYS if key in frame.columns]
    if components:
        named = pl.DataFrame({"component": list(components)}, schema={"component": pl.String})
        others = [key for key in keys if key != "component"]
        combos = frame.select(others).unique().join(named, how="cross") if others else named
        calendar = calendar.join(combos, how="cross")
    elif keys:
        calendar = calendar.join(frame.select(keys).unique(), how="cross")
    joined = calendar.join(frame, on=["period", *keys], how="left", nulls_equal=True)
    filled = joined.with_columns(pl.col("n", "total").fill_null(0))
    order = {name: position for position, name in enumerate(components)}
    if order:
        filled = filled.with_columns(
            pl.col("component").replace_strict(order, return_dtype=pl.Int64).alias("_order")
        )
        return filled.sort(
            ["period", *[key for key in keys if key != "component"], "_order"], nulls_last=True
        ).drop("_order")
    return filled.sort(["period", *keys], nulls_last=True)


def _state(  # noqa: PLR0913, PLR0917 (the six facts that decide)
    start: date, end: date, is_settled: bool, first: date, coverage: Coverage, timezone: str
) -> str:
    if end <= first or instant(start, timezone) >= coverage.through_at:
        return "no_data"
    return "ok" if is_settled else "immature"


def with_status(
    frame: pl.DataFrame,
    request: Request,
    *,
    is_count: bool = False,
    nobody: str = "Nobody is in the denominator.",
) -> pl.DataFrame:
    """Sets status and note, and empties what must not be shown.

    Args:
        frame: From `on_calendar`, with value, low and high computed (null or nan where they
            cannot be).
        request: The question.
        is_count: A count or sum: 0 is a real value and there is no minimum n.
        nobody: The sentence where n is 0.

    Returns:
        Contract rows.
    """
    metric = request.metric
    least = MINIMUM[metric.minimum]
    hidden = SURVEY_HIDDEN_BELOW if metric.minimum is MinimumN.SURVEY else 0
    has_nobody = pl.lit(False) if is_count else pl.col("n") == 0
    too_few = pl.lit(False) if is_count else pl.col("n") < least
    status = (
        pl.when(pl.col("state") != "ok")
        .then(pl.col("state"))
        .when(has_nobody | pl.col("value").is_null() | pl.col("value").is_nan())
        .then(pl.lit("no_data"))
        .when(too_few)
        .then(pl.lit("too_few"))
        .otherwise(pl.lit("ok"))
    )
    note = (
        pl.when(pl.col("status") == "immature")
        .then(pl.lit("Not settled yet: the data do not reach far enough."))
        .when(pl.col("state") == "no_data")
        .then(pl.lit("No source covers this period."))
        .when(pl.col("status") == "no_data")
        .then(pl.lit(nobody))
        .when((pl.col("status") == "too_few") & (pl.col("n") < hidden))
        .then(pl.format("Withheld: only {} answers, fewer than 5.", pl.col("n")))
        .when(pl.col("status") == "too_few")
        .then(pl.format("Too few to judge: {} of at least {} needed.", pl.col("n"), pl.lit(least)))
        .otherwise(pl.lit(None, dtype=pl.String))
    )
    if "note" in frame.columns:
        note = pl.coalesce(pl.col("note"), note)
    frame = frame.with_columns(status.alias("status")).with_columns(note.alias("note"))
    withheld = ~pl.col("status").is_in(["ok", "too_few"])
    if hidden:
        withheld = withheld | (pl.col("n") < hidden)
    empty = [
        pl.when(withheld | pl.col(name).is_nan()).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("value", "low", "high")
    ]
    frame = frame.with_columns(
        pl.col("value", "low", "high").cast(pl.Float64), pl.col("total").cast(pl.Float64)
    ).with_columns(empty)
    # n so far is told for an unsettled period; its numerator would already be a verdict, and
    # that of a withheld score would give it away.
    untold = (pl.col("status") == "immature") | (pl.col("n") < hidden)
    return contract(
        frame.with_columns(pl.when(untold).then(None).otherwise(pl.col("total")).alias("total"))
    )

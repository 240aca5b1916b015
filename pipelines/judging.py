"""A metric of a snapshot against itself: the newest span against the one before, or since a launch.

Asks the snapshot for rows and leaves the verdict to the pure core, metrics/comparing.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

import polars as pl

from pipelines.errors import UsageError
from pipelines.metrics import comparing, spans
from pipelines.metrics.comparing import Comparison
from pipelines.metrics.definition import Facts, Metric, Request
from pipelines.metrics.rows import SHAPE_KEYS, local_day
from pipelines.metrics.samples import is_sample
from pipelines.metrics.spans import Row, Sides, written

TRUSTED_FROM = 0.80
CALENDAR = ("day", "week", "month", "quarter", "year")
# Year-ago values stand beside from thirteen months of history on.
HISTORY_MONTHS = 13
DAYS_A_MONTH = 365.25 / 12
YEAR_OF_WEEKS = timedelta(days=364)
ONE_VALUE = "one value of all history has nothing before it."
MOST_LISTED = 6
# Recurring revenue at constant rates: what one month's fx movement adds to the metric.
_FX_FACTOR = {"mrr": 1, "arr": 12}

Pick = Mapping[str, Any]


class Reader(Protocol):
    """What is needed of a snapshot."""

    @property
    def facts(self) -> Facts:
        """Settings and coverage."""
        ...

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The catalogue, by id."""
        ...

    def answer(self, request: Request) -> pl.DataFrame:
        """Contract rows of a request."""
        ...

    def frame(self, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        """Rows of marts and control tables."""
        ...


@dataclass(frozen=True)
class _Series:
    """One series of a metric.

    Attributes:
        request: The question it answers.
        rows: Settled, oldest first.
        width: Days of the trailing window behind each value, 0 without one.
        pick: The shape keys that tell it from others.
        is_pooled: Spans are asked for as a whole, not period by period.
    """

    request: Request
    rows: tuple[Row, ...]
    width: int
    pick: Pick
    is_pooled: bool = False


# comparisons -------------------------------------------------------------------------------


def change(reader: Reader, request: Request, pick: Pick) -> Comparison:
    """The newest settled span against the previous one of the same length.

    Args:
        reader: The snapshot.
        request: The question; its end, if any, is where "newest" ends.
        pick: Shape keys of the one series that is meant, such as {"component": "new"}.

    Raises:
        UsageError: If the metric has several series and none is picked.
    """
    if request.every == "total":
        return comparing.too_little(ONE_VALUE)
    series, notes = _at_constant_rates(reader, _series(reader, request, pick))
    pair = spans.newest_pair(series.rows, request.every, series.width)
    sides = pair
    if not is_sample(request, (*pair.before, *pair.after)):
        sides = spans.newest_halves(series.rows, request.every, series.width)
    return _gated(reader, series, comparing.compared(request, sides), notes)


def change_since(reader: Reader, request: Request, launch_on: date, pick: Pick) -> Comparison:
    """The time since a launch against the same length before it.

    Args:
        reader: The snapshot.
        request: The question.
        launch_on: First day of the later span.
        pick: As in `change`.

    Raises:
        UsageError: If the metric has several series and none is picked.
    """
    grain = request.metric.every[0] if request.every == "total" else request.every
    if grain == "total":
        return comparing.too_little(ONE_VALUE)
    request = replace(request, every=grain)
    series, notes = _at_constant_rates(reader, _series(reader, request, pick))
    if not series.rows:
        return comparing.too_early("no period has settled yet.")
    samples = is_sample(request, series.rows)
    if samples and not series.width and _can_pool(reader, series):
        return _pooled_since(reader, series, launch_on)
    if samples and series.width:
        sides = spans.newest_on_both_sides(series.rows, launch_on, series.width)
    else:
        sides = spans.around(series.rows, launch_on, request.every, series.width)
    if not sides.after:
        found = comparing.too_early(f"no whole period since {written(launch_on)} has settled.")
    else:
        found = replace(comparing.compared(request, sides), since=launch_on)
    return _gated(reader, series, found, notes)


def _series(reader: Reader, request: Request, pick: Pick) -> _Series:
    if request.by:
        raise UsageError(
            f"{request.metric.id} by {request.by} is several series: name one segment by where."
        )
    asked = replace(request, start=None)
    rows, chosen = picked(reader.answer(asked), request.metric, pick)
    width = spans.window_days(request.metric, request.variant, request.every)
    return _Series(asked, spans.settled(rows), width, chosen)


def picked(frame: pl.DataFrame, metric: Metric, pick: Pick) -> tuple[pl.DataFrame, Pick]:
    """The rows of one series, and the keys that pick it.

    Left open, a funnel is its last step, a duration its median, a cohort its first interval.
    """
    chosen = dict(pick)
    for key in (key for key in SHAPE_KEYS if key in frame.columns and key not in chosen):
        if frame.is_empty() or key in {"label", "id", "cohort"}:
            continue
        if key == "step":
            chosen[key] = frame["step"].max()
        elif key == "percentile":
            chosen[key] = frame["percentile"].min()
        elif key == "age":
            chosen[key] = 1
        elif key == "component" and "step" not in frame.columns:
            names = frame["component"].unique(maintain_order=True).drop_nulls().to_list()
            more = ", …" if len(names) > MOST_LISTED else ""
            raise UsageError(
                f"{metric.id} is several series: pick a component of "
                f"{', '.join(names[:MOST_LISTED])}{more}."
            )
    for key, value in chosen.items():
        frame = frame.filter(pl.col(key) == value)
    return frame, chosen


def _can_pool(reader: Reader, series: _Series) -> bool:
    """Whether one question answers a whole span, each person counted once."""
    every = series.request.every
    if every not in CALENDAR or "total" not in series.request.metric.every:
        return False
    # The total of cohorts counts the intervals of the settings.
    return "age" not in series.pick or every == reader.facts.settings.retention.every


def _pooled_since(reader: Reader, series: _Series, launch_on: date) -> Comparison:
    """Everybody since the launch against everybody in as many whole weeks before."""
    first, end = _reach(reader, series)
    found = spans.whole_weeks_around(launch_on, first, end)
    if found is None and (launch_on - first).days < spans.WEEK.days:
        return comparing.too_little(
            f"the data begin on {written(first)}, less than a week before {written(launch_on)}."
        )
    if found is None:
        return comparing.too_early(f"no whole week since {written(launch_on)} has settled.")
    sides = [_pooled(reader, series, span.start, span.end) for span in found]
    comparison = comparing.compared(series.request, Sides(*sides))
    named = replace(comparison, before_span=found[0], after_span=found[1], since=launch_on)
    return _gated(reader, replace(series, is_pooled=True), named, ())


def _reach(reader: Reader, series: _Series) -> tuple[date, date]:
    """First day with data, and the first day that is not settled."""
    request = series.request
    coverage = reader.facts.coverage[request.metric.settled_by]
    first = local_day(coverage.first_at, reader.facts.settings.product.timezone)
    rows = series.rows
    if "day" in request.metric.every and request.every != "day" and "age" not in series.pick:
        rows = _series(reader, replace(request, every="day"), series.pick).rows or rows
    end: date = rows[-1]["period_end"]
    return first, end


def _pooled(reader: Reader, series: _Series, start: date, end: date) -> tuple[Row, ...]:
    asked = replace(series.request, every="total", start=start, end=end)
    rows, _ = picked(reader.answer(asked), asked.metric, series.pick)
    return tuple(rows.rows(named=True))


def _at_constant_rates(reader: Reader, series: _Series) -> tuple[_Series, tuple[str, ...]]:
    """Recurring revenue as it would have been at the newest month's exchange rates."""
    request = series.request
    factor = _FX_FACTOR.get(request.metric.id)
    if factor is None or not series.rows:
        return series, ()
    asked = replace(request, metric=reader.metrics["mrr_movements"], every="month")
    rows = reader.answer(asked).filter(pl.col("component") == "fx", pl.col("value") != 0)
    moved = {row["period"]: factor * row["value"] for row in rows.iter_rows(named=True)}
    if not moved:
        return series, ()
    if request.every != "month":
        return series, ("Changes of exchange rates are part of it.",)
    since = {
        row["period"]: sum(fx for month, fx in moved.items() if month > row["period"])
        for row in series.rows
    }
    last = series.rows[-1]["period"]
    adjusted = tuple(
        row if row["value"] is None
        else {**row, "value": row["value"] + since[row["period"]] - since[last]}
        for row in series.rows
    )  # fmt: skip
    return replace(series, rows=adjusted), (
        f"At the exchange rates of {last:%B %Y}: what rates alone moved is left out.",
    )


# gates and notes ---------------------------------------------------------------------------


def _gated(reader: Reader, series: _Series, found: Comparison, notes: Sequence[str]) -> Comparison:
    """The comparison after the gates that need more than its own rows."""
    before, after = found.before_span, found.after_span
    if before is None or after is None:
        return found
    start, end = before.start, after.end
    broken = _definition_change(reader, series.request.metric, start, end)
    doubt = _doubt(reader, series.request.metric, start, end)
    if broken:
        found = comparing.not_comparable(found, broken)
    elif doubt:
        found = comparing.doubted(found, doubt)
    year_ago, seasonality = _year_ago(reader, series, after)
    said = (*notes, seasonality) if seasonality else tuple(notes)
    return replace(found, year_ago=year_ago, notes=said)


def _definition_change(reader: Reader, metric: Metric, start: date, end: date) -> str | None:
    """What changed the meaning of the metric between two days, None if nothing did."""
    changes = reader.frame(
        "select happened_on from marts.annotations where marker_kind = 'definition_change' "
        "and happened_on > $start and happened_on < $end "
        "and (metric_id is null or metric_id = $metric_id) order by happened_on limit 1",
        {"start": start, "end": end, "metric_id": metric.id},
    )
    if changes.is_empty():
        return None
    return f"the definition changed on {written(changes.item())}."


def _doubt(reader: Reader, metric: Metric, start: date, end: date) -> str | None:
    """Why the data of a time must not carry a verdict, None if they may."""
    trust = Request(reader.metrics["data_trust"], of=metric.id, every="total", start=start, end=end)
    for row in reader.answer(trust).iter_rows(named=True):
        if row["value"] is not None and row["value"] < TRUSTED_FROM:
            return f"the data behind it are not to be trusted. {row['note'] or ''}".strip()
    return None


def _year_ago(reader: Reader, series: _Series, after: spans.Span) -> tuple[float | None, str]:
    """The later span's value a year earlier, or the sentence that it is not known."""
    coverage = reader.facts.coverage.get(series.request.metric.settled_by)
    if coverage is None:
        return None, ""
    first = local_day(coverage.first_at, reader.facts.settings.product.timezone)
    months = int((after.end - first).days / DAYS_A_MONTH)
    if months < HISTORY_MONTHS:
        return None, f"Seasonality not checked: {months} of {HISTORY_MONTHS} months of history."
    start, end = (_year_earlier(day, series.request.every) for day in (after.start, after.end))
    rows = [row for row in series.rows if start <= row["period"] and row["period_end"] <= end]
    if series.is_pooled:
        rows = list(_pooled(reader, series, start, end))
    elif series.width == after.periods:
        rows = [row for row in series.rows if row["period_end"] == end]
    values = [row["value"] for row in rows if row["value"] is not None]
    if not values or len(values) < len(rows):
        return None, "Seasonality not checked: a year earlier there is no value."
    return sum(values) / len(values), ""


def _year_earlier(day: date, every: str) -> date:
    """The day a year earlier; for days and weeks the same weekday."""
    if every in {"month", "quarter", "year"}:
        return day.replace(year=day.year - 1, day=min(day.day, 28))
    return day - YEAR_OF_WEEKS

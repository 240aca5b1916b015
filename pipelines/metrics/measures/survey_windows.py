"""Which answers make one row of a survey metric: a calendar period, 90 trailing days, a wave.

Pure. Each kind says how SQL finds an answer's window and where the window stands in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import polars as pl

from pipelines.errors import UsageError
from pipelines.metrics.definition import Coverage, Facts, Request
from pipelines.metrics.rows import instant, local_day, on_calendar, periods
from pipelines.metrics.sql import bucket, in_range

# How long an invitation is answered (metrics.md 1, SW).
FIELD_WINDOW = timedelta(days=14)
TRAILING_DAYS = timedelta(days=90)


@dataclass(frozen=True)
class WindowSql:
    """SQL that puts a row of a survey table into its window.

    Attributes:
        key: Expression that names the window.
        joins: To put behind the from clause.
        predicate: Which rows stand in a window at all.
        columns: Further columns of the window: name → expression.
        parameters: Of all of these.
    """

    key: str
    joins: str = ""
    predicate: str = "true"
    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Windows(Protocol):
    """One kind of window."""

    def sql(self, request: Request, facts: Facts) -> WindowSql:
        """How the query finds a row's window."""
        ...

    def placed(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """The frame, one row per window_key and segment, with period, period_end and state."""
        ...


@dataclass(frozen=True)
class CalendarWindows:
    """Periods of the calendar, or everything in one.

    Attributes:
        day: SQL of the local day that dates a row.
    """

    day: str

    def sql(self, request: Request, facts: Facts) -> WindowSql:
        """The period of the day."""
        predicate, parameters = in_range(self.day, request)
        return WindowSql(bucket(self.day, request, facts), "", predicate, {}, parameters)

    def placed(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """All periods asked for."""
        return on_calendar(frame.rename({"window_key": "period"}), request, facts)


@dataclass(frozen=True)
class TrailingWindows:
    """The 90 days up to each period's end; for `total` those up to the end of the data.

    Attributes:
        day: SQL of the local day that dates a row.
    """

    day: str

    def sql(self, request: Request, facts: Facts) -> WindowSql:
        """The windows as a joined relation: one row may stand in several."""
        relation, parameters = [], {}
        for number, (_, end, _) in enumerate(self._listed(request, facts)):
            relation.append(
                f"select {number} as window_no, cast($window_{number} as date) as end_on"
            )
            parameters[f"window_{number}"] = end
        if not relation:
            return WindowSql("0", predicate="false")
        days = TRAILING_DAYS.days
        joins = (
            f"inner join ({' union all '.join(relation)}) as windows\n"
            f"on {self.day} < windows.end_on and {self.day} >= windows.end_on - {days}"
        )
        return WindowSql("windows.window_no", joins, "true", {}, parameters)

    def placed(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """The windows in time; a running period is not settled."""
        calendar = pl.DataFrame(
            [(number, *window) for number, window in enumerate(self._listed(request, facts))],
            schema={"window_key": pl.Int64, "period": pl.Date, "period_end": pl.Date,
                    "state": pl.String},
            orient="row",
        )  # fmt: skip
        if "segment" in frame.columns:
            calendar = calendar.join(frame.select("segment").unique(), how="cross")
        keys = [key for key in ("window_key", "segment") if key in frame.columns]
        typed = frame.with_columns(pl.col("window_key").cast(pl.Int64))
        return calendar.join(typed, on=keys, how="left").sort(["period", *keys])

    @staticmethod
    def _listed(request: Request, facts: Facts) -> list[tuple[date, date, str]]:
        coverage = facts.coverage[request.metric.settled_by]
        if request.every == "total":
            end = request.end or _day_after(coverage, facts)
            return [(end - TRAILING_DAYS, end, "ok")]
        return [
            (start, end, "ok" if is_settled else "immature")
            for start, end, is_settled in periods(request, coverage, facts)
        ]


@dataclass(frozen=True)
class WaveWindows:
    """The waves of a survey.

    Attributes:
        table: Alias that has survey_id and wave_id.
    """

    table: str

    def sql(self, request: Request, facts: Facts) -> WindowSql:
        """The wave, if it lies wholly inside the range."""
        del facts
        parts, parameters = ["true"], {}
        if request.start:
            parts.append("waves.starts_on >= $range_start")
            parameters["range_start"] = request.start
        if request.end:
            parts.append("waves.ends_on < $range_end")
            parameters["range_end"] = request.end
        joins = f"""
            inner join marts.survey_waves as waves
                on {self.table}.survey_id = waves.survey_id
                and {self.table}.wave_id = waves.wave_id
            left join (
                select survey_id, wave_id, max(delivered_at) as last_sent_at
                from marts.survey_invitations
                where is_delivered
                group by survey_id, wave_id
            ) as sendings
                on waves.survey_id = sendings.survey_id and waves.wave_id = sendings.wave_id
        """
        columns = {
            name: f"waves.{name}"
            for name in ("starts_on", "ends_on", "next_starts_on", "is_dated_whole")
        } | {"last_sent_at": "sendings.last_sent_at"}
        return WindowSql("waves.wave_id", joins, " and ".join(parts), columns, parameters)

    def placed(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Waves by their first day, named by their id."""
        coverage = facts.coverage[request.metric.settled_by]
        timezone = facts.settings.product.timezone
        # Without a time of sending the last answer may have been asked for on its day.
        closes_on = pl.col("ends_on") + FIELD_WINDOW + timedelta(days=1)
        through_on = local_day(coverage.through_at, timezone)
        last_sent_at = pl.col("last_sent_at").dt.convert_time_zone("UTC")
        is_over = pl.coalesce(
            last_sent_at + FIELD_WINDOW <= coverage.through_at, closes_on <= through_on
        )
        has_ended = pl.col("ends_on") < through_on
        is_closed = (
            pl.col("is_dated_whole")
            | pl.col("next_starts_on").is_not_null()
            | (is_over & has_ended)
        )
        placed = frame.with_columns(
            pl.col("starts_on").alias("period"),
            (pl.col("ends_on") + timedelta(days=1)).alias("period_end"),
            pl.col("window_key").alias("label"),
            pl.col("window_key").alias("id"),
            pl.when(is_closed).then(pl.lit("ok")).otherwise(pl.lit("immature")).alias("state"),
        )
        return placed.sort(["period", "window_key"])


def windows_for(
    request: Request, day: str, table: str, *, is_trailing: bool = False
) -> CalendarWindows | TrailingWindows | WaveWindows:
    """The kind of window that a request asks for.

    Raises:
        UsageError: For trailing days of waves.
    """
    if request.every == "wave" and is_trailing:
        raise UsageError(
            f"{request.metric.id} {request.variant} has no waves: ask for months, or leave the "
            "variant out."
        )
    if request.every == "wave":
        return WaveWindows(table)
    return TrailingWindows(day) if is_trailing else CalendarWindows(day)


def with_open_field_windows(
    placed: pl.DataFrame, sent_days: Sequence[date], facts: Facts, coverage: Coverage
) -> pl.DataFrame:
    """Marks periods as immature while an invitation sent before their end can be answered.

    Args:
        placed: With period_end and state.
        sent_days: Local days on which the survey was sent; empty for a survey in the product
            and where no sending time is known.
        facts: Of the snapshot.
        coverage: Of the answers.

    Returns:
        The frame with `state` changed.
    """
    timezone = facts.settings.product.timezone
    open_ends = []
    for end in placed["period_end"].unique().drop_nulls():
        before = [day for day in sent_days if end - FIELD_WINDOW <= day < end]
        closes_on = max(before) + timedelta(days=1) + FIELD_WINDOW if before else end
        if before and instant(closes_on, timezone) > coverage.through_at:
            open_ends.append(end)
    is_open = pl.col("period_end").is_in(open_ends) & (pl.col("state") == "ok")
    return placed.with_columns(
        pl.when(is_open).then(pl.lit("immature")).otherwise(pl.col("state")).alias("state")
    )


def joint_coverage(facts: Facts, *tables: str) -> Coverage:
    """Where all the tables reach: the latest beginning, the earliest end."""
    found = [facts.coverage[table] for table in tables]
    return Coverage(
        first_at=max(coverage.first_at for coverage in found),
        through_at=min(coverage.through_at for coverage in found),
        lateness=max(coverage.lateness for coverage in found),
    )


def _day_after(coverage: Coverage, facts: Facts) -> date:
    """The first local day without data."""
    last: datetime = max(coverage.through_at - timedelta(microseconds=1), coverage.first_at)
    return local_day(last, facts.settings.product.timezone) + timedelta(days=1)

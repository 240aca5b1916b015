"""The restatement log: settled numbers that late or corrected rows changed (imports.md 1.5).

A few headline metrics at their own grain, in the default form, and only where rows arrived that
can move them: of events the past days that those rows lie on. Reads through the read API only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.errors import UsageError
from pipelines.metrics.definition import Metric, Unit
from pipelines.metrics.requests import checked_request
from pipelines.sources.landing import Landing

if TYPE_CHECKING:
    from pipelines.read import Snapshot

HEADLINES = ("dau", "nps", "csat", "mrr", "revenue", "feedback_volume", "throughput")
# Two runs of one query agree to this; floating sums may be added in another order.
SAME = 1e-9
MOST_KEPT = 10_000
LOG = pl.Schema(
    {
        "noted_at": pl.Datetime("us", "UTC"),
        "since_snapshot": pl.String(),
        "cause_code": pl.String(),
        "metric_id": pl.String(),
        "metric_name": pl.String(),
        "of_id": pl.String(),
        "every": pl.String(),
        "unit": pl.String(),
        "period_on": pl.Date(),
        "before_value": pl.Float64(),
        "after_value": pl.Float64(),
        "late_count": pl.Int64(),
    }
)
_EVENTS = ("events",)
_EVENT_COUNTS = (
    "select day_on, cast(sum(event_count) as bigint) from activity.actor_days "
    "where list_contains($days, day_on) group by day_on"
)
_EXISTS = (
    "select count(*) from information_schema.tables "
    "where table_schema = 'control' and table_name = 'restatements' "
    "and table_catalog = current_database()"
)


def changed_tables(before: "Snapshot", landing: Landing) -> frozenset[str]:
    """The canonical tables of which rows came in or went since a snapshot."""
    then = set(before.frame("select import_id from control.imports where is_in_force")["import_id"])
    now = {one.import_id for one in landing.in_force()}
    changed = [one for one in landing.manifests if one.import_id in then ^ now]
    return frozenset(name for one in changed for name, count in one.tables.items() if count)


def restated(
    before: "Snapshot",
    after: "Snapshot",
    tables: Collection[str],
    event_days: frozenset[date] | None,
    noted_at: datetime,
) -> pl.DataFrame:
    """One row per settled number that changed, in the columns of LOG.

    Args:
        before: The last snapshot.
        after: What is about to be published.
        tables: Canonical tables with other rows than then.
        event_days: Local days whose events may differ; None = any.
        noted_at: Start of the refresh.
    """
    same_rules = all(before.about[key] == after.about[key] for key in ("settings", "program"))
    noted = {
        "noted_at": noted_at,
        "since_snapshot": before.id,
        "cause_code": "rows" if same_rules else "rules",
    }
    rows: list[dict[str, Any]] = []
    for metric_id in HEADLINES:
        metric = after.metrics[metric_id]
        if same_rules and not set(metric.needs) & set(tables):
            continue
        span = _span(before, event_days) if same_rules and metric.needs == _EVENTS else {}
        if span is None or before.unavailable(metric) or after.unavailable(metric):
            continue
        things: list[str | None] = [thing for thing, _ in after.things(metric)]
        for of in things or [None]:
            rows += [noted | row for row in _changes(before, after, metric, of, span)]
    return pl.DataFrame(rows, schema=LOG, orient="row")


def _changes(
    before: "Snapshot", after: "Snapshot", metric: Metric, of: str | None, span: Mapping[str, date]
) -> Iterator[dict[str, Any]]:
    """What the log says of each changed period of one number."""
    old, new = (_values(one, metric.id, of, span) for one in (before, after))
    changed = [period for period, value in old.items() if not _same(value, new.get(period))]
    days = changed if metric.needs == _EVENTS else []
    then, now = (_event_counts(one, days) for one in (before, after))
    for period in changed:
        yield {
            "metric_id": metric.id,
            "metric_name": metric.name,
            "of_id": of,
            "every": metric.every[0],
            "unit": metric.unit.value,
            "period_on": period,
            "before_value": old[period],
            "after_value": new.get(period),
            "late_count": now.get(period, 0) - then.get(period, 0) if days else None,
        }


def _event_counts(snapshot: "Snapshot", days: Sequence[date]) -> dict[date, int]:
    """Local day → events in force, of the days asked for."""
    if not days:
        return {}
    return dict(snapshot.frame(_EVENT_COUNTS, {"days": list(days)}).iter_rows())


def _span(before: "Snapshot", days: frozenset[date] | None) -> dict[str, date] | None:
    """The past days to ask for, {} for all; None where there is none."""
    if days is None:
        return {}
    reach = before.facts.coverage.get("events")
    past = [day for day in days if reach and day <= reach.through_at.date()]
    return {"start": min(past), "end": max(past) + timedelta(days=1)} if past else None


def _values(
    snapshot: "Snapshot", metric_id: str, of: str | None, span: Mapping[str, Any]
) -> dict[date, float]:
    """First day of each settled period → its value."""
    try:
        asked = checked_request(
            snapshot.metrics, snapshot.settings, snapshot.things, metric_id, of=of, **span
        )
        rows = snapshot.answer(asked)
    except UsageError:
        return {}
    settled = rows.filter(pl.col("status") == "ok", pl.col("value").is_not_null())
    return dict(settled.select("period", "value").iter_rows())


def _same(left: float, right: float | None) -> bool:
    return right is not None and abs(left - right) <= SAME * max(1.0, abs(left))


def log_of(snapshot: "Snapshot | None") -> pl.DataFrame:
    """The log that a snapshot carries, newest first; empty where it has none."""
    if snapshot is None or not snapshot.frame(_EXISTS).item():
        return pl.DataFrame(schema=LOG)
    kept = snapshot.frame("select * from control.restatements").select(*LOG).cast(LOG)
    return kept.sort("noted_at", "metric_id", "period_on", descending=[True, False, False])


def appended(log: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The log with the newest rows on top, not longer than is kept."""
    return pl.concat([new, log]).head(MOST_KEPT)


def restated_text(new: pl.DataFrame) -> str | None:
    """The sentence of the import report; None where nothing settled changed."""
    if new.is_empty():
        return None
    parts = [
        _part(new.filter(pl.col("metric_id") == metric)) for metric in new["metric_id"].unique(
            maintain_order=True
        )
    ]  # fmt: skip
    return f"{' '.join(parts)} Frozen reviews keep their numbers."


def _part(rows: pl.DataFrame) -> str:
    """How many periods of one metric changed, and the largest change."""
    first = rows.row(0, named=True)
    count = rows["period_on"].n_unique()
    late = rows["late_count"].clip(0).sum() if rows["late_count"].count() else 0
    what = {True: f"{late:,} late events", False: "Late or corrected rows"}[late > 0]
    if late == 1:
        what = "1 late event"
    if first["cause_code"] == "rules":
        what = "Another setting or program"
    periods = f"{count:,} past {first['every']}{'' if count == 1 else 's'}"
    largest = max(rows.iter_rows(named=True), key=_size)
    return (
        f"{what} changed {periods} of {first['metric_name']} "
        f"(largest: {_period(largest)}, {_change(largest)})."
    )


def _period(row: Mapping[str, Any]) -> str:
    form = {"month": "%B %Y", "year": "%Y"}.get(row["every"], "%-d %B %Y")
    return f"{row['period_on']:{form}}"


def _size(row: Mapping[str, Any]) -> float:
    after = row["after_value"]
    if after is None:
        return float("inf")
    before = float(row["before_value"])
    change = abs(float(after) - before)
    return change / abs(before) if before else change


def _change(row: Mapping[str, Any]) -> str:
    """Relative for what has a zero; else both values."""
    before, after = row["before_value"], row["after_value"]
    if after is None:
        return f"{before:,.6g} is no longer known"
    has_zero = row["unit"] in {Unit.COUNT.value, Unit.MONEY.value}
    if has_zero and before > 0:
        sign = "+" if after > before else "\N{MINUS SIGN}"
        return f"{sign}{100 * abs(after - before) / before:.1f}\u00a0%"
    return f"{before:,.6g} → {after:,.6g}"

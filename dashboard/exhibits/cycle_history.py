"""What happened to a cycle, as tables: every event, every plan, every restated value."""

import polars as pl

from dashboard import records
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import DASH, day, number
from dashboard.records import Speaker

_ACTIONS = {
    "created": "begun",
    "edited": "changed",
    "check_begun": "Check begun",
    "replanned": "plan changed after the lock",
    "ready_date_moved": "ready date moved",
    "fast_path": "taken by the fast path",
}


def history_table(shown: Sheet, who: Speaker) -> pl.DataFrame:
    """Every event of the cycle, newest first."""
    rows = [
        (
            f"{event.at:%Y-%m-%d %H:%M}",
            who.name(event.actor_id),
            _ACTIONS.get(event.action, event.action.replace("_", " ")),
            f"{event.from_status or DASH} → {event.to_status}" if event.to_status else "",
            event.reason or "",
        )
        for event in reversed(shown.record.events)
    ]
    columns = ("When (UTC)", "Who", "What", "State", "Reason")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def versions_table(shown: Sheet, who: Speaker) -> pl.DataFrame:
    """Every locked version of the plan."""
    rows = [
        (
            str(row.plan_no),
            day(row.locked_at),
            who.name(row.locked_by),
            row.reason or "first lock",
            row.plan_hash[:12],
        )
        for row in shown.record.plans
    ]
    columns = ("Plan", "Locked", "By", "Why", "Hash")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def restatement_table(shown: Sheet, who: Speaker) -> pl.DataFrame:
    """Baseline values that would be others today; the frozen ones count."""
    primary = shown.record.plan.primary if shown.record.plan else None
    unit = shown.units.get(primary.metric_id, "") if primary else ""
    rows = [
        (day(point.start), number(point.value, unit), number(now, unit))
        for point, now in records.restated(who, shown.record)
    ]
    columns = ("Period from", "Frozen", "Today")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")

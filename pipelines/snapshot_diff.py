"""In which numbers two snapshots differ. Reads through the read API only."""

from typing import TYPE_CHECKING, Any

from pipelines.engines.duckdb import DatabaseError
from pipelines.errors import UsageError
from pipelines.metrics.plain import plain_row
from pipelines.metrics.requests import checked_request

if TYPE_CHECKING:
    from pipelines.read import Snapshot

# Two runs of one query agree to this; floating sums may be added in another order.
SAME = 1e-9
COMPARED = ("value", "low", "high", "n", "total", "status")
KEYS = ("period", "segment", "cohort", "age", "component", "step", "percentile", "id")

Numbers = dict[tuple[Any, ...], dict[str, Any]]


def changed_numbers(a: "Snapshot", b: "Snapshot") -> list[dict[str, Any]]:
    """Every default number in which two snapshots differ: its keys, and its values a and b."""
    changed: list[dict[str, Any]] = []
    for metric_id in sorted({*a.metrics, *b.metrics}):
        # Its value is worked out when read, so it always differs.
        if metric_id != "data_freshness":
            changed += _changed(a, b, metric_id)
    return changed


def _changed(a: "Snapshot", b: "Snapshot", metric_id: str) -> list[dict[str, Any]]:
    left, right = (_numbers(snapshot, metric_id) for snapshot in (a, b))
    found = []
    for key in sorted({*left, *right}, key=str):
        before, after = left.get(key), right.get(key)
        if _same(before, after):
            continue
        of, variant = key[:2]
        row = before or after or {}
        found.append(
            {
                "metric": metric_id,
                "of": of,
                "variant": variant,
                **{name: row[name] for name in row if name not in {*COMPARED, "note"}},
                "a": before and before["value"],
                "b": after and after["value"],
            }
        )
    return found


def _numbers(snapshot: "Snapshot", metric_id: str) -> Numbers:
    metric = snapshot.metrics.get(metric_id)
    if metric is None or snapshot.unavailable(metric):
        return {}
    found: Numbers = {}
    for of in (*(thing for thing, _ in snapshot.things(metric)),) or (None,):
        try:
            asked = checked_request(
                snapshot.metrics, snapshot.settings, snapshot.things, metric_id, of=of
            )
            rows = snapshot.answer(asked)
        except (UsageError, DatabaseError):
            continue
        for row in rows.iter_rows(named=True):
            plain = plain_row(row)
            found[of, None, *(plain.get(name) for name in KEYS)] = plain
    return found


def _same(before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
    if before is None or after is None:
        return False
    for name in COMPARED:
        left, right = before[name], after[name]
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            if abs(left - right) > SAME * max(1.0, abs(left)):
                return False
        elif left != right:
            return False
    return True

"""Expected and answered rows held against each other: what differs, in words.

Null is never 0; n and total are exact; value, low and high agree within the ask's tolerance.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KEYS = ("period", "segment", "component", "step", "cohort", "age", "percentile", "id", "label")
WITHIN_TOLERANCE, EXACT = ("value", "low", "high"), ("n", "total")
ENVELOPE = (
    "metric", "of", "name", "definition", "variant", "policy", "unit", "every", "by", "where",
    "snapshot", "as_of", "timezone", "note", "rows",
)  # fmt: skip
ROW = ("period", "period_end", "value", "low", "high", "n", "total", "status", "note")
STATUS = ("ok", "immature", "too_few", "no_data")
# Sums of floats may come in another order.
ROUNDING = 1e-12

Row = Mapping[str, Any]


def differences(ask: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """Everything in which an answer is not what was asked for; empty if it is right."""
    if ask["command"][0] == "refresh":
        return list(_sources(ask["expect"], body["sources"]))
    return [*_envelope(ask, body), *_rows(ask, body["rows"]), *_shapes(body["rows"])]


def _sources(wanted: Sequence[Row], sources: Sequence[Row]) -> Iterator[str]:
    for want in wanted:
        found = [source for source in sources if source["source"] == want["source"]]
        if len(found) != 1:
            yield f"source {want['source']}: {len(found)} entries, one expected"
            continue
        plain = {key: value for key, value in want.items() if key not in {"source", "tables"}}
        pairs = [(key, value, found[0].get(key)) for key, value in plain.items()]
        tables = found[0].get("tables") or {}
        pairs += [(key, value, tables.get(key)) for key, value in want.get("tables", {}).items()]
        for key, value, got in pairs:
            if got != value or isinstance(got, bool):
                yield f"source {want['source']}: {key} is {got!r}, expected {value!r}"


def _envelope(ask: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    for key in ENVELOPE:
        if key not in body:
            yield f"the answer lacks {key}"
    command = ask["command"]
    said = {"metric": command[1], "variant": None}
    for key in ("of", "variant", "policy", "every"):
        if f"--{key}" in command:
            said[key] = command[command.index(f"--{key}") + 1]
    for key, value in said.items():
        if body.get(key) != value:
            yield f"{key} is {body.get(key)!r}, expected {value!r}"
    if ask["unit"].isupper() and ask["unit"] not in str(body.get("unit")):
        yield f"unit is {body.get('unit')!r}, expected {ask['unit']}"


def _shapes(rows: Sequence[Row]) -> Iterator[str]:
    """What is wrong with rows by the contract alone."""
    for row in rows:
        for key in ROW:
            if key not in row:
                yield f"{_name(row)}: no key {key}"
        if row.get("status") not in STATUS:
            yield f"{_name(row)}: status {row.get('status')!r}"
        if row.get("value") is None and not str(row.get("note") or "").strip():
            yield f"{_name(row)}: no value, and no sentence that says why"


def _rows(ask: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    wanted = ask["expect"]
    used: set[int] = set()
    for want in wanted:
        keys = [key for key in KEYS if key in want]
        places = [
            place
            for place, row in enumerate(rows)
            if all(_text(key, row.get(key)) == _text(key, want[key]) for key in keys)
        ]
        used.update(places)
        if want.get("no_row"):
            yield from (f"{_name(want)}: a row where none is expected" for _ in places)
        elif len(places) > 1:
            yield f"{_name(want)}: {len(places)} rows answer, one expected"
        elif places:
            told = _row(want, rows[places[0]], ask["tolerance"])
            yield from (f"{_name(want)}: {text}" for text in told)
        elif not want.get("absent_ok"):
            yield f"{_name(want)}: no such row, expected {json.dumps(want.get('value'))}"
    if ask["rows"] != "subset":
        yield from _unexpected(ask, [row for at, row in enumerate(rows) if at not in used])


def _unexpected(ask: Mapping[str, Any], others: Sequence[Row]) -> Iterator[str]:
    periods = [_text("period", want["period"]) for want in ask["expect"] if "period" in want]
    for row in others:
        period = _text("period", row.get("period")) or ""
        is_asked = bool(periods) and str(min(periods)) <= period <= str(max(periods))
        if ask["rows"] == "all" or is_asked:
            yield f"{_name(row)}: not expected (value {json.dumps(row.get('value'))})"


def _row(want: Row, got: Row, tolerance: float) -> Iterator[str]:
    for key in (*WITHIN_TOLERANCE, *EXACT):
        if key in want and not _agrees(want[key], got.get(key), 0 if key in EXACT else tolerance):
            yield f"{key} is {json.dumps(got.get(key))}, expected {json.dumps(want[key])}"
    if "status" in want and got.get("status") != want["status"]:
        yield f"status is {got.get('status')}, expected {want['status']}"


def _agrees(want: float | None, got: object, tolerance: float) -> bool:
    if want is None or got is None:
        return want is got
    if not isinstance(got, (int, float)) or isinstance(got, bool) or not math.isfinite(got):
        return False
    return abs(got - want) <= max(tolerance, ROUNDING * abs(want))


def _text(key: str, value: object) -> str | None:
    if value is None:
        return None
    if key in {"period", "cohort"}:
        return str(value)[:10]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"{value:g}" if is_number else str(value)


def _name(row: Row) -> str:
    return " ".join(f"{key}={row[key]}" for key in KEYS if row.get(key) is not None) or "the row"

"""The one way in which records are written before they are hashed, and the hashes of reviews."""

import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np

from pipelines.errors import RecordsError

# What JSON can hold.
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

SIGNIFICANT_DIGITS = 12
# Whole numbers up to here are written without a point, so that 3 and 3.0 are one number.
LARGEST_PLAIN_NUMBER = 1e16
# The hash before the first event.
NO_HASH = "0" * 64

DEFINITION_PARTS = frozenset(
    "formula filters population window unit settling uncertainty variant policy "
    "taxonomy_version".split()
)
PLAN_PARTS = frozenset(
    "hypothesis metrics baseline target min_effect margins lag windows alpha control".split()
)
VALUE_KEY = ("metric_id", "segment_key", "grain", "period_start")
# Columns that hold decimals: 3 and 3.0 must not differ by the way they went through a database.
VALUE_DECIMALS = ("n", "total", "total_of_squares", "value", "lo", "hi", "target_value")


def canonical(value: object) -> bytes:
    r"""A value as UTF-8 NFC JSON: sorted keys, no spaces, ISO dates, explicit null.

    Decimals are rounded to 12 significant digits and whole ones written without a point.
    Lists keep their order; rows in no order of their own go through `sorted_rows` first.
    The text is a fixed point: `canonical(json.loads(canonical(x))) == canonical(x)`.

    Args:
        value: Text, numbers, dates, aware times, enumerations, mappings with text keys, lists,
            tuples and dataclasses of these.

    Raises:
        RecordsError: It holds NaN, infinity, a time without zone, a text that no database
            keeps, or a type without a canonical form; the message says where.

    >>> canonical({"b": 0.1 + 0.2, "a": [date(2026, 5, 4), None, 3.0]}).decode()
    '{"a":["2026-05-04",null,3],"b":0.3}'
    """
    return json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def plain(value: object, place: str = "value") -> Json:
    """What `canonical` writes, before it becomes text: JSON's own types only.

    Raises:
        RecordsError: As in `canonical`.

    >>> plain({"at": datetime(2026, 5, 4, 12, tzinfo=UTC), "share": Decimal("0.25")})
    {'at': '2026-05-04T12:00:00.000000Z', 'share': 0.25}
    """
    if isinstance(value, Enum):
        value = value.value
    elif isinstance(value, np.generic):
        value = value.item()
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, place)
        case int():
            return int(value)
        case float() | Decimal():
            return _number(value, place)
        case datetime():
            return _time(value, place)
        case date():
            return value.isoformat()
        case Mapping():
            return _object(value, place)
        case list() | tuple():
            return [plain(one, f"{place}[{number}]") for number, one in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return _object({each.name: getattr(value, each.name) for each in fields(value)}, place)
    raise RecordsError(f"{place} is a {type(value).__name__}: records hold no such thing.")


def _text(value: str, place: str) -> str:
    text = unicodedata.normalize("NFC", str(value))
    if "\0" in text:
        raise RecordsError(f"{place} holds a null character. Remove it and save again.")
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise RecordsError(
            f"{place} holds half a character at place {problem.start}. Type it again and save."
        ) from problem
    return text


def _number(value: float | Decimal, place: str) -> int | float:
    if not math.isfinite(value):
        raise RecordsError(f"{place} is {value}: records hold finite numbers or null.")
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    is_whole = rounded.is_integer() and abs(rounded) < LARGEST_PLAIN_NUMBER
    return int(rounded) if is_whole else rounded


def _time(value: datetime, place: str) -> str:
    if value.tzinfo is None:
        raise RecordsError(f"{place} is a time without a zone: {value}. Records hold UTC.")
    text = value.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def _object(value: Mapping[Any, object], place: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, one in value.items():
        if not isinstance(name, str):
            raise RecordsError(f"{place} has the key {name!r}: keys are text.")
        key = _text(name, f"a key of {place}")
        if key in found:
            raise RecordsError(f"{place} has the key {key!r} twice.")
        found[key] = plain(one, f"{place}.{key}")
    return found


def sorted_rows(rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> list[dict[str, Any]]:
    """Rows in the order of their keys, however they came.

    Raises:
        RecordsError: Two rows have the same key.

    >>> sorted_rows([{"id": "b", "n": 1}, {"id": "a", "n": 2}], ["id"])
    [{'id': 'a', 'n': 2}, {'id': 'b', 'n': 1}]
    """
    by_key: dict[bytes, dict[str, Any]] = {}
    for row in rows:
        name = canonical([row[column] for column in key])
        if name in by_key:
            raise RecordsError(f"Two rows have the key {name.decode()}: a key names one row.")
        by_key[name] = dict(row)
    return [by_key[name] for name in sorted(by_key)]


def hash_of(value: object) -> str:
    """The sha256 of a value's canonical form, as 64 hex digits."""
    return sha256(canonical(value)).hexdigest()


def definition_hash(body: Mapping[str, Any]) -> str:
    """The hash by which a metric's definition is known.

    Args:
        body: Exactly `DEFINITION_PARTS`; a part that a metric does not have is null.

    Raises:
        RecordsError: A part is missing or unknown.
    """
    _need(body, DEFINITION_PARTS, "A definition")
    if extra := sorted(set(body) - DEFINITION_PARTS):
        raise RecordsError(f"A definition has no part {', '.join(extra)}.")
    return hash_of(body)


def plan_hash(body: Mapping[str, Any]) -> str:
    """The hash that fixes a plan at its lock.

    Args:
        body: At least `PLAN_PARTS`; all else that stands in it is hashed as well.

    Raises:
        RecordsError: A part is missing.
    """
    _need(body, PLAN_PARTS, "A plan")
    return hash_of(body)


def _need(body: Mapping[str, Any], parts: frozenset[str], what: str) -> None:
    if missing := sorted(parts - set(body)):
        raise RecordsError(f"{what} needs {', '.join(missing)}; write null where there is none.")


def snapshot_id(
    *,
    values: Sequence[Mapping[str, Any]],
    definitions: Sequence[Mapping[str, Any]],
    filters: Mapping[str, Any],
    watermarks: Mapping[str, Any],
    targets: Sequence[Mapping[str, Any]],
    engine_version: str,
) -> str:
    """The id of a freeze: the hash of all that it shows, in any order of rows.

    Args:
        values: The columns of `frozen_value` but `snapshot_id`.
        definitions: Rows with `definition_hash`.
        filters: As in `snapshot.filters`.
        watermarks: Source → how far its data reach.
        targets: Rows with `target_id`.
        engine_version: What computed the values.

    Raises:
        RecordsError: A key comes twice, or a value has no canonical form.
    """
    return hash_of(
        {
            "values": sorted_rows([_as_stored(row) for row in values], VALUE_KEY),
            "definitions": sorted_rows(definitions, ["definition_hash"]),
            "filters": filters,
            "watermarks": watermarks,
            "targets": sorted_rows(targets, ["target_id"]),
            "engine_version": engine_version,
        }
    )


def _as_stored(row: Mapping[str, Any]) -> dict[str, Any]:
    decimals = {name: row[name] for name in VALUE_DECIMALS if row.get(name) is not None}
    return {**row, **{name: float(number) for name, number in decimals.items()}}


def body_hash(body: object) -> str:
    """The hash of published minutes."""
    return hash_of(body)


def event_hash(previous: str, event: Mapping[str, Any]) -> str:
    """The hash of an event, which holds all before it: sha256(previous hash + canonical event)."""
    return sha256(previous.encode() + canonical(event)).hexdigest()

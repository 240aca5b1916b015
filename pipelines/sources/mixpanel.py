"""Mixpanel events: as a warehouse table of a connector, and as raw NDJSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.errors import SourceError
from pipelines.sources.clock_changes import local_instant, written_time_notes
from pipelines.sources.definition import (
    Context,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Remark,
    Row,
    Value,
)
from pipelines.sources.mapping_file import MappingFile, parse_mapping

# Insert ids alone repeat: five sample events share three of them.
_KEY = ["event_name", "user_id", "occurred_at", "event_id"]
_OPTIONAL = {
    "anonymous_id": "distinct_id_before_identity",
    "platform_code": "os",
    "country_code": "mp_country_code",
    "received_at": "_fivetran_synced",
    "channel_code": "referring_domain",
}
_VERSIONS = ("app_version_string", "app_version", "app_release")
# Reserved properties that have a column of their own or name a device.
_TAKEN = frozenset({
    "time", "distinct_id", "$insert_id", "$device_id", "$user_id", "$os", "mp_country_code",
    "$app_version_string", "mp_processing_time_ms", "$email", "$name", "ip", "$ip", "$phone",
})  # fmt: skip


def mixpanel_table_mapping(header: Sequence[str], context: Context) -> MappingFile:
    """The mapping of the connector's `event` table; its times are UTC unless declared."""
    names = set(header)
    columns: dict[str, object] = {
        "event_id": "insert_id",
        "event_name": "name",
        "occurred_at": "time",
        "user_id": "distinct_id",
        "properties_json": "properties",
    }
    columns |= {column: name for column, name in _OPTIONAL.items() if name in names}
    versions = [name for name in _VERSIONS if name in names]
    if versions:
        columns["app_version"] = {"from": versions}
    return parse_mapping(
        {
            "import": {
                "target": "events",
                "timezone": context.timezone or "UTC",
                "key": _KEY,
                "duplicates": "keep_latest",
            },
            "columns": columns,
        }
    )


def mixpanel_objects(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """One event per object. Old projects count seconds in the project's zone, new ones in UTC.

    Raises:
        SourceError: `ask_timezone` while nobody said which.
    """
    if context.timezone is None:
        raise SourceError(
            "ask_timezone",
            f"{context.file_name}: Mixpanel writes times of older projects in the project's own "
            'zone, of newer ones in UTC. Which is it here? ("UTC" for projects made since 2023)',
            'timezone = "UTC"',
        )
    zone = ZoneInfo(context.timezone)
    written: list[datetime] = []
    for record in records:
        properties = record.values.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        clock = _epoch(properties.get("time"))
        written += [clock] if clock else []
        occurred_at = local_instant(clock, zone) if clock else None
        name = record.values.get("event")
        if occurred_at is None or not name:
            missing = "properties.time" if name else "event"
            raw = str(properties.get("time") or "")
            yield Refused(
                record.no, missing, raw, "bad_time", f"'{missing}' is missing or unusable."
            )
            continue
        yield Row(record.no, "events", _event(str(name), occurred_at, properties))
    yield from (Remark(note) for note in written_time_notes("properties.time", written, zone))


def _event(name: str, occurred_at: datetime, properties: dict[str, Any]) -> dict[str, Value]:
    distinct_id = str(properties.get("distinct_id") or "")
    device_id = str(properties.get("$device_id") or "") or None
    is_device = distinct_id.startswith("$device:") or distinct_id == device_id
    insert_id = str(properties.get("$insert_id") or "")
    kept = {key: value for key, value in properties.items() if key not in _TAKEN}
    return {
        "event_key": "/".join((name, distinct_id, occurred_at.isoformat(), insert_id)),
        "event_id": insert_id or None,
        "event_name": name,
        "occurred_at": occurred_at,
        "user_id": None if is_device else distinct_id or None,
        "anonymous_id": device_id or (distinct_id if is_device else None),
        "platform_code": properties.get("$os"),
        "country_code": properties.get("mp_country_code"),
        "app_version": properties.get("$app_version_string"),
        "properties_json": json.dumps(kept, ensure_ascii=False, sort_keys=True),
        "occurrence_no": 1,
    }


def _epoch(value: object) -> datetime | None:
    """What the clock of the project's zone showed so many seconds after 1970."""
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    if seconds > 1e11:  # noqa: PLR2004 (milliseconds: in seconds this is the year 5138)
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


PRESETS = (
    Preset(
        id="mixpanel_fivetran_csv",
        version="1",
        title="Mixpanel (Fivetran table)",
        fingerprint=Fingerprint(
            required=frozenset(
                {"distinct_id", "insert_id", "mp_processing_time_ms", "properties", "name", "time"}
            )
        ),
        tables=("events",),
        mapping=mixpanel_table_mapping,
    ),
    Preset(
        id="mixpanel_ndjson",
        version="2",
        title="Mixpanel (raw export)",
        fingerprint=Fingerprint(required=frozenset({"event", "properties"}), shape="objects"),
        tables=("events",),
        records=mixpanel_objects,
    ),
)

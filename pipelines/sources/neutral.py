"""Presets of our own: canonical CSV for every table, and generic product events."""

from collections.abc import Sequence

from pipelines.sources.definition import Context, Fingerprint, MappingMaker, Preset
from pipelines.sources.mapping_file import MappingFile, parse_mapping
from pipelines.sources.mapping_sql import neutral_mapping
from pipelines.sources.raw import normalised
from pipelines.sources.tables import MONEY_TABLES, TABLES, Table

# Filled by Launchloop where a file leaves them out, so no mark to know a file by.
_OPTIONAL = frozenset(
    """event_key occurrence_no change_no revision_no payment_id response_id survey_kind as_of_at
    product_id change_origin link_origin snapshot_origin time_quality answer_state currency
    service_id repo_id status_id""".split()
)


def _marks(table: Table) -> frozenset[str]:
    required = {
        column.name
        for column in table.columns
        if column.is_required
        and column.name not in _OPTIONAL
        and column.type != "BOOLEAN"
        and not (table.name == "releases" and column.name == "channel_code")
    }
    return frozenset(required)


def _mapping_of(table: Table) -> MappingMaker:
    def mapping(header: Sequence[str], context: Context) -> MappingFile:
        del context
        return parse_mapping(neutral_mapping(table, header))

    return mapping


NEUTRAL = tuple(
    Preset(
        id=f"neutral_{table.name}",
        version="1",
        title=f"Launchloop {table.name}",
        fingerprint=Fingerprint(
            required=_marks(table),
            only=frozenset({*table.column_names, "source_updated_at"}),
        ),
        tables=(table.name,),
        mapping=_mapping_of(table),
        is_money=table.name in MONEY_TABLES,
    )
    for table in TABLES.values()
)

_USER = ("user_id", "distinct_id")
_EVENT = ("event", "event_name", "name")
_TIME = ("timestamp", "time", "occurred_at")
_KNOWN = {
    "event_id": ("event_id", "insert_id", "uuid"),
    "received_at": ("received_at",),
    "anonymous_id": ("anonymous_id",),
    "account_id": ("account_id",),
    "session_id": ("session_id",),
    "platform_code": ("platform_code", "platform"),
    "app_version": ("app_version",),
    "channel_code": ("channel_code", "acquisition_channel", "channel"),
    "country_code": ("country_code", "country"),
    "properties_json": ("properties_json", "properties"),
}


def _events_mapping(header: Sequence[str], context: Context) -> MappingFile:
    """Known columns by name; reading.py keeps the others as properties of the event."""
    del context
    names = {normalised(text): text for text in header}
    columns = {}
    for target, spellings in (
        ("user_id", _USER), ("event_name", _EVENT), ("occurred_at", _TIME), *_KNOWN.items()
    ):  # fmt: skip
        found = next((names[spelling] for spelling in spellings if spelling in names), None)
        if found:
            columns[target] = found
    return parse_mapping({"import": {"target": "events", "decimal": "."}, "columns": columns})


EVENTS = Preset(
    id="events_csv",
    version="1",
    title="Product events",
    fingerprint=Fingerprint(
        one_of=(frozenset(_USER), frozenset(_EVENT), frozenset(_TIME)),
        forbidden=frozenset({"mp_processing_time_ms"}),
    ),
    tables=("events",),
    mapping=_events_mapping,
    keeps_properties=True,
)

PRESETS = (*NEUTRAL, EVENTS)

"""Which rows of the data a setting means: events by name, and segments by column."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from pipelines.workspace.frozen import Frozen
from pipelines.workspace.values import Conditions, SettingError, Text, as_list, as_pairs, shown

ANY_EVENT = "*"
SEGMENT_TABLES = ("events", "users", "accounts")
SEGMENT_CURE = 'write "events.COLUMN", "events.properties.KEY", "users.COLUMN" or "accounts.COLUMN"'


class EventMatch(Frozen):
    """Events by name, `"*"` for every name, narrowed by columns or properties of `events`."""

    event: Text
    where: Conditions = ()

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"event": value} if isinstance(value, str) else value


class Segment(Frozen):
    """A named way to split numbers: a column, or a key of the events' properties."""

    name: Text
    table: str
    column: str
    property_key: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_place(cls, value: object) -> object:
        """Reads a `(name, place)` pair of the table `[segments]`."""
        if not isinstance(value, tuple):
            return value
        name, place = value
        table, _, column = place.partition(".") if isinstance(place, str) else ("", "", "")
        if table not in SEGMENT_TABLES or not column:
            raise SettingError(f"{shown(place)} is not a segment; {SEGMENT_CURE}")
        if table == "events" and column.startswith("properties."):
            key = column.removeprefix("properties.")
            if key:
                return {**_place(name, table, "properties_json"), "property_key": key}
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", column):
            raise SettingError(f'"{column}" is not a column of {table}; {SEGMENT_CURE}')
        return _place(name, table, column)

    @property
    def place(self) -> str:
        """The segment as `[segments]` writes it."""
        if self.property_key is None:
            return f"{self.table}.{self.column}"
        return f"{self.table}.properties.{self.property_key}"


def _place(name: str, table: str, column: str) -> dict[str, str]:
    return {"name": name, "table": table, "column": column}


def _table(segments: tuple[Segment, ...]) -> dict[str, str]:
    return {segment.name: segment.place for segment in segments}


Segments = Annotated[tuple[Segment, ...], BeforeValidator(as_pairs), PlainSerializer(_table)]
Events = Annotated[tuple[EventMatch, ...], BeforeValidator(as_list)]
SomeEvents = Annotated[tuple[EventMatch, ...], BeforeValidator(as_list), Field(min_length=1)]

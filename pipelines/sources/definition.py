"""What a preset is: how one system's export is recognised and turned into canonical rows.

Pure: a preset never opens a file. It says either which mapping types its rows in SQL, or how
its records become rows one by one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipelines.sources.mapping_file import MappingFile
from pipelines.workspace import SourceSettings, Workspace

# A header that is ours to the letter beats any resemblance to a vendor's.
OWN_LAYOUT = 100

Value = str | int | float | bool | datetime | date | list[str] | None


@dataclass(frozen=True)
class Fingerprint:
    """By which header a preset knows its files; position never counts.

    Attributes:
        required: Normalised names that must all be there.
        forbidden: Names that must not be there.
        one_of: Groups of which each must have at least one name there.
        shape: "table" for CSV, XLSX and Parquet, "objects" for JSON.
        first: The name of the first column, where the format is known by it.
        second_row: A pattern that some cell of the second row must match.
        only: Where set, no other names may stand in the header: a layout of our own.
    """

    required: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()
    shape: str = "table"
    first: str | None = None
    second_row: str | None = None
    only: frozenset[str] = frozenset()

    def matches(self, header: Sequence[str], second_row: Sequence[str] = ()) -> bool:
        """Whether a normalised header (and second row) bears all marks."""
        names = set(header)
        return (
            self.required <= names
            and (not self.only or names <= self.only)
            and not self.forbidden & names
            and all(group & names for group in self.one_of)
            and (self.first is None or (bool(header) and header[0] == self.first))
            and (
                self.second_row is None
                or any(re.search(self.second_row, cell) for cell in second_row)
            )
        )

    @property
    def weight(self) -> int:
        """How specific it is; the heaviest match wins."""
        marks = len(self.required) + len(self.one_of) + len(self.forbidden)
        exact = OWN_LAYOUT if self.only else 0
        return exact + marks + 2 * (self.first is not None) + 2 * (self.second_row is not None)


@dataclass(frozen=True)
class Record:
    """One record of a file: header → text, or the JSON object as it came.

    A header that occurs several times is kept as `name`, `name#2`, `name#3`, left to right.
    """

    no: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of a canonical table made from a record; the engine types and checks it."""

    record_no: int
    table: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Dropped:
    """A record left out by a named rule."""

    record_no: int
    rule: str


@dataclass(frozen=True)
class Refused:
    """A record that cannot be used."""

    record_no: int
    column: str
    raw: str
    code: str
    text: str


@dataclass(frozen=True)
class BadCell:
    """An optional cell that cannot be used; its row is loaded without it."""

    record_no: int
    column: str
    raw: str
    code: str
    text: str


@dataclass(frozen=True)
class Remark:
    """A sentence for the report, about the file as a whole."""

    text: str


Made = Row | Dropped | Refused | BadCell | Remark


@dataclass(frozen=True)
class Context:
    """What a preset may know beside the file.

    Attributes:
        source: The source's settings.
        workspace: All settings.
        file_name: Relative to the workspace.
        exported_at: Of this file, None if unknown.
        timezone: For naive times, None if nobody said.
        header_rows: The cells of each header row as they stand in the file, by position.
        siblings: Records of other files of the same source, by preset id, for presets that
            name them in `reads_with`.
    """

    source: SourceSettings
    workspace: Workspace
    file_name: str
    exported_at: datetime | None = None
    timezone: str | None = None
    header_rows: Sequence[Sequence[str]] = ()
    siblings: Mapping[str, Sequence[Record]] = field(default_factory=dict)


MappingMaker = Callable[[Sequence[str], Context], MappingFile]
RowMaker = Callable[[Iterable[Record], Context], Iterator[Made]]


@dataclass(frozen=True)
class Preset:
    """How one system's export is read.

    Attributes:
        id: As named in `[[source]] preset`.
        version: Goes into the mapping hash; raise it when the rows would change.
        title: For people.
        fingerprint: How its files are known.
        tables: Canonical tables it fills; the first one decides a record's fate.
        mapping: Header and context → mapping, for files typed in SQL.
        records: Records and context → rows, for trees and joins.
        reads_with: Ids of presets whose files of the same source it looks into.
        is_lookup: Fills no table itself: its records are used by others.
        header_rows: How many rows the header has.
        is_money: Any bad row holds the import.
        keeps_properties: Columns that it does not know are kept in properties_json.
    """

    id: str
    version: str
    title: str
    fingerprint: Fingerprint
    tables: tuple[str, ...]
    mapping: MappingMaker | None = None
    records: RowMaker | None = None
    reads_with: tuple[str, ...] = ()
    is_lookup: bool = False
    header_rows: int = 1
    is_money: bool = False
    keeps_properties: bool = False

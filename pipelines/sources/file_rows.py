"""What reads a file, and what came out of it: the values that pass between the import's steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.sources.definition import Preset, Record
from pipelines.sources.mapping_file import MappingFile
from pipelines.sources.raw import LineFinder, Problem
from pipelines.sources.typed import Typed

# Preset ids → records of the same source's other files.
SiblingRecords = Callable[[Sequence[str]], Mapping[str, Sequence[Record]]]


@dataclass(frozen=True)
class Choice:
    """What reads a file: a preset, a mapping of the user, or both."""

    preset: Preset | None
    mapping: MappingFile | None
    header: tuple[str, ...]
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def identity(self) -> str:
        """Changes when the same file would be read in another way."""
        if self.mapping is not None:
            return self.mapping.model_dump_json()
        assert self.preset
        return f"{self.preset.id} {self.preset.version}"

    @property
    def reads_with(self) -> tuple[str, ...]:
        """Presets whose files are looked into."""
        return self.preset.reads_with if self.preset else ()


@dataclass(frozen=True)
class FileRows:
    """A file's rows, typed and ready to be keyed.

    Attributes:
        typed: One per canonical table.
        primary: The table that decides a record's fate.
        read: Input records, refused ones included.
        dropped_by: Rule → records left out.
        problems: Refused records and cells.
        notes: Sentences for the report.
        key: Columns that a mapping declares as key; empty = the table's own.
        duplicates: "keep", "drop" or "keep_latest" of the mapping.
        is_full: A row that is absent was deleted at the source.
        is_money: Any bad row holds the import.
        salt: The mapping's constants: equal rows of two waves are two answers.
        line_of: Record numbers → physical lines.
        date_orders: Header → order of day and month that its texts settled.
    """

    preset_id: str
    preset_version: str
    typed: tuple[Typed, ...]
    primary: str
    read: int
    dropped_by: dict[str, int]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    key: tuple[str, ...]
    duplicates: str
    is_full: bool
    is_money: bool
    salt: str
    line_of: LineFinder
    date_orders: dict[str, str] = field(default_factory=dict)

    @property
    def dropped(self) -> int:
        """Records left out by a rule."""
        return sum(self.dropped_by.values())

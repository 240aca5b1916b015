"""A mapping: which columns of a file become which columns of a canonical table (TOML or Python)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipelines.sources.tables import TABLES
from pipelines.workspace.document import Problem, parsed, problem_report, read_text, validated
from pipelines.workspace.frozen import Frozen
from pipelines.workspace.sources import Scale
from pipelines.workspace.values import (
    Column,
    Conditions,
    Count,
    Delimiter,
    Number,
    Origin,
    Positive,
    Scalar,
    SettingError,
    Text,
    Texts,
    Zone,
    as_list,
    listed,
    nearest,
    shown,
)

# Beside the columns of part 2 a file may say when its rows were last changed.
UPDATE_TIME = "source_updated_at"

_NUMBERS = ("BIGINT", "DOUBLE", "DECIMAL")
_NAMED_FORMATS = ["epoch_s", "epoch_ms", "epoch_us", "spreadsheet"]

# Where a value comes from; of several the first that is filled.
Origins = Annotated[tuple[Origin, ...], BeforeValidator(as_list)]


def _codes(value: object) -> object:
    """Codes for an empty cell as the texts that a file holds; `-1` may be written as a number."""
    return tuple(
        str(one) if isinstance(one, int | float) and not isinstance(one, bool) else one
        for one in (value if isinstance(value, list | tuple) else [value])
    )


class ColumnRule(Frozen):
    """How one column of the target is filled from the file."""

    from_: Origins = Field((), alias="from")
    type: Literal["text", "integer", "decimal", "timestamp", "date", "boolean"] | None = None
    format: Text | None = None
    values: dict[str, Scalar] | None = None
    occurrence: Positive | None = None
    product: Origins = ()
    starts_with: dict[str, Scalar] | None = None
    otherwise: Scalar | None = None
    unit: Literal["major", "minor"] | None = None
    privacy: Literal["drop", "hash", "mask", "keep"] | None = None
    separator: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_header(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"from": value}

    @field_validator("format")
    @classmethod
    def _can_be_read(cls, pattern: str) -> str:
        if pattern in _NAMED_FORMATS:
            return pattern
        known = "%a %A %b %B %c %d %f %g %H %I %j %m %M %n %p %S %u %w %x %X %y %Y %z %Z %%".split()
        parts = re.findall(r"%-?.?", pattern)
        wrong = [part for part in parts if part.replace("-", "") not in known]
        if wrong or not parts:
            found = wrong[0] if wrong else pattern
            raise SettingError(
                f'{shown(found)} is no format of a time; write one such as "%d.%m.%Y %H:%M", '
                f"or {listed(_NAMED_FORMATS)}"
            )
        return pattern

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if bool(self.from_) == bool(self.product):
            raise SettingError('says no single origin; write from = "header", or product = [a, b]')
        if self.otherwise is not None and self.starts_with is None:
            raise SettingError("has no `starts_with` to follow; add one", "otherwise")
        return self


class QuestionRule(Frozen):
    """One question of a survey: where its answers stand and what they can be."""

    id: Text
    from_: Origins = Field(alias="from")
    metric: Literal["nps", "csat", "ces", "sus", "pmf", "rating", "choice", "text"]
    text: Text | None = None
    scale: Scale | None = None
    labels: dict[str, Number] = {}
    occurrence: Positive | None = None
    comment_from: Origins = ()
    top_box_min: Number | None = None

    @property
    def scale_min(self) -> float | None:
        """The lowest answer, null while the scale is not declared."""
        return self.scale.min if self.scale else None

    @property
    def scale_max(self) -> float | None:
        """The highest answer, null while the scale is not declared."""
        return self.scale.max if self.scale else None

    @property
    def is_higher_better(self) -> bool | None:
        """The direction of the scale, null while the scale is not declared."""
        return self.scale.higher_is_better if self.scale else None


class ImportTable(Frozen):
    """`[import]`: what the file feeds and how it is written; null is "as the file shows"."""

    target: Column
    name: Text | None = None
    files: Texts = ()
    mode: Literal["append", "snapshot", "changelog"] = "append"
    scope: Literal["full"] | None = None
    format: Literal["csv", "json", "ndjson", "parquet", "xlsx"] | None = None
    delimiter: Delimiter | None = None
    encoding: Text | None = None
    header_rows: Annotated[Count, Field(le=3)] = 1
    records: Text | None = None
    sheet: Text | None = None
    timezone: Zone | None = None
    date_order: Literal["infer", "dmy", "mdy", "ymd"] = "infer"
    decimal: Literal[".", ","] | None = None
    missing: Annotated[tuple[Text, ...], BeforeValidator(_codes)] = ()
    key: Texts = ()
    duplicates: Literal["keep", "drop", "keep_latest"] = "keep"


class _Ignore(Frozen):
    columns: Texts = ()


class _Expect(Frozen):
    rows: Count | None = None
    sums: dict[Text, Number] = {}


class _MappingTables(Frozen):
    """A mapping as its TOML has it."""

    import_table: ImportTable = Field(alias="import")
    constants: dict[Text, Scalar] = {}
    columns: dict[Text, ColumnRule] = {}
    questions: tuple[QuestionRule, ...] = Field((), alias="question")
    where: Conditions = ()
    ignore: _Ignore = _Ignore()
    expect: _Expect = _Expect()


class MappingFile(ImportTable):
    """A whole mapping, the keys of `[import]` beside the rules.

    `where` maps a header to the texts whose rows are kept; `expect_sums` a column to its total.
    """

    constants: dict[str, str | int | float | bool] = {}
    columns: dict[str, ColumnRule] = {}
    questions: tuple[QuestionRule, ...] = ()
    where: dict[str, tuple[str, ...]] = {}
    ignore: tuple[str, ...] = ()
    expect_rows: int | None = None
    expect_sums: dict[str, float] = {}


def load_mapping(path: Path) -> MappingFile:
    """Reads a mapping TOML.

    Raises:
        WorkspaceError: The file is missing, not TOML, or says something unknown or contradictory;
            names the line and the nearest known word.
    """
    text = read_text(path, f"Make one with `launchloop map FILE > {path.name}`.")
    return _mapping(parsed(text, str(path)), str(path), text)


def parse_mapping(keys: Mapping[str, object]) -> MappingFile:
    """A mapping from the same keys in Python, for a preset that is built in.

    Raises:
        WorkspaceError: As `load_mapping`, without lines.
    """
    return _mapping(keys, "mapping", "")


def _mapping(keys: Mapping[str, object], name: str, text: str) -> MappingFile:
    found = validated(_MappingTables, keys, name, text)
    problems = [*_contradictions(found), *_unknown_names(found)]
    if problems:
        raise problem_report(problems, name, text)
    return MappingFile(
        **dict(found.import_table),
        constants=found.constants,
        columns=found.columns,
        questions=found.questions,
        where=dict(found.where),
        ignore=found.ignore.columns,
        expect_rows=found.expect.rows,
        expect_sums=found.expect.sums,
    )


def _contradictions(mapping: _MappingTables) -> Iterator[Problem]:
    for column in mapping.columns:
        if column in mapping.constants:
            yield (
                ("constants", column),
                "stands in [columns] too; keep the one that is right",
            )
    ids = [question.id for question in mapping.questions]
    for position, question_id in enumerate(ids):
        if question_id in ids[:position]:
            said = f'"{question_id}" is taken by an earlier [[question]]; choose another id'
            yield ("question", position, "id"), said


def _unknown_names(mapping: _MappingTables) -> Iterator[Problem]:
    target = mapping.import_table.target
    if target not in TABLES:
        yield ("import", "target"), f'"{target}" is not a table; {nearest(target, list(TABLES))}'
        return
    columns = TABLES[target].column_names
    fillable = [*columns, UPDATE_TIME]
    for table, names in (("constants", mapping.constants), ("columns", mapping.columns)):
        for name in names:
            if name not in fillable:
                yield (table, name), f"is not a column of {target}; {nearest(name, fillable)}"
    summable = [
        column.name for column in TABLES[target].columns if column.type.startswith(_NUMBERS)
    ]
    for name in mapping.expect.sums:
        if name not in summable:
            said = f"is not a column of {target} that has a sum; {nearest(name, summable)}"
            yield ("expect", "sums", name), said
    for name, rule in mapping.columns.items():
        if rule.privacy == "drop" and name in TABLES[target].required:
            said = f"{target} need it, so it cannot be dropped; write hash or mask"
            yield ("columns", name, "privacy"), said
    for name in mapping.import_table.key:
        if name not in columns:
            known = nearest(name, list(columns))
            yield ("import", "key"), f'"{name}" is not a column of {target}; {known}'

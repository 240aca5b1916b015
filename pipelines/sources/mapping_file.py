"""A mapping: which columns of a file become which columns of a canonical table (TOML or Python)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

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
    nearest,
)

# Beside the columns of part 2 a file may say when its rows were last changed.
UPDATE_TIME = "source_updated_at"

# Where a value comes from; of several the first that is filled.
Origins = Annotated[tuple[Origin, ...], BeforeValidator(as_list)]


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
    missing: Texts = ()
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
    for name in mapping.import_table.key:
        if name not in columns:
            known = nearest(name, list(columns))
            yield ("import", "key"), f'"{name}" is not a column of {target}; {known}'

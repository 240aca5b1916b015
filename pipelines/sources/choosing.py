"""What reads a file: the mapping that its source names, the preset it names, or recognition."""

import re
from collections.abc import Sequence
from pathlib import Path

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError, WorkspaceError
from pipelines.sources import catalogue, csv_text, json_tree, survey_mapping, table_files
from pipelines.sources import raw as raws
from pipelines.sources.definition import Context, Preset, Record
from pipelines.sources.file_rows import Choice
from pipelines.sources.mapping_file import MappingFile, load_mapping
from pipelines.sources.opening import Opened, open_file
from pipelines.sources.recognise import recognised

# What 360 feedback is known by, and how a column says who gave it.
_PEER_MARKS = frozenset({"cycle_id", "answer_id", "rater_group"})
_RATER = re.compile(r"rater|reviewer|respondent|bewerter", re.IGNORECASE)
_IDENTITY = re.compile(r"name|mail", re.IGNORECASE)
SAMPLED_OBJECTS = 200


def declared(context: Context) -> MappingFile | None:
    """The mapping that a source names.

    Raises:
        SourceError: If it is missing, or says something wrong; it stops its own source only.
    """
    if not context.source.mapping:
        return None
    try:
        mapping = load_mapping(context.workspace.path(context.source.mapping))
    except WorkspaceError as problem:
        raise SourceError("mapping", str(problem)) from problem
    return survey_mapping.with_survey(mapping, context)


def opened_as(path: Path, context: Context, work: Path, mapping: MappingFile | None) -> Opened:
    """Opens a file, in the encoding and format that its source or mapping declares.

    Raises:
        SourceError: As `open_file`.
    """
    encoding, declared = _declared_form(context, mapping)
    return open_file(path, context.file_name, work, encoding=encoding, declared=declared)


def asked_for(context: Context, mapping: MappingFile | None) -> str:
    """Changes when a file's bytes would be opened otherwise."""
    return " ".join(map(str, _declared_form(context, mapping)))


def _declared_form(context: Context, mapping: MappingFile | None) -> tuple[str | None, str | None]:
    """The encoding and format that the source or its mapping declares."""
    encoding = context.source.encoding or (mapping.encoding if mapping else None)
    return encoding, mapping.format if mapping else None


def choose(
    session: Session, opened: Opened, context: Context, mapping: MappingFile | None
) -> Choice:
    """Finds what reads a file.

    Raises:
        SourceError: If no preset fits, or several do; or if it says who gave 360 feedback.
    """
    choice = _chosen(session, opened, context, mapping)
    if mapping and mapping.target == "peer_feedback":
        _refuse_raters(choice.header, context)
    return choice


def _refuse_raters(header: Sequence[str], context: Context) -> None:
    """Names and addresses of raters are not even stored (imports.md 2.5)."""
    for text in header:
        if _RATER.search(text) and _IDENTITY.search(text):
            raise SourceError(
                "pii_refused",
                f"{context.file_name}: column '{text}' identifies who wrote 360 feedback. Remove "
                "it; the file was not stored.",
            )


def _chosen(
    session: Session, opened: Opened, context: Context, mapping: MappingFile | None
) -> Choice:
    if opened.container == "json":
        inner = mapping.records if mapping else None
        records, problems = json_tree.json_objects(opened.path, context.file_name, inner)
        header = _object_header(records)
        preset = None if mapping else _preset(context, header, (), "objects")
        return Choice(preset, mapping, header, tuple(records), tuple(problems))
    header, second = _table_head(session, opened, context, mapping)
    preset = None if mapping else _preset(context, header, second, "table")
    return Choice(preset, mapping, header)


def _preset(context: Context, header: Sequence[str], second: Sequence[str], shape: str) -> Preset:
    named = context.source.preset
    if named:
        preset = catalogue.preset(named)
        if preset is None:
            known = ", ".join(sorted(one.id for one in catalogue.PRESETS))
            raise SourceError("no_preset", f"'{named}' is no preset. There are: {known}.")
        return preset
    if {raws.normalised(text) for text in header} >= _PEER_MARKS:
        _refuse_raters(header, context)
    return recognised(catalogue.PRESETS, header, second, shape=shape, file_name=context.file_name)


def _object_header(records: Sequence[Record]) -> tuple[str, ...]:
    """Keys of the first objects, two levels deep, with dots."""
    names: dict[str, None] = {}
    for record in records[:SAMPLED_OBJECTS]:
        for key, value in record.values.items():
            names[key] = None
            if isinstance(value, dict):
                names.update((f"{key}.{inner}", None) for inner in value)
    return tuple(names)


def _table_head(
    session: Session, opened: Opened, context: Context, mapping: MappingFile | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if opened.container == "parquet":
        return table_files.parquet_relation(session, opened.path, context.file_name).header, ()
    if opened.container == "xlsx":
        relation = table_files.xlsx_relation(
            session, opened.path, context.file_name, sheet=sheet_of(context, mapping), header_rows=1
        )
        return relation.header, ()
    mark = delimiter_of(context, mapping) or csv_text.found_delimiter(opened.path)
    head = csv_text.first_records(opened.path, mark, 2)
    head += [[], []]
    return tuple(head[0]), tuple(head[1])


def sheet_of(context: Context, mapping: MappingFile | None) -> str | None:
    """The sheet that is declared, None if there may be one only."""
    return (mapping.sheet if mapping else None) or context.source.sheet


def delimiter_of(context: Context, mapping: MappingFile | None) -> str | None:
    """What is declared, None to look at the header."""
    return (mapping.delimiter if mapping else None) or context.source.delimiter

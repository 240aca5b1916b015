"""A file → typed tables: its preset or mapping makes the rows, and they are typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.engines.duckdb import Session, quoted
from pipelines.sources import (
    csv_text,
    json_tree,
    made_rows,
    refusals,
    survey_mapping,
    table_files,
)
from pipelines.sources import (
    raw as raws,
)
from pipelines.sources.choosing import delimiter_of, sheet_of
from pipelines.sources.definition import Context, Preset, Record, Row
from pipelines.sources.file_rows import Choice, FileRows, SiblingRecords
from pipelines.sources.keys import salt_of
from pipelines.sources.mapping_file import MappingFile
from pipelines.sources.mapping_sql import Cell, Plan, table_plan
from pipelines.sources.modes import mode_notes
from pipelines.sources.opening import Opened
from pipelines.sources.raw import Raw
from pipelines.sources.source_columns import Columns
from pipelines.sources.tables import MONEY_TABLES, TABLES
from pipelines.sources.totals import check_expected
from pipelines.sources.typed import Typed, typed_table

# A few thousand rows.
MAX_SMALL_BYTES = 250_000


def _relation(
    session: Session, opened: Opened, choice: Choice, context: Context, mapping: MappingFile | None
) -> Raw:
    header_rows = mapping.header_rows if mapping else 1
    if choice.preset and choice.preset.header_rows != 1:
        header_rows = choice.preset.header_rows
    if opened.container == "json":
        return json_tree.json_relation(
            session,
            choice.records,
            choice.problems,
            _paths(mapping),
            json_tree.line_finder(opened.path),
        )
    if opened.container == "parquet":
        return table_files.parquet_relation(session, opened.path, context.file_name)
    if opened.container == "xlsx":
        sheet = sheet_of(context, mapping)
        return table_files.xlsx_relation(
            session, opened.path, context.file_name, sheet=sheet, header_rows=header_rows
        )
    return csv_text.csv_relation(
        session,
        opened,
        context.file_name,
        delimiter=delimiter_of(context, mapping),
        header_rows=header_rows,
    )


def _paths(mapping: MappingFile | None) -> list[str]:
    """Every JSON path that a mapping names."""
    if mapping is None:
        return []
    paths: dict[str, None] = {}
    for rule in mapping.columns.values():
        paths.update((str(part), None) for part in (*rule.from_, *rule.product))
    for question in mapping.questions:
        paths.update((str(part), None) for part in (*question.from_, *question.comment_from))
    paths.update((header, None) for header in mapping.where)
    return list(paths)


def read(
    session: Session,
    opened: Opened,
    choice: Choice,
    context: Context,
    siblings: SiblingRecords,
    earlier_orders: Mapping[str, str],
) -> FileRows:
    """Makes and types all rows of a file.

    Args:
        session: For the temporary tables.
        opened: The file.
        choice: What reads it.
        context: Of the source.
        siblings: Gives the records of the same source's other files.
        earlier_orders: Header → order of day and month that its earlier files settled.

    Raises:
        SourceError: If a person has to answer something first, or nothing of it can be used.
    """
    mapping = choice.mapping
    preset = choice.preset
    if preset and preset.mapping:
        mapping = preset.mapping(choice.header, context)
        if not mapping.questions:
            mapping = survey_mapping.with_survey(mapping, context)
    if mapping is None:
        assert preset
        rows = _made(session, opened, choice, preset, context, siblings)
    else:
        if mapping.timezone and not context.timezone:
            context = replace(context, timezone=mapping.timezone)
        rows = _mapped(session, opened, choice, context, mapping, earlier_orders)
    mode = context.source.mode or (mapping.mode if mapping else None)
    is_full = rows.is_full or context.source.scope == "full"
    if not mode or not rows.primary:
        return rows
    notes = mode_notes(mode, TABLES[rows.primary], context, is_full=is_full)
    return replace(rows, notes=(*rows.notes, *notes))


def _mapped(  # noqa: PLR0913, PLR0917
    session: Session,
    opened: Opened,
    choice: Choice,
    context: Context,
    mapping: MappingFile,
    earlier_orders: Mapping[str, str],
) -> FileRows:
    raw = _relation(session, opened, choice, context, mapping)
    raw = replace(raw, is_small=opened.path.stat().st_size <= MAX_SMALL_BYTES)
    columns = Columns(raw, mapping.missing, context.file_name)
    plans, comments = _plans(choice.preset, mapping, raw, context, columns)
    reader = _Reader(session, raw, context, _date_order(context, mapping), earlier_orders)
    typed = reader.union(plans)
    others = [reader.union(comments)] if comments else []
    if mapping.questions:
        questions = [
            Row(0, "survey_questions", row)
            for row in survey_mapping.question_rows(mapping, context)
        ]
        others += made_rows.typed_rows(session, questions, context)
    check_expected(session, mapping, typed, context.file_name)
    return FileRows(
        preset_id=choice.preset.id if choice.preset else "mapping",
        preset_version=choice.preset.version if choice.preset else "1",
        typed=(typed, *others),
        primary=mapping.target,
        read=typed.read_count,
        dropped_by=dict(typed.dropped_by),
        problems=(
            *typed.problems,
            *refusals.problems_beside(typed.problems, [other.problems for other in others]),
        ),
        notes=(*opened.notes, *typed.notes, *_ignored(session, choice, raw, columns, mapping)),
        key=_key(mapping),
        duplicates=mapping.duplicates,
        is_full=mapping.scope == "full",
        is_money=mapping.target in MONEY_TABLES,
        salt=salt_of(mapping.constants),
        line_of=raw.line_of,
        date_orders=dict(typed.date_orders),
    )


def _key(mapping: MappingFile) -> tuple[str, ...]:
    """The declared key; answers to several questions of one record never share it."""
    if not mapping.questions or not mapping.key or "question_id" in mapping.key:
        return tuple(mapping.key)
    return (*mapping.key, "question_id")


def _date_order(context: Context, mapping: MappingFile) -> str:
    return context.source.date_order or mapping.date_order


def _plans(
    preset: Preset | None, mapping: MappingFile, raw: Raw, context: Context, columns: Columns
) -> tuple[list[Plan], list[Plan]]:
    """The plans of the target, and of the comments beside its questions."""
    if not mapping.questions:
        plan = table_plan(TABLES[mapping.target], mapping, raw, context, columns)
        return [_with_properties(plan, preset, raw, columns)], []
    answers = [
        survey_mapping.answer_plan(question, mapping, raw, context, columns)
        for question in mapping.questions
    ]
    comments = [
        survey_mapping.comment_plan(question, mapping, raw, context, columns)
        for question in mapping.questions
        if question.comment_from
    ]
    return answers, comments


def _with_properties(plan: Plan, preset: Preset | None, raw: Raw, columns: Columns) -> Plan:
    """Unknown columns of a preset of product events become properties of the event."""
    if preset is None or not preset.keeps_properties:
        return plan
    left = [
        (text, columns.text(position + 1))
        for position, text in enumerate(raw.header)
        if position not in columns.used and text.strip()
    ]
    if not left or any(cell.column.name == "properties_json" for cell in plan.cells):
        return plan
    pairs = ", ".join(f"{quoted(text.strip())}, {column}" for text, column in left)
    column = plan.table.column("properties_json")
    cell = Cell(column, "properties", f"cast(json_object({pairs}) as varchar)", "{text}")
    return replace(plan, cells=(*plan.cells, cell), sources=columns.sources)


@dataclass(frozen=True)
class _Reader:
    """Types plans of one file alike."""

    session: Session
    raw: Raw
    context: Context
    date_order: str
    earlier_orders: Mapping[str, str]

    def union(self, plans: Sequence[Plan]) -> Typed:
        """Types several plans for one table into one relation; row_no numbers the plans."""
        if len(plans) == 1:
            return self._typed(plans[0])
        results = []
        for number, plan in enumerate(plans):
            one = self._typed(plan)
            part = f"part_{plan.table.name}_{number}"
            self.session.execute(f"drop table if exists {part}")
            self.session.execute(f"alter table {one.relation} rename to {part}")
            self.session.execute(f"update {part} set row_no = {number}")
            results.append((one, part))
        first = results[0][0]
        union = " union all by name ".join(f"select * from {part}" for _, part in results)
        self.session.execute(f"create or replace temp table {first.relation} as {union}")
        cells = {cell.column.name: cell for one, _ in results for cell in one.plan.cells}
        problems = dict.fromkeys(problem for one, _ in results for problem in one.problems)
        notes = dict.fromkeys(note for one, _ in results for note in one.notes)
        return replace(
            first,
            plan=replace(first.plan, cells=tuple(cells.values())),
            problems=tuple(problems),
            notes=tuple(notes),
        )

    def _typed(self, plan: Plan) -> Typed:
        return typed_table(
            self.session,
            self.raw,
            plan,
            file_name=self.context.file_name,
            zone=self.context.timezone,
            date_order=self.date_order,
            exported_at=self.context.exported_at,
            earlier_orders=self.earlier_orders,
        )


def _ignored(
    session: Session, choice: Choice, raw: Raw, columns: Columns, mapping: MappingFile
) -> list[str]:
    """What of a file is not read, and which paths of a JSON file led nowhere."""
    known = {raws.normalised(text) for text in mapping.ignore}
    if choice.records:
        wanted = {path.partition(".")[0] for path in raw.header} | set(raw.header)
        left = [key for key in choice.header if "." not in key and key not in wanted]
        unused = {key: json_tree.filled(choice.records, key) for key in left}
        empty = [path for path in raw.header if not json_tree.occurs(choice.records, path)]
    else:
        places = [at for at, text in enumerate(raw.header) if at not in columns.used and text]
        unused = raws.filled_cells(session, raw, places)
        empty = []
    listed = ", ".join(
        f"{text} ({count:,} filled)"
        for text, count in unused.items()
        if raws.normalised(text) not in known
    )
    notes = [f"Columns not used: {listed}."] if listed else []
    return [*notes, *(f"No record has anything at '{path}'." for path in empty)]


def _made(  # noqa: PLR0913, PLR0917
    session: Session,
    opened: Opened,
    choice: Choice,
    preset: Preset,
    context: Context,
    siblings: SiblingRecords,
) -> FileRows:
    records, raw = all_records(session, opened, choice, context)
    if preset.records:
        context = replace(
            context,
            siblings=siblings(preset.reads_with),
            header_rows=_header_rows(opened, choice, preset, context),
        )
    made = made_rows.made_rows(preset, records, context)
    typed = made_rows.typed_rows(session, made.rows, context)
    primary = preset.tables[0] if preset.tables else ""
    unread = len({problem.record_no for problem in raw.problems})
    return FileRows(
        preset_id=preset.id,
        preset_version=preset.version,
        typed=tuple(typed),
        primary=primary,
        read=len(records) + unread,
        dropped_by=dict(made.dropped_by),
        problems=(
            *raw.problems,
            *made.problems,
            *made_rows.own_problems(typed, primary, made.rows),
        ),
        notes=(*opened.notes, *made.notes),
        key=(),
        duplicates="keep",
        is_full=False,
        is_money=preset.is_money,
        salt="",
        line_of=raw.line_of,
    )


def _header_rows(
    opened: Opened, choice: Choice, preset: Preset, context: Context
) -> list[list[str]]:
    """The header as it stands in the file: original spelling, blanks not filled."""
    if opened.container != "csv":
        return [list(choice.header)]
    mark = delimiter_of(context, None) or csv_text.found_delimiter(opened.path)
    return csv_text.first_records(opened.path, mark, preset.header_rows)


def all_records(
    session: Session, opened: Opened, choice: Choice, context: Context
) -> tuple[list[Record], Raw]:
    """Every readable record of a file, and the file as a relation with those that are not."""
    raw = _relation(session, opened, choice, context, None)
    if opened.container == "json":
        return list(choice.records), raw
    return list(raws.records_of(session, raw)), raw

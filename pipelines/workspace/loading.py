"""Reads launchloop.toml and checks it against itself, the canonical tables and the folder."""

import tomllib
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path

from pipelines.sources.tables import TABLES, Table
from pipelines.workspace.document import Problem, parsed, problem_report, read_text, validated
from pipelines.workspace.environment import is_reference
from pipelines.workspace.measures import (
    ColumnMeasure,
    Measure,
    OwnMetric,
    QuantileOf,
    RatioOf,
    ShareOf,
)
from pipelines.workspace.settings import FILE_NAME, Workspace
from pipelines.workspace.toml_lines import KeyPath
from pipelines.workspace.values import nearest

NUMBER_TYPES = ("BIGINT", "DOUBLE", "DECIMAL")


def load(folder: Path) -> Workspace:
    """Reads `folder/launchloop.toml`; without any source it is a workspace that just began.

    Raises:
        WorkspaceError: The file is missing, not TOML, has unknown keys or bad values, names a
            thing twice, or names a file that is not there; one line per problem.
    """
    text = read_text(
        folder / FILE_NAME, "Make a workspace with `launchloop init DIR`, or name one with -w DIR."
    )
    keys = parsed(text, FILE_NAME)
    if "team" in _table(keys, "delivery"):
        misplaced = ("delivery", "team"), "stands alone; write [[team]]"
        raise problem_report([misplaced], FILE_NAME, text)
    declared = validated(Workspace, _with_teams(keys), FILE_NAME, text)
    workspace = _with_mapped_files(declared, folder).within(folder)
    problems = list(
        chain(_repeated(workspace), _missing_files(workspace), _unknown_columns(workspace))
    )
    if problems:
        raise problem_report(problems, FILE_NAME, text)
    return workspace


def _with_teams(keys: dict[str, object]) -> dict[str, object]:
    """Every `[[team]]` below `delivery`, where the settings keep them."""
    if "team" not in keys or not isinstance(keys.get("delivery", {}), dict):
        return keys
    rest = {name: value for name, value in keys.items() if name != "team"}
    return {**rest, "delivery": {**_table(keys, "delivery"), "team": keys["team"]}}


def _with_mapped_files(workspace: Workspace, folder: Path) -> Workspace:
    """Sources without `files` read what their mapping names, relative to the workspace too."""
    sources = tuple(
        one if one.files else one.model_copy(update={"files": _mapped_files(folder, one.mapping)})
        for one in workspace.sources
    )
    return workspace.model_copy(update={"sources": sources})


def _mapped_files(folder: Path, mapping: str | None) -> tuple[str, ...]:
    """`[import] files` of a mapping; what is wrong with it is said when the source is read."""
    try:
        keys = tomllib.loads((folder / str(mapping)).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ()
    found = _table(keys, "import").get("files", ())
    listed = [found] if isinstance(found, str) else found
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def _table(keys: dict[str, object], name: str) -> dict[str, object]:
    table = keys.get(name, {})
    return table if isinstance(table, dict) else {}


def _repeated(workspace: Workspace) -> Iterator[Problem]:
    """Things that share the name they are asked for by."""
    named = {
        "launch": [launch.id for launch in workspace.launches],
        "source": [source.name for source in workspace.sources],
        "funnel": [funnel.id for funnel in workspace.funnels],
        "team": [team.id for team in workspace.delivery.teams],
        "metric": [metric.id for metric in workspace.metrics],
        "person": [person.id for person in workspace.people],
    }
    for table, names in named.items():
        key = "name" if table == "source" else "id"
        for position, name in enumerate(names):
            if name in names[:position]:
                first = f"[[{table}]] {names.index(name) + 1}"
                yield (table, position, key), f'"{name}" is taken by {first}; choose another {key}'


def _missing_files(workspace: Workspace) -> Iterator[Problem]:
    """Mappings and business cases that are named and not there; exports may still come."""
    named: list[tuple[KeyPath, str | None]] = [
        *((("source", n, "mapping"), one.mapping) for n, one in enumerate(workspace.sources)),
        *(
            (("launch", n, "business_case"), one.business_case)
            for n, one in enumerate(workspace.launches)
        ),
    ]
    for path, setting in named:
        if setting and not is_reference(setting) and not workspace.path(setting).is_file():
            yield path, f'no file "{setting}" in {workspace.folder}; create it or correct the path'


def _unknown_columns(workspace: Workspace) -> Iterator[Problem]:
    """Segments and own metrics over tables or columns that no import fills."""
    for segment in workspace.segments:
        known = TABLES[segment.table].column_names
        if segment.column not in known:
            said = f'{segment.table} has no column "{segment.column}"'
            yield ("segments", segment.name), f"{said}; {nearest(segment.column, list(known))}"
    for position, metric in enumerate(workspace.metrics):
        for key, said in _metric_problems(metric):
            yield ("metric", position, key), said


def _metric_problems(metric: OwnMetric) -> Iterator[tuple[str, str]]:
    dated = [name for name, table in TABLES.items() if table.dated_by]
    if metric.table not in dated:
        why = "has no time column" if metric.table in TABLES else "is not a canonical table"
        yield "table", f'"{metric.table}" {why}; {nearest(metric.table, dated)}'
        return
    table = TABLES[metric.table]
    yield from (("where", said) for said in _unknown(table, [name for name, _ in metric.where]))
    yield from (("measure", said) for said in _measure_problems(table, metric.measure))


def _measure_problems(table: Table, measure: Measure) -> Iterator[str]:
    match measure:
        case RatioOf():
            yield from _measure_problems(table, measure.numerator)
            yield from _measure_problems(table, measure.denominator)
            return
        case ShareOf():
            yield from _unknown(table, [name for name, _ in measure.share])
        case ColumnMeasure() | QuantileOf():
            if measure.column not in table.column_names:
                yield from _unknown_column(table, measure.column)
            elif measure.kind != "distinct" and measure.column not in (numbers := _numbers(table)):
                known = nearest(measure.column, numbers) if numbers else "the table has none"
                yield f'"{measure.column}" is not a number to take the {measure.kind} of; {known}'
    yield from _unknown(table, [name for name, _ in measure.where])


def _unknown(table: Table, names: Collection[str]) -> Iterator[str]:
    """Conditions on columns that are not there; of events any name may be a property."""
    for name in names:
        if table.name != "events" and name not in table.column_names:
            yield from _unknown_column(table, name)


def _unknown_column(table: Table, name: str) -> Iterator[str]:
    yield f'{table.name} has no column "{name}"; {nearest(name, list(table.column_names))}'


def _numbers(table: Table) -> list[str]:
    return [one.name for one in table.columns if one.type.startswith(NUMBER_TYPES)]

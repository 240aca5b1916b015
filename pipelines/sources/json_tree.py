"""JSON of any shape → records, and as a relation with one column per dotted path."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.definition import Record
from pipelines.sources.raw import LineFinder, Problem, Raw, column_names, storable

MAX_RAW = 2000
# Where the systems that wrap their list in an object put it.
_LIST_KEYS = ("issues", "values", "items", "data", "results", "columns_")


def json_objects(
    path: Path, file_name: str, inner: str | None
) -> tuple[list[Record], list[Problem]]:
    """The records of a JSON file: an array, NDJSON, one object, or a list inside an object.

    Args:
        path: UTF-8.
        file_name: As messages call it.
        inner: Dotted path to the list, None to look for it.

    Raises:
        SourceError: If it is no whole JSON, or holds no list of records.
    """
    text = path.read_text(encoding="utf-8-sig")
    try:
        tree = json.loads(text)
    except RecursionError as problem:
        raise SourceError(
            "unreadable", f"{file_name}: is nested too deeply to be an export. Nothing was loaded."
        ) from problem
    except ValueError as problem:
        return _json_lines(text, file_name, problem)
    found = _list_in(tree, inner)
    if found is None:
        raise SourceError(
            "unreadable",
            f"{file_name}: has no list of records{f' at {inner!r}' if inner else ''}. Name where "
            "it stands with `records` in a mapping.",
        )
    return _objects(found)


def _list_in(tree: Any, inner: str | None) -> list[Any] | None:  # noqa: ANN401 (a JSON tree)
    for key in inner.split(".") if inner else ():
        tree = tree[key] if isinstance(tree, dict) and key in tree else None
    if isinstance(tree, dict):
        lists = [tree[key] for key in _LIST_KEYS if isinstance(tree.get(key), list)]
        return lists[0] if lists else [tree]
    return tree if isinstance(tree, list) else None


def _objects(items: Sequence[Any]) -> tuple[list[Record], list[Problem]]:
    records, problems = [], []
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            records.append(Record(number, item))
        else:
            shown = storable(str(item)[:MAX_RAW])
            problems.append(Problem(number, None, shown, "unreadable_row", "is no JSON object."))
    return records, problems


def _json_lines(text: str, file_name: str, whole: ValueError) -> tuple[list[Record], list[Problem]]:
    """One object a line; what is not even that was cut or is no JSON."""
    records, problems, number = [], [], 0
    # Not splitlines(): a text may hold U+2028, which it takes for a line end.
    for line in text.split("\n"):
        if not line.strip():
            continue
        number += 1
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict):
            records.append(Record(number, item))
            continue
        why = "is no whole JSON object. The file may have been cut here."
        problems.append(Problem(number, None, storable(line[:MAX_RAW]), "unreadable_row", why))
    if not records or text.lstrip()[:1] == "[":
        raise SourceError(
            "truncated",
            f"{file_name}: is no whole JSON ({whole}). The file may have been cut there. Nothing "
            "was loaded; export it again.",
        )
    return records, problems


def line_finder(path: Path) -> LineFinder:
    """Lines of records where each stands on one; a list in one tree has none."""

    def line_of(wanted: Sequence[int]) -> dict[int, int]:
        if not wanted:
            return {}
        with path.open(encoding="utf-8-sig") as file:
            filled = [number for number, line in enumerate(file, 1) if line.strip()]
        if len(filled) < max(wanted):
            return {}
        return {number: filled[number - 1] for number in wanted}

    return line_of


def leaf(tree: Any, path: str) -> Any:  # noqa: ANN401 (a JSON tree)
    """The value at a dotted path, None where any part is missing."""
    if isinstance(tree, dict) and path in tree:
        return tree[path]
    for key in path.split("."):
        if isinstance(tree, list) and key.isdigit() and int(key) < len(tree):
            tree = tree[int(key)]
        elif isinstance(tree, dict) and key in tree:
            tree = tree[key]
        else:
            return None
    return tree


def occurs(records: Sequence[Record], path: str) -> bool:
    """Whether any record has something at a dotted path."""
    return any(leaf(record.values, path) is not None for record in records)


def filled(records: Sequence[Record], key: str) -> int:
    """How many records have something at a key."""
    return sum(bool(as_text(record.values.get(key))) for record in records)


def as_text(value: Any) -> str | None:  # noqa: ANN401
    """A JSON value as the text a CSV cell would hold."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return storable(text)


def json_relation(
    session: Session,
    records: Sequence[Record],
    problems: Sequence[Problem],
    paths: Sequence[str],
    line_of: LineFinder,
) -> Raw:
    """JSON objects as columns, one per dotted path."""
    columns = column_names(len(paths))
    cells = {
        column: [as_text(leaf(record.values, path)) for record in records]
        for column, path in zip(columns, paths, strict=False)
    }
    frame = pl.DataFrame(
        {
            "record_no": [record.no for record in records],
            "row_no": [0] * len(records),
            **cells,
        },
        schema={"record_no": pl.Int64, "row_no": pl.Int64, **dict.fromkeys(cells, pl.String)},
    )
    session.register("raw_cells", frame)
    return Raw(
        "raw_cells",
        tuple(cells) or columns,
        tuple(paths),
        0,
        tuple(problems),
        is_numbered=True,
        line_of=line_of,
    )

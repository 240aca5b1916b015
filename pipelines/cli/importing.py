"""`launchloop reviews import`: what another workspace exported comes into these records."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from pipelines.cli.answers import number_text, printable, say, say_json
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.errors import UsageError
from pipelines.reviews.desk import Desk
from pipelines.reviews.reports.importing import Import, Imported, import_exports
from pipelines.workspace import load
from pipelines.workspace.values import listed

Exports = Annotated[
    list[Path], Parameter(help="A cycle or review as JSON, or several that name each other.")
]
Person = Annotated[
    str | None,
    Parameter(
        name="--person", help="Id of who imports; needed where launchloop.toml names people."
    ),
]


def import_files(
    files: Exports,
    /,
    *,
    person: Person = None,
    workspace: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Bring exported cycles or reviews into the records; the same again changes nothing."""
    people = [each.id for each in load(workspace).people]
    if people and person is None:
        raise UsageError(f"Say who imports: --person ID. launchloop.toml names {listed(people)}.")
    desk = Desk.open(workspace, person)
    found = import_exports(desk, files)
    names = desk.names()
    text = "\n".join([*(_text(each, names) for each in found.files), *_notes(found)])
    if as_json:
        say_json(_facts(found))
    else:
        say(printable(text))


def _facts(found: Import) -> dict[str, Any]:
    brought = found.brought
    return {
        "imports": [
            {**asdict(each), "file": str(each.file), "at": each.at and each.at.isoformat()}
            for each in found.files
        ],
        "rows": brought.rows,
        "events": brought.events,
        "new_people": brought.people,
        "left_out": [
            {name: one[name] for name in ("table", "key", "why")} for one in brought.left_out
        ],
        "left_empty": [
            dict(zip(("table", "key", "column", "named"), one, strict=True))
            for one in brought.left_empty
        ],
    }


def _text(each: Imported, names: Mapping[str, str]) -> str:
    what = f"the {each.kind} “{each.title}” ({each.id})"
    if each.is_new:
        return f"{each.file}: {what} is imported, and all records verify."
    if each.by is None or each.at is None:
        return f"{each.file}: these records hold {what} already. Nothing was changed."
    by = names.get(each.by, each.by)
    return f"{each.file}: {by} imported {what} on {each.at:%Y-%m-%d}. Nothing was changed."


def _notes(found: Import) -> Iterator[str]:
    """What a reader would not expect: who is meant by an id, and what could not come along."""
    brought = found.brought
    if brought.rows:
        yield (
            f"Added: {number_text(brought.rows)} rows and {number_text(brought.events)} events. "
            "People are known by their ids; the same id is taken for the same person."
        )
    if brought.people:
        yield f"Not known here before: {', '.join(brought.people)}."
    for one in brought.left_out:
        yield f"Left out: {one['table']} {one['key']}, as {one['why']}."
    for table, key, column, named in brought.left_empty:
        yield f"Left empty: {column} of {table} {key}, as {named} is not here."

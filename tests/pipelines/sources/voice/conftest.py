"""Files as presets get them: records and a context, read the way the engine reads them."""

import csv
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.sources.definition import Context, Made, Record, Row
from pipelines.sources.raw import joined_header, keyed_header
from pipelines.workspace import Workspace

DATA = Path(__file__).parents[3] / "data"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def records_of(rows: list[list[str]], header_rows: int = 1) -> list[Record]:
    keys = keyed_header(joined_header(rows, header_rows))
    return [
        Record(number, dict(zip(keys, row, strict=True)))
        for number, row in enumerate(rows[header_rows:], 1)
    ]


def context(rows: list[list[str]], header_rows: int = 1, *, timezone=None, **source) -> Context:
    workspace = Workspace.model_validate(
        {"product": {"name": "T"}, "source": [{"name": "survey", "files": "x.csv", **source}]}
    )
    return Context(
        source=workspace.sources[0],
        workspace=workspace,
        file_name="x.csv",
        timezone=timezone,
        header_rows=rows[:header_rows],
    )


def table(made: list[Made], name: str) -> list[Row]:
    return [one for one in made if isinstance(one, Row) and one.table == name]


@pytest.fixture(scope="session")
def files() -> SimpleNamespace:
    """How presets get their files."""
    return SimpleNamespace(
        data=DATA, rows_of=rows_of, records_of=records_of, context=context, table=table
    )

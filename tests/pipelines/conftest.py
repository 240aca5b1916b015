"""Runs one model on rows that a test writes down, on a real engine."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.build import models_folder
from pipelines.engines.definition import load_models
from pipelines.engines.duckdb import Session
from pipelines.engines.settings_tables import bindings, dates_table, settings_tables
from pipelines.sources.in_force import rows_sql
from pipelines.sources.tables import TABLES
from pipelines.workspace import Workspace, load

MINIMAL = '[product]\nname = "Test"\ntimezone = "UTC"\n'


def workspace_from(folder: Path, text: str = MINIMAL) -> Workspace:
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")
    return load(folder)


@pytest.fixture
def run_model(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """`run_model("marts.x", {"landing.events": [{…}]}, toml="…")` → the model's rows.

    Landing tables that are not given are empty; other inputs are given as rows or are built by
    their own models from what is given.
    """

    def run(
        name: str,
        tables: Mapping[str, Sequence[Mapping[str, Any]]],
        toml: str = MINIMAL,
    ) -> pl.DataFrame:
        settings = workspace_from(tmp_path, toml)
        models = {model.name: model for model in load_models(models_folder())}
        with Session() as session:
            for schema in ("landing", "settings", "control", "enriched", "staging", "activity",
                           "marts"):  # fmt: skip
                session.execute(f"create schema {schema}")
            for table, frame in settings_tables(settings).items():
                _put(session, f"settings.{table}", frame)
            _put(session, "marts.dates", dates_table(date(2015, 1, 1), date(2030, 1, 1), "monday"))
            for table in TABLES.values():
                session.execute(
                    f"create table landing.{table.name} as select * from {rows_sql([], table)}"
                )
            for table, rows in tables.items():
                frame = pl.DataFrame(list(rows), infer_schema_length=None)
                if table.startswith("landing."):
                    session.register("given", frame)
                    session.execute(f"insert into {table} by name select * from given")
                else:
                    _put(session, table, frame)
            _build(session, name, models, bindings(settings), set(tables))
            return session.frame(f"select * from {name} order by all")

    return run


def _put(session: Session, name: str, frame: pl.DataFrame) -> None:
    session.register("given", frame)
    session.execute(f"create table {name} as select * from given")


def _build(session: Session, name: str, models: Any, bound: Any, done: set[str]) -> None:
    if name in done or name not in models:
        return
    for read in sorted(models[name].reads):
        _build(session, read, models, bound, done)
    session.execute(f"create table {name} as {models[name].bound(bound)}")
    done.add(name)

"""What a person would write without Launchloop: python plain_script.py WORKSPACE DATABASE.

A typed `read_csv` of the workspace's event files, then the same model files one after the other.
Nothing is landed, checked or quarantined. Ids become numbers by DuckDB's own hash.
"""

import sys
from datetime import date
from pathlib import Path

import duckdb

from pipelines.build import models_folder
from pipelines.engines.definition import load_models
from pipelines.engines.settings_tables import bindings, dates_table, settings_tables
from pipelines.feedback.scoring import SENTIMENT_SCHEMA
from pipelines.sources.in_force import rows_sql
from pipelines.sources.tables import TABLES
from pipelines.workspace import load

TYPES = {
    "event_id": "VARCHAR", "event": "VARCHAR", "user_id": "VARCHAR", "timestamp": "TIMESTAMPTZ",
    "platform": "VARCHAR", "app_version": "VARCHAR", "country": "VARCHAR",
}  # fmt: skip
SCHEMAS = ("landing", "settings", "control", "enriched", "staging", "activity", "marts")
# Inputs of models that no event fills.
EMPTY = {
    "control.coverage": "null::varchar as table_name, null::varchar as source_id, "
    "null::timestamptz as first_at, null::timestamptz as through_at, 0::bigint as lateness_s, "
    "true as is_declared",
    "enriched.feedback_sentiment": ", ".join(
        f"null::varchar as {column}" for column in SENTIMENT_SCHEMA
    ),
}


def run(folder: Path, database: Path) -> None:
    """Builds every model of the workspace's event files into a new database."""
    workspace = load(folder)
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        _create_inputs(connection, workspace)
        _read_events(connection, folder)
        bound = bindings(workspace)
        for model in load_models(models_folder()):
            kind = "view" if model.schema == "staging" else "table"
            connection.execute(f"create {kind} {model.name} as {model.bound(bound)}")


def _create_inputs(connection: duckdb.DuckDBPyConnection, workspace) -> None:
    calendar = dates_table(date(2025, 11, 1), date(2027, 11, 1), workspace.product.week_start)
    frames = {f"settings.{name}": frame for name, frame in settings_tables(workspace).items()}
    for name, frame in {**frames, "marts.dates": calendar}.items():
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"create table {name} as select * from incoming")
    for name, columns in EMPTY.items():
        connection.execute(f"create table {name} as select {columns} where false")
    for table in TABLES.values():
        rows = rows_sql([], table)
        connection.execute(f"create table landing.{table.name} as select * from {rows}")


def _read_events(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    connection.execute(
        f"""
        insert into landing.events by name
        select
            event_id as event_key, event_id, event as event_name, timestamp as occurred_at,
            user_id, cast(hash(user_id) >> 4 as bigint) as user_key, platform as platform_code,
            app_version, country as country_code, 1 as occurrence_no, 'events' as source_id,
            row_number() over () as record_no, 0 as row_no
        from read_csv('{folder / "events" / "*.csv"}', header = true, auto_detect = false,
            columns = {{{columns}}})
        """
    )


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))

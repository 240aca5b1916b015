"""The voice of the customer: canonical rows → every survey and feedback model on a real DuckDB."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.engines.definition import Model, load_models
from pipelines.engines.duckdb import Session
from pipelines.engines.settings_tables import bindings, settings_tables
from pipelines.feedback.scoring import ITEM_COLUMNS, SENTIMENT_SCHEMA, score_items
from pipelines.metrics import feedback, satisfaction, trust
from pipelines.metrics.definition import Coverage, Facts, Request
from pipelines.sources.tables import CONTROL, TABLES
from pipelines.workspace import Workspace

ROOT = Path(__file__).parents[3] / "pipelines"
METRIC = {
    metric.id: metric for metric in (*satisfaction.METRICS, *feedback.METRICS, *trust.METRICS)
}
WANTED = {
    "marts.survey_answers",
    "marts.survey_questions",
    "marts.survey_waves",
    "marts.survey_invitations",
    "marts.feedback_items",
    "marts.feedback_links",
    "marts.peer_feedback_scores",
    "marts.person_segments",
    "marts.account_segments",
    "activity.person_days",
}
CHECKS = ("response_funnel", "nps_parts")
SCHEMAS = ("landing", "enriched", "settings", "control", "staging", "activity", "marts")


def wanted_models() -> list[Model]:
    """The models behind satisfaction and feedback, in order, and nothing else."""
    models = load_models(ROOT / "models")
    needed = set(WANTED)
    for model in reversed(models):
        if model.name in needed:
            needed |= model.reads
    return [model for model in models if model.name in needed]


MODELS = wanted_models()
LANDED = [name for name in TABLES if any(f"landing.{name}" in model.reads for model in MODELS)]


class Voices:
    """One built workspace.

    Args:
        workspace: Its settings.
        rows: Canonical table → rows, as landing would hold them.
        through: The watermark of every table.
    """

    def __init__(
        self,
        workspace: Workspace,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        through: datetime,
    ) -> None:
        self.session = Session()
        for schema in SCHEMAS:
            self.session.execute(f"create schema {schema}")
        for name in LANDED:
            self._land(name, rows.get(name, ()))
        self._enrich()
        for name, frame in settings_tables(workspace).items():
            self._create(f"settings.{name}", frame)
        self._cover(rows, through)
        bound = bindings(workspace)
        for model in MODELS:
            kind = "view" if model.schema == "staging" else "table"
            self.session.execute(f"create {kind} {model.name} as {model.bound(bound)}")
        self.facts = Facts(workspace, self._coverage(rows, through), through)

    def _create(self, name: str, frame: pl.DataFrame) -> None:
        self.session.register("given", frame)
        self.session.execute(f"create table {name} as select * from given")

    def _land(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """An id of a person lands beside its number; here the number is the hash of the text."""
        table = TABLES[name]
        columns = {column.name: column.type for column in table.columns}
        columns |= dict.fromkeys(table.person_keys.values(), "BIGINT") | CONTROL
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self.session.execute(f"create table landing.{name} ({listed})")
        for row in rows:
            filled = {"source_id": "test", **row}
            for text, number in table.person_keys.items():
                if filled.get(text) is not None:
                    letters = enumerate(filled[text])
                    filled[number] = sum(ord(letter) << 7 * at for at, letter in letters)
            marks = ", ".join("?" * len(filled))
            self.session.execute(
                f"insert into landing.{name} ({', '.join(filled)}) values ({marks})",
                list(filled.values()),
            )

    def _enrich(self) -> None:
        items = self.session.frame(f"select {', '.join(ITEM_COLUMNS)} from landing.feedback_items")
        scored = score_items(items) if items.height else pl.DataFrame(schema=SENTIMENT_SCHEMA)
        self._create("enriched.feedback_sentiment", scored)

    def _coverage(
        self, rows: Mapping[str, Sequence[Mapping[str, Any]]], through: datetime
    ) -> dict[str, Coverage]:
        found = {}
        for name, listed in rows.items():
            dated_by = TABLES[name].dated_by
            moments = [row[dated_by] for row in listed if dated_by and row.get(dated_by)]
            if moments:
                found[name] = Coverage(min(moments), through, timedelta(0))
        return found

    def _cover(self, rows: Mapping[str, Sequence[Mapping[str, Any]]], through: datetime) -> None:
        self.session.execute(
            "create table control.coverage (table_name varchar, source_id varchar,"
            " first_at timestamptz, through_at timestamptz)"
        )
        self.session.execute(
            "create table control.imports (source_id varchar, read_count bigint,"
            " quarantined_count bigint, is_in_force boolean)"
        )
        needs = [
            (metric.id, metric.name, table) for metric in METRIC.values() for table in metric.needs
        ]
        schema = ["metric_id", "metric_name", "table_name"]
        self._create("control.metric_tables", pl.DataFrame(needs, schema=schema, orient="row"))
        for name, coverage in self._coverage(rows, through).items():
            self.session.execute(
                "insert into control.coverage values (?, 'test', ?, ?)",
                [name, coverage.first_at, coverage.through_at],
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of a query on the built models."""
        return self.session.rows(sql)

    def ask(self, metric_id: str, **asked: Any) -> list[dict[str, Any]]:
        """The rows of a metric, as `query` would hand them out."""
        metric = METRIC[metric_id]
        request = Request(metric, **{"every": "total", **asked})
        statement = metric.measure.statement(request, self.facts)
        answer = self.session.frame(statement.sql, dict(statement.parameters))
        return metric.measure.rows(answer, request, self.facts).rows(named=True)

    def things(self, metric_id: str) -> list[str]:
        """What `--of` offers."""
        return [row[0] for row in self.rows(METRIC[metric_id].things)]

    def broken(self) -> list[tuple[Any, ...]]:
        """What the identities object to."""
        texts = [(ROOT / "checks" / f"{name}.sql").read_text("utf-8") for name in CHECKS]
        return [row for text in texts for row in self.session.rows(text)]


@pytest.fixture
def voices() -> Callable[..., Voices]:
    """Builds a workspace from rows: `voices(through, survey_responses=[…])`."""

    def built(through: datetime, *, timezone: str = "UTC", **rows: Any) -> Voices:
        workspace = Workspace.model_validate(
            {
                "product": {"name": "Voices", "timezone": timezone},
                "source": [{"name": "test", "files": "*.csv"}],
                "segments": {"plan": "accounts.segment_code"},
            }
        )
        return Voices(workspace, rows, through)

    return built

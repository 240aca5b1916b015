"""The books: canonical rows → every finance model on a real DuckDB → answers of the metrics."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.engines.definition import Model, load_models
from pipelines.engines.duckdb import Session
from pipelines.engines.settings_tables import bindings
from pipelines.metrics.definition import Coverage, Facts, Request
from pipelines.metrics.finance import METRICS
from pipelines.sources.tables import TABLES, Table
from pipelines.workspace import Workspace, load

ROOT = Path(__file__).parents[3] / "pipelines"
METRIC = {metric.id: metric for metric in METRICS}
WANTED = {
    "marts.mrr_movements",
    "marts.mrr_events",
    "marts.revenue_retention",
    "marts.revenue",
}
CHECKS = ("mrr_bridge", "revenue_retention")
_REFERENCE = ("source_id varchar", "import_id varchar", "record_no bigint", "row_no bigint")
# Models of others that finance reads; here they are tables with what a test needs.
_GIVEN = {"marts.account_segments"}


def finance_models() -> list[Model]:
    """The models behind the finance metrics, in order, and nothing else."""
    models = [model for model in load_models(ROOT / "models") if model.name not in _GIVEN]
    needed = set(WANTED)
    for model in reversed(models):
        if model.name in needed:
            needed |= model.reads
    return [model for model in models if model.name in needed]


MODELS = finance_models()


class Books:
    """One built set of books.

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
        self._land(rows)
        self._context(through)
        bound = bindings(workspace)
        for model in MODELS:
            kind = "view" if model.schema == "staging" else "table"
            self.session.execute(f"create {kind} {model.name} as {model.bound(bound)}")
        covered = {"subscriptions": "as_of_at", "payments": "happened_at"}
        self.facts = Facts(
            settings=workspace,
            coverage={
                table: Coverage(min(row[dated] for row in rows[table]), through, timedelta(0))
                for table, dated in covered.items()
                if rows.get(table)
            },
            as_of=through,
        )

    def _land(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        for schema in ("landing", "staging", "activity", "marts", "control"):
            self.session.execute(f"create schema {schema}")
        read = {name for model in MODELS for name in model.reads}
        for table in TABLES.values():
            if f"landing.{table.name}" not in read | {"landing.accounts"}:
                continue
            columns = [f"{column.name} {column.type}" for column in table.columns]
            self.session.execute(
                f"create table landing.{table.name} ({', '.join([*columns, *_REFERENCE])})"
            )
            self._insert(table, rows.get(table.name, ()))

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            filled = {"source_id": "test", **row}
            marks = ", ".join("?" * len(filled))
            self.session.execute(
                f"insert into landing.{table.name} ({', '.join(filled)}) values ({marks})",
                list(filled.values()),
            )

    def _context(self, through: datetime) -> None:
        self.session.execute(
            "create table control.coverage (table_name varchar, source_id varchar,"
            " first_at timestamptz, through_at timestamptz)"
        )
        self.session.execute(
            "insert into control.coverage values ('subscriptions', 'test', null, ?)", [through]
        )
        self.session.execute(
            "create table marts.account_segments as select account_id, 'plan' as segment,"
            " segment_code as value from landing.accounts where segment_code is not null"
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of a query on the built models."""
        return self.session.rows(sql)

    def frame(self, metric_id: str, **asked: Any) -> pl.DataFrame:
        """The rows of a metric, as `query` would hand them out."""
        metric = METRIC[metric_id]
        request = Request(metric, **{"every": metric.every[0], **asked})
        statement = metric.measure.statement(request, self.facts)
        answer = self.session.frame(statement.sql, dict(statement.parameters))
        return metric.measure.rows(answer, request, self.facts)

    def values(self, metric_id: str, **asked: Any) -> dict[date, float | None]:
        """Period → value."""
        frame = self.frame(metric_id, **asked)
        return dict(zip(frame["period"], frame["value"], strict=True))

    def bridge(self, month: date, **asked: Any) -> dict[str, float | None]:
        """Component → value of one month of `mrr_movements`."""
        frame = self.frame("mrr_movements", **asked).filter(pl.col("period") == month)
        return dict(zip(frame["component"], frame["value"], strict=True))

    def broken(self) -> list[tuple[Any, ...]]:
        """What the finance identities object to."""
        texts = [(ROOT / "checks" / f"{name}.sql").read_text("utf-8") for name in CHECKS]
        return [row for text in texts for row in self.session.rows(text)]


def _workspace(folder: Path, timezone: str, currency: str, mrr_policy: str) -> Workspace:
    (folder / "launchloop.toml").write_text(
        f'[product]\nname = "Books"\ntimezone = "{timezone}"\ncurrency = "{currency}"\n'
        f'[finance]\nmrr_policy = "{mrr_policy}"\n'
        '[segments]\nplan = "accounts.segment_code"\n'
        '[[source]]\nname = "test"\nfiles = "*.csv"\n',
        encoding="utf-8",
    )
    return load(folder)


@pytest.fixture
def books(tmp_path: Path) -> Callable[..., Books]:
    """Builds books from canonical rows: `books(subscriptions=[…], through=…)`."""

    def build(
        *,
        through: datetime = datetime(2026, 7, 15, tzinfo=UTC),
        timezone: str = "UTC",
        currency: str = "USD",
        mrr_policy: str = "ours",
        **rows: Sequence[Mapping[str, Any]],
    ) -> Books:
        return Books(_workspace(tmp_path, timezone, currency, mrr_policy), rows, through)

    return build


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def contract() -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """A monthly subscription told by its prices: `contract("a", ("2026-01-10", 100), …)`.

    A price of None is a cancellation; a dict holds further columns of the change.
    """

    def rows(
        name: str,
        *states: tuple[str, int | None] | tuple[str, int | None, dict[str, Any]],
        account: str | None = None,
        currency: str = "USD",
        **latest: Any,
    ) -> dict[str, list[dict[str, Any]]]:
        changes, price = [], 0
        for number, (at, amount, *more) in enumerate(states, 1):
            price = price if amount is None else amount
            changes.append(
                {
                    "subscription_id": name,
                    "changed_at": _instant(at),
                    "change_no": number,
                    "change_origin": "reported",
                    "status_code": "canceled" if amount is None else "active",
                    "quantity": 1.0,
                    "unit_price_minor": price,
                    "interval_unit": "month",
                    "interval_count": 1,
                    "currency": currency,
                    **(more[0] if more else {}),
                }
            )
        last = changes[-1]
        subscription = {
            "subscription_id": name,
            "account_id": account or name,
            "status_code": last["status_code"],
            "quantity": 1.0,
            "unit_price_minor": last["unit_price_minor"],
            "interval_unit": last["interval_unit"],
            "interval_count": last["interval_count"],
            "currency": currency,
            "started_at": changes[0]["changed_at"],
            "as_of_at": datetime(2026, 7, 15, tzinfo=UTC),
            **latest,
        }
        return {"subscriptions": [subscription], "subscription_changes": changes}

    return rows


@pytest.fixture
def together() -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """Several contracts as one set of rows."""

    def rows(*parts: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        tables = ("subscriptions", "subscription_changes")
        return {table: [row for part in parts for row in part[table]] for table in tables}

    return rows

"""Delivery models and metrics on rows of canonical tables: real DuckDB, the real model files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import pipelines
from pipelines.engines.definition import Model, in_order, model_from
from pipelines.engines.duckdb import Session
from pipelines.engines.settings_tables import bindings, settings_tables
from pipelines.metrics import delivery, quality
from pipelines.metrics.definition import Coverage, Facts, Request
from pipelines.sources.tables import TABLES, Table
from pipelines.workspace import Workspace, load

FOLDER = Path(pipelines.__file__).parent
METRICS = {metric.id: metric for metric in delivery.METRICS + quality.METRICS}
TARGETS = (
    "marts.burn_up_days",
    "marts.commits",
    "marts.deployments",
    "marts.flow_days",
    "marts.incidents",
    "marts.releases",
    "marts.sprint_carry_overs",
    "marts.sprints",
    "marts.work_item_activity",
    "marts.work_item_stages",
)
SPRINT_POINTS = ("committed", "added", "reestimated", "removed", "dropped", "final", "completed")
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Delivered:
    """A built warehouse and what it says of itself."""

    session: Session
    facts: Facts

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.session.rows(sql)

    def one(self, sql: str) -> dict[str, Any]:
        return self.session.frame(sql).to_dicts()[0]

    def query(self, metric_id: str, **asked: Any) -> list[dict[str, Any]]:
        metric = METRICS[metric_id]
        request = Request(metric, **{"every": metric.every[0], **asked})
        statement = metric.measure.statement(request, self.facts)
        frame = self.session.frame(statement.sql, dict(statement.parameters))
        return metric.measure.rows(frame, request, self.facts).to_dicts()

    def sprint_points(self, sprint: str = "S") -> dict[str, float]:
        """Points of a sprint by what became of them, without those that are zero."""
        row = self.one(f"select * from marts.sprints where sprint_id = '{sprint}'")
        return {name: row[f"{name}_points"] for name in SPRINT_POINTS if row[f"{name}_points"]}

    def broken(self, check: str) -> list[tuple[Any, ...]]:
        return self.session.rows((FOLDER / "checks" / f"{check}.sql").read_text())


def _needed(models: Sequence[Model]) -> list[Model]:
    by_name = {model.name: model for model in models}
    wanted, open_names = set(), list(TARGETS)
    while open_names:
        name = open_names.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            open_names += by_name[name].reads
    return in_order([by_name[name] for name in sorted(wanted)])


NEEDED = _needed(
    [
        model_from(path)
        for schema in ("staging", "marts")
        for path in sorted((FOLDER / "models" / schema).glob("*.sql"))
    ]
)

LANDED = [
    table
    for table in TABLES.values()
    if any(f"landing.{table.name}" in model.reads for model in NEEDED)
]


def _land(session: Session, table: Table, rows: Rows) -> None:
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    session.execute(f"create table landing.{table.name} (source_id VARCHAR, {columns})")
    for row in rows:
        values = {"source_id": "one", **row}
        for column in table.columns:
            if column.type == "BOOLEAN" and column.is_required:
                values.setdefault(column.name, False)
        marks = ", ".join("?" for _ in values)
        session.execute(
            f"insert into landing.{table.name} ({', '.join(values)}) values ({marks})",
            list(values.values()),
        )


def _coverage(session: Session, through: datetime | None) -> dict[str, Coverage]:
    session.execute(
        "create table control.coverage (table_name VARCHAR, source_id VARCHAR, "
        "first_at TIMESTAMPTZ, through_at TIMESTAMPTZ, lateness_s BIGINT, is_declared BOOLEAN)"
    )
    found = {}
    for table in LANDED:
        if table.dated_by is None:
            continue
        sql = f"select min({table.dated_by}), max({table.dated_by}) from landing.{table.name}"
        first, last = session.rows(sql)[0]
        if first is None:
            continue
        reach = through or last + timedelta(microseconds=1)
        session.execute(
            "insert into control.coverage values (?, 'one', ?, ?, 0, false)",
            [table.name, first, reach],
        )
        found[table.name] = Coverage(first.astimezone(UTC), reach.astimezone(UTC), timedelta(0))
    return found


_TEXTS: dict[tuple[str, str], str] = {}


def _bound(model: Model, workspace: Workspace) -> str:
    """The model's SQL; rendering it anew for every test would take most of the time."""
    key = (model.name, workspace.product.timezone)
    if key not in _TEXTS:
        _TEXTS[key] = model.bound(bindings(workspace))
    return _TEXTS[key]


def _key_holds(session: Session, model: Model) -> bool:
    key = ", ".join(model.key)
    empty = " or ".join(f"{column} is null" for column in model.key)
    count, distinct, nulls = session.rows(
        f"select count(*), count(distinct ({key})), count(*) filter (where {empty}) "
        f"from {model.name}"
    )[0]
    return count == distinct and nulls == 0


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[..., Delivered]:
    """Builds the delivery marts from rows: `deliver(work_items=[…], sprints=[…])`.

    `toml` is added to launchloop.toml, `through` is the watermark of every table.
    """

    def build(toml: str = "", through: datetime | None = None, **tables: Rows) -> Delivered:
        (tmp_path / "launchloop.toml").write_text(
            '[product]\nname = "Lumen"\n[[source]]\nname = "one"\nfiles = "x.csv"\n' + toml
        )
        workspace = load(tmp_path)
        session = Session()
        for schema in ("landing", "settings", "control", "staging", "marts"):
            session.execute(f"create schema {schema}")
        for table in LANDED:
            _land(session, table, tables.get(table.name, ()))
        for name, frame in settings_tables(workspace).items():
            session.register("incoming", frame)
            session.execute(f"create table settings.{name} as select * from incoming")
        coverage = _coverage(session, through)
        for model in NEEDED:
            kind = "view" if model.schema == "staging" else "table"
            session.execute(f"create {kind} {model.name} as {_bound(model, workspace)}")
            assert _key_holds(session, model), model.name
        as_of = max((reach.through_at for reach in coverage.values()), default=None)
        return Delivered(session, Facts(workspace, coverage, as_of))

    return build


@pytest.fixture
def deliver_sprint(deliver: Callable[..., Delivered]) -> Callable[..., Delivered]:
    """Builds the marts of one sprint S, from 4 to 18 May: `deliver_sprint(items, changes)`."""

    def build(items: Rows, changes: Rows, **tables: Rows) -> Delivered:
        return deliver(
            workflow_statuses=STATUSES,
            work_items=items,
            work_item_changes=changes,
            sprints=[Board.sprint("S", "05-04", "05-18")],
            **tables,
        )

    return build


def at(text: str) -> datetime:
    """An instant in UTC: "05-02" or "05-02 14:30" of 2026."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-{day}T{time or '00:00'}:00+00:00")


STATUSES = [
    {"status_id": name, "status_name": name, "state_code": state, "stage_no": number,
     "is_active_stage": state == "doing" and name != "Blocked", "is_on_board": number is not None}
    for name, state, number in (
        ("Backlog", "todo", 1), ("Build", "doing", 2), ("Blocked", "doing", 3),
        ("Test", "doing", 4), ("Done", "done", 5), ("Closed", "done", None),
        ("Parked", "todo", None), ("Hidden work", "doing", None), ("Rejected", "cancelled", None),
    )
]  # fmt: skip
STATE = {status["status_id"]: status["state_code"] for status in STATUSES}


def item(key: str, created: str, status: str = "Backlog", **more: Any) -> dict[str, Any]:
    """A row of work_items."""
    return {
        "work_item_key": key,
        "item_kind": "story",
        "item_type_name": "Story",
        "status_id": status,
        "status_name": status,
        "state_code": STATE.get(status, "todo"),
        "created_at": at(created),
        **more,
    }


def change(
    key: str, when: str, field: str, before: str | None, after: str | None, **more: Any
) -> dict[str, Any]:
    """A row of work_item_changes."""
    return {
        "work_item_key": key,
        "changed_at": at(when),
        "change_no": 1,
        "field_code": field,
        "from_value": before,
        "to_value": after,
        "change_origin": "reported",
        **more,
    }


def moves(key: str, *path: str) -> list[dict[str, Any]]:
    """Status changes from Backlog on: moves("A", "05-02 Build", "05-04 12:00 Done")."""
    rows, before = [], "Backlog"
    for step in path:
        day, _, rest = step.partition(" ")
        time, _, name = rest.partition(" ") if ":" in rest.split(" ")[0] else ("", "", rest)
        rows.append(change(key, f"{day} {time}".strip(), "status", before, name))
        before = name
    return rows


@pytest.fixture
def board() -> "type[Board]":
    """What tests build rows with."""
    return Board


class Board:
    """Builders of rows, handed to tests as one fixture."""

    at = staticmethod(at)
    item = staticmethod(item)
    change = staticmethod(change)
    moves = staticmethod(moves)
    statuses = STATUSES
    state = STATE
    day = staticmethod(lambda text: date.fromisoformat(f"2026-{text}"))

    @staticmethod
    def entered(key: str, when: str, sprint: str = "S") -> dict[str, Any]:
        """An item comes into a sprint."""
        return change(key, when, "sprint", None, sprint)

    @staticmethod
    def left(key: str, when: str, sprint: str = "S") -> dict[str, Any]:
        """An item is taken out of a sprint."""
        return change(key, when, "sprint", sprint, None)

    @staticmethod
    def sprint(key: str, start: str, end: str, **more: Any) -> dict[str, Any]:
        """A closed sprint."""
        return {
            "sprint_id": key,
            "sprint_name": f"Sprint {key}",
            "state_code": "closed",
            "started_at": at(start),
            "planned_end_at": at(end),
            "completed_at": at(end),
            **more,
        }

    @staticmethod
    def deployment(key: str, when: str, result: str = "success", **more: Any) -> dict[str, Any]:
        """A deployment of one service to production."""
        return {
            "deployment_id": key,
            "service_id": "shop",
            "environment_code": "production",
            "started_at": at(when),
            "result_code": result,
            **more,
        }

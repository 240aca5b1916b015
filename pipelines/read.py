"""The read API: the only door through which numbers leave a snapshot.

Every answer names its definition, unit, snapshot and date; every row its n, interval and status.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

import polars as pl

from pipelines import coverage, judging, last_refresh, targeting, warehouse
from pipelines.engines.duckdb import Session
from pipelines.errors import SnapshotError
from pipelines.file_reports import file_reports, refused_rows
from pipelines.metrics import requests
from pipelines.metrics.catalogue import all_metrics
from pipelines.metrics.comparing import Comparison
from pipelines.metrics.definition import Facts, Metric, Request, Statement, Unit
from pipelines.metrics.plain import plain_row
from pipelines.metrics.rows import contract
from pipelines.metrics.targets import InForce, Standing, refusal
from pipelines.pickers import markers, segment_values
from pipelines.restatements import log_of
from pipelines.snapshot_diff import changed_numbers
from pipelines.source_states import SourceState, source_states
from pipelines.stats.forecast_range import next_value_range
from pipelines.warehouse import Warehouse
from pipelines.workspace import Target, Workspace, load

POLICIES = requests.POLICIES
_PARAMETER = re.compile(r"\$([a-z_][a-z_0-9]*)")


class Snapshot:
    """A published snapshot, opened for reading; use one per thread."""

    def __init__(self, folder: Path, snapshot: str | None = None) -> None:
        """Opens a snapshot of a workspace, the current one unless named.

        Raises:
            SnapshotError: If none was published yet, or another version wrote it.
            UsageError: If the workspace has no snapshot of that id.
        """
        store = Warehouse(folder / "snapshots")
        full_id = store.resolve(snapshot)
        self._begin(folder, full_id, warehouse.reader(store, full_id))

    @classmethod
    def of_build(cls, folder: Path, session: Session) -> Self:
        """What is about to be published, read before it is."""
        opened = cls.__new__(cls)
        opened._begin(folder, "", session)
        return opened

    def _begin(self, folder: Path, full_id: str, session: Session) -> None:
        self.id = full_id
        self._session = session
        self.about = dict(self._session.rows("select key, value from control.snapshot"))
        self.settings = Workspace.from_json(self.about["settings"], folder)
        self.coverage = self._session.frame("select * from control.coverage")
        reach = coverage.by_table(self.coverage)
        self.facts = Facts(self.settings, reach, coverage.as_of(reach), datetime.now(UTC))
        self.metrics = all_metrics(self.settings)

    def frame(self, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        """Rows of the control tables and marts, for lists and pickers; never for a metric."""
        return self._session.frame(sql, parameters)

    def run(self, statement: Statement) -> pl.DataFrame:
        """Runs a metric's statement; parameters that it does not name are left out."""
        named = set(_PARAMETER.findall(statement.sql))
        used = {name: value for name, value in statement.parameters.items() if name in named}
        return self._session.frame(statement.sql, used or None)

    def things(self, metric: Metric) -> list[tuple[str, str]]:
        """(id, name) of what a metric exists for; empty if it exists once."""
        if metric.things is None:
            return []
        return [(str(row[0]), str(row[1])) for row in self._session.rows(metric.things)]

    def unavailable(self, metric: Metric) -> str | None:
        """Why a metric has no answer here, None if it has one."""
        missing = [table for table in metric.needs if table not in self.facts.coverage]
        if missing:
            listed = ", ".join(missing)
            return f"No source provides {listed}. Add one to launchloop.toml."
        if metric.setting and not _setting(self.settings, metric.setting):
            return f"launchloop.toml declares no [{metric.setting}]."
        return None

    def answer(self, request: Request) -> pl.DataFrame:
        """Contract rows of a validated request."""
        clock = request.metric.settled_by
        if self.unavailable(request.metric) or (clock and clock not in self.facts.coverage):
            return contract(pl.DataFrame(schema={"period": pl.Date}))
        measure = request.metric.measure
        return measure.rows(self.run(measure.statement(request, self.facts)), request, self.facts)

    def change(self, request: Request, **pick: Any) -> Comparison:  # noqa: ANN401
        """The newest settled span of one series against the previous one of the same length.

        Args:
            request: The question; "newest" ends where its range does.
            pick: Shape keys of the series meant, such as component="new".

        Raises:
            UsageError: If the metric has several series and none is picked.
        """
        return judging.change(self, request, pick)

    def change_since(self, request: Request, launch_on: date, **pick: Any) -> Comparison:  # noqa: ANN401
        """The time since a launch against the same length before it; otherwise as `change`."""
        return judging.change_since(self, request, launch_on, pick)

    def targets(
        self,
        metric_id: str,
        of: str | None = None,
        where: Sequence[tuple[str, str]] = (),
        variant: str | None = None,
    ) -> tuple[Target, ...]:
        """The targets that such a number may be held against, the closest one first."""
        asked = Request(self.metrics[metric_id], of=of, where=tuple(where), variant=variant)
        return targeting.declared_targets(self, asked)

    def target_refusal(self, metric_id: str) -> str | None:
        """Why a metric takes no target; None if it takes one."""
        return refusal(self.metrics[metric_id])

    def target_in_force(self, request: Request, period: date) -> InForce | None:
        """The target of the period that begins on a day; None where there is none."""
        return targeting.target_in_force(self, request, period)

    def target_points(self, request: Request) -> list[tuple[date, float]]:
        """(first day, value) of each period asked for that has a target; of a band its low end."""
        return targeting.target_points(self, request)

    def standing(self, request: Request, row: Mapping[str, Any]) -> Standing:
        """Whether a row of the request's answer meets the target in force for it."""
        return targeting.standing(self, request, dict(row))

    def markers(self, start: date, end: date) -> list[dict[str, Any]]:
        """What happened in a range, oldest first; releases and incidents are among it."""
        return markers(self, start, end)

    def segment_values(self, name: str) -> list[str]:
        """The values of a segment, `unknown` last where somebody has none."""
        return segment_values(self, name)

    def failure(self) -> dict[str, str] | None:
        """Why the last refresh published nothing (since, at, reason); None if it did well."""
        return failure(self.settings.folder)

    def source_states(self, now: datetime | None = None) -> list[SourceState]:
        """Age, newest import and open questions of every source, by name."""
        return source_states(self, self.file_reports(), now)

    def file_reports(self) -> pl.DataFrame:
        """One row per file that the last refresh looked at; of an old snapshot, its own refresh."""
        return file_reports(self, self.id, self.settings.folder / "snapshots")

    def restatements(self) -> pl.DataFrame:
        """One row per settled number that later rows changed, newest first (restatements.LOG)."""
        return log_of(self)

    def refused_rows(self, file: str) -> pl.DataFrame:
        """One row per record or cell of such a file that lies in quarantine."""
        folder = self.settings.folder / "quarantine"
        return refused_rows(self, self.file_reports(), file, folder)


def _setting(settings: Workspace, path: str) -> Any:  # noqa: ANN401
    found: Any = settings
    for part in path.split("."):
        found = getattr(found, part)
    return found


def request(  # noqa: PLR0913
    snapshot: Snapshot,
    metric_id: str,
    *,
    of: str | None = None,
    every: str | None = None,
    start: date | None = None,
    end: date | None = None,
    by: str | None = None,
    where: Sequence[tuple[str, str]] = (),
    variant: str | None = None,
    policy: str | None = None,
) -> Request:
    """A question checked against the metric's declaration.

    Raises:
        UsageError: If the metric, variant, grain, segment or thing does not exist; names the
            nearest ones.
    """
    return requests.checked_request(
        snapshot.metrics, snapshot.settings, snapshot.things, metric_id, of=of, every=every,
        start=start, end=end, by=by, where=where, variant=variant, policy=policy,
    )  # fmt: skip


def unit_text(metric: Metric, settings: Workspace, variant: str | None = None) -> str:
    """The unit of a metric or variant as printed: the currency's code for money."""
    if metric.unit_name:
        return metric.unit_name
    unit = metric.variant_units.get(variant or "", metric.unit)
    return settings.product.currency if unit is Unit.MONEY else unit.value


def query(  # noqa: PLR0913
    folder: Path,
    metric_id: str,
    *,
    of: str | None = None,
    every: str | None = None,
    start: date | None = None,
    end: date | None = None,
    by: str | None = None,
    where: Sequence[tuple[str, str]] = (),
    variant: str | None = None,
    policy: str | None = None,
    snapshot: str | None = None,
) -> dict[str, Any]:
    """One metric, as the command line's contract hands it out.

    Returns:
        metric, of, name, definition, variant, policy, unit, every, by, where, snapshot, as_of,
        timezone, note, rows; dates as ISO text.
    """
    opened = Snapshot(folder, snapshot)
    asked = request(
        opened, metric_id, of=of, every=every, start=start, end=end, by=by, where=where,
        variant=variant, policy=policy,
    )  # fmt: skip
    return envelope(opened, asked, opened.answer(asked))


def envelope(snapshot: Snapshot, asked: Request, rows: pl.DataFrame) -> dict[str, Any]:
    """Rows with everything that must stand beside a number."""
    metric = asked.metric
    clock = snapshot.facts.coverage.get(metric.settled_by)
    as_of = clock.through_at if clock else snapshot.facts.as_of
    return {
        "metric": metric.id,
        "of": asked.of,
        "name": metric.name,
        "definition": metric.definition,
        "variant": asked.variant,
        "policy": asked.policy
        or (snapshot.settings.finance.mrr_policy if metric.takes_policy else None),
        "unit": unit_text(metric, snapshot.settings, asked.variant),
        "every": asked.every,
        "by": asked.by,
        "where": dict(asked.where),
        "snapshot": snapshot.id,
        "as_of": as_of.isoformat() if as_of else None,
        "timezone": snapshot.settings.product.timezone,
        "note": snapshot.unavailable(metric) or metric.variants.get(asked.variant or ""),
        "rows": [plain_row(row) for row in rows.iter_rows(named=True)],
    }


def catalogue(folder: Path) -> list[dict[str, Any]]:
    """The catalogue of a workspace, with what is available in its current snapshot."""
    settings = load(folder)
    try:
        snapshot: Snapshot | None = Snapshot(folder)
    except SnapshotError:
        snapshot = None
    targets: dict[str, list[Any]] = {}
    for target in settings.targets:
        targets.setdefault(target.metric, []).append(target.model_dump(mode="json"))
    listed = []
    for metric in all_metrics(settings).values():
        known = snapshot is not None and metric.id in snapshot.metrics
        note = "Nothing was published yet; run `launchloop refresh`."
        if snapshot and known:
            note = snapshot.unavailable(metric) or ""
        elif snapshot:
            note = "Declared after the last refresh; run `launchloop refresh`."
        things = snapshot.things(metric) if snapshot and known and not note else []
        listed.append(
            {
                "id": metric.id,
                "name": metric.name,
                "family": metric.family.value,
                "unit": unit_text(metric, settings),
                "definition": metric.definition,
                "formula": metric.formula,
                "variants": dict(metric.variants),
                "every": list(metric.every),
                "of": [thing for thing, _ in things],
                "segments": [
                    segment.name
                    for segment in settings.segments
                    if segment.table in metric.segments
                ],
                "needs": list(metric.needs),
                "target": None if refusal(metric) else targets.get(metric.id),
                "available": not note,
                "note": note or None,
                "source": metric.source,
                "better": metric.better.value,
                "reader": metric.reader,
            }
        )
    return listed


def diff(folder: Path, first: str, second: str) -> dict[str, Any]:
    """Every default number in which two snapshots differ."""
    a, b = Snapshot(folder, first), Snapshot(folder, second)
    changed = changed_numbers(a, b)
    return {"a": a.id, "b": b.id, "equal": not changed, "changed": changed}


def snapshot_facts(folder: Path, snapshot: str) -> dict[str, Any]:
    """What one snapshot holds: when, from what, which checks, how far each source reaches."""
    opened = Snapshot(folder, snapshot)
    reach = opened.coverage.sort("table_name", "source_id")
    imports = opened.frame("select * from control.imports where is_in_force order by finished_at")
    checks = opened.frame("select * from control.checks order by id")
    return {
        "id": opened.id,
        "built_at": opened.about["built_at"],
        "program": opened.about["program"],
        "as_of": opened.facts.as_of.isoformat() if opened.facts.as_of else None,
        "coverage": [plain_row(row) for row in reach.iter_rows(named=True)],
        "imports": [plain_row(row) for row in imports.iter_rows(named=True)],
        "checks": [plain_row(row) for row in checks.iter_rows(named=True)],
    }


def current_id(folder: Path) -> str | None:
    """The snapshot that is served, None before the first one."""
    return Warehouse(folder / "snapshots").current_id


def snapshots(folder: Path) -> list[warehouse.SnapshotInfo]:
    """All published snapshots, newest first."""
    return Warehouse(folder / "snapshots").snapshots()


def failure(folder: Path) -> dict[str, str] | None:
    """Why the last refresh published nothing (since, at, reason), None if it did well."""
    return last_refresh.failure(folder / "snapshots")


def refresh_mark(folder: Path) -> str:
    """Changes with every refresh, published or not; for what is kept of the last one."""
    return last_refresh.mark(folder / "snapshots")


def next_range(history: Sequence[float]) -> tuple[float, float, float]:
    """Low, high and probability of the range for the next value; nan below five values."""
    return next_value_range(history)

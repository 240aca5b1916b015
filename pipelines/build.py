"""Landing → a checked candidate: views over what is in force, models, identities, control tables.

Writes into the open database of a build only; publishing is the warehouse's.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import polars as pl

from pipelines import coverage, warehouse
from pipelines.control_tables import imports_frame, metric_tables, quarantine_frame
from pipelines.engines.definition import load_models
from pipelines.engines.duckdb import Session, quoted
from pipelines.engines.own_metrics import own_metric_models
from pipelines.engines.runner import Built, Inputs, Previous, digest, run_models
from pipelines.engines.settings_tables import bindings, dates_table, settings_tables
from pipelines.errors import CheckError
from pipelines.feedback.scoring import ITEM_COLUMNS, score_items
from pipelines.identities import CheckResult, all_checks
from pipelines.sources.in_force import in_force_sql, rows_sql
from pipelines.sources.landing import Landing
from pipelines.sources.tables import TABLES
from pipelines.workspace import Workspace

# Charts look a little ahead, and cohorts need the calendar beyond the last day of data.
CALENDAR_AHEAD = timedelta(days=400)
SCHEMAS = ("landing", "settings", "control", "enriched", "staging", "activity", "marts")
Step = Callable[[str], None]


@dataclass(frozen=True)
class Candidate:
    """A built and checked database, not yet published.

    Attributes:
        event_days: Local days whose events may differ from the last snapshot's; None = any.
    """

    digits: str
    inputs: str
    checks: tuple[CheckResult, ...]
    built: tuple[Built, ...]
    event_days: frozenset[date] | None


def models_folder() -> Path:
    """Where the model files lie."""
    return Path(str(files("pipelines"))) / "models"


def inputs_digest(workspace: Workspace, landing: Landing) -> str:
    """Changes when a build would, without building."""
    models = load_models(models_folder())
    return digest(
        version("launchloop"),
        str(warehouse.FORMAT),
        *(model.sql for model in models),
        workspace.as_json(),
        *(manifest.import_id for manifest in landing.in_force()),
    )


class Builder:
    """Builds one candidate.

    Args:
        session: The open build; it may be a copy of the current snapshot, which is then attached
            as `previous`.
        has_previous: Whether it is.
        step: Called with a few words before each step.
    """

    def __init__(  # noqa: PLR0913
        self,
        session: Session,
        workspace: Workspace,
        landing: Landing,
        quarantine_folder: Path,
        *,
        has_previous: bool,
        step: Step,
    ) -> None:
        """Keeps what every step needs."""
        self._session = session
        self._workspace = workspace
        self._landing = landing
        self._quarantine = quarantine_folder
        self._has_previous = has_previous
        self._step = step

    def run(self, reports: pl.DataFrame) -> Candidate:
        """Builds, checks and fingerprints.

        Args:
            reports: One row per import of this refresh, for the Data page.

        Raises:
            CheckError: If a key or an identity does not hold.
        """
        self._begin()
        self._step("reading what is in force")
        reach = coverage.measured(self._session, self._landing, self._workspace)
        self._create_inputs(reach, reports)
        models = [*load_models(models_folder()), *own_metric_models(self._workspace)]
        inputs = self._inputs(reach)
        built = run_models(
            self._session,
            models,
            bindings(self._workspace),
            inputs,
            self._previous(),
            only_days=self._only_days,
            progress=self._step,
        )
        self._step("checking identities")
        changed = {one.name: one.changed for one in built}
        checks = all_checks(self._session, models, self._landing, changed)
        broken = [check for check in checks if not check.ok]
        if broken:
            listed = "\n".join(f"  {check.id}: {check.note}" for check in broken)
            raise CheckError(
                f"Nothing was published: {len(broken)} of {len(checks)} checks failed.\n{listed}\n"
                "The last good snapshot stays. Take a wrong import back with `launchloop imports "
                "list` and `launchloop imports revoke ID`.",
                checks,
            )
        return self._finish(built, checks, inputs.touched["landing.events"])

    def _begin(self) -> None:
        """Schemas; what the last snapshot left stays only where it is the table of a model."""
        session = self._session
        for schema in SCHEMAS:
            session.execute(f"create schema if not exists {schema}")
        models = [*load_models(models_folder()), *own_metric_models(self._workspace)]
        names = {model.name for model in models if not model.is_view}
        for schema, table, kind in session.rows(
            "select table_schema, table_name, table_type from information_schema.tables "
            "where table_catalog = current_database()"
        ):
            is_view = kind == "VIEW"
            if is_view or f"{schema}.{table}" not in names:
                what = "view" if is_view else "table"
                session.execute(f'drop {what} "{schema}"."{table}"')

    # inputs ---------------------------------------------------------------------------------

    def _create_inputs(self, reach: pl.DataFrame, reports: pl.DataFrame) -> None:
        session = self._session
        for name in TABLES:
            self._landing_view(name, "true")
        for name, frame in settings_tables(self._workspace).items():
            self._table(f"settings.{name}", frame)
        self._table("control.coverage", reach)
        self._table("control.imports", imports_frame(self._landing))
        self._table("control.quarantine", quarantine_frame(self._landing, self._quarantine))
        self._table("control.reports", reports)
        self._table("control.metric_tables", metric_tables())
        first, last = _span(reach)
        self._table("marts.dates", dates_table(first, last, self._workspace.product.week_start))
        items = session.frame(f"select {', '.join(ITEM_COLUMNS)} from landing.feedback_items")
        self._table("enriched.feedback_sentiment", score_items(items))

    def _table(self, name: str, frame: pl.DataFrame) -> None:
        self._session.register("incoming_table", frame)
        self._session.execute(f"create or replace table {name} as select * from incoming_table")

    def _landing_view(self, name: str, where: str) -> None:
        sql = in_force_sql(self._landing, TABLES[name], where=where)
        self._session.execute(f"create or replace view landing.{name} as {sql}")

    def _only_days(self, days: frozenset[date] | None) -> None:
        """Narrows the event view to the time around some days, so that Parquet skips the rest."""
        if not days:
            self._landing_view("events", "true")
            return
        # A local day starts at most 14 hours before or after the UTC day.
        first = min(days) - timedelta(days=1)
        last = max(days) + timedelta(days=2)
        self._landing_view(
            "events",
            f"occurred_at >= timestamptz '{first} 00:00:00+00' "
            f"and occurred_at < timestamptz '{last} 00:00:00+00'",
        )

    def _inputs(self, reach: pl.DataFrame) -> Inputs:
        states, structure = {}, {}
        in_force = self._landing.in_force()
        for name in TABLES:
            ids = [one.import_id for one in in_force if one.tables.get(name)]
            states[f"landing.{name}"] = digest("landing", name, *ids)
            structure[f"landing.{name}"] = states[f"landing.{name}"]
        structure["landing.events"] = "by day"
        for name, frame in settings_tables(self._workspace).items():
            states[f"settings.{name}"] = digest(frame.write_json())
        states["control.coverage"] = digest(reach.write_json())
        states["control.metric_tables"] = digest(version("launchloop"))
        states["marts.dates"] = digest(str(_span(reach)), self._workspace.product.week_start)
        states["enriched.feedback_sentiment"] = states["landing.feedback_items"]
        for name, state in states.items():
            structure.setdefault(name, state)
        return Inputs(states, structure, {"landing.events": self._touched_event_days()})

    def _previous(self) -> Previous | None:
        if not self._has_previous:
            return None
        rows = self._session.rows("select model, state, structure from previous.control.models")
        return Previous({model: (state, structure) for model, state, structure in rows})

    def _touched_event_days(self) -> frozenset[date] | None:
        """Local days whose events differ from those of the last snapshot; None = no telling."""
        if not self._has_previous:
            return None
        before = {
            row[0]
            for row in self._session.rows(
                "select import_id from previous.control.imports where is_in_force"
            )
        }
        now = {manifest.import_id for manifest in self._landing.in_force()}
        changed = [
            manifest
            for manifest in self._landing.manifests
            if manifest.import_id in before ^ now and manifest.tables.get("events")
        ]
        if not changed:
            return frozenset()
        table = TABLES["events"]
        rows = rows_sql(self._landing.files("events", changed), table)
        zone = quoted(self._workspace.product.timezone)
        day = f"cast(timezone({zone}, occurred_at) as date)"
        days = {row[0] for row in self._session.rows(f"select distinct {day} from {rows}")}
        if any("events" in manifest.may_overlap for manifest in self._landing.manifests):
            # An event that was corrected may have stood, or stand again, on another day.
            others = rows_sql(self._landing.files("events"), table)
            days |= {
                row[0]
                for row in self._session.rows(
                    f"select distinct {day} from {others} "
                    f"where row_key in (select row_key from {rows})"
                )
            }
        return frozenset(days)

    # end ------------------------------------------------------------------------------------

    def _finish(
        self,
        built: Sequence[Built],
        checks: Sequence[CheckResult],
        event_days: frozenset[date] | None,
    ) -> Candidate:
        session = self._session
        self._table(
            "control.models",
            pl.DataFrame(
                [
                    {
                        "model": one.name,
                        "state": one.state,
                        "structure": one.structure,
                        "how": one.how,
                    }
                    for one in built
                ],
                schema=dict.fromkeys(("model", "state", "structure", "how"), pl.String),
            ),
        )
        self._table(
            "control.checks",
            pl.DataFrame(
                [asdict(one) for one in checks],
                schema={
                    "id": pl.String, "ok": pl.Boolean, "note": pl.String, "demand": pl.String,
                },
            ),
        )  # fmt: skip
        inputs = inputs_digest(self._workspace, self._landing)
        facts = {
            "format": str(warehouse.FORMAT),
            "program": version("launchloop"),
            "settings": self._workspace.as_json(),
            "inputs": inputs,
            "built_at": datetime.now(UTC).isoformat(),
        }
        self._table(
            "control.snapshot",
            pl.DataFrame(
                [{"key": key, "value": value} for key, value in facts.items()],
                schema={"key": pl.String, "value": pl.String},
            ),
        )
        for schema in ("staging", "landing", "enriched"):
            session.execute(f"drop schema {schema} cascade")
        digits = warehouse.table_hash(session)
        session.execute("checkpoint")
        return Candidate(digits, inputs, tuple(checks), tuple(built), event_days)


def _span(reach: pl.DataFrame) -> tuple[date, date]:
    """First and last day of the calendar."""
    if reach.is_empty():
        today = date(2000, 1, 1)
        return today, today
    first: datetime = reach["first_at"].min()  # type: ignore[assignment]
    last: datetime = reach["through_at"].max()  # type: ignore[assignment]
    return first.date() - timedelta(days=40), (last + CALENDAR_AHEAD).date()

"""Brings records to the form that this program knows; one process at a time."""

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from pipelines.errors import RecordsError

SCRIPTS = "pipelines.reviews.records:migrations"
# Any number that nobody else locks: "launch" in ASCII.
LOCK = 0x6C61756E6368


def bring_up_to_date(engine: Engine) -> None:
    """Runs the migrations that are missing, all or none; does nothing when there are none.

    Raises:
        RecordsError: A newer program wrote the records.
    """
    config = Config()
    scripts = _scripts(config)
    with engine.connect() as connection:
        if _is_current(connection, scripts):
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        # Another process may have done it while this one waited.
        if not _is_current(connection, scripts):
            _run_missing(connection, config, scripts)


def _run_missing(connection: Connection, config: Config, scripts: ScriptDirectory) -> None:
    def missing(found: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs("head", found)  # type: ignore[arg-type]

    with EnvironmentContext(config, scripts, fn=missing) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()


def newest_form() -> str:
    """The form of the tables that this program knows, as the migrations number it."""
    return str(_scripts(Config()).get_current_head())


def _scripts(config: Config) -> ScriptDirectory:
    config.set_main_option("script_location", SCRIPTS)
    return ScriptDirectory.from_config(config)


def _is_current(connection: Connection, scripts: ScriptDirectory) -> bool:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise RecordsError(
            f"The records have form {found}, which a newer Launchloop wrote; this one knows "
            f"forms up to {scripts.get_current_head()}. Update Launchloop, then open them again."
        )
    return found == scripts.get_current_head()

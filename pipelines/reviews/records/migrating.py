"""Brings records to the form that this program knows; one process at a time."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
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
    config.set_main_option("script_location", SCRIPTS)
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        if _is_current(connection, scripts):
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        # Another process may have done it while this one waited.
        if not _is_current(connection, scripts):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _is_current(connection: Connection, scripts: ScriptDirectory) -> bool:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise RecordsError(
            f"The records have form {found}, which a newer Launchloop wrote; this one knows "
            f"forms up to {scripts.get_current_head()}. Update Launchloop, then open them again."
        )
    return found == scripts.get_current_head()

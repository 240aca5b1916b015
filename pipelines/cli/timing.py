"""`launchloop schedule`: refreshes by the clock."""

from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from pipelines.cli.answers import remark
from pipelines.cli.options import HERE, Folder
from pipelines.errors import UsageError
from pipelines.scheduling import fire_times, keep_refreshing
from pipelines.workspace import load

Cron = Annotated[
    str | None,
    Parameter(help="Five fields, in the reporting zone; else [schedule] cron of launchloop.toml."),
]


def schedule(cron: Cron = None, /, *, workspace: Folder = HERE) -> None:
    """Refresh by the clock until the process ends, one run at a time; one log line per run."""
    settings = load(workspace)
    wanted = cron or settings.schedule.cron
    if wanted is None:
        raise UsageError(
            'Say when: `launchloop schedule "0 6 * * *"`, or add to launchloop.toml\n'
            '[schedule]\ncron = "0 6 * * *"'
        )
    zone = ZoneInfo(settings.product.timezone)
    keep_refreshing(workspace, fire_times(wanted, zone), zone, remark)

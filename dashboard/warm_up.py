"""The first page's costs, paid before the first person comes."""

import logging
import pkgutil
from importlib import import_module
from typing import get_args

from dashboard import components, data, exhibits
from dashboard.charts.theme import Mode
from dashboard.exhibits import launch
from pipelines.errors import LaunchloopError

# What Streamlit loads only with its first table and its first image.
_LATE = (
    "pandas",
    "pyarrow.compute",
    "PIL.ImageFile",
    "streamlit.material_icon_names",
    "dashboard.notes",
)
_LOG = logging.getLogger(__name__)


def warm_up() -> None:
    """Loads what pages load, and makes the page that opens first.

    Libraries load much when they are first used (2 s of CPU). What is loaded by now can be
    taken out of the garbage collector's sight, which looks at all the rest after every run.
    """
    for name in _LATE:
        import_module(name)
    for package in (components, exhibits):
        for module in pkgutil.iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    try:
        _open_first_page()
    except LaunchloopError as problem:
        # The page itself will say so, and what to do.
        _LOG.warning("The first page could not be made in advance: %s", problem)


def _open_first_page() -> None:
    opened = data.current()
    if opened is None:
        return
    chosen = next(iter(launch.launches(opened)), None)
    things = launch.first_things(opened, launch.chosen_metrics(opened, chosen))
    for mode in get_args(Mode):
        columns = launch.columns(opened, chosen, things, mode)
        cards = launch.all_faces(columns)
        for metric in list(launch.chart_names(cards))[:1]:
            since = launch.launches(opened).get(chosen or "")
            launch.since_launch(opened, metric, columns, since, mode)

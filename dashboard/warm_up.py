"""The first page's costs, paid before the first person comes."""

import pkgutil
from datetime import date, timedelta
from importlib import import_module

import plotly.io
import polars as pl

from dashboard import components, exhibits
from dashboard.charts.theme import LIGHT
from dashboard.charts.trend import trend
from dashboard.facts import Subject

_SUBJECT = Subject("warm_up", "Warm-up", "count", "none", "", "")


def warm_up() -> None:
    """Loads what pages load, and draws one figure: Plotly and Polars load much late (0.6 s)."""
    for package in (components, exhibits):
        for module in pkgutil.iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    start = date(2026, 1, 5)
    weeks = [start + timedelta(weeks=index) for index in range(4)]
    points = pl.DataFrame(
        {
            "period": weeks,
            "period_end": [week + timedelta(weeks=1) for week in weeks],
            "value": [1.0, 2.0, 3.0, 4.0],
            "low": [None] * 4,
            "high": [None] * 4,
            "n": [1, 2, 3, 4],
            "status": ["ok"] * 4,
        },
        schema_overrides={"low": pl.Float64, "high": pl.Float64},
    )
    plotly.io.to_json(trend(points, _SUBJECT, LIGHT), validate=False)

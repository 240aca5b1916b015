"""What every number means: the catalogue in words."""

from collections.abc import Mapping

import polars as pl

from dashboard import data
from dashboard.format import goal
from dashboard.question import Opened
from pipelines.metrics.definition import Metric, MinimumN, Settling, Uncertainty

_SETTLES: Mapping[Settling, str] = {
    Settling.AT_ONCE: "at once: it is a state at the time of the snapshot",
    Settling.PERIOD: "when the data reach past the end of the period",
    Settling.MEMBER: "when each person's own time is over, {}",
    Settling.SURVEY_WINDOW: "when the survey's field window has closed",
    Settling.BOOKS: "when the month is closed, five working days after its end",
    Settling.AFTER: "{} after the release or event",
    Settling.SPRINT: "when the sprint is closed",
}
_INTERVALS: Mapping[Uncertainty, str] = {
    Uncertainty.WILSON: "Wilson interval of a share",
    Uncertainty.NPS: "adjusted Wald interval of a net score",
    Uncertainty.STUDENT: "t interval of a mean",
    Uncertainty.RATIO: "linearised interval of a ratio",
    Uncertainty.ORDER: "order statistics of a percentile",
    Uncertainty.COUNT: "Poisson interval of a count",
    Uncertainty.BOOTSTRAP: "bootstrap over customers, 2,000 resamples",
    Uncertainty.NONE: "none: it is a full count",
}
_MINIMA: Mapping[MinimumN, str] = {
    MinimumN.SURVEY: "hidden below 5 answers, counts below 30, a verdict from 100",
    MinimumN.PROPORTION: "30; below, it is told as x of n",
    MinimumN.QUANTILE: "10",
    MinimumN.CUSTOMERS: "20 customers",
    MinimumN.NONE: "none",
}
# Headings of the table; the rest stands on the card of a metric.
COLUMNS = {
    "name": "Name",
    "definition": "Definition",
    "unit": "Unit",
    "better": "Better",
    "target": "Target",
    "family": "Family",
    "available": "Available",
    "id": "Id",
}


@data.kept
def glossary(opened: Opened) -> pl.DataFrame:
    """One row per metric.

    Columns, all text: id, name, family, definition, formula, unit, better, every, variants,
    settled, interval, minimum_n, of, segments, needs, target, source, available.
    """
    known = data.metrics(opened)
    return pl.DataFrame([_entry(opened, metric) for metric in known.values()])


def _entry(opened: Opened, metric: Metric) -> dict[str, str]:
    settings = data.settings(opened)
    days = f"{metric.settles_after.days} days"
    return {
        "id": metric.id,
        "name": metric.name,
        "family": metric.family.value,
        "definition": metric.definition,
        "formula": metric.formula,
        "unit": data.subject(opened, metric.id).unit,
        "better": {"up": "higher", "down": "lower"}.get(metric.better.value, "neither"),
        "every": ", ".join(metric.every),
        "variants": "; ".join(f"{name}: {text}" for name, text in metric.variants.items()),
        "settled": _SETTLES[metric.settles].format(days),
        "interval": _INTERVALS[metric.uncertainty],
        "minimum_n": _MINIMA[metric.minimum],
        "of": metric.of_kind or "",
        "segments": ", ".join(s.name for s in settings.segments if s.table in metric.segments),
        "needs": ", ".join(metric.needs),
        "target": _targets(opened, metric),
        "source": metric.source,
        "available": data.unavailable(opened, metric.id) or "yes",
    }


def _targets(opened: Opened, metric: Metric) -> str:
    """What is aimed at, for whom; a ramp by its first and last value."""
    unit = data.subject(opened, metric.id).unit
    told = []
    for target in data.settings(opened).targets:
        if target.metric != metric.id:
            continue
        points = [point.value for point in target.points]
        known = [target.value, target.low, *points[:1], target.high, *points[1:][-1:]]
        words = " to ".join(goal(value, unit) for value in known if value is not None)
        told.append(f"{target.of}: {words}" if target.of else words)
    return "; ".join(told)


def families(entries: pl.DataFrame) -> dict[str, str]:
    """Id → name of the families that there are, all of them first."""
    names = entries["family"].unique(maintain_order=True).to_list()
    return {"": "All families"} | {name: name.capitalize() for name in names}


def of_family(entries: pl.DataFrame, family: str) -> pl.DataFrame:
    """The entries of a family, "" for all."""
    return entries.filter(pl.col("family") == family) if family else entries


def metric_names(entries: pl.DataFrame) -> dict[str, str]:
    """Id → name."""
    return dict(entries.select("id", "name").iter_rows())

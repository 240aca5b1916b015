"""Usage in pictures: who comes, who stays, who gets to first value, how far they go."""

from dataclasses import replace

import polars as pl

from dashboard import data, told
from dashboard.charts import alt
from dashboard.charts.cohort_grid import cohort_grid
from dashboard.charts.funnel_bars import funnel_bars
from dashboard.charts.histogram import histogram
from dashboard.charts.ready import Ready
from dashboard.charts.stacked_bars import Part, stacked_bars
from dashboard.charts.theme import THEMES, Mode
from dashboard.components.chart_card import ChartCard
from dashboard.exhibits.over_time import (
    has_values,
    last_day,
    missing_card,
    over_time,
    within,
)
from dashboard.question import Opened, Question
from dashboard.scorecard import RETENTION_AGE

_ACTIVATED = """
select cast(round(date_diff('second', signed_up_at, activated_at) / 3600) as integer) as hours
from marts.activations where activated_at is not null order by hours
"""
# The part of the lifecycle that a cycle is about: who was active and is not any more.
_GOES_QUIET = "dormant"
_LIFECYCLE = (
    Part("returning", "Returning", 0),
    Part("new", "New", 1),
    Part("resurrected", "Resurrected", 3),
    Part(_GOES_QUIET, "Dormant", 5, is_loss=True),
)
# Name in the picker → metric and grain.
ACTIVE = {"wau": "Weekly", "mau": "Monthly", "dau": "Daily"}
# A year of intervals and as many cohorts fit; older ages would be a few pixels wide.
_MOST_AGES, _MOST_COHORTS = 12, 24


@data.kept
def lifecycle(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """New, returning and resurrected above zero, dormant below."""
    about = data.subject(opened, "lifecycle")
    points = data.rows(opened, question)
    if not has_values(points):
        return missing_card(opened, question, "lifecycle", about.name, about.definition)
    marked = within(data.markers(opened), points)
    return ChartCard(
        key="lifecycle",
        headline=told.lifecycle_told(points),
        rule=about.definition,
        figure=Ready(stacked_bars(points, _LIFECYCLE, about.unit, THEMES[mode], markers=marked)),
        alt=alt.stacked_alt(points, _LIFECYCLE, about.name, about.unit),
        table=points,
        note_on=last_day(opened),
        markers=marked,
        improves=question.but(pick=(("component", _GOES_QUIET),)),
    )


@data.kept
def retention(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """Cohorts by age, newest on top; the headline is the pooled average."""
    about = data.subject(opened, "retention")
    every = question.every or data.settings(opened).retention.every
    cells = _newest_cohorts(data.rows(opened, question.but(every=every)))
    if not has_values(cells):
        return missing_card(opened, question, "retention", about.name, about.definition)
    average = data.rows(opened, question.but(every="total"))
    shown = cells.filter(cells["age"] <= _MOST_AGES)
    return ChartCard(
        key="retention",
        headline=told.retention_told(average, every, RETENTION_AGE),
        rule=f"{about.definition} The headline pools all settled cohorts.",
        figure=Ready(cohort_grid(shown, every, THEMES[mode])),
        alt=alt.cohort_alt(shown, about.name, every),
        table=cells,
        note_on=last_day(opened),
        # A review counts cohorts in weeks; an age in months would be another one.
        improves=question.but(pick=(("age", RETENTION_AGE),)) if every == "week" else None,
    )


def _newest_cohorts(cells: pl.DataFrame) -> pl.DataFrame:
    if cells.is_empty():
        return cells
    kept = cells["cohort"].unique().sort().tail(_MOST_COHORTS)
    return cells.filter(pl.col("cohort").is_in(kept.implode()))


@data.kept
def time_to_value(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """The median over time; single durations while there are too few for one."""
    median = question.but(metric="time_to_value", every="month", pick=(("percentile", 50),))
    card = over_time(opened, median, mode, key="time_to_value", name="Time to value, median")
    single = _single_times(opened)
    return replace(card, evidence=single, empty=f"{card.empty} {single}") if single else card


def _single_times(opened: Opened) -> str:
    """The hours from sign-up to first value of everybody, while they can be listed."""
    hours = data.listed(opened, _ACTIVATED)["hours"].to_list()
    if not 0 < len(hours) < 10:  # noqa: PLR2004 (from ten on percentiles speak)
        return ""
    return f"Hours from sign-up of all who got there: {', '.join(str(hour) for hour in hours)}."


@data.kept
def adoption(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """Share of the active people that use one feature."""
    name = f"Adoption of {question.of}" if question.of else ""
    asked = question.but(metric="feature_adoption")
    return over_time(opened, asked, mode, key="adoption", name=name)


@data.kept
def funnels(opened: Opened) -> dict[str, str]:
    """Id → name of the funnels as launchloop.toml lists them: the first one is the main one."""
    known = data.things(opened, "funnel")
    places = {one.id: place for place, one in enumerate(data.settings(opened).funnels)}
    return {thing: known[thing] for thing in sorted(known, key=lambda one: places.get(one, -1))}


def funnel(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """The steps of one funnel, over the whole span."""
    about = data.subject(opened, "funnel")
    whole = question.but(metric="funnel", every="total")
    steps = data.rows(opened, whole)
    if not has_values(steps):
        return missing_card(opened, whole, "funnel", about.name, about.definition)
    name = data.things(opened, "funnel").get(question.of or "", about.name)
    return ChartCard(
        key="funnel",
        headline=f"{name}: {told.funnel_told(steps)}",
        rule=about.definition,
        figure=Ready(funnel_bars(steps, THEMES[mode])),
        alt=alt.funnel_alt(steps, name),
        table=steps,
        improves=question.but(metric="funnel", pick=(("step", steps["step"].max()),)),
    )


@data.kept
def days_active(opened: Opened, question: Question, mode: Mode) -> ChartCard:
    """On how many of the last 28 days people came, at the newest settled day."""
    about = data.subject(opened, "days_active")
    asked = question.but(metric="days_active", every="week", start=None)
    every = data.rows(opened, asked)
    if not has_values(every):
        return missing_card(opened, asked, "days_active", about.name, about.definition)
    newest = told.last_known(every)
    return ChartCard(
        key="days_active",
        headline=told.days_active_told(newest),
        rule=about.definition,
        figure=Ready(histogram(newest, "active days", about.unit, THEMES[mode])),
        alt=alt.histogram_alt(newest, about.name, "active days", about.unit),
        table=newest,
    )

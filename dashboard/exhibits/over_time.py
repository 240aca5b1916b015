"""One metric over time: as a line with its interval, target and markers, or a line per segment."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard import data
from dashboard.charts import alt
from dashboard.charts.headline import evidence, goal_headline, headline, value_headline
from dashboard.charts.ready import Ready
from dashboard.charts.segment_lines import largest_segments, segment_lines
from dashboard.charts.theme import THEMES, Mode
from dashboard.charts.trend import trend
from dashboard.components.chart_card import ChartCard
from dashboard.facts import Marker, newest
from dashboard.format import period
from dashboard.question import Opened, Question
from dashboard.scorecard import spans_question

NOTHING_SETTLED = "No period is settled yet: the data do not reach far enough."


@data.kept
def over_time(  # noqa: PLR0913 (a card is made of many choices)
    opened: Opened,
    question: Question,
    mode: Mode,
    *,
    key: str,
    name: str = "",
    since: date | None = None,
    says_goal: bool = False,
) -> ChartCard:
    """A metric's periods as a line; its target and what happened meanwhile are marked.

    Args:
        opened: The snapshot.
        question: What is shown; its rows are one a period.
        mode: Light or dark.
        key: Of the card.
        name: In place of the metric's own.
        since: A launch: the headline compares the time since then with as long before.
        says_goal: The headline holds the newest value against its target, if there is one.
    """
    about = data.subject(opened, question.metric, name)
    points = data.rows(opened, question)
    rule = about.definition
    if not has_values(points):
        return missing_card(opened, question, key, about.name, rule)
    comparison = data.comparison(opened, spans_question(question, since), since=since)
    target, reading = data.target(opened, question), newest(points)
    known = since_first_value(points)
    marked = within(data.markers(opened), known)
    drawn = trend(known, about, THEMES[mode], target=target, markers=marked)
    return ChartCard(
        key=key,
        headline=goal_headline(about, reading, target if says_goal else None)
        or value_headline(about, reading, comparison)
        or headline(about, comparison),
        rule=rule,
        figure=Ready(drawn),
        alt=alt.trend_alt(known, about, comparison=comparison, target=target, markers=marked),
        table=points,
        evidence=evidence(about, comparison),
        note_on=last_day(opened),
        markers=marked,
        improves=question,
    )


@data.kept
def by_segment(opened: Opened, question: Question, mode: Mode, *, key: str) -> ChartCard:
    """A metric's periods as one line per value of a segment."""
    about = data.subject(opened, question.metric)
    points = data.rows(opened, question)
    if not has_values(points):
        return missing_card(opened, question, key, about.name, about.definition)
    return ChartCard(
        key=key,
        headline=f"{about.name} by {question.by}",
        rule=about.definition,
        figure=Ready(segment_lines(points, about, THEMES[mode])),
        alt=alt.segment_alt(points, about, largest_segments(points)),
        table=points,
        note_on=last_day(opened),
    )


def missing_card(
    opened: Opened, question: Question, key: str, headline_text: str, rule: str
) -> ChartCard:
    """A card that says why there is nothing to draw."""
    reason = data.unavailable(opened, question.metric) or first_note(data.rows(opened, question))
    return ChartCard(
        key=key,
        headline=headline_text,
        rule=rule,
        figure=None,
        alt="",
        table=data.rows(opened, question),
        empty=reason or NOTHING_SETTLED,
    )


def has_values(points: pl.DataFrame) -> bool:
    """Whether any row has a value."""
    return not points.is_empty() and points["value"].null_count() < points.height


def since_first_value(points: pl.DataFrame) -> pl.DataFrame:
    """Without the periods before anything was known, which would only be empty space."""
    known = points.filter(pl.col("value").is_not_null())
    return points.filter(pl.col("period") >= known["period"].min())


def first_note(points: pl.DataFrame) -> str:
    """Period and sentence of the newest settled row with one, else of the newest; "" if none."""
    noted = points if points.is_empty() else points.filter(pl.col("note").is_not_null())
    if noted.is_empty():
        return ""
    settled = noted.filter(pl.col("status") != "immature")
    row = (settled if settled.height else noted).row(-1, named=True)
    named = row.get("label") or period(row["period"], row["period_end"])
    return f"{named}: {row['note']}"


def within(markers: Sequence[Marker], points: pl.DataFrame) -> tuple[Marker, ...]:
    """The markers of the days that the rows cover."""
    first, last = points["period"].min(), points["period_end"].max()
    return tuple(marker for marker in markers if first <= marker.on < last)  # type: ignore[operator]


def last_day(opened: Opened) -> date | None:
    """The last complete day of the data: where a note most likely belongs."""
    through = data.provenance(opened).as_of
    return through.date() if through else None

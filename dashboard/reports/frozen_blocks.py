"""Numbers of a freeze → blocks and provenance of a paper. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.format import counted, day, difference, goal, interval, number, period
from dashboard.reports.paper import (
    Change,
    Chart,
    Column,
    Fact,
    Facts,
    Grid,
    Point,
    Provenance,
    Series,
)
from pipelines.reviews.core.restatement import Since
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.meeting.since_review import SinceReview
from pipelines.reviews.numbers.frozen import Frozen, FrozenPoint, FrozenSeries

# More weeks are no longer read on paper.
MOST_POINTS = 52
NO_EARLIER = "No earlier review looked at these numbers, so nothing can have been restated."
NOT_RESTATED = "No number of the last review was restated since."
SIMULATED = "Simulated data"


def freeze_provenance(
    freeze: Frozen, timezone: str, restatement: str, *, is_simulated: bool
) -> Provenance:
    """Where the numbers of a paper come from: the freeze, never today's data.

    Args:
        freeze: Its time is the creation time of every file.
        timezone: Of the team.
        restatement: What was restated, in a sentence.
        is_simulated: The data are made up.
    """
    # Complete up to midnight means complete to the day before.
    last = (freeze.data_as_of or freeze.taken_at) - timedelta(microseconds=1)
    return Provenance(
        snapshot_id=freeze.snapshot_id,
        data_as_of=last.astimezone(ZoneInfo(timezone)).date(),
        frozen_at=freeze.taken_at,
        timezone=timezone,
        restatement=restatement,
        simulated=SIMULATED if is_simulated else "",
    )


def newest_facts(series: FrozenSeries) -> Facts:
    """The newest settled number with interval, n and target; why there is none."""
    point = series.newest
    if point is None:
        return Facts((Fact(series.name, "Not known", "no settled period yet"),))
    if point.value is None:
        why = point.note or "not known yet"
        return Facts((Fact(series.name, "Not known", f"{period(point.start, point.end)}; {why}"),))
    facts = [Fact(series.name, number(point.value, series.unit), period(point.start, point.end))]
    ends = interval(point.low, point.high, series.unit)
    facts.append(Fact("95 % interval", ends or "–", _rests_on(point)))
    if point.target is not None:
        facts.append(Fact("Target", goal(point.target, series.unit)))
    return Facts(tuple(facts))


def series_chart(
    series: FrozenSeries,
    *,
    markers: Sequence[dict[str, Any]] = (),
    target: float | None = None,
) -> Chart | None:
    """The settled points of a series, the newest year of them; None without any.

    Args:
        series: Frozen.
        markers: As the agenda keeps them: what happened, with its ISO day.
        target: In the series' unit.
    """
    settled = [each for each in series.points if each.state is not ValueState.IMMATURE]
    shown = settled[-MOST_POINTS:]
    if not any(each.value is not None for each in shown):
        return None
    first = shown[0].start
    marked = [(date.fromisoformat(each["happened_on"]), each) for each in markers]
    return Chart(
        title=f"{series.name} by {series.grain}",
        unit=series.unit,
        series=(Series(series.name, tuple(Point(each.start, each.value) for each in shown)),),
        target=target,
        changes=tuple(Change(on, str(each["title_text"])) for on, each in marked if first <= on),
        period=series.grain,
    )


def since_words(since: SinceReview, unit: str) -> str:
    """The difference since the last review in its parts, and the real change in words."""
    change = since.change
    if change.total is None:
        return change.sentence or since.words
    parts = ", ".join(
        f"{name} {_moved(part, unit)}" for name, part in change.parts if part is not None
    )
    before, now = (number(value, unit) for value in (change.frozen, change.now))
    return f"From {before} to {now}: {parts}. Newest span against the one before it: {since.words}"


def since_grid(changes: Sequence[tuple[str, str, Since]], note: str = "") -> Grid:
    """What became of the numbers of the last review.

    Args:
        changes: (name, unit, difference), one a number.
        note: Why something is missing.
    """
    heads = ("Number", "Then", "Late data", "Definition", "Both, not separable", "Real change",
             "Now")  # fmt: skip
    rows = tuple(
        (
            name,
            number(each.frozen, unit),
            _moved(each.late_data, unit),
            _moved(each.definition, unit),
            _moved(each.late_and_definition, unit),
            _moved(each.real_change, unit),
            number(each.now, unit),
        )
        for name, unit, each in changes
    )
    return Grid("Since the last review", tuple(Column(head) for head in heads), rows, note)


def restated_words(changes: Sequence[tuple[str, str, Since]]) -> str:
    """What of the last review's numbers would be another one today, in a sentence."""
    if not changes:
        return NO_EARLIER
    restated = [each for each in changes if each[2].is_restated]
    if not restated:
        return NOT_RESTATED
    told = []
    for name, unit, change in restated:
        parts = [
            f"{part} {difference(value, unit)}"
            for part, value in change.parts[:-1]
            if value not in (None, 0)
        ]
        told.append(f"{name} ({', '.join(parts)})")
    were = "was" if len(told) == 1 else "were"
    many = counted(len(told), "number")
    return f"Since the last review {many} {were} restated: {'; '.join(told)}."


def figures_grid(points: Sequence[FrozenSeries], caption: str) -> Grid:
    """The newest settled number of several series, with n, interval, state and definition."""
    heads = ("Number", "Period", "Value", "95 % interval")
    columns = (
        *(Column(head) for head in heads),
        Column("n", "count"),
        Column("State"),
        Column("Definition"),
    )
    return Grid(caption, columns, tuple(_figures(each) for each in points))


def _figures(series: FrozenSeries) -> tuple[str | float | None, ...]:
    point = series.newest
    if point is None:
        return (series.name, "–", "–", "–", None, "no settled period", series.definition_hash[:12])
    return (
        series.name,
        period(point.start, point.end),
        number(point.value, series.unit),
        interval(point.low, point.high, series.unit) or "–",
        point.n,
        point.state.value.replace("_", " "),
        series.definition_hash[:12],
    )


def _moved(value: float | None, unit: str) -> str:
    return "–" if value is None else difference(value, unit)


def _rests_on(point: FrozenPoint) -> str:
    return "" if point.n is None else f"n = {point.n:,.0f}"


def day_or_dash(value: date | None) -> str:
    """A day, or a dash where none is known."""
    return day(value) if value else "–"

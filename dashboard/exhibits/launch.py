"""The launch scorecard: goal against actual over the four families, and what needs attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard import data
from dashboard.attention import Notice, change_notice, target_notice
from dashboard.charts.headline import evidence, verdict
from dashboard.charts.theme import Mode
from dashboard.components.chart_card import ChartCard
from dashboard.exhibits.over_time import over_time
from dashboard.faces import Face, faces
from dashboard.facts import Comparison, Reading, Subject
from dashboard.format import DASH, day, goal, interval, number
from dashboard.question import Opened
from dashboard.scorecard import FAMILIES, Family, card_question, default_scorecard
from pipelines.workspace import Launch

# Enough of what was before to see a bend, and little enough to see what came after.
_BEFORE = timedelta(weeks=13)


@dataclass(frozen=True)
class Column:
    """One family of the scorecard.

    Attributes:
        faces: Its cards, in order.
        missing: What to do where it has none; "" where it has.
    """

    family: Family
    faces: tuple[Face, ...]
    missing: str


@data.kept
def launches(opened: Opened) -> Mapping[str, Launch]:
    """Id → launch, the newest that has happened first."""
    known = sorted(data.settings(opened).launches, key=lambda launch: launch.on, reverse=True)
    today = data.now(opened).date()
    happened = [launch for launch in known if launch.on <= today]
    ahead = [launch for launch in known if launch.on > today]
    return {launch.id: launch for launch in (*happened, *reversed(ahead))}


@data.kept
def chosen_metrics(opened: Opened, launch: str | None) -> tuple[str, ...]:
    """The scorecard of a launch: as declared, else what has a target or is best filled."""
    found = launches(opened).get(launch or "")
    if found is not None and found.scorecard:
        return tuple(metric for metric in found.scorecard if metric in data.metrics(opened))
    targeted = [target.metric for target in data.settings(opened).targets]
    return default_scorecard(targeted, _filled(opened))


def things_of(opened: Opened, metrics: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Metric → id → name, of the metrics that exist once per thing."""
    known = data.metrics(opened)
    asked = [metric for metric in metrics if known[metric].things and known[metric].of_required]
    return {metric: data.things(opened, metric) for metric in asked}


def first_things(opened: Opened, metrics: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Metric → the thing that is shown unless another is picked, as pairs."""
    known = things_of(opened, metrics)
    return tuple((metric, first) for metric, names in known.items() if (first := next(iter(names))))


def _filled(opened: Opened) -> dict[str, float]:
    """Metric → share of its periods with a value; those without any are absent."""
    filled = {}
    for family in FAMILIES:
        for metric in family.metrics:
            of = next(iter(data.things(opened, metric)))
            if data.unavailable(opened, metric) or (data.metrics(opened)[metric].things and not of):
                continue
            values = data.rows(opened, card_question(metric, of))
            known = values.height - values["value"].null_count() if values.height else 0
            if known:
                filled[metric] = known / values.height
    return filled


@data.kept
def columns(
    opened: Opened, launch: str | None, things: tuple[tuple[str, str], ...], mode: Mode
) -> tuple[Column, ...]:
    """The four families and their cards; others that were chosen stand in a fifth.

    Args:
        opened: The snapshot.
        launch: Its id; None where none is declared.
        things: Metric → which survey, funnel or feature, as pairs.
        mode: Light or dark.
    """
    since = launches(opened)[launch].on if launch else None
    metrics = chosen_metrics(opened, launch)
    shown = []
    for family in (*FAMILIES, _others(opened, metrics)):
        own = [m for m in metrics if _family(opened, m) == family.id or m in family.metrics]
        made = tuple(faces(opened, own, mode, of=dict(things), since=since))
        if made or family in FAMILIES:
            shown.append(Column(family, made, "" if made else _missing(family)))
    return tuple(shown)


def _family(opened: Opened, metric: str) -> str:
    return data.metrics(opened)[metric].family.value


def _others(opened: Opened, metrics: Sequence[str]) -> Family:
    four = {family.id for family in FAMILIES}
    rest = tuple(metric for metric in metrics if _family(opened, metric) not in four)
    return Family("others", "Also chosen", "What else this launch is judged by", rest, "")


def _missing(family: Family) -> str:
    return (
        f"No {family.name.lower()} figure yet. Add a [[source]] with {family.source} to "
        "launchloop.toml; `launchloop check` says how it is recognised."
    )


def notices(cards: Sequence[Face]) -> list[Notice]:
    """Missed targets, and changes for the worse."""
    found: list[Notice] = []
    for card in cards:
        missed = target_notice(card.subject, card.reading, card.target)
        found += missed or change_notice(card.subject, card.comparison)
    return found


def standings(cards: Sequence[Face]) -> dict[str, int]:
    """Standing → how many cards are in it; those without a target are left out."""
    counted: dict[str, int] = {}
    for card in cards:
        if card.target is not None and card.reading is not None:
            counted[card.target.standing] = counted.get(card.target.standing, 0) + 1
    return counted


def all_faces(shown: Sequence[Column]) -> list[Face]:
    """The cards of all families, in order."""
    return [card for column in shown for card in column.faces]


def compared(cards: Sequence[Face]) -> int:
    """How many cards compare two spans."""
    judged = {"higher", "lower", "no_clear_change"}
    return sum(1 for card in cards if card.comparison and card.comparison.state in judged)


def without_target(cards: Sequence[Face]) -> Face | None:
    """The first card without a target, None if all have one."""
    return next((card for card in cards if card.target is None), None)


def chart_names(cards: Sequence[Face]) -> dict[str, str]:
    """Metric → name, of the cards that have a course to draw; those with a target first."""
    drawn = [card for card in cards if card.reading is not None and card.question.every != "total"]
    ordered = sorted(drawn, key=lambda card: card.target is None)
    return {card.question.metric: card.subject.name for card in ordered} or {"": ""}


def lead(launch: Launch | None, last_day: date) -> str:
    """Which launch the page is about, and how long ago it was."""
    if launch is None:
        return "No [[launch]] is declared in launchloop.toml: the newest period is compared."
    days = (last_day - launch.on).days
    if days < 0:
        return f"{launch.name} goes live on {day(launch.on)}."
    return f"{launch.name}, live since {day(launch.on)} ({days:,} days)."


def since_launch(
    opened: Opened, metric: str, shown: Sequence[Column], launch: Launch | None, mode: Mode
) -> ChartCard:
    """Goal against actual over time, with some weeks before the launch to compare with."""
    card = next((card for card in all_faces(shown) if card.question.metric == metric), None)
    if card is None:
        return ChartCard("since_launch", "Goal against actual", "", None, "", pl.DataFrame(),
                         empty="No figure has data yet.")  # fmt: skip
    start = launch.on - _BEFORE if launch else None
    since = launch.on if launch else None
    asked = card.question.but(start=start)
    return over_time(
        opened, asked, mode, key="since_launch", name=card.subject.name, since=since, says_goal=True
    )


def goals_table(opened: Opened, cards: Sequence[Face], launch: Launch | None) -> pl.DataFrame:
    """Goal against actual in words, one row per card.

    Columns, all text: Metric; Goal, with whether it is met; Now; At launch, where a launch is
    known; Change. A phone shows the first ones.
    """
    since = launch.on if launch else None
    rows = [_goal_row(opened, card, since) for card in cards]
    table = pl.DataFrame(rows, schema=dict.fromkeys(_TABLE, pl.String))
    return table if since else table.drop("At launch")


_TABLE = ("Metric", "Goal", "Now", "At launch", "Change")


def _goal_row(opened: Opened, card: Face, since: date | None) -> dict[str, str]:
    return {
        "Metric": card.subject.name,
        "Goal": _wanted(card),
        "Now": _said(card.reading, card.subject),
        "At launch": _at_launch(opened, card, since),
        "Change": _changed(card.subject, card.comparison),
    }


def _wanted(card: Face) -> str:
    if card.target is None:
        return "no target set"
    wanted = goal(card.target.value, card.subject.unit)
    if card.target.high is not None:
        wanted = interval(card.target.value, card.target.high, card.subject.unit)
    return f"{wanted}: {card.target.standing}"


def _at_launch(opened: Opened, card: Face, since: date | None) -> str:
    """The last settled period that ended by the launch."""
    rows = data.rows(opened, card.question)
    if since is None or rows.is_empty():
        return DASH
    before = rows.filter(pl.col("period_end") <= since, pl.col("value").is_not_null())
    return number(before["value"][-1], card.subject.unit) if before.height else DASH


def _said(reading: Reading | None, subject: Subject) -> str:
    if reading is None or reading.value is None:
        return DASH
    if reading.status == "too_few" and subject.unit == "share" and reading.total is not None:
        return f"{reading.total:,.0f} of {reading.n:,}"
    plausible = interval(reading.low, reading.high, subject.unit)
    return number(reading.value, subject.unit) + (f" ({plausible})" if plausible else "")


def _changed(subject: Subject, comparison: Comparison | None) -> str:
    if comparison is None:
        return DASH
    if comparison.state not in {"higher", "lower"} or comparison.difference is None:
        return verdict(comparison)
    return evidence(subject, comparison).split(";")[0]

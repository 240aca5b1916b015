"""The card of a metric: its words and its recent course, for one snapshot and theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import data
from dashboard.card_words import CardWords, card_words
from dashboard.charts.sparkline import Sparkline, sparkline
from dashboard.charts.theme import THEMES, Mode, tone_color
from dashboard.facts import Comparison, Reading, Subject, Target, newest
from dashboard.question import Opened, Question
from dashboard.scorecard import RETENTION_AGE, card_question, spans_question


@dataclass(frozen=True)
class Face:
    """A card, and what it was made from.

    Attributes:
        reading: The newest settled period; None without rows.
        missing: Why there are none; "" if there are.
        improves: What a cycle could mean to improve; None where no number is there.
    """

    question: Question
    subject: Subject
    reading: Reading | None
    comparison: Comparison | None
    target: Target | None
    missing: str
    words: CardWords
    course: Sparkline | None
    improves: Question | None


@data.kept
def face(
    opened: Opened, question: Question, mode: Mode, *, name: str = "", since: date | None = None
) -> Face:
    """The card of the newest settled period.

    Args:
        opened: The snapshot.
        question: What is shown; its rows are one a period.
        mode: Light or dark.
        name: In place of the metric's own.
        since: A launch: compare the time since then with as long before it, instead of the
            newest period with the one before, and say where no target is set.
    """
    about = data.subject(opened, question.metric, name)
    rows = data.rows(opened, question)
    reading = newest(rows) if not rows.is_empty() else None
    comparison = data.comparison(opened, spans_question(question, since), since=since)
    target = data.target(opened, question)
    missing = (
        data.unavailable(opened, question.metric)
        or _nameless(opened, question)
        or _NOT_YET.get(question.metric, "")
    )
    words = card_words(
        about,
        reading,
        data.provenance(opened),
        comparison=comparison,
        target=target,
        missing=missing,
        wants_target=since is not None,
    )
    color = tone_color(THEMES[mode], words.tone)
    course = sparkline(rows, about, color) if not rows.is_empty() else None
    improves = _improves(opened, question) if reading else None
    return Face(question, about, reading, comparison, target, missing, words, course, improves)


def _improves(opened: Opened, question: Question) -> Question | None:
    """A pooled number has no course: a review counts its cohorts, and those in weeks."""
    if question.every != "total":
        return question
    is_weekly = data.settings(opened).retention.every == "week"
    return question.but(every=None, start=None) if is_weekly else None


def _nameless(opened: Opened, question: Question) -> str:
    """Why a metric that exists once per thing has none; "" where it has or needs none."""
    known = data.metrics(opened)[question.metric]
    if known.things is None or question.of or not known.of_required:
        return ""
    return f"The data hold no {known.of_kind} for it."


# A metric that is there, but for which no row exists yet.
_NOT_YET = {
    "retention": "No cohort can be followed that far yet. Those of the first 28 days of tracking "
    "may hold older users and do not count."
}


# What a card is called where the metric's own name does not say which of its numbers it shows.
NAMES = {
    "time_to_value": "Time to value, median",
    "cycle_time": "Cycle time, 85 %",
    "lead_time_changes": "Lead time, median",
}


def faces(
    opened: Opened,
    metrics: Sequence[str],
    mode: Mode,
    *,
    of: Mapping[str, str] | None = None,
    where: tuple[tuple[str, str], ...] = (),
    start: date | None = None,
    since: date | None = None,
) -> list[Face]:
    """Cards of several metrics.

    Args:
        opened: The snapshot.
        metrics: Ids, in order.
        mode: Light or dark.
        of: Metric → which funnel, survey, feature or team.
        where: Conditions for all of them.
        start: First day of what pools a whole span; the others show their newest period.
        since: As in `face`.
    """
    shown = []
    for metric in metrics:
        thing = (of or {}).get(metric)
        asked = card_question(metric, thing, last_step(opened, thing)).but(where=where)
        if asked.every == "total":
            asked = asked.but(start=start)
        name = NAMES.get(metric, "")
        if metric == "retention":
            name = f"Back after {RETENTION_AGE} {data.settings(opened).retention.every}s"
        shown.append(face(opened, asked, mode, name=name, since=since))
    return shown


def last_step(opened: Opened, funnel: str | None) -> int | None:
    """Number of the last step of a funnel; None for what is no funnel."""
    found = [known for known in data.settings(opened).funnels if known.id == funnel]
    return len(found[0].steps) if found else None

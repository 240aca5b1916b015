"""The digest: what changed since last week, what is due, and how predictions did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.metrics.comparing import Comparison
from pipelines.metrics.targets import Standing
from pipelines.read import Snapshot
from pipelines.reviews.core.agenda import Due
from pipelines.reviews.core.amounts import amount, change, counted
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.due_things import due_checks, due_ledger_rows, overdue_follow_ups
from pipelines.reviews.numbers.origin import Origin, built_at, origin_of
from pipelines.reviews.numbers.pinned import declared_cards, headline_cards, read_cards
from pipelines.reviews.numbers.series import Known
from pipelines.reviews.outcome.page import Ledger, ledger
from pipelines.reviews.outcome.watch import ReleaseBreach, release_breaches

NO_REVIEWS = "No review has been held here yet, so nothing is due."
UNFAVOURABLE = {"up": "lower", "down": "higher"}


@dataclass(frozen=True)
class Headline:
    """One number of the digest: its newest settled period.

    Attributes:
        unit: Of value, low and high.
        value: None where nothing is known; the note says why.
        low: Lower end of the 95 % interval; None = open, or without one.
        high: Upper end.
        n: What it rests on.
        period: First day.
        period_end: First day after it.
        comparison: Against the period before.
        standing: Against its target.
        better: "up", "down" or "none".
        rule: Definition and formula in words.
        note: Of the period.
    """

    metric_id: str
    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    period: date
    period_end: date
    comparison: Comparison
    standing: Standing
    better: str
    rule: str
    note: str

    @property
    def is_worse(self) -> bool:
        """It went the wrong way beyond doubt."""
        return self.comparison.state == UNFAVOURABLE.get(self.better)

    @property
    def is_off_target(self) -> bool:
        """It misses its target beyond doubt."""
        return self.standing.state == "not_met"


@dataclass(frozen=True)
class Digest:
    """What one page a week says.

    Attributes:
        origin: Of all numbers.
        today: In the reporting zone.
        headlines: In the order in which launchloop.toml names them.
        left_out: Why a metric has no number here, a sentence each.
        breaches: Guard-rails that show harm after a release.
        checks: Checks and predictions that are due.
        follow_ups: Promises past their day.
        ledger: None without records.
        failure: Why the last refresh published nothing; "" if it did well.
    """

    origin: Origin
    today: date
    headlines: tuple[Headline, ...]
    left_out: tuple[str, ...] = ()
    breaches: tuple[ReleaseBreach, ...] = ()
    checks: tuple[Due, ...] = ()
    follow_ups: tuple[Due, ...] = ()
    ledger: Ledger | None = None
    failure: str = ""

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What a reader should look at first, a sentence each."""
        return tuple(_exceptions(self))


def digest(snapshot: Snapshot, desk: Desk | None) -> Digest:
    """The digest of a snapshot.

    Args:
        snapshot: The current one.
        desk: Of the machine; None where there are no records.
    """
    product = snapshot.settings.product
    zone = ZoneInfo(product.timezone)
    today = desk.today if desk else (product.now or built_at(snapshot)).astimezone(zone).date()
    read = read_cards(snapshot, declared_cards(snapshot) or headline_cards(snapshot))
    failure = snapshot.failure()
    return Digest(
        origin=origin_of(snapshot, today),
        today=today,
        headlines=tuple(_headline(known) for known in read.known.values() if known.rows),
        left_out=tuple(f"{metric}: {why}" for metric, why in read.left_out),
        failure=failure["reason"] if failure else "",
        **(_reviews(desk, snapshot) if desk else {}),
    )


def digest_lines(found: Digest) -> Iterator[str]:
    """The digest in plain words, for a message."""
    origin = found.origin
    yield f"{origin.product}, data up to {origin.data_as_of}, snapshot {origin.snapshot_id}."
    for headline in found.headlines:
        yield f"- {headline_words(headline)}"
    yield "Look at first:" if found.exceptions else "Nothing is off."
    for text in found.exceptions:
        yield f"- {text}"
    if found.ledger is None:
        yield NO_REVIEWS
        return
    yield (
        f"{counted(len(found.checks), 'Check')} due, "
        f"{counted(len(found.follow_ups), 'follow-up')} overdue; "
        f"{found.ledger.scorecard.predicted_sentence}."
    )


def headline_words(headline: Headline) -> str:
    """A number with what may be said about its change."""
    unit, comparison = headline.unit, headline.comparison
    if headline.value is None:
        return f"{headline.name}: not known. {headline.note}".strip()
    text = f"{headline.name}: {amount(headline.value, unit)}"
    if headline.low is not None and headline.high is not None:
        text += f" (95 %: {amount(headline.low, unit)} to {amount(headline.high, unit)})"
    moved = ""
    if comparison.state in {"higher", "lower"} and comparison.difference is not None:
        moved = f" {change(comparison.difference, unit)} {comparison.against}."
    return f"{text}.{moved or ' ' + comparison.sentence}"


def _headline(known: Known) -> Headline:
    row = known.rows[-1]
    request, snapshot = known.request, known.snapshot
    return Headline(
        metric_id=known.card.metric_id,
        name=known.name,
        unit=known.unit,
        value=row["value"],
        low=row["low"],
        high=row["high"],
        n=row["n"],
        period=row["period"],
        period_end=row["period_end"],
        comparison=snapshot.change(request, **known.pick),
        standing=snapshot.standing(request, row),
        better=request.metric.better.value,
        rule=known.meaning.rule_text,
        note=row["note"] or "",
    )


def _reviews(desk: Desk, snapshot: Snapshot) -> dict[str, Any]:
    checks: dict[str, Due] = {}
    late: dict[str, Due] = {}
    for team in desk.teams():
        with desk.store.reading() as session:
            about = (session, team.team_id, desk.today)
            due = (*due_checks(*about), *due_ledger_rows(*about))
            checks |= {each.subject_id: each for each in due}
            late |= {each.subject_id: each for each in overdue_follow_ups(*about)}
    return {
        "checks": _by_day(checks),
        "follow_ups": _by_day(late),
        "ledger": ledger(desk, snapshot),
        "breaches": release_breaches(desk, snapshot),
    }


def _by_day(dues: Mapping[str, Due]) -> tuple[Due, ...]:
    return tuple(sorted(dues.values(), key=lambda each: (each.due_on, each.name)))


def _exceptions(found: Digest) -> Iterator[str]:
    if found.failure:
        yield f"The last refresh published nothing: {found.failure}"
    yield from (breach.sentence for breach in found.breaches)
    for headline in found.headlines:
        if headline.is_off_target:
            yield f"{headline.name} misses its target{_goal(headline)}."
        if headline.is_worse:
            yield f"{headline.name} got worse. {headline.comparison.sentence}"


def _goal(headline: Headline) -> str:
    goal = headline.standing.in_force
    return "" if goal is None else f" of {amount(goal.value, headline.unit)}"

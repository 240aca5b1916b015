"""What became of a number since the last review: late data, definition, and real change."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from pipelines.errors import UsageError
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.restatement import Since, since_last_review
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.numbers.frozen import Frozen, FrozenPoint, FrozenSeries
from pipelines.reviews.numbers.series import Known, known_series


@dataclass(frozen=True)
class SinceReview:
    """The difference of one number since the freeze of an earlier meeting.

    Attributes:
        subject_id: Of the agenda item.
        snapshot_id: The earlier freeze.
        frozen_period: First day of the period that it showed last.
        period: First day of the newest settled period now; None without one.
        change: The difference in its parts, which sum.
        words: The real change, by the rule that the catalogue compares by.
    """

    subject_id: str
    snapshot_id: str
    frozen_period: date
    period: date | None
    change: Since
    words: str


def since_review(known: Known, subject_id: str, earlier: Frozen) -> SinceReview | None:
    """Holds a series against an earlier freeze.

    Args:
        known: The series as it is published now.
        subject_id: Of its agenda item.
        earlier: The freeze of an earlier meeting.

    Returns:
        None where that freeze has no settled value of this number.
    """
    old = _same_number(known, earlier)
    point = _newest(old) if old else None
    if old is None or point is None:
        return None
    newest = next((row for row in reversed(known.rows) if row["status"] == ValueState.OK), None)
    again = _with_old_definition(known, old)
    change = since_last_review(
        frozen=point.value,
        old_definition_today=_value_at(again, point.start) if again else None,
        old_period_today=_value_at(known, point.start),
        now=newest["value"] if newest else None,
        old_definition_runs=again is not None,
    )
    words = known.snapshot.change(known.request, **known.pick).sentence
    period = newest["period"] if newest else None
    return SinceReview(subject_id, earlier.snapshot_id, point.start, period, change, words)


def as_told(since: SinceReview) -> dict[str, Any]:
    """The difference as the log of events keeps it."""
    return asdict(since)


def from_told(told: dict[str, Any]) -> SinceReview:
    """The difference as it was kept."""
    days = {
        name: date.fromisoformat(told[name]) if told[name] else None
        for name in ("frozen_period", "period")
    }
    return SinceReview(**{**told, **days, "change": Since(**told["change"])})


def _same_number(known: Known, earlier: Frozen) -> FrozenSeries | None:
    """The series of the same card in an earlier freeze; whose policy it followed may differ."""
    wanted = _without_policy(known.card)
    for each in earlier.series:
        is_alike = (each.metric_id, each.grain) == (known.card.metric_id, known.grain)
        if is_alike and _without_policy(_card(each)) == wanted:
            return each
    return None


def _card(series: FrozenSeries) -> Card:
    return card_of_key(series.metric_id, series.segment_key, series.grain)


def _without_policy(card: Card) -> Card:
    return replace(card, policy=None)


def _newest(series: FrozenSeries) -> FrozenPoint | None:
    done = [each for each in series.points if each.state is ValueState.OK]
    return done[-1] if done else None


def _with_old_definition(known: Known, old: FrozenSeries) -> Known | None:
    """The series by the definition that was frozen; None where that cannot run any more."""
    if known.meaning.hash == old.definition_hash:
        return known
    try:
        again = known_series(known.snapshot, _card(old))
    except UsageError:
        return None
    return again if again.meaning.hash == old.definition_hash else None


def _value_at(known: Known, period: date) -> float | None:
    values = (row["value"] for row in known.rows if row["period"] == period)
    found: float | None = next(values, None)
    return found

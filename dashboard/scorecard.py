"""Which metrics a launch is judged by, and how each is asked for on a card. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.question import Pick, Question

# Four intervals: a month of weeks, the age at which cohorts are mostly compared.
RETENTION_AGE = 4
_WELL_FILLED = 0.5
# How many of each family stand on a scorecard that nobody has chosen.
BEST_FILLED = 2


@dataclass(frozen=True)
class Family:
    """One of the four that success shows in.

    Attributes:
        id: As in the catalogue.
        name: For people.
        asks: What it answers.
        metrics: Fit for a card, the most telling first.
        source: What to export to fill it, for who has nothing yet.
    """

    id: str
    name: str
    asks: str
    metrics: tuple[str, ...]
    source: str


FAMILIES = (
    Family(
        "usage",
        "Usage",
        "Do people come, and stay?",
        ("wau", "activation_rate", "mau", "dau", "stickiness", "feature_adoption"),
        "product events",
    ),
    Family(
        "satisfaction",
        "Satisfaction",
        "What do they say when asked?",
        ("nps", "csat", "ces", "response_rate"),
        "survey answers",
    ),
    Family(
        "finance",
        "Finance",
        "Does it pay?",
        ("mrr", "revenue", "nrr", "paying_customers", "arpa", "logo_churn"),
        "payments or subscriptions",
    ),
    Family(
        "feedback",
        "Feedback",
        "What do they tell us unasked?",
        ("feedback_volume", "sentiment_share"),
        "help desk tickets or reviews",
    ),
)

# A score of one month rests on few answers: the headline is that of 90 days (metrics.md 3).
_VARIANTS = {"nps": "trailing_90", "csat": "trailing_90", "ces": "trailing_90"}
_GRAINS = {
    "stickiness": "week",
    "time_to_value": "month",
    "cycle_time": "month",
    "goal_success": "total",
}
_PICKS: Mapping[str, Pick] = {
    "time_to_value": (("percentile", 50),),
    "cycle_time": (("percentile", 85),),
    "lead_time_changes": (("percentile", 50),),
    "recovery_time": (("percentile", 50),),
}
# Made of parts: there is no one number for a card.
_WITHOUT_CARD = frozenset(
    {"lifecycle", "mrr_movements", "days_active", "response_funnel", "cfd", "burn_up", "item_age"}
)


def card_question(metric: str, of: str | None = None, last_step: int | None = None) -> Question:
    """How a card asks for a metric.

    Args:
        metric: Its id.
        of: Which funnel, survey, feature or team.
        last_step: Of a funnel; the card is about those who reached it.

    >>> card_question("nps", "relationship").variant
    'trailing_90'
    """
    pick = _PICKS.get(metric, ())
    every = _GRAINS.get(metric)
    if metric == "funnel" and last_step:
        pick = (("step", last_step),)
    if metric == "retention":
        every, pick = "total", (("age", RETENTION_AGE),)
    return Question(metric, of=of, every=every, variant=_VARIANTS.get(metric), pick=pick)


def spans_question(question: Question, since: date | None) -> Question:
    """What is compared around a launch: all answers of both spans, not two windows of 90 days."""
    if since is not None and question.variant == _VARIANTS.get(question.metric):
        return question.but(variant=None)
    return question


def default_scorecard(targeted: Iterable[str], filled: Mapping[str, float]) -> tuple[str, ...]:
    """The metrics that have a target, then the best-filled of each family up to two.

    Args:
        targeted: Ids of metrics with a target, in order.
        filled: Id → share of its periods that have a value; those without any are absent.
    """
    chosen = [metric for metric in dict.fromkeys(targeted) if has_card(metric)]
    for family in FAMILIES:
        there = [metric for metric in chosen if metric in family.metrics]
        rest = [metric for metric in family.metrics if metric in filled and metric not in chosen]
        # Half filled is enough to be told; among those the more telling one comes first.
        best = sorted(rest, key=lambda metric: filled[metric] < _WELL_FILLED)
        chosen += best[: max(0, BEST_FILLED - len(there))]
    return tuple(chosen)


def has_card(metric: str) -> bool:
    """Whether a metric is one number a period.

    >>> has_card("mrr"), has_card("mrr_movements")
    (True, False)
    """
    return metric not in _WITHOUT_CARD


def by_family(metrics: Sequence[str], family_of: Mapping[str, str]) -> dict[str, list[str]]:
    """Family id → its metrics, the four families first, though they may be empty.

    >>> by_family(["mrr"], {"mrr": "finance"})["finance"]
    ['mrr']
    """
    grouped: dict[str, list[str]] = {family.id: [] for family in FAMILIES}
    for metric in metrics:
        grouped.setdefault(family_of[metric], []).append(metric)
    return grouped

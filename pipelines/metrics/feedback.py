"""Feedback: what persons say of their own accord, and in which mood."""

from pipelines.metrics.definition import (
    Better,
    Family,
    Metric,
    MinimumN,
    Settling,
    Uncertainty,
    Unit,
)
from pipelines.metrics.measures.feedback_volume import FeedbackVolume
from pipelines.metrics.measures.sentiment import SentimentShare

METRICS: tuple[Metric, ...] = (
    Metric(
        id="feedback_volume",
        name="Feedback volume",
        family=Family.FEEDBACK,
        question="How much do people write to us?",
        definition="Pieces of feedback submitted in the period, per 1,000 persons active in it; "
        "copies of one text count once.",
        formula="1,000 · items / persons active in the period",
        unit=Unit.PER_1000,
        better=Better.NONE,
        reader="both",
        measure=FeedbackVolume(),
        needs=("feedback_items", "events"),
        every=("week", "day", "month", "quarter", "year", "total"),
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.COUNT,
        segments=("users", "accounts"),
    ),
    Metric(
        id="sentiment_share",
        name="Negative feedback",
        family=Family.FEEDBACK,
        question="How much of the feedback is negative?",
        definition="Share of negative items among the pieces of feedback of the period whose "
        "sentiment is known; a score on the item beats its words.",
        formula="negative items / scored items",
        unit=Unit.SHARE,
        better=Better.DOWN,
        reader="both",
        measure=SentimentShare(),
        needs=("feedback_items",),
        every=("month", "day", "week", "quarter", "year", "total"),
        variants={
            "neutral": "Neutral items / scored items.",
            "positive": "Positive items / scored items.",
            "unscored": "Items without a known sentiment / all items.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.BOOTSTRAP,
        minimum=MinimumN.PROPORTION,
        segments=("users", "accounts"),
    ),
)

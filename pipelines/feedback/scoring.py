"""Feedback items → their sentiment: the score on an item beats its words. Pure."""

from typing import Any

import polars as pl

from pipelines.feedback.normalise import item_text, text_hash
from pipelines.feedback.sentiment import MODEL_VERSION, score_sentiment, text_sentiment

ITEM_COLUMNS = (
    "source_id",
    "feedback_id",
    "revision_no",
    "rating",
    "scale_min",
    "scale_max",
    "language_code",
    "title_text",
    "body_text",
)
SENTIMENT_SCHEMA = {
    "source_id": pl.String,
    "feedback_id": pl.String,
    "revision_no": pl.Int64,
    "sentiment": pl.String,
    "sentiment_origin": pl.String,
    "text_sentiment": pl.String,
    "text_hash": pl.String,
    "model_version": pl.String,
}


def score_items(items: pl.DataFrame) -> pl.DataFrame:
    """Sentiment of every item.

    Args:
        items: One row per revision of an item, with at least `ITEM_COLUMNS`.

    Returns:
        One row per row of `items`, in its order, with the columns of `SENTIMENT_SCHEMA`:
        sentiment ("negative", "neutral", "positive"; null where unscored), sentiment_origin
        ("score", "text", "unscored"), text_sentiment (of the words alone, null where they
        cannot be judged), text_hash (equal for copies of one text, null without words),
        model_version.
    """
    rows = [_scored(item) for item in items.select(ITEM_COLUMNS).iter_rows(named=True)]
    return pl.DataFrame(rows, schema=SENTIMENT_SCHEMA, orient="row")


def _scored(item: dict[str, Any]) -> tuple[object, ...]:
    text = item_text(item["title_text"], item["body_text"])
    by_text = text_sentiment(text, item["language_code"])
    by_score = None
    if None not in (item["rating"], item["scale_min"], item["scale_max"]):
        by_score = score_sentiment(item["rating"], item["scale_min"], item["scale_max"])
    origin = "score" if by_score else "text" if by_text else "unscored"
    return (
        item["source_id"],
        item["feedback_id"],
        item["revision_no"],
        by_score or by_text,
        origin,
        by_text,
        text_hash(text),
        MODEL_VERSION,
    )

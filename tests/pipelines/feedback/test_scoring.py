import polars as pl

from pipelines.feedback.scoring import ITEM_COLUMNS, SENTIMENT_SCHEMA, score_items


def items(*rows):
    defaults = dict.fromkeys(ITEM_COLUMNS) | {"source_id": "s", "revision_no": 1}
    schema = {
        "source_id": pl.String, "feedback_id": pl.String, "revision_no": pl.Int64,
        "rating": pl.Float64, "scale_min": pl.Float64, "scale_max": pl.Float64,
        "language_code": pl.String, "title_text": pl.String, "body_text": pl.String,
    }  # fmt: skip
    listed = [{**defaults, "feedback_id": str(n), **row} for n, row in enumerate(rows)]
    return pl.DataFrame(listed, schema=schema)


def scored(*rows):
    return score_items(items(*rows)).rows(named=True)


def test_a_score_beats_the_words_and_the_words_are_kept_for_the_review_queue():
    (row,) = scored(
        {"rating": 5.0, "scale_min": 1.0, "scale_max": 5.0, "body_text": "This is terrible"}
    )
    assert (row["sentiment"], row["sentiment_origin"]) == ("positive", "score")
    assert row["text_sentiment"] == "negative"


def test_without_a_scale_a_rating_says_nothing():
    (row,) = scored({"rating": 5.0, "body_text": "This is terrible"})
    assert (row["sentiment"], row["sentiment_origin"]) == ("negative", "text")


def test_what_cannot_be_judged_is_unscored_and_not_neutral():
    rows = scored({"body_text": "Exportieren"}, {}, {"body_text": "-"})
    assert [(row["sentiment"], row["sentiment_origin"]) for row in rows] == [(None, "unscored")] * 3


def test_copies_share_a_hash_whatever_their_case_and_markup():
    first, second, third = scored(
        {"body_text": "Export is slow"},
        {"body_text": "<b>EXPORT</b> is  slow"},
        {"body_text": "Import is slow"},
    )
    assert first["text_hash"] == second["text_hash"] != third["text_hash"]


def test_rows_come_back_one_for_one_in_order_with_the_declared_columns():
    frame = score_items(items({"body_text": "great"}, {"body_text": "bad"}))
    assert dict(frame.schema) == SENTIMENT_SCHEMA
    assert frame["feedback_id"].to_list() == ["0", "1"]


def test_no_items_give_no_rows():
    assert score_items(items()).schema == pl.Schema(SENTIMENT_SCHEMA)

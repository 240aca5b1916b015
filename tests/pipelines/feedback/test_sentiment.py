import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.feedback.sentiment import MODEL_VERSION, score_sentiment, text_sentiment


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 5, "--0++"),
        (0, 10, "-------00++"),
        (1, 10, "------00++"),
        (1, 7, "---0+++"),
        (0, 1, "-+"),
    ],
)
def test_every_score_of_a_scale_has_its_sentiment(low, high, expected):
    signs = {"negative": "-", "neutral": "0", "positive": "+"}
    assert "".join(signs[score_sentiment(value, low, high)] for value in range(low, high + 1)) == (
        expected
    )


def test_a_value_off_its_scale_says_nothing():
    assert score_sentiment(11, 0, 10) is None
    assert score_sentiment(3, 3, 3) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love the new dashboard, it is great", "positive"),
        ("The export is terribly slow and it crashes", "negative"),
        ("The export times out every day", "negative"),
        ("It's not bad at all", "positive"),
        ("We use the export on the first of the month", "neutral"),
        ("Great product!", "positive"),
        ("", None),
        ("???", None),
        ("12345", None),
    ],
)
def test_english_texts_are_judged_by_their_words(text, expected):
    assert text_sentiment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Die App ist super",
        "Der Export dauert ewig und bricht ab",
        "C'est une catastrophe pour nous",
        "No es posible exportar los datos",
        "Exportieren",
    ],
)
def test_texts_in_other_languages_are_left_open_and_not_guessed(text):
    assert text_sentiment(text) is None


def test_a_declared_language_decides():
    assert text_sentiment("super", "de") is None
    assert text_sentiment("super", "en-GB") == "positive"


def test_the_software_words_change_no_other_verdict_of_the_lexicon():
    plain = SentimentIntensityAnalyzer()
    for text in ("I am happy with it", "this is a disaster for us", "you have to love it"):
        compound = plain.polarity_scores(text)["compound"]
        expected = (
            "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"
        )
        assert text_sentiment(text) == expected


def test_the_version_names_the_lexicon_and_our_rules():
    assert MODEL_VERSION.startswith("vader-3.3.2+launchloop-")

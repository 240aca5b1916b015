"""Sentiment of one text or one score. Offline and versioned; a text it cannot judge is left open.

The lexicon is VADER's with words that tell something about software and little elsewhere.
"""

import re
from functools import cache
from importlib.metadata import version

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.feedback.language import is_english

# Raise it when words or rules change: every text is then scored anew and the break is marked.
RULES_VERSION = "1"
MODEL_VERSION = f"vader-{version('vaderSentiment')}+launchloop-{RULES_VERSION}"

# Cut-offs of Hutto & Gilbert (2014), VADER, section 3.
POSITIVE_FROM, NEGATIVE_TO = 0.05, -0.05

# Mean valence from -4 to 4, as VADER's own entries.
_SOFTWARE_WORDS = {
    "slow": -1.6, "slower": -1.5, "slowly": -1.4, "sluggish": -1.8, "laggy": -1.9, "lags": -1.6,
    "crash": -2.2, "crashes": -2.3, "crashed": -2.3, "crashing": -2.3, "freezes": -2.0,
    "freezing": -1.8, "frozen": -1.6, "hangs": -1.7, "timeout": -1.8, "timeouts": -1.9,
    "bug": -1.6, "bugs": -1.7, "buggy": -2.2, "broken": -2.1, "unusable": -2.8, "unstable": -1.9,
    "outage": -2.2, "downtime": -1.9, "glitch": -1.6, "glitchy": -1.9, "confusing": -1.6,
    "cluttered": -1.4, "missing": -1.2, "cannot": -0.9, "fails": -2.0, "overpriced": -1.9,
    "expensive": -1.3, "intuitive": 2.0, "seamless": 2.2, "reliable": 2.0, "fast": 1.5,
    "faster": 1.6, "snappy": 1.8, "smooth": 1.6, "smoothly": 1.7, "effortless": 2.0,
}  # fmt: skip
_TIMING_OUT = re.compile(r"\btim(?:es?|ed|ing) out\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z']+")

# Scores: detractors and promoters on scales to 10 as for NPS, outer parts of any other.
_NPS_MAX, _PROMOTER_FROM, _DETRACTOR_TO = 10, 9, 6
_UPPER_PART, _LOWER_PART = 0.6, 0.4


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(_SOFTWARE_WORDS)
    return analyzer


def score_sentiment(rating: float, scale_min: float, scale_max: float) -> str | None:
    """Sentiment of a star, NPS or CSAT score on a scale where more is better.

    Returns:
        "negative", "neutral" or "positive"; None for a value outside its scale.

    >>> [score_sentiment(stars, 1, 5) for stars in (1, 2, 3, 4, 5)]
    ['negative', 'negative', 'neutral', 'positive', 'positive']
    >>> score_sentiment(6, 0, 10), score_sentiment(8, 0, 10), score_sentiment(9, 1, 10)
    ('negative', 'neutral', 'positive')
    """
    if not scale_min <= rating <= scale_max or scale_min == scale_max:
        return None
    if scale_max == _NPS_MAX and scale_min in {0, 1}:
        if rating >= _PROMOTER_FROM:
            return "positive"
        return "negative" if rating <= _DETRACTOR_TO else "neutral"
    place = (rating - scale_min) / (scale_max - scale_min)
    if place > _UPPER_PART:
        return "positive"
    return "negative" if place < _LOWER_PART else "neutral"


def text_sentiment(text: str, language_code: str | None = None) -> str | None:
    """Sentiment of a text's words.

    Args:
        text: Normalised.
        language_code: Declared language, None if unknown.

    Returns:
        "negative", "neutral" or "positive"; None where the text is not English or has
        nothing that could be judged.

    Source:
        Hutto & Gilbert (2014), VADER: A Parsimonious Rule-based Model for Sentiment Analysis
        of Social Media Text.

    >>> text_sentiment("I love it"), text_sentiment("The export times out every day")
    ('positive', 'negative')
    """
    analyzer = _analyzer()
    words = _WORD.findall(text.casefold())
    known = sum(word in analyzer.lexicon for word in words)
    if not words or not is_english(text, language_code, known):
        return None
    compound = analyzer.polarity_scores(_TIMING_OUT.sub("timeout", text))["compound"]
    if compound >= POSITIVE_FROM:
        return "positive"
    return "negative" if compound <= NEGATIVE_TO else "neutral"

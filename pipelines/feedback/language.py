"""Whether a text is English: the lexicon knows no other language and must not guess.

Pure. "Die App ist super" holds a very negative English word.
"""

import re

_WORDS = re.compile(r"[^\W\d_]+")
# Function words that stand in almost every sentence and in no other language listed here.
_ENGLISH = frozenset(
    "the and is are was were be been have has had do does did not you we they this that these "
    "with for from of to it my your our their would could should can can't don't doesn't won't "
    "when what why how which there please than very too but if on by i".split()
)
_OTHERS = frozenset(
    "der die das den dem ein eine einen und oder ist sind war nicht ich wir sie es mit auf für von "
    "zu bei aber wenn auch noch sehr kein keine wird werden le la les un une des du et est pas je "
    "nous vous dans pour avec mais très el los las uno y en es son no se muy para con pero por il "
    "lo gli della che non è sono per ma molto o os um uma não é com mais muito het een van niet "
    "maar ook zijn wordt en på och det är inte jest nie się".split()
)
# Shared or misleading words decide nothing.
_SHARED = frozenset("no es on in an am so was o i en to".split())


def is_english(text: str, language_code: str | None, known_words: int) -> bool:
    """Whether the English lexicon may judge a text.

    Args:
        text: Normalised.
        language_code: Declared language, such as "en" or "pt-BR"; None if unknown.
        known_words: How many of its words the lexicon knows.

    >>> is_english("Die App ist super", None, 2), is_english("Great product!", None, 1)
    (False, True)
    """
    if language_code:
        return language_code.casefold().split("-")[0].split("_")[0] in {"en", "eng", "english"}
    words = [word.casefold() for word in _WORDS.findall(text)]
    english = sum(word in _ENGLISH and word not in _SHARED for word in words)
    others = sum(word in _OTHERS and word not in _SHARED for word in words)
    if english or others:
        return english > others
    return known_words > 0

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipelines.feedback.normalise import item_text, normalised, text_hash


def test_markup_entities_and_blanks_do_not_make_a_text_another():
    assert normalised("<p>It&rsquo;s&nbsp;slow,<br>really</p>") == "It’s slow, really"
    assert normalised(None) == ""


def test_less_than_is_no_markup():
    assert normalised("a < b and b > c") == "a < b and b > c"


def test_composed_and_decomposed_letters_are_one_text():
    assert normalised(unicodedata.normalize("NFD", "für")) == normalised("für")


def test_a_title_that_begins_the_body_is_said_once():
    assert (
        item_text("Export is slow", "Export is slow since Monday") == "Export is slow since Monday"
    )
    assert item_text("Export.", "It is slow") == "Export. It is slow"
    assert item_text("Export", None) == "Export"


def test_texts_without_words_are_copies_of_nothing():
    assert text_hash("…") is None
    assert text_hash("") is None


@given(st.text())
def test_normalising_twice_changes_nothing_more_than_once_when_no_entity_is_left(text):
    once = normalised(text)
    if "&" not in once and "<" not in once:
        assert normalised(once) == once

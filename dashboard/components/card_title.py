"""The headline of a card and the sentence under it, close together everywhere."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.format import plain


def card_title(title: str, sentence: str = "", *, place: DeltaGenerator | None = None) -> None:
    """Both as plain text.

    Args:
        title: What the card says.
        sentence: How that is counted, or what to do; "" for none.
        place: Where, if not in the current container.
    """
    words = (place or st).container(gap=None)
    words.header(plain(title), anchor=False)
    if sentence:
        words.caption(plain(sentence))

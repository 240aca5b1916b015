"""A page or card without data: what is missing, and the line that brings it."""

import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.format import plain


def empty_state(title: str, sentence: str, *, code: str = "", language: str = "toml") -> None:
    """A quiet box in the current container.

    Args:
        title: What is missing.
        sentence: What to do about it.
        code: To copy; "" for none.
        language: Of the code.
    """
    with st.container(border=True):
        card_title(title)
        st.write(plain(sentence))
        if code:
            st.code(code, language=language, wrap_lines=True)

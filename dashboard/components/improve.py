"""From any metric on any page to a cycle that means to improve it."""

import streamlit as st

from dashboard.exhibits.card_link import link_of
from dashboard.question import Question
from dashboard.sections import NEW_CYCLE_PAGE


def improve_button(question: Question, key: str) -> None:
    """Opens the form of a new cycle with the metric filled in.

    Args:
        question: What the card shows.
        key: Unique on the page.
    """
    asked = st.button(
        "Improve this",
        key=f"improve_{key}",
        type="tertiary",
        icon=":material/cycle:",
        help="Begin a Plan-Do-Check-Act cycle on this metric",
    )
    if asked:
        st.switch_page(NEW_CYCLE_PAGE, query_params=link_of(question))

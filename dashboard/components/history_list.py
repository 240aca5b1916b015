"""What was found in old minutes, decisions and learnings, and the way to each."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.components.cycle_board import cycle_link
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import chosen_dates
from dashboard.components.meeting_list import review_link
from dashboard.exhibits import history_words
from dashboard.exhibits.history_words import DecisionWords
from dashboard.format import counted, plain
from pipelines.reviews.history import Found, Where

_SHOWN_AT_ONCE = 50


def chosen_days(today: date) -> tuple[date | None, date | None]:
    """First and last day; None for no bound."""
    return chosen_dates("From", "Until", today)


def found_list(found: Sequence[Found], sought: str) -> None:
    """Each place with its words; minutes and learnings open where they stand."""
    if not found and not sought:
        empty_state(
            "No history yet",
            "Published minutes, decisions and what cycles taught gather here. The first come with "
            "the first review.",
        )
        return
    told = f"{counted(len(found), 'place')} with “{sought}”" if sought else "The newest"
    card_title(told)
    for one in found[:_SHOWN_AT_ONCE]:
        with st.container(border=True, gap="xsmall"):
            _title(one)
            st.caption(history_words.found_told(one))
            if one.excerpt:
                st.markdown(plain(one.excerpt))
    if len(found) > _SHOWN_AT_ONCE:
        st.caption(f"The first {_SHOWN_AT_ONCE} of {len(found)}. Add a word or a day.")


def _title(one: Found) -> None:
    name = history_words.title(one)
    if one.where is Where.MINUTES:
        review_link(one.thing_id, f"**{plain(name)}**")
    elif one.where is Where.LEARNING:
        cycle_link(one.thing_id, name)
    else:
        st.markdown(f"**{plain(name)}**")


def decision_list(decided: Sequence[DecisionWords]) -> None:
    """All decisions, the newest first."""
    card_title("Decisions", "Each stays; a later one may reverse it.")
    for one in decided[:_SHOWN_AT_ONCE]:
        with st.container(border=True, gap="xsmall"):
            with st.container(gap=None):
                st.markdown(f"**{plain(one.text)}**")
                st.caption(plain(one.about))
            if one.meeting_id:
                review_link(one.meeting_id, "Its meeting")
    if not decided:
        st.caption("No decision yet.")

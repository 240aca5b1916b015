"""Who is speaking on a page of Reviews; until somebody says so, the page ends there."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import records
from dashboard.components import record_form
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import speaker
from dashboard.components.page_head import Head
from dashboard.records import Speaker

_ASKED = (
    "Choose your name at the top of this page. Your roles say what you may read and do, and what "
    "you do is recorded under your name. You are not signed in: nobody checks that it is you."
)


def who_speaks(head: Head, *, has_keys: bool = False) -> tuple[Speaker, DeltaGenerator]:
    """The picker of names in the head, and below it what came of the last save.

    Args:
        head: Of the page.
        has_keys: Single keys do something on this page.

    Returns:
        The person, and where `record_form.untold` says what stopped a save.
    """
    head.badges.badge("Not signed in", icon=":material/no_accounts:", color="gray")
    people = records.people()
    if len(people) == 1:
        chosen: str | None = next(iter(people))
    else:
        chosen = speaker(people, head.filters, lets_go=has_keys)
    if chosen is None:
        empty_state("Who are you?", _ASKED)
        st.stop()
    who = records.speaker(chosen)
    told = st.container(gap=None)
    record_form.told(told)
    return who, told

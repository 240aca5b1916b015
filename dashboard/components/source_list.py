"""Sources at a glance, and what must be answered before a file is let in."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.exhibits.sources import state_counts
from dashboard.facts import Source
from dashboard.format import plain


def source_counts(found: Sequence[Source]) -> None:
    """How many sources are in which state."""
    counts = state_counts(found)
    with st.grid(len(counts), min_column_width=150):
        for name, (count, explanation) in counts.items():
            with st.container(border=True, height="stretch"):
                st.metric(name, f"{count:,}", help=explanation)


def open_questions(found: Sequence[Source]) -> None:
    """Each question of a file that was not let in, with the line that answers it."""
    asking = [source for source in found if source.asked]
    for source in asking:
        with st.container(border=True):
            card_title(f"{source.name}: not let in", "The rows that it had before stay.")
            for asked in source.asked:
                named = "" if asked.file in asked.text else f"{asked.file}: "
                st.markdown(f":material/front_hand: {plain(named + asked.text)}")
                if asked.toml:
                    st.caption("This line of launchloop.toml answers it:")
                    st.code(asked.toml, language="toml")

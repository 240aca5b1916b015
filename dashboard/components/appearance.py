"""Which colours the reader's browser asks for."""

import streamlit as st

from dashboard.charts.theme import Mode

# Evening comes once a day; a look at the session costs a few milliseconds.
_LOOK_EVERY = "20s"


def mode() -> Mode:
    """Light or dark, as the reader's browser shows the page now."""
    return "dark" if st.context.theme.type == "dark" else "light"


@st.fragment(run_every=_LOOK_EVERY)
def follow(drawn: Mode) -> None:
    """Draws the page anew when the reader's system has turned light or dark meanwhile.

    Streamlit changes its own colours at once, but the script, which colours the figures, hears
    of it only with its next run.

    Args:
        drawn: The mode that the figures on the page were drawn in.
    """
    if mode() != drawn:
        st.rerun()

"""The head of one cycle: its name, its state, and what is next."""

import streamlit as st

from dashboard.components.cycle_board import cycles_link
from dashboard.components.empty_state import empty_state
from dashboard.components.report_downloads import report_downloads
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import cycle_page
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import plain
from pipelines.reviews.core.terms import CycleStatus


def cycle_head(shown: Sheet, page: ReviewsPage) -> None:
    """Title, badges and the next step, with a way back to the board."""
    head = page.page.head
    head.lead.header(plain(shown.record.cycle.title), anchor=False)
    for badge in cycle_page.badges(shown):
        head.badges.badge(plain(badge), color="blue")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(plain(cycle_page.lead(shown, page.who)), width="content")
        if shown.record.plans:
            report_downloads(page.who, "cycle", shown.record.cycle.cycle_id)
        cycles_link()
    if why := cycle_page.stopped(shown):
        rests = shown.record.cycle.status is CycleStatus.ON_HOLD
        st.info(plain(why), icon=f":material/{'pause_circle' if rests else 'block'}:")


def no_cycle() -> None:
    """For a link that leads nowhere."""
    empty_state(
        "No cycle here", "The link names no cycle of these records. Choose one on the board."
    )
    cycles_link()

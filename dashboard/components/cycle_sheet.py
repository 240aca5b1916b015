"""A cycle on one screen: Plan on the left, its chart in the middle, Do, Check and Act right."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.components.chart_card import chart_card
from dashboard.components.cycle_board import cycle_link
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import cycle_history, cycle_page
from dashboard.exhibits.cycle_page import Line, Sheet
from dashboard.format import plain
from dashboard.review_words import words


def plan_card(shown: Sheet, page: ReviewsPage) -> None:
    """What was fixed before the result was known."""
    with st.container(border=True, gap="small"):
        card_title("Plan")
        labelled(cycle_page.plan_lines(shown, page.who))


def chart(shown: Sheet, page: ReviewsPage) -> None:
    """The frozen chart; nothing for a cycle without a metric."""
    card = cycle_page.locked_chart(page.page, shown)
    if card is not None:
        # On its own: as high as its words, not as its neighbours.
        with st.container():
            chart_card(card)


def labelled(lines: Sequence[Line]) -> None:
    """Short texts under their labels."""
    for label, text in lines:
        with st.container(gap=None):
            st.caption(label)
            st.markdown(plain(text))


def family(shown: Sheet) -> None:
    """Earlier and later cycles of the same line."""
    if len(shown.family) < 2:  # noqa: PLR2004 (a line of one has nothing to show)
        return
    with st.container(border=True, gap="xsmall"):
        card_title("Line of cycles")
        for card in shown.family:
            cycle, is_own = card.cycle, card.cycle.cycle_id == shown.record.cycle.cycle_id
            said = f"{cycle.seq}. {cycle.title}: {words(cycle.status)}"
            if is_own:
                st.markdown(f"{plain(said)} (this page)")
            else:
                cycle_link(cycle.cycle_id, said)
            if lesson := cycle_page.lesson(card):
                st.caption(plain(lesson))


def history(shown: Sheet, page: ReviewsPage) -> None:
    """Events, plan versions and restatements, folded."""
    with st.expander("History, plan versions and restatements"):
        st.subheader("Plan versions", anchor=False)
        _table(cycle_history.versions_table(shown, page.who), "The plan was not locked yet.")
        st.subheader("Restatements of the baseline", anchor=False)
        _table(
            cycle_history.restatement_table(shown, page.who),
            "No frozen value would be another one today.",
        )
        st.subheader("Events", anchor=False)
        _table(cycle_history.history_table(shown, page.who), "Nothing happened yet.")


def _table(table: pl.DataFrame, empty: str) -> None:
    if table.is_empty():
        st.caption(empty)
    else:
        st.dataframe(table, hide_index=True)

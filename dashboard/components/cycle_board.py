"""The board of cycles: a column for each phase, a card for each cycle."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.empty_state import empty_state
from dashboard.components.metric_card import LINE_BREAK
from dashboard.exhibits.cycle_cards import Board, CardWords
from dashboard.format import plain
from dashboard.review_words import CYCLE
from dashboard.sections import CYCLE_PAGE, CYCLES_PAGE, NEW_CYCLE_PAGE, TEAM_PAGE

_NARROWEST = 190


def new_cycle_link() -> None:
    """To the page on which a cycle is begun."""
    if st.button("New cycle", icon=":material/add:"):
        st.switch_page(NEW_CYCLE_PAGE)


def team_link() -> None:
    """To the page that says how a team works."""
    if st.button("How we work", type="tertiary", icon=":material/tune:"):
        st.switch_page(TEAM_PAGE)


def cycle_board(board: Board) -> None:
    """The phases beside each other, below each other on a phone; what rests is folded."""
    if not board.count:
        _empty(board)
        return
    with st.grid(len(board.columns), min_column_width=_NARROWEST):
        for status, cards in board.columns.items():
            with st.container(gap="small"):
                st.subheader(f"{CYCLE[status]} · {len(cards)}", anchor=False)
                _cards(cards)
    for status, cards in board.folded.items():
        with (
            st.expander(f"{CYCLE[status]} · {len(cards)}"),
            st.grid(len(board.columns), min_column_width=_NARROWEST),
        ):
            _cards(cards)


def _cards(cards: Sequence[CardWords]) -> None:
    for card in cards:
        with st.container(border=True, gap="xsmall"):
            cycle_link(card.cycle_id, card.title)
            st.caption(
                plain(f"{card.metric} · {card.owner}")
                + (f"{LINE_BREAK}{plain(card.dates)}" if card.dates else "")
            )
            icon = ":material/priority_high: " if card.is_pressing else ""
            st.markdown(f"{icon}{plain(card.next)}")
            if card.badges:
                with st.container(horizontal=True, gap="xsmall"):
                    for badge in card.badges:
                        st.badge(plain(badge), color="gray")


def cycle_link(cycle_id: str, title: str, place: str = "") -> None:
    """Opens the page of one cycle; a title of many words takes several lines.

    Args:
        cycle_id: Of the cycle.
        title: What the link says.
        place: Where it stands, on a page that may name a cycle twice.
    """
    key = f"open_{cycle_id}_{place}"
    if st.button(f"**{plain(title)}**", key=key, type="tertiary", wrap=True):
        st.switch_page(CYCLE_PAGE, query_params={"cycle": cycle_id})


def _empty(board: Board) -> None:
    if board.is_filtered:
        empty_state("No cycle fits", "Look for fewer words, or for every team and owner.")
        return
    empty_state(
        "No cycles yet",
        "A cycle says what will be changed, why, and which metric will show it, before the result "
        "is known. Begin one here, or with “Improve this” on any metric's card.",
    )


def cycles_link() -> None:
    """Back to the board."""
    if st.button("All cycles", type="tertiary", icon=":material/view_kanban:"):
        st.switch_page(CYCLES_PAGE)

"""The outcome ledger on screen: figures beside their n, then a card for each release or item."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.components.empty_state import empty_state
from dashboard.components.prediction_form import prediction_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import outcome_words
from dashboard.format import plain
from pipelines.reviews.core.ledger import Scorecard
from pipelines.reviews.outcome.page import LedgerLine

_SHOWN_AT_ONCE = 50
_NARROWEST = 210


def scorecard(card: Scorecard) -> None:
    """Hit rate with its power beside it, coverage, calibration and size."""
    figures = outcome_words.figures(card)
    with st.grid(4, min_column_width=_NARROWEST):
        for figure in figures:
            with st.container(border=True, height="stretch", gap=None):
                st.metric(figure.label, figure.value, help=plain(figure.rule))
                st.caption(plain(figure.note))


def calibration(card: Scorecard) -> None:
    """How sure one may be, folded: it says little before ten judgements."""
    with st.expander("Calibration and size by stated confidence and impact"):
        _table(outcome_words.calibration(card), "Stated confidence and what came")
        table = outcome_words.by_impact(card)
        if table.is_empty():
            st.caption("No judged prediction has a RICE impact class yet.")
        else:
            _table(table, "By RICE impact class")


def _table(table: pl.DataFrame, title: str) -> None:
    st.subheader(title, anchor=False)
    st.dataframe(table, hide_index=True, alt=title)


def ledger_lines(lines: Sequence[LedgerLine], page: ReviewsPage, state: str) -> None:
    """A card each, and a folded list of what nobody predicted; what to do where there is none."""
    if not lines:
        _empty(state)
    told, quiet = outcome_words.told_apart(lines, state)
    for line in told[:_SHOWN_AT_ONCE]:
        with st.container(border=True, gap="xsmall"):
            _line(line)
            if line.can_be_predicted:
                prediction_form(line, page)
    if len(told) > _SHOWN_AT_ONCE:
        st.caption(f"The first {_SHOWN_AT_ONCE} of {len(told)}. Choose a state above.")
    if quiet:
        with st.expander(outcome_words.quiet_told(quiet)):
            for line in quiet:
                st.caption(f"{plain(line.title)} · {plain(outcome_words.line_told(line))}")


def _line(line: LedgerLine) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown(f"**{plain(line.title)}**", width="content")
        for text, color in outcome_words.badges(line):
            st.badge(plain(text), color=color)
    st.caption(plain(outcome_words.line_told(line)))
    told = (
        outcome_words.prediction_told(line),
        outcome_words.result_told(line),
        line.sentence,
        outcome_words.joint_told(line),
        outcome_words.missing_told(line),
    )
    for text in told:
        if text:
            st.markdown(plain(text))


def _empty(state: str) -> None:
    if state == "all":
        empty_state(
            "No release is known yet",
            "Every release gets its row by itself at the next refresh, and so does every large "
            "item. Declare releases in launchloop.toml, or bring an export that lists them.",
        )
        return
    empty_state("Nothing here", "No row is in this state. Choose another one above.")

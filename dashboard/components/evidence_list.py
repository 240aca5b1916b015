"""Pieces of evidence, each with what it speaks for, and how it is linked to one cycle more."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import evidence_records
from dashboard.components.cycle_board import cycle_link
from dashboard.components.empty_state import empty_state
from dashboard.components.record_form import Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import evidence_words
from dashboard.format import plain
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.subjects import About
from pipelines.reviews.evidence import Link
from pipelines.reviews.evidence_view import EvidenceView

_SHOWN_AT_ONCE = 50


def evidence_list(pieces: Sequence[EvidenceView], page: ReviewsPage, team_id: str) -> None:
    """A card each; says what to do where there is none."""
    if not pieces:
        empty_state(
            "No evidence yet",
            "Interviews, workshops, observations and celebrations stand here: dated, with source "
            "and consent. They explain numbers and never replace them.",
        )
        return
    titles = evidence_words.cycles_of(page.who, team_id)
    for piece in pieces[:_SHOWN_AT_ONCE]:
        with st.container(border=True, gap="xsmall"):
            _piece(piece, page.who, titles)
            if evidence_words.may_add(page.who, piece.team_id) and titles:
                _link_form(piece, page.who, titles)
    if len(pieces) > _SHOWN_AT_ONCE:
        st.caption(f"The newest {_SHOWN_AT_ONCE} of {len(pieces)}. Choose a kind above.")


def _piece(piece: EvidenceView, who: Speaker, titles: Mapping[str, str]) -> None:
    st.badge(evidence_words.NAMES[piece.kind], color="gray")
    with st.container(gap=None):
        st.markdown(f"**{plain(piece.summary)}**")
        st.caption(plain(evidence_words.piece_told(piece, who)))
    for text in (evidence_words.asked_told(piece), evidence_words.thanks_told(piece, who)):
        if text:
            st.markdown(plain(text))
    for quote in piece.quotes:
        st.markdown(f"> {plain(quote)}")
    for cycle_id, title, use in evidence_words.cycle_links(piece, titles):
        cycle_link(cycle_id, f"{use}: {title}", f"{piece.evidence_id}_{use}")
    others = evidence_words.other_links(piece)
    if others:
        st.caption(plain(f"Linked to {others}"))


def _link_form(piece: EvidenceView, who: Speaker, titles: Mapping[str, str]) -> None:
    with (
        st.popover("Link to a cycle", icon=":material/link:"),
        record_form(f"link_{piece.evidence_id}", border=False) as form,
    ):
        st.selectbox("Cycle", list(titles), index=None, format_func=lambda one: titles[one],
                     placeholder="Choose one", key=form.field("cycle"))  # fmt: skip
        st.selectbox("Speaks as", evidence_words.uses_of(piece.kind), format_func=words,
                     key=form.field("use"))  # fmt: skip
        form.submit("Link it", lambda sent: _linked(who, piece, sent), ("cycle", "use"))


def _linked(who: Speaker, piece: EvidenceView, sent: Sent) -> Saved:
    cycle_id = sent.answers["cycle"]
    if not cycle_id:
        raise NotAllowedError("Choose the cycle that it speaks for.")
    to = Link(About.CYCLE, cycle_id, sent.answers["use"])
    evidence_records.link(who, piece.evidence_id, to, sent.key)
    return Saved("Linked.")

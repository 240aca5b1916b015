"""The evidence of one cycle: what people said or saw, what it speaks for, and one more piece."""

import streamlit as st

from dashboard import evidence_records
from dashboard.components.card_title import card_title
from dashboard.components.record_form import LONGEST_TEXT, Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import evidence_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import counted, day, plain
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import CycleStatus, Design, EvidenceKind, EvidenceUse
from pipelines.reviews.evidence import Finding, Link

# Those whose record is one sentence; the page Evidence asks for what the others need.
_SHORT = (
    EvidenceKind.INTERVIEW,
    EvidenceKind.FEEDBACK_SESSION,
    EvidenceKind.USABILITY_TEST,
    EvidenceKind.SURVEY,
    EvidenceKind.WORKSHOP,
    EvidenceKind.DOCUMENT,
)


def evidence_card(shown: Sheet, page: ReviewsPage) -> None:
    """Every piece that the person may read, how many others there are, and a form for one more."""
    cycle, who = shown.record.cycle, page.who
    pieces = evidence_records.of_cycle(who, cycle.team_id, cycle.cycle_id)
    may = cycle.is_open and evidence_words.may_add(who, cycle.team_id)
    all_of_it = {link.evidence_id for link, _ in shown.record.evidence}
    if not all_of_it and not may:
        return
    with st.container(border=True, gap="small"):
        card_title("Evidence")
        for piece in pieces:
            used = [words(link.use).lower() for link in piece.links
                    if link.thing_id == cycle.cycle_id]  # fmt: skip
            kind = evidence_words.NAMES[piece.kind]
            with st.container(gap=None):
                st.markdown(plain(piece.summary))
                st.caption(plain(f"{kind}, {day(piece.held_on)} · speaks as {', '.join(used)}"))
        hidden = len(all_of_it) - len(pieces)
        if hidden:
            st.caption(f"{counted(hidden, 'piece')} more, which only others may read.")
        if not all_of_it:
            st.caption(_nothing_yet(shown))
        if may:
            with st.expander("Add evidence", icon=":material/add:"):
                _add(shown, who)


def _nothing_yet(shown: Sheet) -> str:
    if shown.record.cycle.design is Design.QUALITATIVE:
        return "None yet. Before it can be signed, two independent kinds are needed."
    return "None yet. It never makes a verdict better; it says why."


def _add(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    uses = evidence_words.uses_of(EvidenceKind.INTERVIEW)
    is_before = cycle.status in {CycleStatus.DRAFT, CycleStatus.PLANNED}
    usual = EvidenceUse.PROBLEM if is_before else EvidenceUse.LEARNING
    with record_form("cycle_evidence", border=False) as form:
        with st.container(horizontal=True):
            st.selectbox(
                "Kind",
                _SHORT,
                format_func=lambda kind: evidence_words.NAMES[kind],
                key=form.field("kind"),
                width=180,
            )
            st.selectbox(
                "Speaks as",
                uses,
                index=uses.index(usual),
                format_func=words,
                key=form.field("use"),
                width=150,
            )
        st.text_input("What was found?", key=form.field("summary"), max_chars=LONGEST_TEXT)
        st.caption("Quotes, observations and celebrations are added on the page Evidence.")
        form.submit(
            "Link the evidence",
            lambda sent: _added(who, cycle.team_id, cycle.cycle_id, sent),
            ("kind", "use", "summary"),
            is_primary=False,
        )


def _added(who: Speaker, team_id: str, cycle_id: str, sent: Sent) -> Saved:
    said = sent.answers
    found = Finding(said["kind"], who.today, team_id, said["summary"] or "")
    evidence_records.add(who, found, [Link(About.CYCLE, cycle_id, said["use"])], sent.key)
    return Saved("Saved. The evidence stands on this cycle.")

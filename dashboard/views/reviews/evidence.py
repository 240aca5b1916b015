"""Evidence: what people said and did, dated, with source and consent; it explains numbers."""

import streamlit as st

from dashboard.components.evidence_form import evidence_form
from dashboard.components.evidence_list import evidence_list
from dashboard.components.filters import chosen_of, picked
from dashboard.components.meeting_list import no_team
from dashboard.components.reviews_page import open_reviews
from dashboard.exhibits import evidence_words
from dashboard.exhibits.cycle_cards import teams
from dashboard.format import plain

page = open_reviews(
    "Evidence", "What people said and did. It explains numbers and never replaces them."
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    team = picked("Team", teams(page.who), "team")
    kind = chosen_of("Kind", evidence_words.KINDS, "evidence")

if team is None:
    no_team()
else:
    pieces = evidence_words.lines(page.who, team, kind)
    evidence_form(page, team)
    st.caption(plain(evidence_words.kinds_told(pieces)))
    evidence_list(pieces, page, team)
page.finish()

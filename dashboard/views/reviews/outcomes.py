"""Outcomes: what releases were to do, what they did, and how well a team predicts."""

import streamlit as st

from dashboard import outcome_records
from dashboard.components import outcome_ledger
from dashboard.components.filters import chosen_of
from dashboard.components.reviews_page import open_reviews
from dashboard.exhibits import outcome_words
from dashboard.format import plain

page = open_reviews(
    "Outcomes", "What each release was to do, and did. Results belong to releases, never to people."
)
found = outcome_records.ledger(page.who)

st.markdown(plain(outcome_words.lead(found.scorecard)))
outcome_ledger.scorecard(found.scorecard)
st.caption(plain(outcome_words.power_told(found.scorecard)))
outcome_ledger.calibration(found.scorecard)
state = chosen_of("Rows", outcome_words.STATES, "ledger")
outcome_ledger.ledger_lines(outcome_words.lines_in(found, state), page, state)
st.caption(plain(outcome_words.gone_told(found.gone)))
page.finish()

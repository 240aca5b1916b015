"""History: minutes, decisions and what was learned, found again by their words."""

import streamlit as st

from dashboard.components.filters import picked, searched
from dashboard.components.history_list import chosen_days, decision_list, found_list
from dashboard.components.meeting_list import no_team
from dashboard.components.records_page import open_records
from dashboard.exhibits import history_words
from dashboard.exhibits.cycle_cards import teams

page = open_records("History", "What was decided and learned. Old reviews open as they were shown.")
who = page.who
with st.container(horizontal=True, vertical_alignment="bottom"):
    team = picked("Team", teams(who), "team")
    sought = searched("Search", "sought", "Words of minutes, decisions, learnings")
    start, end = chosen_days(who.today)

if team is None:
    no_team()
else:
    left, right = st.columns([3, 2])
    with left:
        found_list(history_words.found(who, team, sought, start, end), sought)
    with right:
        decision_list(history_words.decided(who, team))
page.finish()

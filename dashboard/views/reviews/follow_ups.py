"""Follow-ups: what a team promised, what is late, and how well it keeps its word."""

import streamlit as st

from dashboard import meeting_records
from dashboard.components.filters import chosen_or_all, picked
from dashboard.components.follow_up_list import chosen_state, follow_up_list
from dashboard.components.meeting_list import no_team
from dashboard.components.records_page import open_records
from dashboard.exhibits import follow_up_words
from dashboard.exhibits.cycle_cards import teams
from dashboard.format import plain

page = open_records("Follow-ups", "What reviews and cycles promised: one owner, one date each.")
who = page.who
with st.container(horizontal=True, vertical_alignment="bottom"):
    team = picked("Team", teams(who), "team")
    known = meeting_records.follow_ups(who, team) if team else ()
    owner = chosen_or_all("Owner", follow_up_words.owners(known, who), "promised_by", "Everybody")
    state = chosen_state()

if team is None:
    no_team()
else:
    st.caption(plain(follow_up_words.health_told(who, team)))
    follow_up_list(follow_up_words.asked_for(known, owner, state), page, team)
page.finish()

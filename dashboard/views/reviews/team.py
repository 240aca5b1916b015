"""Team: how a team works in its reviews, and who is in it."""

import streamlit as st

from dashboard import team_records
from dashboard.components.filters import picked
from dashboard.components.meeting_list import no_team
from dashboard.components.reviews_page import open_reviews
from dashboard.components.team_form import people_card, settings_card
from dashboard.components.team_guard_rails import guard_rails_card
from dashboard.exhibits.cycle_cards import teams

page = open_reviews("Team", "How a team works: what its plans are asked for and guarded by.")
chosen = picked("Team", teams(page.who), "team")

if chosen is None:
    no_team()
else:
    team = team_records.team(page.who, chosen)
    left, right = st.columns(2)
    with left:
        settings_card(page, team)
    with right:
        guard_rails_card(page, team)
        people_card(page, team)
page.finish()

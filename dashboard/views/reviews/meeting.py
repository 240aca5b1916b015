"""Meeting: what is planned, what is to be published, and all minutes; and a new one."""

import streamlit as st

from dashboard.components.filters import picked
from dashboard.components.meeting_list import meeting_list, no_team, schedule_form
from dashboard.components.records_page import open_records
from dashboard.exhibits import meeting_words
from dashboard.exhibits.cycle_cards import teams

page = open_records(
    "Meeting",
    "Reviews of a team: the agenda makes itself, the numbers stay as they were shown.",
    starts=True,
)
team = picked("Team", teams(page.who), "team")

if team is None:
    no_team()
else:
    listed = meeting_words.groups(page.who, team)
    left, right = st.columns([5, 3])
    with left:
        meeting_list(listed, page.who)
    with right:
        schedule_form(page.who, team)
page.finish()

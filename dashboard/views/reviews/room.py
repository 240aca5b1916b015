"""The room: a meeting in session, one thing a screen."""

import streamlit as st

from dashboard import meeting_records
from dashboard.components import room
from dashboard.components.filters import linked
from dashboard.components.meeting_list import no_meeting, not_in_session
from dashboard.components.records_page import open_records
from dashboard.components.room_screens import screen
from dashboard.exhibits import room_steps
from pipelines.reviews.core.terms import MeetingStatus

page = open_records("Review", has_keys=True)
shown = meeting_records.view(page.who, linked("meeting"))

if shown is None:
    no_meeting()
    st.stop()
if shown.meeting.status is not MeetingStatus.IN_SESSION:
    not_in_session(shown.meeting)
    st.stop()
steps = room_steps.steps(shown)
step = room_steps.chosen(steps, linked("step"), shown)

room.top(shown, steps, step, page)
screen(shown, step, page)
page.finish()

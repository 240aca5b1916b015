"""One review meeting: its agenda before, its minutes after."""

import streamlit as st

from dashboard import meeting_records
from dashboard.components import agenda, minutes_sheet
from dashboard.components.filters import linked
from dashboard.components.meeting_list import meetings_link, no_meeting, room_link
from dashboard.components.records_page import open_records
from dashboard.components.report_downloads import report_downloads
from dashboard.exhibits import meeting_words
from pipelines.reviews.core.terms import MeetingStatus

page = open_records("Review")
shown = meeting_records.view(page.who, linked("meeting"))

if shown is None:
    no_meeting()
    st.stop()
agenda.head(shown, page)
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    if shown.freeze is not None:
        report_downloads(page.who, "review", shown.meeting.meeting_id)
    meetings_link()
status = shown.meeting.status
if status in meeting_words.BEFORE:
    agenda.agenda_page(shown, page)
elif status is MeetingStatus.IN_SESSION:
    room_link(shown.meeting, "Go to the meeting")
elif status is MeetingStatus.MINUTES_DRAFT:
    minutes_sheet.draft(shown, page)
elif status is MeetingStatus.PUBLISHED:
    minutes_sheet.published(shown, page)
page.finish()

"""The list of a team's meetings, and the form that schedules one."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import meeting_records, records
from dashboard.components.card_title import card_title
from dashboard.components.empty_state import empty_state
from dashboard.components.record_form import DAY_FORMAT, Saved, Sent, record_form
from dashboard.exhibits.meeting_words import STATUS, LineWords
from dashboard.format import plain
from dashboard.meeting_records import Planned
from dashboard.records import Speaker
from dashboard.review_words import words
from dashboard.sections import MEETINGS_PAGE, REVIEW_PAGE, ROOM_PAGE
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import MeetingKind, MeetingStatus
from pipelines.reviews.core.timing import FULL, SHORT

_FIRST = (
    "Schedule the first one here. Its agenda makes itself from the numbers, the Checks that are "
    "due and the promises that are late. Send it as a pre-read a day before, or start at once."
)


def meeting_list(groups: Mapping[str, Sequence[LineWords]], who: Speaker) -> None:
    """Every meeting under its state; what wants something done on top."""
    if not groups:
        may = "" if who.teams(Permission.RUN_MEETING) else " Facilitators and product managers may."
        empty_state("No meeting yet", f"{_FIRST}{may}")
    for name, lines in groups.items():
        st.subheader(f"{name} · {len(lines)}", anchor=False)
        for line in lines:
            _line(line)


def _line(line: LineWords) -> None:
    with st.container(border=True, gap=None):
        in_session = line.status is MeetingStatus.IN_SESSION
        st.page_link(
            ROOM_PAGE if in_session else REVIEW_PAGE,
            label=f"**{plain(line.title)}**",
            query_params={"meeting": line.meeting_id},
        )
        st.caption(plain(line.about))


def schedule_form(who: Speaker, team_id: str) -> None:
    """Which review, when, who leads, writes and comes; those who may run meetings see it."""
    if not who.may(Permission.RUN_MEETING, team_id):
        return
    team = who.desk.team(team_id)
    people = list(records.people())
    with st.container(border=True):
        card_title("Schedule a meeting")
        with record_form(f"schedule_{team_id}", border=False) as form:
            st.selectbox("Which review?", list(MeetingKind), format_func=words,
                         key=form.field("kind"))  # fmt: skip
            st.date_input("When?", value=None, format=DAY_FORMAT, key=form.field("held_on"),
                          min_value=who.today)  # fmt: skip
            st.selectbox("Who leads it?", people, index=people.index(who.id),
                         format_func=who.name, key=form.field("facilitator"))  # fmt: skip
            st.selectbox("Who takes notes?", people, index=None, format_func=who.name,
                         placeholder="Nobody yet", key=form.field("note_taker"))  # fmt: skip
            st.multiselect("Who else comes?", people, format_func=who.name,
                           placeholder="Choose people", key=form.field("attendees"))  # fmt: skip
            st.radio(
                "How long?",
                [FULL, SHORT],
                index=[FULL, SHORT].index(team.settings.agenda_minutes),
                format_func=lambda minutes: f"{minutes} minutes",
                horizontal=True,
                key=form.field("minutes"),
                disabled=not who.may(Permission.DEFINE, team_id),
                help="A setting of the team: product managers and product owners change it.",
            )
            fields = ("kind", "held_on", "facilitator", "note_taker", "attendees", "minutes")
            form.submit("Schedule", lambda sent: _scheduled(who, team_id, sent), fields)


def _scheduled(who: Speaker, team_id: str, sent: Sent) -> Saved:
    said = sent.answers
    if said["held_on"] is None:
        raise NotAllowedError("Say when the meeting takes place.")
    planned = Planned(
        said["kind"],
        said["held_on"],
        said["facilitator"],
        said["note_taker"],
        said["attendees"],
        said["minutes"],
    )
    meeting_id = meeting_records.schedule(who, team_id, planned, sent.key)
    told = "Scheduled. Look at its agenda, then send the pre-read or start."
    return Saved(told, REVIEW_PAGE, {"meeting": meeting_id})


def meetings_link() -> None:
    """Back to the list."""
    if st.button("All meetings", icon=":material/arrow_back:", type="tertiary"):
        st.switch_page(MEETINGS_PAGE)


def room_link(meeting: Meeting, label: str) -> None:
    """To the meeting in session."""
    st.page_link(ROOM_PAGE, label=label, icon=":material/play_arrow:",
                 query_params={"meeting": meeting.meeting_id})  # fmt: skip


def review_link(meeting_id: str, label: str) -> None:
    """To the agenda or the minutes of a meeting."""
    st.page_link(REVIEW_PAGE, label=label, icon=":material/description:",
                 query_params={"meeting": meeting_id})  # fmt: skip


def no_meeting() -> None:
    """For a link that leads nowhere."""
    empty_state(
        "No meeting here", "The link names no meeting of these records. Choose one in the list."
    )
    meetings_link()


def not_in_session(meeting: Meeting) -> None:
    """For the room of a meeting that has not begun or is over."""
    empty_state(
        "Not in session",
        f"This meeting is in the state “{STATUS[meeting.status]}”. Its page says what is next.",
    )
    review_link(meeting.meeting_id, "Open its page")
    meetings_link()


def no_team() -> None:
    """For a person without a role in any team."""
    empty_state(
        "No team to show",
        "You have no role in a team, so there are no reviews for you to read. Ask for a role in "
        "launchloop.toml.",
    )

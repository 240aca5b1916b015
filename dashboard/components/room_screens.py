"""What each screen of a meeting shows: a number, a Check, a promise, voices, thanks, read-back."""

import streamlit as st

from dashboard import meeting_records, records
from dashboard.components.follow_up_list import follow_up_card
from dashboard.components.minutes_sheet import decisions_and_promises
from dashboard.components.record_form import LONGEST_LINE, Saved, Sent, record_form, save_button
from dashboard.components.records_page import RecordsPage
from dashboard.components.room_check import check_screen
from dashboard.components.room_number import number_screen
from dashboard.exhibits import evidence_words, meeting_words, minutes_words, room_steps
from dashboard.exhibits.room_steps import Step
from dashboard.format import day, plain
from dashboard.records import Speaker
from dashboard.sections import REVIEW_PAGE
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import ItemState
from pipelines.reviews.evidence_view import EvidenceView
from pipelines.reviews.meeting.view import MeetingView

_MOST_QUOTES = 2


def screen(shown: MeetingView, step: Step, page: RecordsPage) -> None:
    """One screen; the heading says what it is about, the line below why it is here."""
    with st.container(key="room_screen"):
        if step.item is not None:
            _item_head(step)
            _item_screen(shown, step, page)
            _written(shown, step, page.who)
            return
        st.header(plain(step.title), anchor=False)
        st.caption(plain(step.part.purpose))
        if step.id == room_steps.CELEBRATE:
            _celebrate(shown, page.who)
        elif step.id == room_steps.FOLLOW_UPS:
            _promises(shown, page.who)
        elif step.id == room_steps.VOICE:
            _voices(shown, page.who)
        else:
            _read_back(shown, page.who)
        if step.id != room_steps.READ_BACK:
            decisions_and_promises(
                [each for each in shown.decisions if each.item_id is None], (), page.who
            )


def _item_head(step: Step) -> None:
    if step.item is None:
        return
    item = step.item.item
    with st.container(gap=None):
        st.header(plain(step.title), anchor=False)
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            is_done = item.state is ItemState.DISCUSSED
            st.badge(room_steps.state_told(step), color="green" if is_done else "gray")
            st.markdown(plain(meeting_words.reasons_told(step.item)), width="content")


def _item_screen(shown: MeetingView, step: Step, page: RecordsPage) -> None:
    if step.item is None:
        return
    about, thing_id = room_steps.about_of(step.item), room_steps.thing_id(step.item)
    if step.item.numbers is not None:
        number_screen(step.item, page)
    elif about is About.CYCLE:
        check_screen(step, page)
    elif about is About.FOLLOW_UP:
        team_id = shown.meeting.team_id
        line = meeting_records.follow_up(page.who, team_id, thing_id)
        if line is not None:
            follow_up_card(line, page.who, team_id, meeting_id=shown.meeting.meeting_id)
    elif about is About.METRIC:
        st.info("This number was not among those that were frozen for this meeting.")


def _written(shown: MeetingView, step: Step, who: Speaker) -> None:
    """Evidence, note, decisions and follow-ups of the item."""
    if step.item is None:
        return
    for piece in meeting_records.pieces(who, step.item.evidence_ids):
        _piece(piece)
    if step.item.item.note:
        st.markdown(f":material/edit_note: {plain(step.item.item.note)}")
    ids = {each.decision_id for each in step.item.decisions}
    promises = [each for each in shown.follow_ups if each.decision_id in ids]
    decisions_and_promises(step.item.decisions, promises, who)


def _piece(piece: EvidenceView) -> None:
    with st.container(gap=None):
        st.markdown(f":material/forum: {plain(piece.summary)}")
        st.caption(plain(f"{evidence_words.NAMES[piece.kind]}, {day(piece.held_on)}"))
        for quote in piece.quotes[:_MOST_QUOTES]:
            st.markdown(f"> {plain(quote)}")


def _celebrate(shown: MeetingView, who: Speaker) -> None:
    team_id = shown.meeting.team_id
    found = meeting_records.celebrated(who, team_id, meeting_words.since(who, shown))
    for piece in found:
        _piece(piece)
    if not found:
        st.markdown("Nobody noted anything since the last review. What worked?")
    if who.may(Permission.CONTRIBUTE, team_id):
        with record_form("celebrate", border=False) as form:
            st.text_input("What worked, and whom do we thank?", key=form.field("text"),
                          max_chars=LONGEST_LINE)  # fmt: skip
            form.submit("Note it", lambda sent: _noted(who, team_id, sent), ("text",),
                        is_primary=False)  # fmt: skip


def _noted(who: Speaker, team_id: str, sent: Sent) -> Saved:
    meeting_records.celebrate(who, team_id, sent.answers["text"] or "", sent.key)
    return Saved("Noted as a celebration.")


def _promises(shown: MeetingView, who: Speaker) -> None:
    team_id, meeting_id = shown.meeting.team_id, shown.meeting.meeting_id
    due = {
        each.follow_up_id
        for each in shown.due_follow_ups
        if each.due_on and each.due_on <= who.today
    }
    lines = [
        line
        for line in meeting_records.follow_ups(who, team_id)
        if line.follow_up.follow_up_id in due
    ]
    if not lines:
        st.markdown("No follow-up has come due. Nothing to do here.")
    for line in lines:
        follow_up_card(line, who, team_id, meeting_id=meeting_id)


def _voices(shown: MeetingView, who: Speaker) -> None:
    found = meeting_records.voices(who, shown.meeting.team_id, meeting_words.since(who, shown))
    for piece in found:
        _piece(piece)
    if not found:
        st.markdown(
            "Nobody noted a conversation with customers since the last review. What did you hear?"
        )


def _read_back(shown: MeetingView, who: Speaker) -> None:
    decisions_and_promises(shown.decisions, shown.follow_ups, who, says_nothing=True)
    waiting = minutes_words.open_items(shown)
    if waiting:
        names = ", ".join(f"“{subject}”" for _, subject in waiting)
        st.warning(plain(f"Not discussed or parked yet: {names}"), icon=":material/rule:")
    if not shown.may_write:
        return
    _presence(shown, who)
    if who.may(Permission.RUN_MEETING, shown.meeting.team_id):
        save_button(
            "end_meeting",
            "End the meeting",
            lambda sent: _ended(shown, who, sent),
            icon=":material/flag:",
            is_primary=True,
            shortcut="E",
        )


def _presence(shown: MeetingView, who: Speaker) -> None:
    """Who is here; a second press takes it back."""
    st.caption("Who is here? Press a name to note it.")
    known = {each.person_id: bool(each.present) for each in shown.attendees}
    missing = [person for person in records.people() if person not in known]
    with st.container(horizontal=True, gap="xsmall"):
        for person_id, present in known.items():
            _here(shown, who, person_id, present=present)
    if missing:
        with st.expander("Somebody else is here"), st.container(horizontal=True, gap="xsmall"):
            for person_id in missing:
                _here(shown, who, person_id, present=False)


def _here(shown: MeetingView, who: Speaker, person_id: str, *, present: bool) -> None:
    save_button(
        f"here_{person_id}",
        plain(who.name(person_id)),
        lambda _: _attended(shown, who, person_id, present=not present),
        icon=":material/check:" if present else ":material/person:",
    )


def _attended(shown: MeetingView, who: Speaker, person_id: str, *, present: bool) -> Saved:
    meeting_records.attend(who, shown.meeting.meeting_id, person_id, present=present)
    state = "is here" if present else "is not here"
    return Saved(f"{who.name(person_id)} {state}.")


def _ended(shown: MeetingView, who: Speaker, sent: Sent) -> Saved:
    meeting_records.end(who, shown.meeting.meeting_id, sent.key)
    told = "The meeting is over. Read its minutes, then publish them."
    return Saved(told, REVIEW_PAGE, {"meeting": shown.meeting.meeting_id})

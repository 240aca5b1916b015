"""The frame of a meeting in session: how far it is, how long it may take, and the keys."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from dashboard import meeting_records
from dashboard.components.appearance import mode
from dashboard.components.filters import go_to_step, minutes_since
from dashboard.components.record_form import Saved, Sent, save_button
from dashboard.components.records_page import RecordsPage
from dashboard.components.room_forms import (
    decision_dialog,
    follow_up_dialog,
    note_dialog,
    park_dialog,
)
from dashboard.exhibits import meeting_words, room_steps
from dashboard.exhibits.room_steps import Step
from dashboard.format import plain
from dashboard.records import Speaker
from pipelines.errors import RecordsError
from pipelines.reviews.core.agenda import PROMPTS, STANDING_QUESTIONS
from pipelines.reviews.core.terms import ItemState
from pipelines.reviews.core.timing import Part
from pipelines.reviews.meeting.view import MeetingView

_LOOK_EVERY = "15s"


def top(shown: MeetingView, known: Sequence[Step], step: Step, page: RecordsPage) -> None:
    """Which meeting, which numbers, where in it, and the way on."""
    page.head.lead.markdown(f"**{plain(meeting_words.title(shown.meeting))}**")
    if shown.meeting.label:
        page.head.badges.badge(plain(shown.meeting.label), color="gray")
    for badge in meeting_words.frozen_badges(shown):
        page.head.badges.badge(plain(badge), color="gray")
    for told in (meeting_words.stands_told(shown), meeting_records.newer(page.who, shown.meeting)):
        if told:
            st.info(plain(told), icon=":material/update:")
    place, count = room_steps.progress(known, step)
    st.progress(place / count)
    with st.container(horizontal=True, vertical_alignment="center", key="room"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _way(known, step, -1, "Previous", "Left", shown, page.who)
            st.markdown(f"**{place} of {count}**", width="content")
            _way(known, step, 1, "Next", "Right", shown, page.who)
            _follow(shown, step)
        _timer(shown, step.part, page.who, is_still=_stands_still(page.who))
        _controls(shown, known, step, page)


def _stands_still(who: Speaker) -> bool:
    """Simulated data bring a clock of their own that does not run."""
    return who.desk.settings.product.now is not None


def _way(  # noqa: PLR0913 (a step, and where it leads from)
    known: Sequence[Step], step: Step, way: int, label: str, key: str, shown: MeetingView,
    who: Speaker,
) -> None:  # fmt: skip
    there = room_steps.neighbour(known, step, way)
    icon = ":material/arrow_back:" if way < 0 else ":material/arrow_forward:"
    st.button(
        label,
        key=f"way_{label}",
        on_click=_go,
        args=(there, shown.may_write, who),
        shortcut=key,
        icon=icon,
        icon_position="left" if way < 0 else "right",
        disabled=there is step,
        # White on the light blue of the dark theme could not be read.
        type="primary" if way > 0 and mode() == "light" else "secondary",
    )


def _go(there: Step, may_write: bool, who: Speaker) -> None:  # noqa: FBT001 (Streamlit passes it)
    go_to_step(there.id)
    if there.item is not None and may_write:
        # Whoever turns the page also turns it for those who follow; that must not stop the page
        # when the meeting was ended meanwhile, which the page then says.
        with suppress(RecordsError):
            meeting_records.show(who, there.item.item.item_id)


def _follow(shown: MeetingView, step: Step) -> None:
    """For those who do not turn the pages: to where the others are."""
    current = shown.current_item_id
    if current and not shown.may_write and current != step.id:
        st.button("To what all look at", on_click=go_to_step, args=(current,), key="follow",
                  icon=":material/visibility:")  # fmt: skip


@st.fragment(run_every=_LOOK_EVERY)
def _timer(shown: MeetingView, part: Part, who: Speaker, *, is_still: bool) -> None:
    """Minutes of the meeting and of the part; only these words are drawn anew."""
    if is_still or shown.begun_at is None:
        minute = minutes_since(shown.meeting.meeting_id)
    else:
        minute = (who.desk.now - shown.begun_at).total_seconds() / 60
    now, left = room_steps.timer_told(minute, part, shown.parts[-1].end)
    st.markdown(f":material/timer: {now} · **{plain(left)}**", width="content")


def _controls(shown: MeetingView, known: Sequence[Step], step: Step, page: RecordsPage) -> None:
    """What may be done with the screen; each has a key."""
    if step.id == room_steps.READ_BACK:
        return
    if not shown.may_write:
        st.caption("The facilitator and the note taker write; you read along.", width="content")
        return
    with st.container(horizontal=True, gap="small", width="content", key="room_controls"):
        if st.button("Decision", key="do_decide", shortcut="D", icon=":material/gavel:"):
            decision_dialog(shown, step, page.who)
        if st.button("Follow-up", key="do_promise", shortcut="F", icon=":material/task_alt:"):
            follow_up_dialog(shown, step, page.who)
        if step.item is not None:
            _item_controls(known, step, page)
        with st.popover("Questions", icon=":material/help:"):
            for question in (*STANDING_QUESTIONS, *PROMPTS):
                st.markdown(f"- {plain(question)}")


def _item_controls(known: Sequence[Step], step: Step, page: RecordsPage) -> None:
    if step.item is None:
        return
    item = step.item.item
    if st.button("Note", key="do_note", shortcut="N", icon=":material/edit_note:"):
        note_dialog(step, page.who)
    if st.button("Park", key="do_park", shortcut="P", icon=":material/pause:"):
        park_dialog(step, page.who)
    if item.state is not ItemState.DISCUSSED:
        save_button(
            f"discussed_{item.item_id}",
            "Discussed",
            lambda sent: _discussed(page.who, step, sent),
            icon=":material/check:",
            shortcut="M",
        )
    save_button(
        f"nothing_{item.item_id}",
        "Nothing to see",
        lambda sent: _nothing(page.who, known, step, sent),
        icon=":material/visibility_off:",
        shortcut="X",
    )


def _discussed(who: Speaker, step: Step, sent: Sent) -> Saved:
    if step.item is not None:
        item_id = step.item.item.item_id
        meeting_records.set_state(who, item_id, ItemState.DISCUSSED, None, sent.key)
    return Saved("")


def _nothing(who: Speaker, known: Sequence[Step], step: Step, sent: Sent) -> Saved:
    if step.item is not None:
        item_id = step.item.item.item_id
        meeting_records.set_state(who, item_id, ItemState.NOTHING_TO_SEE, None, sent.key)
    go_to_step(room_steps.neighbour(known, step, 1).id)
    return Saved(f"“{step.title}”: nothing to see.")

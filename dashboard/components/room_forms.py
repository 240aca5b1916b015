"""What is written down in a meeting: decisions, follow-ups, notes, and why something is parked."""

from collections.abc import Sequence

import streamlit as st

from dashboard import meeting_records, records
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_LINE,
    LONGEST_TEXT,
    Saved,
    Sent,
    close_when_saved,
    record_form,
)
from dashboard.exhibits import room_steps
from dashboard.exhibits.room_steps import Step
from dashboard.records import Speaker
from pipelines.reviews.core.agenda import NOT_KNOWN
from pipelines.reviews.core.meeting import Decision
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import ItemState
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import MeetingView


@st.dialog("Decision", width="large")
def decision_dialog(shown: MeetingView, step: Step, who: Speaker) -> None:
    """What was decided, by whom, why, from which options, and when it is looked at again."""
    close_when_saved()
    people = list(records.people())
    with record_form(f"decide_{step.id}", border=False) as form:
        st.text_input("What is decided?", key=form.field("text"), max_chars=LONGEST_LINE)
        st.text_input("Why?", key=form.field("rationale"), max_chars=LONGEST_TEXT)
        st.text_area("Options considered, one a line", key=form.field("options"), height=80)
        with st.container(horizontal=True):
            st.selectbox("Who decides?", people, index=people.index(who.id),
                         format_func=who.name, key=form.field("decider"))  # fmt: skip
            st.date_input("Look at it again on", value=None, format=DAY_FORMAT,
                          min_value=who.today, key=form.field("revisit"))  # fmt: skip
        fields = ("text", "rationale", "options", "decider", "revisit")
        form.submit("Record the decision", lambda sent: _decided(shown, step, who, sent), fields)


def _decided(shown: MeetingView, step: Step, who: Speaker, sent: Sent) -> Saved:
    said = sent.answers
    text = (said["text"] or "").strip()
    decided = Deciding(
        text=text,
        decider_id=said["decider"],
        rationale=said["rationale"],
        options=[line for line in (said["options"] or "").splitlines() if line.strip()],
        item_id=step.item.item.item_id if step.item else None,
        revisit_on=said["revisit"],
    )
    meeting_records.decide(who, shown.meeting.meeting_id, decided, sent.key)
    return Saved(f"Decided: {text}")


@st.dialog("Follow-up", width="large")
def follow_up_dialog(shown: MeetingView, step: Step, who: Speaker) -> None:
    """What is to be done, by one person, until one day."""
    close_when_saved()
    people = list(records.people())
    decisions = _decisions(shown, step)
    with record_form(f"promise_{step.id}", border=False) as form:
        st.text_input(
            "What is to be done?",
            key=form.field("title"),
            max_chars=LONGEST_LINE,
            help=f"“{NOT_KNOWN}” is a valid answer: then somebody finds out.",
        )
        with st.container(horizontal=True):
            st.selectbox("Who does it?", people, index=None, format_func=who.name,
                         placeholder="One person", key=form.field("owner"))  # fmt: skip
            st.date_input("By when?", value=None, format=DAY_FORMAT, min_value=who.today,
                          key=form.field("due"))  # fmt: skip
        fields: tuple[str, ...] = ("title", "owner", "due")
        if decisions:
            by_id = {each.decision_id: each.text for each in decisions}
            st.selectbox("Because of which decision?", list(by_id), index=len(by_id) - 1,
                         format_func=lambda each: by_id[each],
                         key=form.field("decision"))  # fmt: skip
            fields = (*fields, "decision")
        form.submit("Record the follow-up", lambda sent: _promised(shown, step, who, sent), fields)


def _decisions(shown: MeetingView, step: Step) -> Sequence[Decision]:
    if step.item is not None:
        return step.item.decisions
    return [each for each in shown.decisions if each.item_id is None]


def _promised(shown: MeetingView, step: Step, who: Speaker, sent: Sent) -> Saved:
    said = sent.answers
    title = (said["title"] or "").strip()
    is_cycle = step.item is not None and room_steps.about_of(step.item) is About.CYCLE
    meeting_records.promise(
        who,
        shown.meeting.meeting_id,
        title,
        said["owner"],
        said["due"],
        sent.key,
        decision_id=said.get("decision"),
        cycle_id=room_steps.thing_id(step.item) if is_cycle and step.item else None,
    )
    return Saved(f"Promised: {title}")


@st.dialog("Note", width="large")
def note_dialog(step: Step, who: Speaker) -> None:
    """The note of an item; two people who write at once see both texts."""
    close_when_saved()
    if step.item is None:
        return
    item = step.item.item
    seen = {"note": item.note or ""}
    with record_form(
        f"note_{item.item_id}", version=step.item.row_version, seen=seen, border=False
    ) as form:
        st.text_area("What was said?", value=seen["note"], key=form.field("note"),
                     max_chars=LONGEST_TEXT, height=160)  # fmt: skip
        form.submit("Keep the note", lambda sent: _noted(item.item_id, who, sent), ("note",))


def _noted(item_id: str, who: Speaker, sent: Sent) -> Saved:
    text = sent.answers["note"] or ""
    meeting_records.write_note(who, item_id, text, sent.version, sent.key)
    return Saved("The note is kept.")


@st.dialog("Park")
def park_dialog(step: Step, who: Speaker) -> None:
    """Sets an item aside, with the reason."""
    close_when_saved()
    if step.item is None:
        return
    item_id = step.item.item.item_id
    with record_form(f"park_{item_id}", border=False) as form:
        st.text_input("Why is it parked?", key=form.field("reason"), max_chars=LONGEST_LINE)
        form.submit("Park it", lambda sent: _parked(item_id, who, sent), ("reason",))


def _parked(item_id: str, who: Speaker, sent: Sent) -> Saved:
    reason = (sent.answers["reason"] or "").strip() or None
    meeting_records.set_state(who, item_id, ItemState.PARKED, reason, sent.key)
    return Saved("Parked.")

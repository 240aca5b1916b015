"""Minutes: read back, published with their hash, corrected beside the original."""

from collections.abc import Sequence

import streamlit as st

from dashboard import meeting_records
from dashboard.components.card_title import card_title
from dashboard.components.record_form import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import minutes_words
from dashboard.exhibits.minutes_words import ItemLines, Sheet
from dashboard.format import plain
from dashboard.records import Speaker
from pipelines.reviews.core.meeting import Decision, FollowUp
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ItemState, Level
from pipelines.reviews.meeting.view import MeetingView


def decisions_and_promises(
    decisions: Sequence[Decision],
    promises: Sequence[FollowUp],
    who: Speaker,
    *,
    says_nothing: bool = False,
) -> None:
    """Each decision with its reason, each promise with its owner and date.

    Args:
        decisions: In their order.
        promises: In their order.
        who: For names.
        says_nothing: Says so where there are none.
    """
    for decision in decisions:
        with st.container(gap=None):
            st.markdown(f":material/gavel: **{plain(decision.text)}**")
            st.caption(plain(minutes_words.decision_told(decision, who)))
    for promise in promises:
        with st.container(gap=None):
            st.markdown(f":material/task_alt: **{plain(promise.title)}**")
            st.caption(plain(minutes_words.promise_told(promise, who)))
    if says_nothing and not decisions:
        st.markdown("No decision was recorded.")
    if says_nothing and not promises:
        st.markdown("No follow-up was promised.")


def draft(shown: MeetingView, page: RecordsPage) -> None:
    """The minutes as they would be published, and what is missing."""
    who, meeting_id = page.who, shown.meeting.meeting_id
    told = minutes_words.sheet(meeting_records.read_back(who, meeting_id), shown, who)
    blocking = [each for each in shown.findings if each.level is Level.BLOCKS]
    left, right = st.columns([5, 3])
    with left:
        _body(told)
    with right, st.container(border=True, gap="small"):
        card_title("Publish", "Published minutes never change; corrections stand beside them.")
        for finding in shown.findings:
            icon = ":material/block:" if finding in blocking else ":material/info:"
            st.markdown(f"{icon} {plain(finding.sentence)} ({finding.rule})")
        if not who.may(Permission.RUN_MEETING, shown.meeting.team_id):
            st.markdown("The facilitator or a product manager publishes.")
            return
        save_button(
            "publish",
            "Publish the minutes",
            lambda sent: _published(who, meeting_id, sent),
            icon=":material/lock:",
            is_primary=not blocking,
        )
        for item in minutes_words.open_items(shown):
            _settle(item, who)


def _settle(item: tuple[str, str], who: Speaker) -> None:
    """For what nobody came to: it is parked here, with the reason."""
    item_id, subject = item
    with (
        st.expander(f"Park “{plain(subject)}”"),
        record_form(f"settle_{item_id}", border=False) as form,
    ):
        st.text_input("Why was it not discussed?", key=form.field("why"), max_chars=LONGEST_LINE)
        form.submit("Park it", lambda sent: _parked(who, item_id, sent), ("why",),
                    is_primary=False)  # fmt: skip


def _parked(who: Speaker, item_id: str, sent: Sent) -> Saved:
    why = (sent.answers["why"] or "").strip() or None
    meeting_records.set_state(who, item_id, ItemState.PARKED, why, sent.key)
    return Saved("Parked.")


def _published(who: Speaker, meeting_id: str, sent: Sent) -> Saved:
    found = meeting_records.publish(who, meeting_id, sent.key)
    return Saved(f"Published. The hash begins with {found[:12]}.")


def published(shown: MeetingView, page: RecordsPage) -> None:
    """What was published, byte for byte the same numbers and words, and later corrections."""
    who = page.who
    found = meeting_records.published(who, shown.meeting.meeting_id)
    told = minutes_words.sheet(found.shown, shown, who)
    corrections = minutes_words.corrections_by_item(found.corrections, who)
    left, right = st.columns([5, 3])
    with left:
        _body(told, corrections)
    with right:
        with st.container(border=True, gap="small"):
            card_title("Published", minutes_words.published_told(found, who))
            st.code(found.body_hash, language=None, wrap_lines=True)
            st.download_button(
                "Minutes as they were hashed",
                data=found.text,
                file_name=f"minutes_{shown.meeting.held_on}.json",
                mime="application/json",
                icon=":material/download:",
                on_click="ignore",
            )
        with st.container(border=True, gap="small"):
            card_title("Corrections", "Appended with author and reason; the original stays.")
            _corrections(corrections.get("", []))
            if who.may(Permission.CORRECT, shown.meeting.team_id):
                _correct(shown, told, who)


def _correct(shown: MeetingView, told: Sheet, who: Speaker) -> None:
    items = {each.item_id: each.subject for each in told.items}
    with st.expander("Append a correction"), record_form("correct", border=False) as form:
        st.selectbox("Of what?", list(items), index=None, format_func=lambda each: items[each],
                     placeholder="The minutes as a whole", key=form.field("item"))  # fmt: skip
        st.text_input("What is right instead?", key=form.field("text"), max_chars=LONGEST_TEXT)
        st.text_input("Why is it corrected?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit("Append it", lambda sent: _corrected(shown, who, sent),
                    ("item", "text", "reason"))  # fmt: skip


def _corrected(shown: MeetingView, who: Speaker, sent: Sent) -> Saved:
    said = sent.answers
    meeting_records.correct(
        who, shown.meeting.meeting_id, said["text"] or "", said["reason"] or "", said["item"],
        sent.key,
    )  # fmt: skip
    return Saved("The correction stands beside the original.")


def _body(told: Sheet, corrections: dict[str, list[str]] | None = None) -> None:
    """Numbers, notes, decisions and promises; nothing is typed twice."""
    st.caption(plain(told.present))
    if told.stands:
        st.caption(plain(told.stands))
    for item in told.items:
        _item(item, (corrections or {}).get(item.item_id, []))
    for name, lines in told.lists.items():
        with st.container(border=True, gap="xsmall"):
            card_title(name)
            for line, more in lines:
                with st.container(gap=None):
                    st.markdown(plain(line))
                    st.caption(plain(more))
            if not lines:
                st.caption("None.")
    if told.folded:
        with st.expander(f"Nothing to see · {len(told.folded)}"):
            for item in told.folded:
                st.markdown(plain(f"{item.subject}: {item.number}"))


def _item(item: ItemLines, corrections: Sequence[str]) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown(f"**{plain(item.subject)}**", width="content")
            st.badge(item.state, color="gray")
        for text in (item.verdict, item.number, item.since, item.note):
            if text:
                st.markdown(plain(text))
        for text in item.signatures:
            st.markdown(f":material/signature: {plain(text)}")
        st.caption(plain(item.reasons))
        for line, more in item.decisions:
            with st.container(gap=None):
                st.markdown(f":material/gavel: {plain(line)}")
                st.caption(plain(more))
        _corrections(corrections)


def _corrections(lines: Sequence[str]) -> None:
    for line in lines:
        st.markdown(f":material/edit: {plain(line)}")

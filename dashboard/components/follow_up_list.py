"""Follow-ups, and what may be done with an open one: done, dropped, or another date."""

from collections.abc import Sequence

import streamlit as st

from dashboard import meeting_records
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import chosen_of
from dashboard.components.record_form import DAY_FORMAT, LONGEST_LINE, Saved, Sent, record_form
from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import follow_up_words
from dashboard.format import day, plain
from dashboard.records import Speaker
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import FollowUpStatus
from pipelines.reviews.followups import FollowUpLine

_SHOWN_AT_ONCE = 50


def chosen_state() -> str:
    """Open, overdue, done, dropped or all; in the link."""
    return chosen_of("State", follow_up_words.STATES, "promise_state")


def follow_up_list(lines: Sequence[FollowUpLine], page: RecordsPage, team_id: str) -> None:
    """A card each; says what to do where there is none."""
    if not lines:
        empty_state(
            "Nothing here",
            "No follow-up fits. They are promised in meetings, with one owner and one date, and in "
            "the Act of a cycle.",
        )
    for line in lines[:_SHOWN_AT_ONCE]:
        follow_up_card(line, page.who, team_id)
    if len(lines) > _SHOWN_AT_ONCE:
        st.caption(f"The first {_SHOWN_AT_ONCE} of {len(lines)}. Choose a state or an owner.")


def follow_up_card(
    line: FollowUpLine, who: Speaker, team_id: str, *, meeting_id: str | None = None
) -> None:
    """One follow-up.

    Args:
        line: It.
        who: Who looks.
        team_id: Whose it is.
        meeting_id: The meeting in which it is looked at, which then closes it.
    """
    promise = line.follow_up
    with st.container(border=True, gap="xsmall"):
        with st.container(gap=None):
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.markdown(f"**{plain(promise.title)}**", width="content")
                if line.is_overdue:
                    st.badge("Overdue", icon=":material/schedule:", color="orange")
            st.caption(plain(follow_up_words.line_told(line, who)))
        for piece in meeting_records.pieces(who, [promise.evidence_id or ""]):
            st.markdown(f":material/check: {plain(piece.summary)}")
        may = who.may(
            Permission.CONTRIBUTE if promise.owner_id == who.id else Permission.RUN_MEETING, team_id
        )
        if may and promise.status is FollowUpStatus.OPEN:
            with st.container(horizontal=True, gap="xsmall"):
                _done(line, who, team_id, meeting_id)
                _redate(line, who)
                _drop(line, who, meeting_id)


def _done(line: FollowUpLine, who: Speaker, team_id: str, meeting_id: str | None) -> None:
    promise = line.follow_up
    with st.popover("Done"), record_form(f"done_{promise.follow_up_id}", border=False) as form:
        st.text_input("What shows that it is done?", key=form.field("shown_by"),
                      max_chars=LONGEST_LINE, placeholder="A note or a link")  # fmt: skip
        form.submit(
            "It is done",
            lambda sent: _fulfilled(line, who, team_id, meeting_id, sent),
            ("shown_by",),
        )


def _fulfilled(
    line: FollowUpLine, who: Speaker, team_id: str, meeting_id: str | None, sent: Sent
) -> Saved:
    promise = line.follow_up
    shown_by = (sent.answers["shown_by"] or "").strip()
    if not shown_by:
        raise NotAllowedError(f"Say what shows that “{promise.title}” is done: a note will do.")
    meeting_records.fulfil(who, team_id, promise.follow_up_id, shown_by, meeting_id, sent.key)
    return Saved(f"Done: {promise.title}")


def _redate(line: FollowUpLine, who: Speaker) -> None:
    promise = line.follow_up
    with (
        st.popover("New date"),
        record_form(f"redate_{promise.follow_up_id}", border=False) as form,
    ):
        st.date_input("By when?", value=None, format=DAY_FORMAT, min_value=who.today,
                      key=form.field("due"))  # fmt: skip
        st.text_input("Why is it moved?", key=form.field("why"), max_chars=LONGEST_LINE)
        form.submit("Move it", lambda sent: _redated(line, who, sent), ("due", "why"))


def _redated(line: FollowUpLine, who: Speaker, sent: Sent) -> Saved:
    due = sent.answers["due"]
    if due is None:
        raise NotAllowedError("Give the new day.")
    why = sent.answers["why"] or ""
    meeting_records.redate(who, line.follow_up.follow_up_id, due, why, sent.key)
    return Saved(f"“{line.follow_up.title}” is due on {day(due)} now.")


def _drop(line: FollowUpLine, who: Speaker, meeting_id: str | None) -> None:
    promise = line.follow_up
    with st.popover("Drop"), record_form(f"drop_{promise.follow_up_id}", border=False) as form:
        st.text_input("Why is it dropped?", key=form.field("why"), max_chars=LONGEST_LINE)
        form.submit("Drop it", lambda sent: _dropped(line, who, meeting_id, sent), ("why",))


def _dropped(line: FollowUpLine, who: Speaker, meeting_id: str | None, sent: Sent) -> Saved:
    why = sent.answers["why"] or ""
    meeting_records.drop(who, line.follow_up.follow_up_id, why, meeting_id, sent.key)
    return Saved(f"Dropped: {line.follow_up.title}")

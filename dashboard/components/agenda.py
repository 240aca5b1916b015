"""A meeting before it begins: its agenda with the reasons, and how it is sent or started."""

from collections.abc import Sequence

import streamlit as st

from dashboard import data, meeting_records
from dashboard.components.card_title import card_title
from dashboard.components.empty_state import empty_state
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_LINE,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import meeting_words
from dashboard.format import day, plain
from dashboard.records import Speaker
from dashboard.sections import REVIEW_PAGE, ROOM_PAGE
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.agenda import METRICS, STANDING_QUESTIONS
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingStatus
from pipelines.reviews.core.timing import Part
from pipelines.reviews.meeting.view import ItemView, MeetingView

_BY_HAND = (ItemSource.MANUAL, ItemSource.EVIDENCE)


def head(shown: MeetingView, page: RecordsPage) -> None:
    """Which meeting it is and who comes; its state and freeze as badges."""
    page.head.lead.header(plain(meeting_words.title(shown.meeting)), anchor=False)
    for badge in meeting_words.badges(shown):
        page.head.badges.badge(plain(badge), color="gray")
    st.caption(plain(meeting_words.about(shown, page.who)))
    stands = meeting_words.stands_told(shown)
    if stands:
        st.warning(plain(stands), icon=":material/schedule:")
    newer = meeting_records.newer(page.who, shown.meeting)
    if newer:
        st.info(plain(newer), icon=":material/update:")


def agenda_page(shown: MeetingView, page: RecordsPage) -> None:
    """Items on the left; what is next, and the minutes, on the right."""
    left, right = st.columns([5, 3])
    with left:
        _items(shown, page)
    with right:
        _next(shown, page.who)
        plan(shown.parts)
        _changes(shown, page.who)


def _items(shown: MeetingView, page: RecordsPage) -> None:
    who, items = page.who, meeting_words.talked_about(shown)
    is_made = bool(shown.items or shown.folded)
    if not is_made:
        empty_state(
            "The agenda is not made yet",
            "It makes itself from the newest published numbers, and once more when the numbers "
            "are frozen. Make it now to see what will be talked about.",
        )
    else:
        card_title("Agenda", meeting_words.outlook(items))
    if shown.may_write and shown.meeting.status is MeetingStatus.SCHEDULED:
        save_button(
            "make_agenda",
            "Bring it up to date" if is_made else "Make the agenda",
            lambda sent: _made(who, shown, sent),
            icon=":material/refresh:",
            is_primary=not is_made,
        )
    for place, each in enumerate(items, start=1):
        _item(place, each, shown, who)
    over = [each for each in shown.items if meeting_words.is_over_limit(each)]
    _folded(f"Over the limit of {METRICS} metrics", over, shown, who)
    _folded("Nothing to see", shown.folded, shown, who)
    if shown.left_out:
        with st.expander(f"Could not be shown · {len(shown.left_out)}"):
            for metric_id, why in shown.left_out:
                st.markdown(plain(f"{metric_id}: {why}"))
    if who.may(Permission.CONTRIBUTE, shown.meeting.team_id):
        _add(shown, page)


def _made(who: Speaker, shown: MeetingView, sent: Sent) -> Saved:
    meeting_records.make_agenda(who, shown.meeting.meeting_id, sent.key)
    return Saved("The agenda is up to date.")


def _item(place: int, each: ItemView, shown: MeetingView, who: Speaker) -> None:
    item = each.item
    is_parked = item.state is ItemState.PARKED
    with st.container(border=True, gap="xsmall"):
        with st.container(gap=None):
            st.markdown(f"{place}\\. **{plain(item.subject)}**")
            st.caption(plain(meeting_words.reasons_told(each)))
        if is_parked:
            st.markdown(f":material/pause: Parked: {plain(item.note or 'no reason given')}")
        if not shown.may_write:
            return
        if is_parked:
            _take_up(each, who)
        else:
            _park(each, who)


def _take_up(each: ItemView, who: Speaker) -> None:
    item = each.item
    save_button(
        f"take_up_{item.item_id}",
        "Take it up",
        lambda sent: _set(who, each, ItemState.PROPOSED, None, sent, "is on the agenda."),
        icon=":material/undo:",
    )


def _park(each: ItemView, who: Speaker) -> None:
    item = each.item
    is_own = item.source in _BY_HAND
    with st.popover("Park"), record_form(f"park_{item.item_id}", border=False) as form:
        st.text_input(
            "Why is it parked?",
            key=form.field("reason"),
            max_chars=LONGEST_LINE,
            placeholder="May be left out" if is_own else "It came by itself, so say why",
        )
        form.submit(
            "Park it",
            lambda sent: _set(
                who, each, ItemState.PARKED, sent.answers["reason"] or None, sent, "is parked."
            ),
            ("reason",),
        )


def _set(  # noqa: PLR0913 (what becomes of an item, and what to say)
    who: Speaker, each: ItemView, state: ItemState, note: str | None, sent: Sent, said: str
) -> Saved:
    meeting_records.set_state(who, each.item.item_id, state, note, sent.key)
    return Saved(f"“{each.item.subject}” {said}")


def _folded(name: str, items: Sequence[ItemView], shown: MeetingView, who: Speaker) -> None:
    if not items:
        return
    with st.expander(f"{name} · {len(items)}"):
        for each in items:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(plain(each.item.subject))
                st.caption(plain(each.item.note or ""), width="content")
                if shown.may_write:
                    _take_up(each, who)


def _add(shown: MeetingView, page: RecordsPage) -> None:
    who, newest = page.who, page.snapshot_page
    names = {}
    if newest is not None and shown.meeting.status is MeetingStatus.SCHEDULED:
        opened = newest.opened
        names = {
            metric_id: known.name
            for metric_id, known in data.metrics(opened).items()
            if not data.unavailable(opened, metric_id) and not known.of_required
        }
    with st.expander("Add an item"), record_form("add_item", border=False) as form:
        st.text_input("What is to be talked about?", key=form.field("subject"),
                      max_chars=LONGEST_LINE)  # fmt: skip
        if names:
            st.selectbox("With which number?", list(names), index=None,
                         format_func=lambda metric: names[metric],
                         placeholder="None", key=form.field("metric"))  # fmt: skip
        fields = ("subject", "metric") if names else ("subject",)
        form.submit("Add it", lambda sent: _added(who, shown, names, sent), fields)


def _added(who: Speaker, shown: MeetingView, names: dict[str, str], sent: Sent) -> Saved:
    metric = sent.answers.get("metric")
    subject = (sent.answers["subject"] or "").strip() or names.get(metric or "", "")
    card = Card(metric) if metric else None
    meeting_records.add_item(who, shown.meeting.meeting_id, subject, card, sent.key)
    return Saved(f"“{subject}” is on the agenda.")


def _next(shown: MeetingView, who: Speaker) -> None:
    meeting = shown.meeting
    with st.container(border=True, gap="small"):
        card_title("What is next", meeting_words.preread_told(shown, who.today))
        if not who.may(Permission.RUN_MEETING, meeting.team_id):
            st.markdown("The facilitator or a product manager sends the pre-read and starts.")
            return
        may_send = meeting_words.may_send(shown, who.today)
        if may_send:
            save_button(
                "send_preread",
                "Send the pre-read",
                lambda sent: _sent_out(who, shown, sent),
                icon=":material/send:",
                is_primary=True,
            )
        save_button(
            "start",
            "Start now" if meeting.preread_at is None else "Start the meeting",
            lambda sent: _started(who, shown, sent),
            icon=":material/play_arrow:",
            is_primary=not may_send,
        )


def _sent_out(who: Speaker, shown: MeetingView, sent: Sent) -> Saved:
    meeting_records.send_preread(who, shown.meeting.meeting_id, sent.key)
    return Saved("The numbers are frozen and the pre-read is marked as sent.")


def _started(who: Speaker, shown: MeetingView, sent: Sent) -> Saved:
    meeting_records.start(who, shown.meeting.meeting_id, sent.key)
    return Saved("", ROOM_PAGE, {"meeting": shown.meeting.meeting_id})


def plan(parts: Sequence[Part]) -> None:
    """The minutes of a meeting and what they are for."""
    with st.container(border=True, gap="small"):
        card_title("The minutes", " ".join(STANDING_QUESTIONS))
        for part in parts:
            with st.container(gap=None):
                name = part.name[0].upper() + part.name[1:]
                st.markdown(f"**{part.start}–{part.end}** {plain(name)}")
                st.caption(plain(part.purpose))


def _changes(shown: MeetingView, who: Speaker) -> None:
    """Another day, or none."""
    if not who.may(Permission.RUN_MEETING, shown.meeting.team_id):
        return
    with st.expander("Move or cancel it"):
        with record_form("move", border=False) as form:
            st.date_input("New day", value=None, format=DAY_FORMAT, key=form.field("on"),
                          min_value=who.today)  # fmt: skip
            st.text_input("Why is it moved?", key=form.field("why"), max_chars=LONGEST_LINE)
            form.submit("Move it", lambda sent: _moved(who, shown, sent), ("on", "why"),
                        is_primary=False)  # fmt: skip
        with record_form("cancel", border=False) as form:
            st.text_input("Why is it cancelled?", key=form.field("why"), max_chars=LONGEST_LINE)
            form.submit("Cancel it", lambda sent: _cancelled(who, shown, sent), ("why",),
                        is_primary=False)  # fmt: skip


def _moved(who: Speaker, shown: MeetingView, sent: Sent) -> Saved:
    on = sent.answers["on"]
    if on is None:
        raise NotAllowedError("Say on which day it takes place instead.")
    why = sent.answers["why"] or ""
    meeting_records.reschedule(who, shown.meeting.meeting_id, on, why, sent.key)
    return Saved(f"Moved to {day(on)}.")


def _cancelled(who: Speaker, shown: MeetingView, sent: Sent) -> Saved:
    why = sent.answers["why"] or ""
    meeting_records.cancel(who, shown.meeting.meeting_id, why, sent.key)
    return Saved("Cancelled. It stays in the records.", REVIEW_PAGE,
                 {"meeting": shown.meeting.meeting_id})  # fmt: skip

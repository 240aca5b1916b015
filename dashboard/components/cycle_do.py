"""The Do of a cycle: its actions and what may be done with them now."""

import streamlit as st

from dashboard import records
from dashboard.components.card_title import card_title
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_LINE,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import day, plain
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.cycle import Action
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ActionStatus, CycleStatus

_WORKING = (CycleStatus.PLANNED, CycleStatus.DOING)
_ADDING = (CycleStatus.DRAFT, *_WORKING)


def do_card(shown: Sheet, page: ReviewsPage) -> None:
    """Actions with owner, date and state; buttons where the state and the role allow them."""
    cycle, who = shown.record.cycle, page.who
    is_owner = cycle.owner_id == who.id
    may_edit = who.may(Permission.EDIT, cycle.team_id, is_owner=is_owner)
    with st.container(border=True, gap="small"):
        card_title("Do")
        for action in shown.record.actions:
            _action(shown, action, who, may_work=may_edit and cycle.status in _WORKING)
        if not shown.record.actions:
            st.caption("No action yet.")
        if cycle.status is CycleStatus.DOING and may_edit and _has_ended(shown):
            save_button(
                "begin_check",
                "Begin the Check",
                lambda sent: _begin_check(who, cycle.cycle_id, sent),
                version=cycle.row_version,
                is_primary=True,
            )
        if may_edit and cycle.status in _ADDING:
            with st.expander("Add an action"):
                _add(shown, who)


def _action(shown: Sheet, action: Action, who: Speaker, *, may_work: bool) -> None:
    with st.container(gap="xsmall"):
        due = f" · due {day(action.due_on)}" if action.due_on else ""
        done = f" {day(action.done_on)}" if action.done_on else ""
        deviation = f" · {action.deviation}" if action.deviation else ""
        state = f"{words(action.status)}{done}"
        with st.container(gap=None):
            st.markdown(plain(action.title))
            st.caption(plain(f"{who.name(action.owner_id)}{due} · {state}{deviation}"))
        if may_work and action.status in {ActionStatus.TO_DO, ActionStatus.DOING}:
            _moves(shown, action, who)


def _moves(shown: Sheet, action: Action, who: Speaker) -> None:
    version = shown.record.action_versions[action.action_id]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if action.status is ActionStatus.TO_DO:
            save_button(
                f"start_{action.action_id}",
                "Start",
                lambda sent: _started(who, action, sent),
                version=version,
                icon=":material/play_arrow:",
            )
        else:
            save_button(
                f"end_{action.action_id}",
                "Done",
                lambda sent: _ended(who, action, sent),
                version=version,
                icon=":material/check:",
            )
        with (
            st.popover("Drop"),
            record_form(f"drop_{action.action_id}", version=version, border=False) as form,
        ):
            st.text_input("Why is it dropped?", key=form.field("reason"), max_chars=LONGEST_LINE)
            form.submit("Drop the action", lambda sent: _dropped(who, action, sent), ("reason",))


def _started(who: Speaker, action: Action, sent: Sent) -> Saved:
    records.begin_action(who, action.action_id, sent.version)
    return Saved(f"“{action.title}” is under way.")


def _ended(who: Speaker, action: Action, sent: Sent) -> Saved:
    records.end_action(who, action.action_id, sent.version)
    return Saved(f"“{action.title}” is done.")


def _dropped(who: Speaker, action: Action, sent: Sent) -> Saved:
    records.give_up_action(who, action.action_id, sent.version, sent.answers["reason"] or "")
    return Saved(f"“{action.title}” is dropped.")


def _begin_check(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    records.begin_check(who, cycle_id, sent.version)
    return Saved("The Do is over; the Check has begun.")


def _has_ended(shown: Sheet) -> bool:
    states = {action.status for action in shown.record.actions}
    return ActionStatus.DONE in states and not states & {ActionStatus.TO_DO, ActionStatus.DOING}


def _add(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    people = list(records.people())
    with record_form("add_action", border=False) as form:
        st.text_input("What is to be done?", key=form.field("title"), max_chars=LONGEST_LINE)
        st.selectbox(
            "Who does it?",
            people,
            index=people.index(who.id),
            format_func=who.name,
            key=form.field("owner"),
        )
        st.date_input("By when?", value=cycle.due_on, format=DAY_FORMAT, key=form.field("due"))
        form.submit(
            "Add the action",
            lambda sent: _added(who, cycle.cycle_id, sent),
            ("title", "owner", "due"),
            is_primary=False,
        )


def _added(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    said = sent.answers
    records.add_action(who, cycle_id, said["title"] or "", said["owner"], said["due"], sent.key)
    return Saved("The action is added.")

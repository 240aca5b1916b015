"""What may happen to any cycle: a pause, an end before time, a new version of its plan."""

import streamlit as st

from dashboard import records
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_TEXT,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.replan import replan_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import day
from dashboard.records import Speaker
from pipelines.reviews.core.moves import REPLANNED
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.states import may_follow
from pipelines.reviews.core.terms import CycleStatus


def other_moves(shown: Sheet, page: ReviewsPage) -> None:
    """Resume, or folded: pause, cancel, change the locked plan."""
    cycle, who = shown.record.cycle, page.who
    may = who.may(Permission.EDIT, cycle.team_id, is_owner=cycle.owner_id == who.id)
    if cycle.status is CycleStatus.ON_HOLD and may:
        save_button(
            "resume",
            "Resume the cycle",
            lambda sent: _resumed(who, cycle.cycle_id, sent),
            version=cycle.row_version,
            is_primary=True,
        )
    elif cycle.is_open and may:
        with st.expander("Pause, cancel or change the plan"):
            left, right = st.columns(2)
            with left:
                _pause(shown, who)
                if may_follow(cycle.status, CycleStatus.CANCELLED):
                    _cancel(shown, who)
            plan = shown.record.plan
            if cycle.status in REPLANNED and plan and who.may(Permission.LOCK, cycle.team_id):
                with right:
                    replan_form(shown, plan, who)


def _pause(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    with record_form("hold", version=cycle.row_version) as form:
        st.markdown("**Pause**")
        st.text_input("Why is it paused?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        st.date_input("Resume on", value=None, format=DAY_FORMAT, key=form.field("resume_on"))
        form.submit(
            "Put on hold",
            lambda sent: _held(who, cycle.cycle_id, sent),
            ("reason", "resume_on"),
            is_primary=False,
        )


def _cancel(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    with record_form("cancel", version=cycle.row_version) as form:
        st.markdown("**Cancel**")
        st.text_input("Why is it cancelled?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit(
            "Cancel the cycle",
            lambda sent: _cancelled(who, cycle.cycle_id, sent),
            ("reason",),
            is_primary=False,
        )


def _held(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    resume_on = sent.answers["resume_on"]
    records.hold(who, cycle_id, sent.version, sent.answers["reason"] or "", resume_on)
    return Saved(f"On hold until {day(resume_on)}.")


def _cancelled(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    records.cancel(who, cycle_id, sent.version, sent.answers["reason"] or "")
    return Saved("Cancelled.")


def _resumed(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    records.resume(who, cycle_id, sent.version)
    return Saved("Resumed.")

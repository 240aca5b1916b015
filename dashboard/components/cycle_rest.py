"""What may happen to any cycle: a pause, an end before time, a new version of its plan."""

from typing import Any

import streamlit as st

from dashboard import records
from dashboard.components.cycle_check import LONGEST_TEXT
from dashboard.components.new_cycle import DAY_FORMAT
from dashboard.components.record_form import Saved, Sent, record_form, save_button
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits.cycle_page import Sheet
from dashboard.exhibits.plan_words import amount_label
from dashboard.format import day
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.reviews.core.moves import REPLANNED
from pipelines.reviews.core.plan import Plan, PlanMetric
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.states import may_follow
from pipelines.reviews.core.terms import CycleStatus
from pipelines.reviews.cycle.locking import Replan

_DATES = ("due_on", "check_not_before", "check_due_on")


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
            _pause(shown, who)
            if may_follow(cycle.status, CycleStatus.CANCELLED):
                _cancel(shown, who)
            plan = shown.record.plan
            if cycle.status in REPLANNED and plan and who.may(Permission.LOCK, cycle.team_id):
                _replan(shown, plan, who)


def _pause(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    with record_form("hold", version=cycle.row_version) as form:
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
        st.text_input("Why is it cancelled?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit(
            "Cancel the cycle",
            lambda sent: _cancelled(who, cycle.cycle_id, sent),
            ("reason",),
            is_primary=False,
        )


def _replan(shown: Sheet, plan: Plan, who: Speaker) -> None:
    cycle, primary = shown.record.cycle, plan.primary
    unit = shown.units.get(primary.metric_id, "") if primary else ""
    seen = _seen(plan, primary, unit)
    with record_form("replan", version=cycle.row_version, seen=seen) as form:
        st.caption("A new version of the plan. The Check says that it was changed after the lock.")
        st.number_input(
            amount_label("Smallest change worth having", unit),
            min_value=0.0,
            value=seen["min_effect"],
            format="%g",
            key=form.field("min_effect"),
        )
        labels = ("Goes live on", "Check not before", "Check due by")
        for name, label in zip(_DATES, labels, strict=True):
            st.date_input(label, value=seen[name], format=DAY_FORMAT, key=form.field(name))
        st.checkbox("Take the baseline again, as the data are today", key=form.field("again"))
        st.text_input("Why is the plan changed?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit(
            "Lock the changed plan",
            lambda sent: _replanned(who, cycle.cycle_id, primary, unit, sent),
            ("min_effect", *_DATES, "again", "reason"),
            is_primary=False,
        )


def _seen(plan: Plan, primary: PlanMetric | None, unit: str) -> dict[str, Any]:
    smallest = amount_on_screen(primary.min_effect, unit) if primary else None
    dates = {name: getattr(plan, name) for name in _DATES}
    return {"min_effect": smallest, **dates, "again": False, "reason": ""}


def _replanned(
    who: Speaker, cycle_id: str, primary: PlanMetric | None, unit: str, sent: Sent
) -> Saved:
    changed = dict(sent.changed)
    amounts = {}
    if primary and "min_effect" in changed:
        smallest = amount_of_screen(changed["min_effect"], unit)
        amounts = {primary.metric_id: {"min_effect": smallest}}
    change = Replan(
        dates={name: changed[name] for name in _DATES if name in changed},
        metrics=amounts,
        takes_baseline_again=bool(sent.answers["again"]),
    )
    reason = sent.answers["reason"] or ""
    number = records.relock(who, cycle_id, sent.version, change, reason, sent.key)
    return Saved(f"Version {number} of the plan is locked.")


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

"""A new version of a locked plan: amounts, dates, guard-rails, and why it changes."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import plan_records
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_TEXT,
    RecordForm,
    Saved,
    Sent,
    record_form,
)
from dashboard.components.waivers import guard_rail_names, seen_waivers, waived_by, waiver_fields
from dashboard.exhibits.cycle_page import Sheet
from dashboard.exhibits.plan_words import amount_label
from dashboard.format import plain_in_label
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.reviews.core.plan import Plan, PlanMetric
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.cycle.locking import Replan

_DATES = {
    "due_on": "Goes live on",
    "check_not_before": "Check not before",
    "check_due_on": "Check due by",
}
_MARGIN = "margin_"


def replan_form(shown: Sheet, plan: Plan, who: Speaker) -> None:
    """What may still change after the lock; the Check says that it did.

    Args:
        shown: A cycle between its lock and its decision.
        plan: In force.
        who: May lock plans.
    """
    cycle, rails = shown.record.cycle, guard_rail_names(plan, shown.names)
    waivers = seen_waivers(plan, rails)
    seen = {**_amounts(shown, plan), **{name: getattr(plan, name) for name in _DATES},
            **waivers, "again": False, "reason": ""}  # fmt: skip
    with record_form("replan", version=cycle.row_version, seen=seen) as form:
        st.markdown("**Change the plan**")
        st.caption("A new version is locked. The Check says that it was changed after the lock.")
        _amount_fields(shown, plan, form, seen)
        for name, label in _DATES.items():
            st.date_input(label, value=seen[name], format=DAY_FORMAT, key=form.field(name))
        if plan.primary is not None:
            st.checkbox("Take the baseline again, as the data are today", key=form.field("again"))
        waiver_fields(form, rails, waivers)
        st.text_input("Why is the plan changed?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit(
            "Lock the changed plan",
            lambda sent: _replanned(shown, plan, who, sent),
            tuple(seen),
            is_primary=False,
        )


def _asked(plan: Plan) -> dict[str, tuple[PlanMetric, str, str]]:
    """Field → metric, column and label of every amount that the plan has."""
    primary = plan.primary
    found = {}
    if primary is not None:
        found["min_effect"] = (primary, "min_effect", "Smallest change worth having")
        found["target_value"] = (primary, "target_value", "Target")
    for rail in plan.of_role(MetricRole.GUARD_RAIL):
        if rail.direction is not Direction.WITHIN:
            found[f"{_MARGIN}{rail.metric_id}"] = (rail, "margin", "Tolerated harm to {name}")
    return found


def _amounts(shown: Sheet, plan: Plan) -> dict[str, Any]:
    return {
        field: amount_on_screen(getattr(metric, column), shown.units.get(metric.metric_id, ""))
        for field, (metric, column, _) in _asked(plan).items()
    }


def _amount_fields(shown: Sheet, plan: Plan, form: RecordForm, seen: Mapping[str, Any]) -> None:
    for field, (metric, column, label) in _asked(plan).items():
        unit = shown.units.get(metric.metric_id, "")
        name = shown.names.get(metric.metric_id, metric.metric_id)
        is_share = column == "target_value" and unit == "share"
        st.number_input(
            amount_label(label.format(name=plain_in_label(name)), "%" if is_share else unit),
            min_value=None if column == "target_value" else 0.0,
            value=seen[field],
            format="%g",
            key=form.field(field),
        )


def _replanned(shown: Sheet, plan: Plan, who: Speaker, sent: Sent) -> Saved:
    amounts: dict[str, dict[str, Any]] = {}
    for field, (metric, column, _) in _asked(plan).items():
        if field in sent.changed:
            unit = shown.units.get(metric.metric_id, "")
            amount = amount_of_screen(sent.changed[field], unit)
            amounts.setdefault(metric.metric_id, {})[column] = amount
    waived, waiver = waived_by(sent, guard_rail_names(plan, shown.names))
    change = Replan(
        dates={name: sent.changed[name] for name in _DATES if name in sent.changed},
        metrics=amounts,
        takes_baseline_again=bool(sent.answers["again"]),
        waived=waived,
        waiver=waiver,
    )
    reason = sent.answers["reason"] or ""
    cycle_id = shown.record.cycle.cycle_id
    number = plan_records.relock(who, cycle_id, sent.version, change, reason, sent.key)
    return Saved(f"Version {number} of the plan is locked.")

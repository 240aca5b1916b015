"""Guard-rails waived one by one: a line for the reason of each, within a form."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.record_form import RecordForm, Sent
from dashboard.format import plain_in_label
from pipelines.reviews.core.plan import Plan
from pipelines.reviews.core.terms import MetricRole
from pipelines.reviews.core.waivers import waiver_reason, waiver_text

LONGEST_REASON = 500
_FIELD = "waive_"


def guard_rail_names(plan: Plan, names: Mapping[str, str]) -> dict[str, str]:
    """Id → name of the guard-rails of a plan."""
    rails = plan.of_role(MetricRole.GUARD_RAIL)
    return {each.metric_id: names.get(each.metric_id, each.metric_id) for each in rails}


def seen_waivers(plan: Plan, rails: Mapping[str, str]) -> dict[str, str]:
    """Field → reason, as the plan has it; "" where a guard-rail decides."""
    return {
        f"{_FIELD}{rail}": waiver_reason(plan.waiver, name) if rail in plan.waived else ""
        for rail, name in rails.items()
    }


def waiver_fields(
    form: RecordForm, rails: Mapping[str, str], seen: Mapping[str, str]
) -> tuple[str, ...]:
    """A line for each guard-rail, folded while none is waived; the names of the fields.

    Args:
        form: Around them.
        rails: Id → name.
        seen: Field → reason, as the plan has it.
    """
    if not rails:
        return ()
    with st.expander("Waive a guard-rail", expanded=any(seen.values())):
        st.caption(
            "A waived guard-rail is still watched and printed, and decides nothing. Empty: it "
            "decides."
        )
        for rail, name in rails.items():
            st.text_input(
                f"Why is {plain_in_label(name)} waived?",
                value=seen.get(f"{_FIELD}{rail}", ""),
                key=form.field(f"{_FIELD}{rail}"),
                max_chars=LONGEST_REASON,
            )
    return tuple(f"{_FIELD}{rail}" for rail in rails)


def waived_by(sent: Sent, rails: Mapping[str, str]) -> tuple[tuple[str, ...], str | None]:
    """Ids of the guard-rails that got a reason, and the text that holds the reasons."""
    reasons = {rail: (sent.answers.get(f"{_FIELD}{rail}") or "").strip() for rail in rails}
    waived = tuple(rail for rail, reason in reasons.items() if reason)
    return waived, waiver_text({rails[rail]: reasons[rail] for rail in waived})

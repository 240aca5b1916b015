"""The fields that name a guard-rail, in any form: which metric, and how much harm is tolerated."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.record_form import RecordForm
from dashboard.exhibits.guard_rail_options import RailOption


def guard_rail_fields(
    form: RecordForm, options: Mapping[str, RailOption], label: str, *, unsaid: str | None = None
) -> None:
    """The fields `metric`, a key of the options, and `margin`, as it is typed.

    Args:
        form: Around them.
        options: Key → metric.
        label: Of the first field.
        unsaid: What holds without a margin; None where it must be typed.
    """
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda key: options[key].name,
        key=form.field("metric"),
    )
    st.number_input(
        "Largest harm that is tolerated, in its unit (of shares in percentage points)",
        min_value=0.0,
        value=None,
        placeholder=unsaid,
        format="%g",
        key=form.field("margin"),
    )

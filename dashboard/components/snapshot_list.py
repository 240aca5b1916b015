"""What differs between two snapshots, and what was checked."""

import polars as pl
import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.exhibits.snapshots import check_table, difference_told
from dashboard.format import DASH


def change_list(changed: pl.DataFrame | None, other: str | None) -> None:
    """Numbers that differ from an earlier snapshot.

    Args:
        changed: From `differences`; None where there is nothing to compare with.
        other: The earlier one.
    """
    if changed is None:
        card_title(
            "Nothing to compare with yet",
            "This is the only snapshot. The next refresh that changes a number adds one.",
        )
        return
    card_title(difference_told(changed), f"Against {other}; the default numbers of every metric.")
    if changed.height:
        st.dataframe(changed, hide_index=True, alt=difference_told(changed), placeholder=DASH)


def checks_passed(checks: pl.DataFrame) -> None:
    """What was checked before the snapshot was published.

    Args:
        checks: One row per check: id, ok, note.
    """
    with st.container(border=True):
        card_title(
            f"{checks.height} checks passed",
            "A refresh that fails one publishes nothing, and the last good snapshot stays.",
        )
        st.table(check_table(checks), border="horizontal")

"""What differs between two snapshots, and what was checked."""

import polars as pl
import streamlit as st

from dashboard.exhibits.snapshots import difference_told
from dashboard.format import plain


def change_list(changed: pl.DataFrame | None, other: str | None) -> None:
    """Numbers that differ from an earlier snapshot.

    Args:
        changed: From `differences`; None where there is nothing to compare with.
        other: The earlier one.
    """
    if changed is None:
        st.header("Nothing to compare with", anchor=False)
        st.caption("This is the only snapshot.")
        return
    st.header(difference_told(changed), anchor=False)
    st.caption(plain(f"Against {other}; the default numbers of every metric."))
    if changed.height:
        st.dataframe(changed, hide_index=True, alt=difference_told(changed))


def checks_passed(checks: pl.DataFrame) -> None:
    """How many checks the snapshot passed before it was published."""
    with st.container(border=True):
        st.header(f"{checks.height} checks passed", anchor=False)
        st.caption("A refresh that fails one publishes nothing, and the last good snapshot stays.")
        st.dataframe(checks, hide_index=True, height=240, alt=f"{checks.height} checks.")

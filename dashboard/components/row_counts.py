"""The five fates of a record as numbers, and the list of what must be mended."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard.format import plain
from dashboard.table_text import csv_text

_HELP = {
    "read": "Records that the files held.",
    "loaded": "New ones.",
    "updated": "Newer versions of records that were there.",
    "unchanged": "Were there already, word for word.",
    "dropped": "Left out by a named rule of the preset, such as a deleted ticket.",
    "quarantined": "Refused, with the reason; not lost: see the list to mend.",
}
_COLUMNS: dict[str, Any] = {
    "file_name": "File",
    "line_no": st.column_config.NumberColumn("Line", format="%d"),
    "record_no": st.column_config.NumberColumn("Record", format="%d"),
    "column_name": "Column",
    "raw_text": "As written",
    "reason_code": "Rule",
    "reason_text": "What is wrong",
    "scope_code": "Refused",
}


def row_counts(totals: Mapping[str, int]) -> None:
    """One small card per fate."""
    with st.grid(len(totals), min_column_width=150):
        for name, count in totals.items():
            with st.container(border=True, height="stretch"):
                st.metric(name.capitalize(), f"{count:,}", help=_HELP[name])


def fix_list(entries: pl.DataFrame, file: str | None) -> None:
    """What was refused in a file: where it stands, what was written, which rule it broke.

    Args:
        entries: From `quarantine`.
        file: Its name; None where no file has any.
    """
    if file is None:
        st.markdown(":material/check: Nothing lies in quarantine.")
        return
    st.caption(
        plain(
            "Mend these in the system that wrote the file, or in the file itself, and refresh: "
            "what is right then leaves quarantine by itself."
        )
    )
    st.dataframe(entries, hide_index=True, column_config=_COLUMNS, alt=_alt(entries, file))
    st.download_button(
        "List to mend (CSV)",
        data=lambda: csv_text(entries),
        file_name="to_mend.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _alt(entries: pl.DataFrame, file: str) -> str:
    rules = ", ".join(entries["reason_code"].unique().sort())
    return f"{entries.height} refused entries of {file}; rules: {rules}."

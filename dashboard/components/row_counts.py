"""The five fates of a record as numbers, and the list of what must be mended."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.card_title import card_title
from dashboard.format import DASH, counted
from dashboard.table_text import csv_text

_HELP = {
    "read": "Records that the files held.",
    "loaded": "New ones.",
    "updated": "Newer versions of records that were there.",
    "unchanged": "Were there already, word for word.",
    "dropped": "Left out by a named rule of the preset, such as a deleted ticket.",
    "quarantined": "Refused, with the reason; not lost: see the list to mend.",
}
_MEND = (
    "Mend these in the system that wrote the file, or in the file itself, and refresh: what is "
    "right then leaves quarantine by itself."
)
_COLUMNS: dict[str, Any] = {
    "line_no": st.column_config.NumberColumn("Line", format="%d"),
    "record_no": st.column_config.NumberColumn("Record", format="%d"),
    "column_name": "Column",
    "raw_text": "As written",
    "reason_code": "Rule",
    "reason_text": "What is wrong",
    "scope_code": "Refused",
}


def file_columns(names: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the table of files: counts as readers write them, with their thousands.

    Args:
        names: Column → its heading.
    """
    counts = {
        name: st.column_config.NumberColumn(names[name], help=told, format="localized")
        for name, told in _HELP.items()
    }
    return {**names, **counts}


def row_counts(totals: Mapping[str, int]) -> None:
    """One small card per fate."""
    with st.grid(len(totals), min_column_width=150):
        for name, count in totals.items():
            with st.container(border=True, height="stretch"):
                st.metric(name.capitalize(), f"{count:,}", help=_HELP[name])


def fix_list(entries: pl.DataFrame, file: str | None, title: DeltaGenerator) -> None:
    """What was refused in a file: where it stands, what was written, which rule it broke.

    Args:
        entries: From `quarantine`.
        file: Its name; None where no file has any.
        title: Above the picker of the file.
    """
    if file is None:
        card_title("Nothing to mend", "No row lies in quarantine.", place=title)
        return
    card_title(f"To mend in {file}: {_refused(entries)}", _MEND, place=title)
    st.dataframe(
        entries,
        hide_index=True,
        column_config=_COLUMNS,
        column_order=list(_COLUMNS),
        placeholder=DASH,
        alt=_alt(entries, file),
    )
    st.download_button(
        "List to mend (CSV)",
        data=lambda: csv_text(entries),
        file_name="to_mend.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _refused(entries: pl.DataFrame) -> str:
    """Whole rows and single values: a value that is refused leaves the rest of its row."""
    rows = entries.filter(pl.col("scope_code") == "row").height
    parts = [(rows, "row"), (entries.height - rows, "single value")]
    return " and ".join(counted(count, noun) for count, noun in parts if count)


def _alt(entries: pl.DataFrame, file: str) -> str:
    rules = ", ".join(entries["reason_code"].unique().sort())
    return f"{entries.height} refused entries of {file}; rules: {rules}."

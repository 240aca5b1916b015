"""Rows: what became of every record that was read, and the list to mend."""

import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.components.filters import picked
from dashboard.components.page import open_page
from dashboard.components.row_counts import file_columns, fix_list, row_counts
from dashboard.exhibits import sources

page = open_page("Rows", "What became of every record that the last refresh read.")
opened = page.opened
reports = sources.files(opened)
with page.filters:
    source = picked("Source", sources.source_names(reports), "source") or ""
shown = sources.of_source(reports, source)

row_counts(sources.totals(shown))
with st.container(border=True):
    card_title(sources.rows_told(shown), sources.COUNT_RULE)
    st.dataframe(
        shown,
        hide_index=True,
        column_config=file_columns(sources.COUNT_NAMES),
        alt=sources.rows_alt(shown),
    )
with st.container(border=True):
    title = st.container()
    file = picked("File", sources.refused_files(shown), "file")
    fix_list(sources.quarantine(opened, file or ""), file, title)

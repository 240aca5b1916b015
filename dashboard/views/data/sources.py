"""Sources: where the numbers come from, and how old they are."""

import streamlit as st

from dashboard import data
from dashboard.components.page import open_page
from dashboard.components.source_list import open_questions, source_counts
from dashboard.exhibits import sources
from dashboard.format import plain

page = open_page(
    "Sources", "Where the numbers come from, how far they reach, and how old they are."
)
found = data.sources(page.opened, data.now(page.opened))
zone = page.provenance.timezone

source_counts(found)
open_questions(found)
with st.container(border=True):
    st.header("Age of every source", anchor=False)
    st.caption(plain(sources.AGE_RULE))
    st.dataframe(sources.source_table(found, zone), hide_index=True, alt=sources.sources_alt(found))

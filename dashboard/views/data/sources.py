"""Sources: where the numbers come from, and how old they are."""

import streamlit as st

from dashboard import data
from dashboard.components.card_title import card_title
from dashboard.components.page import open_page
from dashboard.components.source_list import open_questions, source_counts
from dashboard.exhibits import sources
from dashboard.format import DASH

page = open_page(
    "Sources", "Where the numbers come from, how far they reach, and how old they are."
)
found = data.sources(page.opened, data.now(page.opened))
zone = page.provenance.timezone

source_counts(found)
open_questions(found)
with st.container(border=True):
    card_title("Age of every source", sources.AGE_RULE)
    table = sources.source_table(sources.worst_first(found), zone)
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        placeholder=DASH,
        alt=sources.sources_alt(found),
    )

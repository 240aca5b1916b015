"""Definitions: what every number means, when it is settled, and how sure it is."""

import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.components.definition_card import definition_card
from dashboard.components.filters import picked
from dashboard.components.page import open_page
from dashboard.exhibits import glossary

page = open_page("Definitions", "What every number means, when it is settled, and how sure it is.")
everything = glossary.glossary(page.opened)
with page.filters:
    family = picked("Family", glossary.families(everything), "family") or ""
    entries = glossary.of_family(everything, family)
    metric = picked("Metric", glossary.metric_names(entries), "metric")

definition_card(entries, metric)
with st.container(border=True):
    card_title(f"{entries.height} metrics", "Pick one above to read all that is known about it.")
    st.dataframe(
        entries,
        hide_index=True,
        column_config=glossary.COLUMNS,
        column_order=list(glossary.COLUMNS),
        alt="All of them as a table.",
    )

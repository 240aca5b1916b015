"""Snapshots: what was published when, and what changed since."""

import streamlit as st

from dashboard import data
from dashboard.components.card_title import card_title
from dashboard.components.filters import picked
from dashboard.components.page import open_page
from dashboard.components.restatement_list import restatement_list
from dashboard.components.snapshot_list import change_list, checks_passed
from dashboard.exhibits import restatements, snapshots, sources

page = open_page("Snapshots", "What was published when, and what changed since.")
opened = page.opened
known = data.published(opened.folder)

with st.container(border=True):
    card_title("Published", "A snapshot never changes; its id ends in a hash of all its numbers.")
    table = snapshots.snapshot_table(known, page.provenance.timezone)
    st.dataframe(table, hide_index=True, alt=f"{len(known)} snapshots, the newest first.")
with st.container(border=True):
    other = picked("Compare with", snapshots.earlier(known, opened), "compare")
    change_list(snapshots.differences(opened, other) if other else None, other)
restatement_list(restatements.restatement_table(opened))
checks_passed(sources.checks(opened))

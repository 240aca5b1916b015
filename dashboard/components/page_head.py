"""The top of every page: its name, how fresh its numbers are, and room for its filters."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.facts import Provenance
from dashboard.format import day, plain


@dataclass(frozen=True)
class Head:
    """Where a page may add to its head.

    Attributes:
        lead: Under the title: a sentence about what is shown.
        badges: Beside those that every page has.
        filters: On the right.
    """

    lead: DeltaGenerator
    badges: DeltaGenerator
    filters: DeltaGenerator


def page_head(title: str, provenance: Provenance | None, *, is_simulated: bool) -> Head:
    """Title, and badges that say what the numbers are and up to when."""
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    )
    with row.container(width="content", gap="xsmall"):
        st.title(plain(title), anchor=False)
        lead = st.container(gap=None)
        badges = st.container(horizontal=True, gap="xsmall")
    with badges:
        if is_simulated:
            st.badge("Simulated data", icon=":material/science:", color="orange")
        if provenance is not None:
            st.badge(_until(provenance), color="gray")
            st.badge(f"Snapshot {plain(provenance.snapshot)}", color="gray")
    filters = row.container(horizontal=True, width="content", vertical_alignment="bottom")
    return Head(lead, badges, filters)


def _until(provenance: Provenance) -> str:
    return f"Data to {day(provenance.as_of)}" if provenance.as_of else "No data yet"

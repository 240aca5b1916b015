"""The restatement log: which settled numbers later rows changed."""

import polars as pl
import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.exhibits.restatements import RULE, restatements_told


def restatement_list(table: pl.DataFrame) -> None:
    """The log as a card; says so where nothing was restated.

    Args:
        table: From `restatement_table`.
    """
    told = restatements_told(table)
    with st.container(border=True):
        card_title(told, RULE)
        if table.height:
            st.dataframe(table, hide_index=True, alt=f"{told}, the newest first.")

"""One entry of the glossary, in full."""

import polars as pl
import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.format import plain

_LINES = {
    "unit": "Unit",
    "better": "Better",
    "every": "Shown per",
    "settled": "Settled",
    "interval": "Interval (95 %)",
    "minimum_n": "Smallest n",
    "of": "Exists once per",
    "segments": "Can be split by",
    "variants": "Variants",
    "needs": "Needs",
    "target": "Target",
    "source": "Defined by",
}


def definition_card(entries: pl.DataFrame, metric: str | None) -> None:
    """Definition, formula and fine print of one metric; nothing where none is chosen.

    Args:
        entries: From `glossary`.
        metric: Its id.
    """
    chosen = entries.filter(pl.col("id") == metric)
    if chosen.is_empty():
        return
    entry = chosen.row(0, named=True)
    with st.container(border=True):
        card_title(entry["name"])
        st.write(plain(entry["definition"]))
        st.code(entry["formula"], language=None, wrap_lines=True)
        if entry["available"] != "yes":
            st.info(plain(entry["available"]), icon=":material/hourglass_empty:")
        rows = [(name, plain(entry[key])) for key, name in _LINES.items() if entry[key]]
        table = pl.DataFrame(rows, schema=["", " "], orient="row")
        st.table(table, border="horizontal", hide_header=True)
        st.code(f"launchloop query {entry['id']}", language="bash")

"""A chart with everything it owes its reader: rule, table, CSV, alternative text, notes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard.components.card_title import card_title
from dashboard.components.filters import chosen_view, picked
from dashboard.components.improve import improve_button
from dashboard.components.metric_card import LINE_BREAK
from dashboard.facts import Marker, MarkerKind
from dashboard.format import day, plain
from dashboard.question import Question
from dashboard.table_text import csv_text
from pipelines.errors import LaunchloopError

_BARE = {"displayModeBar": False, "responsive": True}
_LONGEST_NOTE = 200
# More would be longer than the chart's own words.
_NAMED_UP_TO = 3
_KINDS: Mapping[MarkerKind, str] = {
    "release": "release",
    "incident": "incident",
    "note": "note",
    "definition": "change of definition",
}


@dataclass(frozen=True)
class ChartCard:
    """What one card shows.

    Attributes:
        key: Unique on the page; also in the link, when the table is chosen.
        headline: True of the data, from `headline`.
        rule: How the numbers are counted, in words.
        figure: A Plotly figure; None where there is nothing to draw.
        alt: What the figure shows, from `charts.alt`.
        table: The rows behind it, for the table and the CSV.
        evidence: What the headline rests on; "" for none.
        empty: What stands in the figure's place when there is none.
        note_on: The day that a new note starts from, best where the data end.
        markers: Listed under the chart, for there may be no room to label all of them.
        improves: What a cycle begun here would be about; None where none can be.
    """

    key: str
    headline: str
    rule: str
    figure: Any
    alt: str
    table: pl.DataFrame
    evidence: str = ""
    empty: str = ""
    note_on: date | None = None
    markers: Sequence[Marker] = ()
    improves: Question | None = None


Noting = Callable[[date, str], str]


def chart_card(card: ChartCard, *, on_note: Noting | None = None) -> None:
    """The card in the current container; switching to the table reruns this card alone.

    Args:
        card: What to show.
        on_note: Stores a note for a day and returns what to tell its writer; None for
            readers who may not write.
    """
    # Outside of the fragment, for only so it is as high as its neighbour.
    with st.container(border=True, height="stretch"):
        _card(card, on_note)


def picked_card(
    label: str,
    things: Mapping[str, str],
    key: str,
    build: Callable[[str], ChartCard],
    *,
    on_note: Noting | None = None,
) -> None:
    """A card about one of several things, with the picker in it; picking reruns it alone.

    Args:
        label: What is picked.
        things: Id → name, the default first; at least one.
        key: Of the choice, in the link.
        build: The card of a thing.
        on_note: As in `chart_card`.
    """
    with st.container(border=True, height="stretch"):
        _picked(label, things, key, build, on_note)


@st.fragment
def _card(card: ChartCard, on_note: Noting | None) -> None:
    card_title(card.headline, card.rule)
    _body(card, on_note)


@st.fragment
def _picked(
    label: str,
    things: Mapping[str, str],
    key: str,
    build: Callable[[str], ChartCard],
    on_note: Noting | None,
) -> None:
    title = st.container()
    with st.container(key=f"tools_pick_{key}"):
        chosen = picked(label, things, key, is_bare=True)
    card = build(chosen or next(iter(things)))
    card_title(card.headline, card.rule, place=title)
    _body(card, on_note)


def _body(card: ChartCard, on_note: Noting | None) -> None:
    if card.figure is None:
        st.info(plain(card.empty), icon=":material/hourglass_empty:")
        return
    drawn = st.container()
    _foot(card)
    with st.container(
        horizontal=True, gap="xsmall", vertical_alignment="center", key=f"tools_{card.key}"
    ):
        view = chosen_view(card.key)
        _download(card)
        if on_note is not None:
            _note_button(card, on_note)
        if card.improves is not None:
            improve_button(card.improves, f"chart_{card.key}")
    if view == "table":
        drawn.dataframe(_shown(card.table), hide_index=True, alt=card.alt)
    else:
        drawn.plotly_chart(
            card.figure, theme=None, config=_BARE, alt=card.alt, key=f"figure_{card.key}"
        )


def _download(card: ChartCard) -> None:
    st.download_button(
        "CSV",
        data=lambda: csv_text(card.table),
        file_name=f"{card.key}.csv",
        mime="text/csv",
        key=f"csv_{card.key}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help="The rows behind this chart",
    )


def _note_button(card: ChartCard, on_note: Noting) -> None:
    asked = st.button(
        "Note",
        key=f"note_{card.key}",
        type="tertiary",
        icon=":material/add_comment:",
        help="Add a note here",
    )
    if asked:
        _note_dialog(card.note_on, on_note)


@st.dialog("Add a note to every chart")
def _note_dialog(noted_on: date | None, on_note: Noting) -> None:
    with st.form("note", border=False):
        on = st.date_input("Day", noted_on or "today")
        text = st.text_input("What happened", max_chars=_LONGEST_NOTE)
        is_sent = st.form_submit_button("Add note", type="primary")
    if is_sent and text:
        _store(on, text, on_note)


def _store(on: date, text: str, on_note: Noting) -> None:
    try:
        st.success(plain(on_note(on, text)))
    except LaunchloopError as problem:
        st.error(plain(str(problem)))


def _foot(card: ChartCard) -> None:
    lines = [card.evidence, marked_words(card.markers) if card.markers else ""]
    told = LINE_BREAK.join(plain(line) for line in lines if line)
    if told:
        st.caption(told)


def marked_words(markers: Sequence[Marker]) -> str:
    """What is marked on a chart: each by name while there are few, else how many of what.

    >>> marked_words([Marker(date(2026, 5, 4), "v2.0"), Marker(date(2026, 6, 16), "v2.1")])
    'Marked: v2.0 (4 May 2026) · v2.1 (16 Jun 2026)'
    """
    if len(markers) <= _NAMED_UP_TO:
        return "Marked: " + " · ".join(f"{marker.text} ({day(marker.on)})" for marker in markers)
    counts = Counter(_KINDS[marker.kind] for marker in markers)
    told = ", ".join(
        f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.most_common()
    )
    return f"Marked: {told}; point at a line to read it."


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    """Without columns that are empty throughout."""
    return table.select(column for column in table if column.null_count() < table.height)

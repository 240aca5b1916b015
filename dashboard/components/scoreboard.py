"""The scorecard of a launch: a column of cards for each family, and what needs attention."""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.attention import Kind, Notice, all_well, chance_flags
from dashboard.components.card_title import card_title
from dashboard.components.filters import picked
from dashboard.components.metric_card import metric_card
from dashboard.exhibits.launch import Column, things_of
from dashboard.faces import Face
from dashboard.format import plain
from dashboard.question import Opened

_ICONS: Mapping[Kind, str] = {
    "refresh": "sync_problem",
    "source": "schedule",
    "target": "flag",
    "change": "trending_down",
    "data": "rule",
}


def picked_things(opened: Opened, metrics: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """A picker for each metric that exists several times: metric → thing, as pairs."""
    chosen = []
    for metric, names in things_of(opened, metrics).items():
        known = data.metrics(opened)[metric]
        thing = picked(f"{known.name}: {known.of_kind}", names, f"{metric}_of")
        if thing:
            chosen.append((metric, thing))
    return tuple(chosen)


def scoreboard(columns: Sequence[Column]) -> None:
    """The families beside each other, below each other on a phone."""
    with st.grid(len(columns), min_column_width=220):
        for column in columns:
            with st.container(gap="small"):
                with st.container(gap=None):
                    st.header(plain(column.family.name), anchor=False)
                    st.caption(plain(column.family.asks))
                for face in column.faces:
                    metric_card(face.words, face.course, improves=face.improves)
                if column.missing:
                    with st.container(border=True):
                        st.caption(plain(column.missing))


def attention(notices: Sequence[Notice], targets: int, comparisons: int) -> None:
    """Sentences, the most pressing on top; says so where nothing presses.

    Args:
        notices: From `shortened`.
        targets: How many targets there are.
        comparisons: How many changes could be judged.
    """
    with st.container(border=True, height="stretch"):
        card_title(
            "What needs attention",
            "Missed targets by size, changes for the worse, late or refused data.",
        )
        for notice in notices:
            st.markdown(f":material/{_ICONS[notice.kind]}: {plain(notice.text)}")
        if not notices:
            st.markdown(f":material/check: {plain(all_well(targets, comparisons))}")
        if comparisons > 1:
            st.caption(plain(chance_flags(comparisons)))


def target_badges(place: DeltaGenerator, states: Mapping[str, int]) -> None:
    """How many targets are met, not met, or cannot be told yet."""
    targets = sum(states.values())
    if not targets:
        place.badge("No target set", color="gray")
        return
    met, missed = states.get("met", 0), states.get("not met", 0)
    icon = ":material/check_circle:"
    place.badge(f"{met} of {targets} targets met", icon=icon, color="green" if met else "gray")
    if missed:
        place.badge(f"{missed} not met", icon=":material/flag:", color="red")
    if targets - met - missed:
        place.badge(f"{targets - met - missed} cannot be told", color="gray")


def goals(table: pl.DataFrame, without: Face | None) -> None:
    """Goal against actual as a table, and how a missing goal is set.

    Args:
        table: From `goals_table`; text from the workspace, shown as it is.
        without: A card that has no target.
    """
    with st.container(border=True):
        card_title("Goal against actual")
        if table.height:
            told = table.with_columns(pl.all().map_elements(plain, pl.String))
            st.table(told, border="horizontal")
        if without is not None:
            with st.container(key="tools_target"):
                st.caption(plain(f"No target is set for {without.subject.name}. This sets one:"))
                st.code(target_example(without), language="toml")


def target_example(face: Face) -> str:
    """The lines of launchloop.toml that set a target where the metric stands now."""
    known = face.reading.value if face.reading and face.reading.value is not None else 1.0
    value = f"{known:.2g}" if face.subject.unit == "share" else f"{float(f'{known:.2g}'):g}"
    of = f'of = "{face.question.of}"\n' if face.question.of else ""
    return f'[[target]]\nmetric = "{face.question.metric}"\n{of}value = {value}'

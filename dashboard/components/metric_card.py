"""One metric at a glance: value, change, target, recent course, and what it means."""

from collections.abc import Sequence

import streamlit as st

from dashboard.card_words import CardWords
from dashboard.charts.sparkline import Sparkline
from dashboard.components.improve import improve_button
from dashboard.faces import Face
from dashboard.question import Question

# In Markdown.
LINE_BREAK = "  \n"
# Pixels below which a card moves to the next row.
_NARROWEST = 180


def metric_card(
    words: CardWords, course: Sparkline | None = None, *, improves: Question | None = None
) -> None:
    """A card in the current container.

    Args:
        words: From `card_words`, which decides about colour and arrow.
        course: From `sparkline`; without it the card has none.
        improves: What a cycle begun here would be about; None where none can be.
    """
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            words.label,
            words.value,
            delta=words.delta or None,
            delta_color=words.color,
            delta_arrow=words.arrow,
            delta_description=words.against or None,
            help=words.help,
        )
        if course is not None:
            st.image(course.svg, width="stretch", alt=course.alt)
        st.caption(f"{words.below}{LINE_BREAK}{words.goal}" if words.goal else words.below)
        if improves is not None:
            improve_button(improves, f"card_{improves.metric}_{improves.of or ''}")


def card_grid(faces: Sequence[Face], *, columns: int = 6) -> None:
    """The cards beside each other, fewer in a row where it is narrow.

    Args:
        faces: From `face`.
        columns: Cards in a row on a wide screen.
    """
    with st.grid(columns, min_column_width=_NARROWEST):
        for shown in faces:
            metric_card(shown.words, shown.course, improves=shown.improves)

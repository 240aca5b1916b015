"""The goal of a sprint, its days, and where its numbers come from."""

from datetime import date
from typing import Literal

import streamlit as st

from dashboard.exhibits.delivery import Sprint
from dashboard.format import day, plain

_RESULTS: dict[str, tuple[Literal["green", "orange", "red"], str, str]] = {
    "met": ("green", "check_circle", "Goal met"),
    "partly": ("orange", "contrast", "Goal partly met"),
    "not_met": ("red", "cancel", "Goal not met"),
}
_ORIGINS = {
    "frozen": "Numbers as frozen at start and close.",
    "reconstructed": "Reconstructed from the history of changes.",
    "estimated": "Estimated from the items as they are now.",
}


def sprint_head(sprint: Sprint, today: date) -> None:
    """A quiet box in the current container.

    Args:
        sprint: The one shown.
        today: The last day of the data.
    """
    with st.container(border=True):
        row = st.container(horizontal=True, horizontal_alignment="distribute")
        with row.container(width="stretch", gap="xsmall"):
            st.header(plain(sprint.goal or "No goal is recorded"), anchor=False)
            st.caption(plain(_about(sprint, today)))
            if sprint.evidence:
                st.write(plain(sprint.evidence))
        with row.container(width="content"):
            _result(sprint)


def _result(sprint: Sprint) -> None:
    if sprint.result in _RESULTS:
        color, icon, words = _RESULTS[sprint.result]
        st.badge(words, icon=f":material/{icon}:", color=color)
    elif sprint.is_closed:
        st.badge("Goal not judged", color="gray")
    else:
        st.badge("Running", icon=":material/play_circle:", color="blue")


def _about(sprint: Sprint, today: date) -> str:
    days = (sprint.last_on - today).days
    when = f"{day(sprint.first_on)} to {day(sprint.last_on)}"
    left = f", {days} days left" if days > 0 and not sprint.is_closed else ""
    parts = [f"{sprint.name}, {when}{left}"]
    if sprint.unestimated:
        verb = "has no estimate and counts" if sprint.unestimated == 1 else "have none and count"
        counted = f"{sprint.unestimated} of {sprint.items} items"
        parts.append(f"{counted} {verb} 0")
    return f"{'. '.join(parts)}. {_ORIGINS.get(sprint.origin, '')}"

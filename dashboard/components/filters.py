"""Every choice a reader makes. The only place that touches the address and session state.

A widget's key is its name in the link and the chosen option's text its value, so that whoever
gets the link sees the same; a value that the link has wrong falls back to the default.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

View = Literal["chart", "table"]

_VIEWS: dict[View, str] = {"chart": "Chart", "table": "Table"}
_WIDTH, _BARE_WIDTH = 220, 180
_SPANS = {
    "12w": ("12 weeks", timedelta(weeks=12)),
    "26w": ("26 weeks", timedelta(weeks=26)),
    "52w": ("52 weeks", timedelta(weeks=52)),
}


@dataclass(frozen=True)
class Span:
    """From the first day wanted to the first day no longer wanted; None is all there is."""

    start: date | None
    end: date | None


def chosen_view(card: str) -> View:
    """Chart or table, for one card."""
    return st.segmented_control(
        "Show as",
        list(_VIEWS),
        default="chart",
        required=True,
        format_func=lambda view: _VIEWS[view],
        key=f"{card}_as",
        label_visibility="collapsed",
        bind="query-params",
    )


def chosen_span(as_of: date, launched_on: date | None) -> Span:
    """How far back to look: from the newest data, since the launch, or everything."""
    options = [*_SPANS, *(["launch"] if launched_on else []), "all"]
    names = {key: name for key, (name, _) in _SPANS.items()}
    names |= {"launch": "Since launch", "all": "All"}
    chosen = st.segmented_control(
        "Period",
        options,
        default="26w",
        required=True,
        format_func=lambda key: names[key],
        key="period",
        bind="query-params",
        persist_state="session",
    )
    if chosen == "launch":
        return Span(launched_on, None)
    if chosen == "all":
        return Span(None, None)
    return Span(as_of - _SPANS[chosen][1], None)


def picked(label: str, things: Mapping[str, str], key: str, *, is_bare: bool = False) -> str | None:
    """One of several things by its id: a board, survey, funnel or feature.

    With one thing there is nothing to pick, and with none there is no answer.

    Args:
        label: What is picked.
        things: Id → name, the default first.
        key: Its name in the link.
        is_bare: The label is only for those who cannot see what stands beside it.
    """
    ids = list(things)
    if len(ids) < 2:  # noqa: PLR2004 (a choice needs two)
        return ids[0] if ids else None
    names = distinct_names(things)
    return st.selectbox(
        label,
        ids,
        format_func=lambda thing: names[thing],
        key=key,
        bind="query-params",
        persist_state="session",
        width=_BARE_WIDTH if is_bare else _WIDTH,
        label_visibility="collapsed" if is_bare else "visible",
    )


def distinct_names(things: Mapping[str, str]) -> dict[str, str]:
    """Names as a link carries them: two of the same get their id beside them.

    >>> distinct_names({"a": "Team", "b": "Team", "c": "Other"})
    {'a': 'Team (a)', 'b': 'Team (b)', 'c': 'Other'}
    """
    often = Counter(things.values())
    return {
        thing: name if often[name] == 1 else f"{name} ({thing})" for thing, name in things.items()
    }


def chosen_segment(segments: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """One value of one segment as a condition, or none for everybody.

    Args:
        segments: Segment → its values.
    """
    if not any(segments.values()):
        return ()
    options = ["", *(f"{name}={value}" for name, values in segments.items() for value in values)]
    chosen = st.selectbox(
        "Segment",
        options,
        format_func=lambda option: option.replace("=", ": ", 1) or "Everybody",
        key="segment",
        bind="query-params",
        persist_state="session",
        width=_WIDTH,
    )
    name, _, value = (chosen or "").partition("=")
    return ((name, value),) if name else ()


def linked(name: str) -> str:
    """What the link says under a name that no widget of the page has; "" where it says nothing."""
    return st.query_params.get(name, "")


def linked_all() -> dict[str, str]:
    """Everything that the link says."""
    return st.query_params.to_dict()


def searched(label: str, key: str, placeholder: str) -> str:
    """Words that somebody looks for."""
    return (
        st.text_input(
            label,
            key=key,
            placeholder=placeholder,
            type="search",
            bind="query-params",
            persist_state="session",
            width=_WIDTH,
        )
        or ""
    )


def chosen_or_all(label: str, things: Mapping[str, str], key: str, everything: str) -> str:
    """One of several things by its id, or "" for all of them.

    Args:
        label: What is picked.
        things: Id → name.
        key: Its name in the link.
        everything: What is said when none is picked.
    """
    names = distinct_names(things)
    return (
        st.selectbox(
            label,
            ["", *things],
            format_func=lambda thing: names.get(thing, everything),
            key=key,
            bind="query-params",
            persist_state="session",
            width=_WIDTH,
        )
        or ""
    )


def chosen_of(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few that are all in sight.

    Args:
        label: What is picked.
        options: Id → name, the default first.
        key: Its name in the link.
    """
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=lambda option: options[option],
        key=key,
        bind="query-params",
        persist_state="session",
    )


def chosen_dates(first: str, last: str, today: date) -> tuple[date | None, date | None]:
    """A first and a last day, each of which may be left open; in the link as `from` and `until`.

    Args:
        first: The label of the first day.
        last: The label of the last day.
        today: No later day can be chosen.
    """
    days = [
        st.date_input(
            label,
            value=None,
            max_value=today,
            format="YYYY-MM-DD",
            key=key,
            bind="query-params",
            persist_state="session",
            width=_BARE_WIDTH,
        )
        for label, key in ((first, "from"), (last, "until"))
    ]
    return days[0], days[1]


def speaker(
    people: Mapping[str, str], place: DeltaGenerator, *, lets_go: bool = False
) -> str | None:
    """Who is speaking, by id; None until somebody said so.

    Kept in the session and never in the link, for whoever gets the link is somebody else.

    Args:
        people: Id → name.
        place: Where the picker stands.
        lets_go: Once somebody is chosen the keys belong to the page: the picker is drawn anew,
            in a box of its own, for the old one would keep the focus.
    """
    if lets_go and st.session_state.get("speaker") is not None:
        place = place.container()
    names = distinct_names(people)
    return place.selectbox(
        "You are",
        list(people),
        index=None,
        format_func=lambda person: names[person],
        key="speaker",
        persist_state="session",
        placeholder="Choose your name",
        width=_WIDTH,
        help="Not signed in: this machine believes you. What you do is recorded under this name.",
    )


def go_to_step(step: str) -> None:
    """Opens another screen of a meeting; the link carries it."""
    st.query_params["step"] = step


def minutes_since(name: str) -> float:
    """Minutes since this browser first asked for something by this name."""
    first: float = st.session_state.setdefault(f"since.{name}", monotonic())
    return (monotonic() - first) / 60

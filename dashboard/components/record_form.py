"""Forms and buttons that save a record: once, never over another's text, told in words.

Besides the filters the only place that touches session state: what a form was drawn from, the key
of its save, and what came of it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.appearance import mode
from dashboard.components.problem import problem_told
from dashboard.format import plain
from pipelines.errors import LaunchloopError, StaleError

DAY_FORMAT = "YYYY-MM-DD"
# Of what is typed, in characters: a title or a reason, and a text.
LONGEST_LINE = 300
LONGEST_TEXT = 2_000
_NOBODYS = "outcome"


@dataclass(frozen=True)
class Sent:
    """What a person asks to be saved.

    Attributes:
        answers: Field → what was typed or chosen.
        changed: Those of them that are not as the form was drawn.
        version: `row_version` of the record that the form was drawn from.
        key: Made when the form was drawn: a second click is answered like the first.
    """

    answers: Mapping[str, Any]
    changed: Mapping[str, Any]
    version: int
    key: str


@dataclass(frozen=True)
class Saved:
    """What came of it.

    Attributes:
        text: What to tell the person.
        go_to: A page to go on with, as its script below dashboard/; "" stays.
        link: What its link says.
    """

    text: str
    go_to: str = ""
    link: Mapping[str, str] = field(default_factory=dict)


Work = Callable[[Sent], Saved]


@dataclass(frozen=True)
class _Kept:
    """What a form remembers between runs of its page."""

    key: str
    version: int
    seen: Mapping[str, Any]
    generation: int = 0


@dataclass(frozen=True)
class RecordForm:
    """A form while it is drawn; `field` names its widgets, `submit` ends it."""

    name: str
    kept: _Kept

    def field(self, name: str) -> str:
        """The key of the widget of a field."""
        return f"{self.name}.{self.kept.generation}.{name}"

    def submit(
        self, label: str, work: Work, fields: tuple[str, ...], *, is_primary: bool = True
    ) -> None:
        """The button that saves; Enter in a line of text does the same.

        Args:
            label: What happens.
            work: Saves; runs before the page is drawn again.
            fields: Those whose widgets were drawn.
            is_primary: The one thing to do here.
        """
        st.form_submit_button(
            label,
            on_click=_save,
            args=(self, work, fields),
            key=self.field("submit"),
            type=_look(is_primary=is_primary),
        )


@contextmanager
def record_form(
    name: str, *, version: int = 0, seen: Mapping[str, Any] | None = None, border: bool = True
) -> Iterator[RecordForm]:
    """A form in the current container, with what stopped its last try below its button.

    Args:
        name: Unique on the page.
        version: `row_version` of the record, as it is now.
        seen: Field → what the record holds now, which its widgets start with.
        border: Around the form.
    """
    form = RecordForm(name, _kept(name, version, seen or {}))
    with st.form(form.field("form"), border=border):
        yield form
        _outcome(name)


def save_button(
    name: str,
    label: str,
    work: Work,
    *,
    version: int = 0,
    is_primary: bool = False,
    icon: str | None = None,
    shortcut: str | None = None,
) -> None:
    """A button that saves without asking anything, with what came of it below.

    Args:
        name: Unique on the page.
        label: What happens.
        work: As in `RecordForm.submit`.
        version: `row_version` of the record, as it is drawn.
        is_primary: The one thing to do here.
        icon: Beside the label.
        shortcut: A key that does the same.
    """
    kept = replace(_kept(name, version, {}), version=version)
    form = RecordForm(name, kept)
    st.button(
        label,
        on_click=_save,
        args=(form, work, ()),
        key=form.field("button"),
        type=_look(is_primary=is_primary),
        icon=icon,
        shortcut=shortcut,
    )
    _outcome(name)


def _look(*, is_primary: bool) -> Literal["primary", "secondary"]:
    """White on the dark theme's blue is too faint to read, so there no button is filled."""
    return "primary" if is_primary and mode() == "light" else "secondary"


def go_on() -> None:
    """Opens the page that the last save leads to."""
    found = _left()
    if isinstance(found, Saved) and found.go_to:
        st.session_state[_NOBODYS] = ("", Saved(found.text))
        st.switch_page(found.go_to, query_params=dict(found.link))


def close_when_saved() -> None:
    """Called first in a dialog: once its form was saved, the page goes on without it."""
    if isinstance(_left(), Saved):
        st.rerun()


def told(place: DeltaGenerator) -> None:
    """What was saved last, on top of the page; a problem is told by the form that it stopped."""
    found = _left()
    if isinstance(found, Saved):
        st.session_state.pop(_NOBODYS)
        if found.text:
            place.success(plain(found.text), icon=":material/check:")


def untold(place: DeltaGenerator) -> None:
    """The problem of a form that the page no longer has; called when all of it was drawn."""
    found = _left()
    st.session_state.pop(_NOBODYS, None)
    if isinstance(found, LaunchloopError):
        with place:
            problem_told(found)


def _kept(name: str, version: int, seen: Mapping[str, Any]) -> _Kept:
    """The same until it was saved, or what it shows is what the record holds anyway."""
    key = f"kept.{name}"
    kept = cast("_Kept | None", st.session_state.get(key))
    if kept is None:
        generation = st.session_state.get(f"generation.{name}", 0)
        kept = _Kept(uuid4().hex, version, dict(seen), generation)
    elif dict(kept.seen) == dict(seen):
        kept = replace(kept, version=version)
    st.session_state[key] = kept
    return kept


def _save(form: RecordForm, work: Work, fields: tuple[str, ...]) -> None:
    """Saves before anything is drawn; text that could not be saved stays in its widget."""
    kept = form.kept
    answers = {each: st.session_state.get(form.field(each)) for each in fields}
    changed = {each: answer for each, answer in answers.items() if answer != kept.seen.get(each)}
    outcome: Saved | LaunchloopError
    try:
        outcome = work(Sent(answers, changed, kept.version, kept.key))
    except LaunchloopError as problem:
        outcome = problem
        if isinstance(problem, StaleError):
            # Both texts are told now: the next save is meant to come after theirs.
            st.session_state.pop(f"kept.{form.name}", None)
    else:
        st.session_state.pop(f"kept.{form.name}", None)
        st.session_state[f"generation.{form.name}"] = kept.generation + 1
    st.session_state[_NOBODYS] = (form.name, outcome)


def _outcome(name: str) -> None:
    """Tells a problem where it arose; what was saved is told on top of the page."""
    of, found = st.session_state.get(_NOBODYS, ("", None))
    if of == name and isinstance(found, LaunchloopError):
        st.session_state.pop(_NOBODYS)
        problem_told(found)


def _left() -> Saved | LaunchloopError | None:
    found = st.session_state.get(_NOBODYS, ("", None))[1]
    return cast("Saved | LaunchloopError | None", found)

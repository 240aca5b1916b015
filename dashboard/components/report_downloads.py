"""A menu of formats: a cycle or a meeting as a file, made when somebody asks for it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import paper_records
from dashboard.records import Speaker

_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class _Form:
    """One entry of the menu."""

    name: str
    label: str
    mime: str
    ending: str


_FORMS = (
    _Form("pdf", "PDF", "application/pdf", "pdf"),
    _Form("html", "HTML, one file", "text/html", "html"),
    _Form("pptx", "Slides (PPTX)", _OFFICE, "pptx"),
    _Form("md", "Markdown", "text/markdown", "md"),
    _Form("csv", "Tables (CSV)", "application/zip", "zip"),
    _Form("json", "JSON with hashes", "application/json", "json"),
    _Form("ics", "Due dates (ICS)", "text/calendar", "ics"),
)
# Ids begin with their time: the end tells two of one minute apart.
_ID_END = 12


def report_downloads(
    who: Speaker, kind: str, thing_id: str, *, label: str = "Take it along"
) -> None:
    """The menu in the current container.

    Args:
        who: Who reads; the role is asked again when a file is made.
        kind: "cycle" with a locked plan, "preread", or "review" of a meeting with frozen numbers.
        thing_id: Of the cycle or meeting.
        label: What the menu says.
    """
    with st.popover(label, icon=":material/download:"):
        st.caption("From frozen records: the same numbers give the same file.")
        for form in _FORMS:
            st.download_button(
                form.label,
                data=_maker(who, kind, thing_id, form.name),
                file_name=f"{kind}-{thing_id[-_ID_END:]}.{form.ending}",
                mime=form.mime,
                key=f"take_{kind}_{thing_id}_{form.name}",
                on_click="ignore",
                type="tertiary",
            )


def _maker(who: Speaker, kind: str, thing_id: str, form: str) -> Callable[[], bytes]:
    """Called by the click, not by the page."""
    return lambda: paper_records.paper(who, kind, thing_id, form)

"""What every page of Reviews begins with: who is speaking, and what came of the last save."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import records
from dashboard.components import record_form
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import speaker
from dashboard.components.page import Page, open_page
from dashboard.records import Speaker

ASKED = (
    "Choose your name at the top of this page. Your roles say what you may read and do, and what "
    "you do is recorded under your name. You are not signed in: nobody checks that it is you."
)


@dataclass(frozen=True)
class ReviewsPage:
    """A page of Reviews.

    Attributes:
        page: Snapshot and head, as of every page.
        who: Who is speaking.
        told: Where `told` says what came of the last save.
    """

    page: Page
    who: Speaker
    told: DeltaGenerator

    @property
    def filters(self) -> DeltaGenerator:
        """On the right of the head."""
        return self.page.filters

    def finish(self) -> None:
        """Called last: tells what stopped a form that is not on the page any more."""
        record_form.untold(self.told)


def open_reviews(title: str, lead: str = "") -> ReviewsPage:
    """The head of a page with the picker of names; until somebody speaks, the page ends there.

    Args:
        title: Of the page.
        lead: A sentence below it.
    """
    record_form.go_on()
    page = open_page(title, lead)
    page.head.badges.badge("Not signed in", icon=":material/no_accounts:", color="gray")
    people = records.people()
    chosen = next(iter(people)) if len(people) == 1 else speaker(people, page.filters)
    if chosen is None:
        empty_state("Who are you?", ASKED)
        st.stop()
    who = records.speaker(chosen)
    told = st.container(gap=None)
    record_form.told(told)
    return ReviewsPage(page, who, told)

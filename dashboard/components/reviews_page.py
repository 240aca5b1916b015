"""What every page of Reviews begins with: who is speaking, and what came of the last save."""

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from dashboard.components import record_form
from dashboard.components.page import Page, open_page
from dashboard.components.who_speaks import who_speaks
from dashboard.records import Speaker


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
    who, told = who_speaks(page.head)
    return ReviewsPage(page, who, told)

"""What every page begins with: one snapshot, its head, and what a reader must know first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.charts.theme import Mode
from dashboard.components import appearance, banners
from dashboard.components.empty_state import empty_state
from dashboard.components.page_head import Head, page_head
from dashboard.exhibits.sources import notices_about, source_notices
from dashboard.facts import Provenance
from dashboard.format import plain
from dashboard.place import folder
from dashboard.question import Opened

_FIRST_STEPS = """# what each file was recognised as, and what is open
launchloop check
# publishes the first numbers
launchloop refresh"""


@dataclass(frozen=True)
class Page:
    """The snapshot that the whole page is made from, and the head to add to."""

    opened: Opened
    provenance: Provenance
    mode: Mode
    head: Head

    @property
    def filters(self) -> DeltaGenerator:
        """On the right of the head."""
        return self.head.filters

    @property
    def last_day(self) -> date:
        """The last complete day of the data; of an empty snapshot today."""
        return (self.provenance.as_of or data.now(self.opened)).date()


def open_page(title: str, lead: str = "", *, uses: Collection[str] = ()) -> Page:
    """Title, badges and banners; without a snapshot the page says what to do and ends there.

    Args:
        title: Of the page.
        lead: A sentence below it.
        uses: Canonical tables whose sources it rests on: it says so where one is stale or held.
    """
    opened = data.current()
    if opened is None:
        _before_the_first(title)
        st.stop()
    settings = data.settings(opened)
    source = data.provenance(opened)
    clock = settings.product.now
    head = page_head(title, source, is_simulated=clock is not None)
    if lead:
        head.lead.caption(plain(lead))
    failed = data.failure(opened.folder)
    if failed is not None:
        banners.refresh_failed(failed["reason"], failed["since"], source.as_of)
    if uses:
        used = notices_about(data.sources(opened, data.now(opened)), uses)
        banners.troubled(source_notices(used, source.timezone))
    return Page(opened, source, appearance.mode(), head)


def _before_the_first(title: str) -> None:
    page_head(title, None, is_simulated=False)
    failed = data.failure(folder())
    if failed is not None:
        banners.refresh_failed(failed["reason"], failed["since"], None)
    empty_state(
        "No numbers yet",
        "Nothing was published from this workspace. Put exports where launchloop.toml says, then "
        "run these two commands in its folder; this page fills itself when it is opened again.",
        code=_FIRST_STEPS,
        language="bash",
    )

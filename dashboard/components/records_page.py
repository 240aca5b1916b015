"""What a page begins with that rests on records alone: it opens when every snapshot is gone."""

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.charts.theme import Mode
from dashboard.components import appearance, banners, record_form
from dashboard.components.empty_state import empty_state
from dashboard.components.page import Page
from dashboard.components.page_head import Head, page_head
from dashboard.components.who_speaks import who_speaks
from dashboard.format import plain
from dashboard.place import folder
from dashboard.records import Speaker
from pipelines.workspace import load

_NO_NUMBERS = (
    "Nothing was published from this workspace, and a review needs numbers to look at. Put exports "
    "where launchloop.toml says, then run `launchloop check` and `launchloop refresh`."
)


@dataclass(frozen=True)
class RecordsPage:
    """A page about records.

    Attributes:
        head: Title and room for what the page adds.
        who: Who is speaking.
        mode: Light or dark.
        told: Where `told` says what came of the last save.
    """

    head: Head
    who: Speaker
    mode: Mode
    told: DeltaGenerator

    @property
    def snapshot_page(self) -> Page | None:
        """The newest snapshot, for what is drawn from it; None where nothing is published."""
        opened = data.current()
        if opened is None:
            return None
        return Page(opened, data.provenance(opened), self.mode, self.head)

    def finish(self) -> None:
        """Called last: tells what stopped a form that is not on the page any more."""
        record_form.untold(self.told)


def open_records(
    title: str, lead: str = "", *, starts: bool = False, has_keys: bool = False
) -> RecordsPage:
    """The head of a page with the picker of names; until somebody speaks, the page ends there.

    Args:
        title: Of the page.
        lead: A sentence below it.
        starts: Meetings begin here, so the page says where there are no numbers for them.
        has_keys: Single keys do something on this page.
    """
    record_form.go_on()
    clock = load(folder()).product.now
    head = page_head(title, None, is_simulated=clock is not None)
    if lead:
        head.lead.caption(plain(lead))
    if starts:
        _numbers_told()
    who, told = who_speaks(head, has_keys=has_keys)
    return RecordsPage(head, who, appearance.mode(), told)


def _numbers_told() -> None:
    opened = data.current()
    failed = data.failure(folder())
    if failed is not None:
        shown = data.provenance(opened).as_of if opened else None
        banners.refresh_failed(failed["reason"], failed["since"], shown)
    if opened is None:
        empty_state("No numbers yet", _NO_NUMBERS)

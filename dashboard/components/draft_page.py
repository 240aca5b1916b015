"""The page of a draft: before the lock on the left, the plan in the middle, its chart right."""

import streamlit as st

from dashboard import plan_records
from dashboard.components import cycle_rest, cycle_sheet
from dashboard.components.chart_card import chart_card
from dashboard.components.cycle_do import do_card
from dashboard.components.cycle_evidence import evidence_card
from dashboard.components.empty_state import empty_state
from dashboard.components.plan_details import filled_in
from dashboard.components.plan_draft import idea_card, lock_card
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import cycle_page
from dashboard.exhibits.cycle_page import Sheet
from pipelines.errors import UsageError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.cycle.planning import Preview


def draft_page(shown: Sheet, page: ReviewsPage) -> None:
    """All of a draft; without its metric it says so, and can still be cancelled."""
    found = _previewed(shown, page)
    if found is not None:
        left, middle, right = st.columns([3, 3, 4])
        with left:
            lock_card(shown, found, page)
        with middle:
            if _may_edit(shown, page):
                idea_card(shown, found, page)
                filled_in(shown, found, page)
            else:
                cycle_sheet.plan_card(shown, page)
        with right:
            card = cycle_page.draft_chart(page.page, found)
            if card is not None:
                # On its own: as high as its words, not as its neighbours.
                with st.container():
                    chart_card(card)
            do_card(shown, page)
            evidence_card(shown, page)
            cycle_sheet.family(shown)
    cycle_rest.other_moves(shown, page)
    cycle_sheet.history(shown, page)


def _may_edit(shown: Sheet, page: ReviewsPage) -> bool:
    cycle, who = shown.record.cycle, page.who
    return who.may(Permission.EDIT, cycle.team_id, is_owner=cycle.owner_id == who.id)


def _previewed(shown: Sheet, page: ReviewsPage) -> Preview | None:
    try:
        return plan_records.previewed(page.who, shown.record)
    except UsageError as problem:
        empty_state("The metric of this plan cannot be read", str(problem))
        return None

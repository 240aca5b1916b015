"""Cycle: Plan, Do, Check and Act of one cycle on one screen."""

import streamlit as st

from dashboard.components import cycle_act, cycle_check, cycle_do, cycle_rest, cycle_sheet
from dashboard.components.cycle_evidence import evidence_card
from dashboard.components.cycle_head import cycle_head, no_cycle
from dashboard.components.cycle_links import links_card
from dashboard.components.draft_page import draft_page
from dashboard.components.filters import linked
from dashboard.components.reviews_page import open_reviews
from dashboard.exhibits import cycle_page
from pipelines.reviews.core.terms import CycleStatus

page = open_reviews("Cycle")
shown = cycle_page.sheet(page.page, page.who, linked("cycle"))

if shown is None:
    no_cycle()
elif shown.record.cycle.status is CycleStatus.DRAFT:
    cycle_head(shown, page)
    draft_page(shown, page)
    links_card(shown, page)
else:
    cycle_head(shown, page)
    left, middle, right = st.columns([3, 5, 4])
    with left:
        cycle_sheet.plan_card(shown, page)
        links_card(shown, page)
    with middle:
        cycle_sheet.chart(shown, page)
        evidence_card(shown, page)
        cycle_act.learning_card(shown, page)
        cycle_sheet.family(shown)
    with right:
        cycle_do.do_card(shown, page)
        cycle_check.check_card(shown, page)
        cycle_act.act_card(shown, page)
    cycle_rest.other_moves(shown, page)
    cycle_sheet.history(shown, page)
page.finish()

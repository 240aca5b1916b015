"""New cycle: five answers, beside what the metric does by itself."""

import streamlit as st

from dashboard.components.chart_card import chart_card
from dashboard.components.new_cycle import chosen_start, light_form, qualitative_form
from dashboard.components.reviews_page import open_reviews
from dashboard.exhibits.cycle_page import started_chart

page = open_reviews("New cycle", "Five answers. All else is filled in and can be changed.")
start = chosen_start(page)

if start is not None:
    left, right = st.columns([2, 3])
    with left:
        light_form(page, start)
        qualitative_form(page, start.team_id)
    with right, st.container():
        chart_card(started_chart(page.page, start.card, start.found))
page.finish()

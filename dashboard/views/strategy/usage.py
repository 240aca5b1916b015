"""Usage: who comes, who stays, who gets to first value, and what they use."""

import streamlit as st

from dashboard import data
from dashboard.components.chart_card import chart_card, picked_card
from dashboard.components.filters import chosen_segment, chosen_span
from dashboard.components.metric_card import card_grid
from dashboard.components.page import open_page
from dashboard.exhibits import usage
from dashboard.exhibits.over_time import over_time
from dashboard.faces import faces
from dashboard.notes import add_note
from dashboard.question import Question

CARDS = ("wau", "mau", "stickiness", "activation_rate", "time_to_value", "retention")

page = open_page(
    "Usage",
    "Who comes, who stays, who gets to first value, and what they use.",
    uses={"events", "users", "accounts"},
)
opened, mode = page.opened, page.mode
with page.filters:
    where = chosen_segment(data.segments(opened, "wau"))
    span = chosen_span(page.last_day, data.launched_on(opened))
asked = Question("", where=where, start=span.start, end=span.end)

card_grid(faces(opened, CARDS, mode, where=where, start=span.start), columns=3)
picked_card(
    "Count",
    usage.ACTIVE,
    "active",
    lambda metric: over_time(opened, asked.but(metric=metric), mode, key="active_users"),
    on_note=add_note,
)
left, right = st.columns(2)
with left:
    chart_card(usage.lifecycle(opened, asked.but(metric="lifecycle"), mode), on_note=add_note)
    chart_card(usage.days_active(opened, asked, mode))
with right:
    chart_card(usage.retention(opened, asked.but(metric="retention"), mode), on_note=add_note)
left, right = st.columns(2)
with left:
    chart_card(
        over_time(opened, asked.but(metric="activation_rate"), mode, key="activation"),
        on_note=add_note,
    )
with right:
    chart_card(usage.time_to_value(opened, asked, mode), on_note=add_note)
left, right = st.columns(2)
with left:
    picked_card(
        "Feature",
        data.things(opened, "feature_adoption"),
        "feature",
        lambda feature: usage.adoption(opened, asked.but(of=feature), mode),
        on_note=add_note,
    )
with right:
    picked_card(
        "Funnel",
        usage.funnels(opened),
        "funnel",
        lambda funnel: usage.funnel(opened, asked.but(of=funnel), mode),
    )

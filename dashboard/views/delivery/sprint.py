"""Sprint: what was promised, what came of it, and what is lying around."""

import streamlit as st

from dashboard.components.chart_card import chart_card, picked_card
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import picked
from dashboard.components.metric_card import card_grid
from dashboard.components.page import open_page
from dashboard.components.sprint_head import sprint_head
from dashboard.exhibits import delivery
from dashboard.notes import add_note

page = open_page(
    "Sprint",
    "What was promised, what came of it, and what is lying around.",
    uses={"sprints", "work_items", "work_item_changes"},
)
opened, mode = page.opened, page.mode
with page.filters:
    team = picked("Team", delivery.teams(opened), "team") or ""
    known = delivery.sprints(opened, team)
    chosen = picked("Sprint", {name: sprint.name for name, sprint in known.items()}, "sprint")
sprint = known.get(chosen or "")

if sprint is None:
    empty_state(*delivery.NO_SPRINT, code=delivery.SOURCE_EXAMPLE)
else:
    sprint_head(sprint, page.last_day)
    card_grid(delivery.sprint_faces(opened, team, sprint, mode), columns=4)
    left, right = st.columns([3, 2])
    with left:
        chart_card(delivery.burn_up(opened, sprint, mode), on_note=add_note)
    with right:
        chart_card(delivery.scope(opened, sprint, mode))
left, right = st.columns(2)
with left:
    chart_card(delivery.velocity(opened, team, mode))
with right:
    picked_card(
        "Share",
        delivery.SHARES,
        "share",
        lambda metric: delivery.per_sprint(opened, metric, team, mode),
    )
left, right = st.columns(2)
with left:
    chart_card(delivery.items_by_age(opened, team, mode))
with right:
    chart_card(delivery.cycle_time(opened, team, mode), on_note=add_note)
left, right = st.columns(2)
with left:
    chart_card(delivery.flow(opened, "throughput", team, mode), on_note=add_note)
with right:
    chart_card(delivery.flow(opened, "wip", team, mode), on_note=add_note)

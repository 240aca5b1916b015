"""Launch: is it succeeding? Goal against actual since the day it went live."""

import streamlit as st

from dashboard import data
from dashboard.attention import shortened
from dashboard.components import scoreboard
from dashboard.components.chart_card import picked_card
from dashboard.components.filters import picked
from dashboard.components.page import open_page
from dashboard.exhibits import launch as exhibits
from dashboard.exhibits import sources
from dashboard.notes import add_note

page = open_page("Launch")
opened, mode = page.opened, page.mode
known = exhibits.launches(opened)
with page.filters:
    chosen = picked("Launch", {name: launch.name for name, launch in known.items()}, "launch")
    things = scoreboard.picked_things(opened, exhibits.chosen_metrics(opened, chosen))
launch = known.get(chosen or "")
columns = exhibits.columns(opened, chosen, things, mode)
faces = exhibits.all_faces(columns)
notices = shortened(
    [
        *sources.source_notices(data.sources(opened, data.now(opened)), page.provenance.timezone),
        *exhibits.notices(faces),
        *sources.quarantine_notice(sources.files(opened)),
    ]
)

page.head.lead.caption(exhibits.lead(launch, page.last_day))
standings = exhibits.standings(faces)
scoreboard.target_badges(page.head.badges, standings)
scoreboard.scoreboard(columns)
left, right = st.columns([2, 1])
with left:
    picked_card(
        "Shown",
        exhibits.chart_names(faces),
        "shown",
        lambda metric: exhibits.since_launch(opened, metric, columns, launch, mode),
        on_note=add_note,
    )
with right:
    scoreboard.attention(notices, sum(standings.values()), exhibits.compared(faces))
scoreboard.goals(exhibits.goals_table(opened, faces, launch), exhibits.without_target(faces))

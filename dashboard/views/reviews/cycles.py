"""Cycles: what is being tried, who owns it, and what is next."""

import streamlit as st

from dashboard import records
from dashboard.components.cycle_board import cycle_board, new_cycle_link, team_link
from dashboard.components.filters import chosen_or_all, searched
from dashboard.components.reviews_page import open_reviews
from dashboard.exhibits import cycle_cards
from dashboard.format import plain

page = open_reviews("Cycles", "What we try, which metric will show it, and what came of it.")
who = page.who
known = records.cycles(who)
with st.container(horizontal=True, vertical_alignment="bottom"):
    team = chosen_or_all("Team", cycle_cards.teams(who), "board_team", "All teams")
    owner = chosen_or_all("Owner", cycle_cards.owners(known, who), "board_owner", "Everybody")
    sought = searched("Search past learning", "search", "Words of title or learning")
    new_cycle_link()
    team_link()
board = cycle_cards.board(page.page.opened, known, who, team, owner, sought)

st.caption(plain(cycle_cards.board_told(board, sought)))
cycle_board(board)
page.finish()

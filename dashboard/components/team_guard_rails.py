"""The guard-rails that every new plan of a team gets."""

from collections.abc import Sequence

import streamlit as st

from dashboard import plan_records, team_records
from dashboard.components.card_title import card_title
from dashboard.components.guard_rail_fields import guard_rail_fields
from dashboard.components.record_form import Saved, Sent, record_form, save_button
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import team_words
from dashboard.exhibits.guard_rail_options import RailOption, rail_options
from dashboard.format import plain
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import Direction
from pipelines.reviews.desk import TeamCard

Rails = Sequence[GuardRailDefault]
_WAYS = {
    None: "As the metric says",
    Direction.UP: "Up is better",
    Direction.DOWN: "Down is better",
    Direction.WITHIN: "It stays within a band",
}
_FIELDS = ("metric", "margin", "direction", "band_lo", "band_hi")


def guard_rails_card(page: ReviewsPage, team: TeamCard) -> None:
    """What is watched by default; buttons for who may change it."""
    rails, who = team.settings.guard_rails, page.who
    may = team_records.may_change(who, team.team_id)
    with st.container(border=True, gap="small"):
        card_title("Default guard-rails", "What must not get worse while something else is pushed.")
        if rails is None:
            st.markdown(team_words.RAILS_THAT_FIT)
        elif not rails:
            st.markdown(team_words.NO_RAILS)
        for place, rail in enumerate(rails or ()):
            _rail(page, team, place, rail, may=may)
        if not may:
            return
        if rails is not None:
            save_button(
                "rails_that_fit",
                "Take those that fit instead",
                lambda sent: _replaced(who, team, None, sent),
                version=team.row_version,
            )
        with st.expander("Add a guard-rail of our own", icon=":material/add:"):
            _add(page, team)


def _rail(
    page: ReviewsPage, team: TeamCard, place: int, rail: GuardRailDefault, *, may: bool
) -> None:
    opened, who = page.page.opened, page.who
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(team_words.rail_told(opened, rail)), width="stretch")
        if may:
            rest = [each for each in team.settings.guard_rails or () if each is not rail]
            name = team_words.rail_name(opened, rail)
            save_button(
                f"drop_rail_{place}",
                f"Take {plain(name)} out",
                lambda sent: _replaced(who, team, rest, sent),
                version=team.row_version,
            )


def _add(page: ReviewsPage, team: TeamCard) -> None:
    taken = {rail.metric_id for rail in team.settings.guard_rails or ()}
    options = rail_options(page.page.opened, taken)
    with record_form("add_default_rail", version=team.row_version, border=False) as form:
        guard_rail_fields(form, options, "Metric", unsaid="1 standard deviation")
        st.selectbox(
            "Which way is good?",
            list(_WAYS),
            format_func=lambda way: _WAYS[way],
            key=form.field("direction"),
        )
        with st.container(horizontal=True):
            st.number_input("Band from", value=None, format="%g", key=form.field("band_lo"))
            st.number_input("Band to", value=None, format="%g", key=form.field("band_hi"))
        form.submit(
            "Add the guard-rail",
            lambda sent: _added(page.who, team, options, sent),
            _FIELDS,
            is_primary=False,
        )


def _added(who: Speaker, team: TeamCard, options: dict[str, RailOption], sent: Sent) -> Saved:
    said = sent.answers
    chosen = options.get(said["metric"] or "")
    if chosen is None:
        raise NotAllowedError("Choose the metric that must not get worse.", "V2")
    # A metric that cannot be read as one series would guard no plan, and nobody would know.
    plan_records.suggested(who, team.team_id, chosen.card)
    lowest, highest = (amount_of_screen(said[each], chosen.unit) for each in ("band_lo", "band_hi"))
    rail = GuardRailDefault(
        chosen.card.metric_id,
        chosen.card.filters,
        direction=said["direction"],
        margin=amount_of_screen(said["margin"], chosen.unit),
        band_lo=lowest,
        band_hi=highest,
    )
    return _replaced(who, team, [*(team.settings.guard_rails or ()), rail], sent)


def _replaced(who: Speaker, team: TeamCard, rails: Rails | None, sent: Sent) -> Saved:
    team_records.change_guard_rails(who, team.team_id, sent.version, rails)
    return Saved("Saved. The next plan that is begun gets these guard-rails.")

"""How a team works: its settings, read by all, changed by who may."""

from typing import Any

import streamlit as st

from dashboard import team_records
from dashboard.components.card_title import card_title
from dashboard.components.cycle_sheet import labelled
from dashboard.components.record_form import RecordForm, Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import team_words
from dashboard.exhibits.team_words import RIGOUR
from dashboard.format import plain
from dashboard.records import Speaker
from dashboard.review_words import field_name
from pipelines.errors import StaleError
from pipelines.reviews.core.team_settings import AGENDA_MINUTES, LONGEST_BASELINE, TeamSettings
from pipelines.reviews.desk import TeamCard
from pipelines.reviews.rules.plan_rules import FEWEST_BASELINE

_SOLO = {
    None: "As launchloop.toml says",
    True: "Yes: one person may own, sign and facilitate",
    False: "No",
}
_FIELDS = (
    "rigour",
    "active_limit",
    "agenda_minutes",
    "is_text_only_preread",
    "baseline_periods",
    "ledger_from_points",
    "solo",
)


def settings_card(page: ReviewsPage, team: TeamCard) -> None:
    """The settings in words; a form for who may change them."""
    with st.container(border=True, gap="small"):
        card_title("Settings", "A lock takes them into its plan; later changes leave it alone.")
        if team_records.may_change(page.who, team.team_id):
            _form(page.who, team)
        else:
            labelled(team_words.setting_lines(team.settings))
            st.caption("A product manager, product owner or admin of the team changes them.")


def people_card(page: ReviewsPage, team: TeamCard) -> None:
    """Who is in the team, as launchloop.toml says."""
    with st.container(border=True, gap="small"):
        card_title("People", "Roles stand in launchloop.toml, under [[person]].")
        held = team_records.members(page.who, team.team_id)
        for name, roles in team_words.people_lines(held, page.who.names):
            with st.container(gap=None):
                st.markdown(plain(name))
                st.caption(plain(roles))


def _form(who: Speaker, team: TeamCard) -> None:
    seen = {name: _seen(team, name) for name in _FIELDS}
    with record_form("team", version=team.row_version, seen=seen, border=False) as form:
        _rigour(form, team.settings)
        _numbers(form, team.settings)
        st.selectbox(
            field_name("solo"),
            list(_SOLO),
            index=list(_SOLO).index(seen["solo"]),
            format_func=lambda choice: _SOLO[choice],
            key=form.field("solo"),
        )
        form.submit("Save the settings", lambda sent: _saved(who, team, sent), _FIELDS)


def _seen(team: TeamCard, name: str) -> Any:  # noqa: ANN401  whatever a setting holds
    """What the widget of a setting starts with; who works alone is known unless somebody said."""
    if name == "solo" and name not in team.chosen:
        return None
    return getattr(team.settings, name)


def _rigour(form: RecordForm, settings: TeamSettings) -> None:
    choices = list(RIGOUR)
    st.radio(
        field_name("rigour"),
        choices,
        index=choices.index(settings.rigour),
        format_func=lambda rigour: RIGOUR[rigour],
        key=form.field("rigour"),
    )


def _numbers(form: RecordForm, settings: TeamSettings) -> None:
    st.number_input(
        field_name("active_limit"),
        min_value=1,
        max_value=99,
        value=settings.active_limit,
        key=form.field("active_limit"),
        help="From planned to acting, not on hold. One more is warned of, not stopped (V12).",
    )
    st.radio(
        field_name("agenda_minutes"),
        AGENDA_MINUTES,
        index=AGENDA_MINUTES.index(settings.agenda_minutes),
        format_func=lambda minutes: f"{minutes} minutes",
        key=form.field("agenda_minutes"),
        horizontal=True,
    )
    st.checkbox(
        "Pre-read without charts",
        value=settings.is_text_only_preread,
        key=form.field("is_text_only_preread"),
    )
    st.number_input(
        "Baseline, in periods of the metric",
        min_value=FEWEST_BASELINE,
        max_value=LONGEST_BASELINE,
        value=settings.baseline_periods,
        key=form.field("baseline_periods"),
        help="Or what there is. Longer baselines prove smaller changes.",
    )
    st.number_input(
        "Items from how many points on get an outcome row",
        min_value=0.0,
        value=settings.ledger_from_points,
        placeholder="Releases only",
        format="%g",
        key=form.field("ledger_from_points"),
    )


def _saved(who: Speaker, team: TeamCard, sent: Sent) -> Saved:
    try:
        team_records.change(who, team.team_id, sent.version, sent.changed)
    except StaleError as problem:
        told = (team_words.stored_told(each) for each in (problem.theirs, problem.yours))
        raise StaleError(str(problem), *told) from problem
    return Saved("Saved. The next plan that is locked takes these settings.")

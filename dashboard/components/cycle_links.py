"""What a cycle belongs to: releases and backlog items that carry its change, and a theme."""

import streamlit as st

from dashboard import outcome_records, plan_records
from dashboard.components.card_title import card_title
from dashboard.components.record_form import LONGEST_LINE, Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import outcome_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import plain
from dashboard.records import Speaker
from pipelines.errors import UsageError
from pipelines.reviews.core.roles import Permission

RULE = "A release that carries the change does not count among what else moved the metric."


def links_card(shown: Sheet, page: ReviewsPage) -> None:
    """What is linked; for who may edit, a form each. Left out where neither has anything."""
    record, who = shown.record, page.who
    cycle = record.cycle
    may = who.may(Permission.EDIT, cycle.team_id, is_owner=cycle.owner_id == who.id)
    told = [
        *(f"Release {release}" for release in record.releases),
        *(f"Backlog item {item}" for item in record.work_items),
        *([f"Theme: {cycle.theme}"] if cycle.theme else []),
    ]
    if not told and not (may and cycle.is_open):
        return
    with st.container(border=True, gap="small"):
        card_title("Belongs to", RULE)
        for one in told:
            st.markdown(plain(one))
        if not told:
            st.caption("No release, backlog item or theme yet.")
        if may and cycle.is_open:
            with st.expander("Link a release, item or theme"):
                _delivery(shown, who)
                _theme(shown, who)


def _delivery(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    lines = {line.row.link_id: line for line in outcome_records.without_cycle(who, cycle.team_id)}
    if not lines:
        st.caption("Every known release and large item belongs to a cycle already.")
        return
    with record_form("link_delivery", border=False) as form:
        st.selectbox(
            "Release or backlog item",
            list(lines),
            index=None,
            format_func=lambda one: f"{lines[one].title} · {outcome_words.line_told(lines[one])}",
            placeholder="Choose one",
            key=form.field("link"),
        )
        form.submit(
            "Link it",
            lambda sent: _linked(who, cycle.cycle_id, sent),
            ("link",),
            is_primary=False,
        )


def _theme(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    seen = {"theme": cycle.theme or ""}
    with record_form("theme", version=cycle.row_version, seen=seen, border=False) as form:
        st.text_input("Theme", value=seen["theme"], key=form.field("theme"), max_chars=LONGEST_LINE)
        form.submit(
            "Save the theme",
            lambda sent: _themed(who, cycle.cycle_id, sent),
            ("theme",),
            is_primary=False,
        )


def _linked(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    chosen = sent.answers["link"]
    if chosen is None:
        raise UsageError("Choose a release or a backlog item first.")
    row = next(line.row for line in outcome_records.ledger(who).lines if line.row.link_id == chosen)
    plan_records.link_delivery(who, cycle_id, row.release_id, row.work_item_key)
    return Saved("Linked.")


def _themed(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    theme = (sent.answers["theme"] or "").strip()
    plan_records.edit(who, cycle_id, sent.version, {"theme": theme or None})
    return Saved("Saved.")

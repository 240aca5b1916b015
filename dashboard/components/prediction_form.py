"""A prediction is written before its release, in a card of the ledger, and locked there."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard import data, outcome_records
from dashboard.components.filters import chosen_or_all
from dashboard.components.new_cycle import metrics_with_periods
from dashboard.components.record_form import (
    DAY_FORMAT,
    RecordForm,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits.plan_words import amount_label
from dashboard.format import day, plain
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.errors import UsageError
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.core.terms import Direction
from pipelines.reviews.outcome.page import LedgerLine
from pipelines.reviews.outcomes import Prediction

_FIELDS = ("direction", "expected", "smallest", "confidence", "review_on")
_PERCENT = 100
_WAYS = {Direction.UP: "Up", Direction.DOWN: "Down"}


def prediction_form(line: LedgerLine, page: ReviewsPage) -> None:
    """Metric first, for it says what the amounts are counted in; then the rest, then the lock."""
    who = page.who
    if not outcome_records.may(who, Permission.EDIT, line):
        st.caption("Members with the right to edit write the prediction.")
        return
    link_id, row = line.row.link_id, line.row
    with st.expander("Write the prediction" if row.metric_id is None else "Change it or lock it"):
        names = metrics_with_periods(page.page.opened)
        known = {row.metric_id: line.metric_name} if row.metric_id else {}
        chosen = chosen_or_all("Metric", known | names, f"predict_{link_id}", "Choose a metric")
        metric_id = chosen or row.metric_id
        if metric_id is None:
            st.caption("Which metric should move? What it is counted in follows from it.")
            return
        _amounts(line, page, metric_id)
        if not line.missing and metric_id == row.metric_id:
            _lock(line, who)


def _amounts(line: LedgerLine, page: ReviewsPage, metric_id: str) -> None:
    row, who = line.row, page.who
    is_same = metric_id == row.metric_id
    card = card_of_key(metric_id, (row.segment_key if is_same else None) or "")
    unit = line.unit if is_same else data.subject(page.page.opened, metric_id).unit
    seen = {
        "direction": row.expected_direction if is_same else None,
        "expected": amount_on_screen(row.expected_effect, unit) if is_same else None,
        "smallest": amount_on_screen(row.min_effect, unit) if is_same else None,
        "confidence": None if row.confidence is None else _PERCENT * row.confidence,
        "review_on": row.review_on or _suggested(who, card, row.released_on),
    }
    name = f"predict_{row.link_id}_{metric_id}"
    with record_form(name, version=line.row_version, seen=seen, border=False) as form:
        _fields(form, seen, unit, row.released_on)
        form.submit(
            "Save the prediction", lambda sent: _save(who, line, card, unit, sent), _FIELDS,
            is_primary=bool(line.missing),
        )  # fmt: skip


def _fields(form: RecordForm, seen: Mapping[str, object], unit: str, released_on: date) -> None:
    way = seen["direction"]
    st.radio(
        "It goes", list(_WAYS), format_func=lambda each: _WAYS[each], horizontal=True,
        index=list(_WAYS).index(way) if isinstance(way, Direction) else None,
        key=form.field("direction"),
    )  # fmt: skip
    for name, label in (
        ("expected", "Expected change"), ("smallest", "Smallest change worth having"),
    ):  # fmt: skip
        st.number_input(
            amount_label(label, unit), min_value=0.0, value=seen[name], format="%g",
            key=form.field(name), placeholder="A number above 0",
        )  # type: ignore[call-overload]  # fmt: skip
    st.number_input(
        "How sure are you that it improves? (per cent)", min_value=0.0, max_value=100.0,
        value=seen["confidence"], format="%g", key=form.field("confidence"), placeholder="0 to 100",
        help="Your probability of the verdict “improved”. Later it is held against what came.",
    )  # type: ignore[call-overload]  # fmt: skip
    st.date_input(
        "Judged on", value=seen["review_on"], format=DAY_FORMAT, key=form.field("review_on"),
        help=f"After the release on {day(released_on)}; filled in with the first day on which "
        "enough periods are complete.",
    )  # type: ignore[call-overload]  # fmt: skip


def _suggested(who: Speaker, card: Card, released_on: date) -> date | None:
    try:
        return outcome_records.suggested_review(who, card, released_on)
    except UsageError:
        return None


def _save(who: Speaker, line: LedgerLine, card: Card, unit: str, sent: Sent) -> Saved:
    said, row = sent.answers, line.row
    sure = said["confidence"]
    prediction = Prediction(
        card=card,
        direction=said["direction"],
        expected_effect=amount_of_screen(said["expected"], unit),
        min_effect=amount_of_screen(said["smallest"], unit),
        confidence=None if sure is None else sure / _PERCENT,
        review_on=said["review_on"],
        rice_impact=row.rice_impact,
        exposure_event=row.exposure_event,
        cycle_id=row.cycle_id,
    )
    outcome_records.predict(who, row.link_id, sent.version, prediction, sent.key)
    return Saved(f"The prediction for {line.title} is saved. It counts once it is locked.")


def _lock(line: LedgerLine, who: Speaker) -> None:
    if not outcome_records.may(who, Permission.LOCK, line):
        st.caption("A product manager or product owner locks it.")
        return
    out = day(line.row.released_on)
    st.caption(plain(f"Locked, it is judged as it is written. Release: {out}."))
    save_button(
        f"lock_{line.row.link_id}", "Lock the prediction", lambda sent: _locked(who, line, sent),
        version=line.row_version, is_primary=True, icon=":material/lock:",
    )  # fmt: skip


def _locked(who: Speaker, line: LedgerLine, sent: Sent) -> Saved:
    outcome_records.lock(who, line.row.link_id, sent.version, sent.key)
    return Saved(f"The prediction for {line.title} is locked.")

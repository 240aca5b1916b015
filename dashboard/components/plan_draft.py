"""A draft before its lock: what it can show, what stands in the way, and the five answers."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard import records
from dashboard.components.card_title import card_title
from dashboard.components.cycle_check import LONGEST_TEXT
from dashboard.components.new_cycle import DAY_FORMAT, LONGEST_LINE
from dashboard.components.record_form import Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import plan_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.exhibits.plan_words import amount_label
from dashboard.format import plain
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.reviews.card import Card
from pipelines.reviews.plan import PlanMetric
from pipelines.reviews.planning import Preview, Said
from pipelines.reviews.roles import Permission
from pipelines.reviews.terms import Level, MetricRole, Rigour

_IDEA = ("hypothesis_change", "hypothesis_because", "owner_id", "due_on")
_REASONS = ("problem", "root_cause", "root_cause_method")
_DATES = ("start_on", "check_not_before", "check_due_on")


def lock_card(shown: Sheet, found: Preview, page: ReviewsPage) -> None:
    """Chances first, then what the rules say, then the lock."""
    cycle, who = shown.record.cycle, page.who
    blocks, warns = plan_words.split_findings(found.findings)
    with st.container(border=True, gap="small"):
        card_title("Before the lock", "After it the plan stays as it is.")
        for sentence in plan_words.outlook_told(found):
            st.markdown(plain(sentence))
        for each in (*blocks, *warns):
            icon = "block" if each.level is Level.BLOCKS else "warning"
            st.markdown(f":material/{icon}: {plain(each.sentence)} ({each.rule})")
        if not blocks:
            st.markdown(":material/check: Nothing stands in the way.")
        if not who.may(Permission.LOCK, cycle.team_id):
            st.caption("A product manager or product owner locks the plan.")
            return
        with record_form("lock", version=cycle.row_version, border=False) as form:
            fields: tuple[str, ...] = ()
            if not found.plan.of_role(MetricRole.GUARD_RAIL):
                st.text_input(
                    "Why is there no guard-rail?",
                    value=found.suggested_waiver,
                    key=form.field("waiver"),
                    max_chars=LONGEST_TEXT,
                )
                fields = ("waiver",)
            form.submit("Lock the plan", lambda sent: _locked(who, cycle.cycle_id, sent), fields)


def _locked(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    said = Said(waiver=sent.answers.get("waiver") or None)
    records.lock(who, cycle_id, sent.version, said, sent.key)
    return Saved("The plan is locked. Start the first action when the work begins.")


def idea_card(shown: Sheet, found: Preview, page: ReviewsPage) -> None:
    """The answers that a person gave, open to changes; only the owner and managers may."""
    cycle, who = shown.record.cycle, page.who
    people = list(records.people())
    wants_all = found.plan.rigour is Rigour.STANDARD
    fields = (*_REASONS, *_IDEA) if wants_all else _IDEA
    seen = {name: getattr(cycle, name) or _nothing(name) for name in fields}
    with st.container(border=True, gap="small"):
        card_title("What we try")
        with record_form("idea", version=cycle.row_version, seen=seen, border=False) as form:
            if wants_all:
                _reasons(seen, form.field)
            st.text_input(
                "What do we change?",
                value=seen["hypothesis_change"],
                key=form.field("hypothesis_change"),
                max_chars=LONGEST_LINE,
            )
            st.text_input(
                "Why should it help?",
                value=seen["hypothesis_because"],
                key=form.field("hypothesis_because"),
                max_chars=LONGEST_LINE,
            )
            st.selectbox(
                "Who owns it?",
                people,
                index=people.index(cycle.owner_id) if cycle.owner_id in people else None,
                format_func=who.name,
                key=form.field("owner_id"),
            )
            st.date_input(
                "When does it go live?",
                value=cycle.due_on,
                format=DAY_FORMAT,
                key=form.field("due_on"),
            )
            form.submit(
                "Save the answers",
                lambda sent: _edited(who, cycle.cycle_id, sent),
                fields,
                is_primary=False,
            )


def _nothing(name: str) -> str | None:
    return None if name in {"owner_id", "due_on"} else ""


def _reasons(seen: Mapping[str, Any], key: Callable[[str], str]) -> None:
    labels = ("What is the problem?", "What causes it?", "How was the cause found?")
    for name, label in zip(_REASONS, labels, strict=True):
        st.text_input(label, value=seen[name], key=key(name), max_chars=LONGEST_TEXT)


def _edited(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    records.edit(who, cycle_id, sent.version, sent.changed)
    return Saved("Saved.")


def filled_in(shown: Sheet, found: Preview, page: ReviewsPage) -> None:
    """Everything else, folded: amounts, guard-rails, dates, confounders."""
    plan, primary = found.plan, found.plan.primary
    is_open = plan.rigour is Rigour.STANDARD
    with st.expander("Filled in for you", expanded=is_open, icon=":material/auto_fix_high:"):
        if primary is not None:
            name, unit = found.names[primary.metric_id], found.units[primary.metric_id]
            st.caption(plain(plan_words.baseline_told(plan.baseline, name, unit, primary.grain)))
            _amounts(shown, primary, unit, page.who)
        for rail in plan.of_role(MetricRole.GUARD_RAIL):
            _guard_rail(shown, rail, found, page.who)
        _dates(shown, page.who)
        if plan.confounders:
            st.caption(plain(f"Also at work: {'; '.join(plan.confounders)}."))


def _amounts(shown: Sheet, metric: PlanMetric, unit: str, who: Speaker) -> None:
    cycle_id = shown.record.cycle.cycle_id
    names = ("min_effect", "expected_effect", "target_value")
    labels = ("Smallest change worth having", "Expected change", "Target")
    seen = {name: amount_on_screen(getattr(metric, name), unit) for name in names}
    seen["min_post_points"] = metric.min_post_points
    seen["lag_periods"] = metric.lag_periods
    version = shown.record.metric_versions[metric.metric_id]
    with record_form("amounts", version=version, seen=seen) as form:
        for name, label in zip(names, labels, strict=True):
            st.number_input(
                amount_label(label, "%" if name == "target_value" and unit == "share" else unit),
                value=seen[name],
                format="%g",
                key=form.field(name),
            )
        st.number_input(
            f"Periods to wait for, each a {metric.grain}",
            min_value=8,
            max_value=104,
            value=metric.min_post_points,
            key=form.field("min_post_points"),
        )
        st.number_input(
            f"Periods before an effect can show, each a {metric.grain}",
            min_value=0,
            max_value=52,
            value=metric.lag_periods,
            key=form.field("lag_periods"),
        )
        form.submit(
            "Save the amounts",
            lambda sent: _saved_metric(who, cycle_id, metric, unit, sent),
            tuple(seen),
            is_primary=False,
        )


def _saved_metric(who: Speaker, cycle_id: str, metric: PlanMetric, unit: str, sent: Sent) -> Saved:
    counts = {"min_post_points", "lag_periods"}
    columns = {
        name: value if name in counts else amount_of_screen(value, unit)
        for name, value in sent.changed.items()
    }
    card = Card.of_filters(metric.metric_id, metric.filters, metric.grain)
    records.edit_metric(who, cycle_id, card, metric.role, sent.version, columns)
    return Saved("Saved.")


def _guard_rail(shown: Sheet, rail: PlanMetric, found: Preview, who: Speaker) -> None:
    name, unit = found.names[rail.metric_id], found.units[rail.metric_id]
    cycle_id = shown.record.cycle.cycle_id
    seen = {"margin": amount_on_screen(rail.margin, unit)}
    version = shown.record.metric_versions[rail.metric_id]
    with record_form(f"rail_{rail.metric_id}", version=version, seen=seen) as form:
        st.markdown(f"Guard-rail: {plain(name)}")
        st.caption(plain(plan_words.guard_told(rail, name, unit)))
        st.number_input(
            amount_label("Largest harm that is tolerated", unit),
            min_value=0.0,
            value=seen["margin"],
            format="%g",
            key=form.field("margin"),
        )
        with st.container(horizontal=True):
            form.submit(
                "Save the margin",
                lambda sent: _saved_metric(who, cycle_id, rail, unit, sent),
                ("margin",),
                is_primary=False,
            )


def _dates(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    seen = {name: getattr(cycle, name) for name in _DATES}
    labels = ("The change begins on", "Check not before", "Check due by")
    with record_form("dates", version=cycle.row_version, seen=seen) as form:
        for name, label in zip(_DATES, labels, strict=True):
            st.date_input(label, value=seen[name], format=DAY_FORMAT, key=form.field(name))
        form.submit(
            "Save the dates",
            lambda sent: _edited(who, cycle.cycle_id, sent),
            _DATES,
            is_primary=False,
        )

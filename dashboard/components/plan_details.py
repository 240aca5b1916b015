"""What is filled in for a draft: amounts, guard-rails, dates; all of it open to changes."""

from collections.abc import Mapping

import streamlit as st

from dashboard import plan_records
from dashboard.components.guard_rail_fields import guard_rail_fields
from dashboard.components.record_form import DAY_FORMAT, Saved, Sent, record_form, save_button
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import plan_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.exhibits.guard_rail_options import RailOption, rail_options
from dashboard.exhibits.plan_words import amount_label
from dashboard.format import plain
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen, amount_on_screen
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import MetricRole, Rigour
from pipelines.reviews.cycle.planning import Preview

_DATES = ("start_on", "check_not_before", "check_due_on")


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
        if primary is not None:
            _add_rail(shown, page)
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
    plan_records.edit_metric(who, cycle_id, card, metric.role, sent.version, columns)
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
        form.submit(
            "Save the margin",
            lambda sent: _saved_metric(who, cycle_id, rail, unit, sent),
            ("margin",),
            is_primary=False,
        )
    save_button(
        f"drop_{rail.metric_id}",
        f"Take {plain(name)} out",
        lambda sent: _dropped(who, cycle_id, rail.metric_id, name, sent),
        version=version,
    )


def _dropped(who: Speaker, cycle_id: str, metric_id: str, name: str, sent: Sent) -> Saved:
    plan_records.drop_metric(who, cycle_id, metric_id, sent.version)
    return Saved(f"{name} is no guard-rail any more.")


def _add_rail(shown: Sheet, page: ReviewsPage) -> None:
    """Any other metric with periods as a guard-rail; its margin is typed with it."""
    cycle_id = shown.record.cycle.cycle_id
    usable = rail_options(page.page.opened, {each.metric_id for each in shown.record.metrics})
    with record_form("add_rail") as form:
        guard_rail_fields(form, usable, "Another guard-rail")
        form.submit(
            "Add the guard-rail",
            lambda sent: _railed(page, cycle_id, usable, sent),
            ("metric", "margin"),
            is_primary=False,
        )


def _railed(
    page: ReviewsPage, cycle_id: str, usable: Mapping[str, RailOption], sent: Sent
) -> Saved:
    chosen, margin = usable.get(sent.answers["metric"] or ""), sent.answers["margin"]
    if chosen is None or not margin:
        raise NotAllowedError("Choose a metric, and say how much harm is tolerated.", "V2")
    columns = {"margin": amount_of_screen(margin, chosen.unit)}
    plan_records.edit_metric(page.who, cycle_id, chosen.card, MetricRole.GUARD_RAIL, None, columns)
    return Saved("The guard-rail is added.")


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


def _edited(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    plan_records.edit(who, cycle_id, sent.version, sent.changed)
    return Saved("Saved.")

"""Every component and chart on one page, with made-up rows: the frame's own test page."""

from datetime import UTC, date, datetime

import rows
import streamlit as st

from dashboard.attention import Notice
from dashboard.card_words import card_words
from dashboard.charts import alt
from dashboard.charts.ageing import ageing
from dashboard.charts.cohort_grid import cohort_grid
from dashboard.charts.funnel_bars import funnel_bars
from dashboard.charts.headline import evidence, headline
from dashboard.charts.histogram import histogram
from dashboard.charts.range_bars import Range, range_bars
from dashboard.charts.segment_lines import largest_segments, segment_lines
from dashboard.charts.sparkline import sparkline
from dashboard.charts.stacked_bars import Part, stacked_bars
from dashboard.charts.step_lines import step_lines
from dashboard.charts.theme import THEMES, tone_color
from dashboard.charts.trend import trend
from dashboard.components import banners, filters
from dashboard.components.appearance import mode
from dashboard.components.chart_card import ChartCard, chart_card
from dashboard.components.empty_state import empty_state
from dashboard.components.metric_card import metric_card
from dashboard.components.page_head import page_head
from dashboard.facts import Comparison, Marker, Provenance, Reading, Subject, Target, newest

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
SOURCE = Provenance("20261102T060000Z-0f3a9c1d", NOW, "Europe/Berlin")
SHARE = Subject(
    "activation_rate",
    "Activation rate",
    "share",
    "up",
    "Share of new users who share a report within 7 days of signing up.",
    "members doing all activation events within 7 d / members",
)
MONEY = Subject("mrr", "Monthly recurring revenue", "EUR", "up", "Sum of subscriptions.", "Σ")
DAYS = Subject("cycle_time", "Cycle time, p85", "days", "down", "Start to done.", "done − start")
NPS = Subject("nps", "NPS <script>alert(1)</script>", "points", "up", "Promoters.", "P − D")
ROSE = Comparison(
    "higher",
    0.381,
    0.447,
    0.066,
    0.031,
    0.101,
    812,
    846,
    "the 4 weeks to 26 Oct 2026 against the 4 before",
    "vs 4 weeks before",
)
SAME = Comparison("no_clear_change", 6.0, 6.4, 0.4, -1.1, 1.9, 12, 12, smallest_visible=2.1)
MARKERS = (
    Marker(date(2026, 6, 16), "v2.1"),
    Marker(date(2026, 6, 18), "Checkout broken <img src=x>", "incident"),
    Marker(date(2026, 7, 14), "v2.2 onboarding for everybody"),
    Marker(date(2026, 9, 7), "v2.3"),
)
GOAL = Target(0.45)
theme = THEMES[mode()]
week = {"period": rows.week(24), "period_end": rows.week(25)}


def reading(value: float | None, **more: object) -> Reading:
    known = {**rows.row(24, value), **more}
    return Reading(**{key: known[key] for key in rows.SCHEMA})


head = page_head("Launch health", SOURCE, is_simulated=True)
with head.filters:
    filters.picked("Survey", {"a": "Relationship", "b": "After <b>support</b>"}, "survey")
    filters.chosen_segment({"platform": ["web", "ios"], "plan": ["team"]})
filters.chosen_span(date(2026, 11, 1), date(2026, 5, 4))

activation = rows.activation()
few = reading(4 / 9, n=9, total=4.0, low=0.19, high=0.73, status="too_few")
none = reading(None, n=0, total=None, status="no_data", note="No answers in this period.")
faces = [
    (SHARE, newest(activation), {"comparison": ROSE, "target": GOAL}),
    (SHARE, few, {"target": GOAL}),
    (DAYS, reading(6.4, low=5.0, high=9.0), {"comparison": SAME}),
    (MONEY, reading(48210.5), {"target": Target(50000)}),
    (NPS, none, {}),
]
with st.grid(4, min_column_width=220):
    for subject, shown, more in faces:
        words = card_words(subject, shown, SOURCE, **more)
        course = sparkline(activation, subject, tone_color(theme, words.tone))
        metric_card(words, course if shown is not few and shown is not none else None)

chart_card(
    ChartCard(
        key="activation",
        headline=headline(SHARE, ROSE),
        rule=SHARE.definition,
        figure=trend(activation, SHARE, theme, target=GOAL, markers=MARKERS),
        alt=alt.trend_alt(activation, SHARE, comparison=ROSE, target=GOAL, markers=MARKERS),
        table=activation,
        evidence=evidence(SHARE, ROSE),
        note_on=NOW.date(),
        markers=MARKERS,
    ),
    on_note=lambda on, text: f"Noted for {on}: {text}",
)

LIFE = (
    Part("returning", "Returning", 0),
    Part("new", "New", 1),
    Part("resurrected", "Resurrected", 3),
    Part("dormant", "Dormant", 5, is_loss=True),
)
WORK = ("In Progress", "Review")
FINISHED = ((50, 4.0), (85, 11.0))
NEXT = Range(22.0, 36.0, 0.78)
platforms = rows.by_platform()
cards = [
    ChartCard(
        "lifecycle",
        "Weekly active users by where they came from",
        "Dormant: active the week before, not this week.",
        stacked_bars(rows.lifecycle(), LIFE, "count", theme, markers=MARKERS),
        alt.stacked_alt(rows.lifecycle(), LIFE, "Lifecycle", "count"),
        rows.lifecycle(),
    ),
    ChartCard(
        "retention",
        "Retention by weekly cohort",
        "Share of each cohort that came back in that week.",
        cohort_grid(rows.cohorts(), "week", theme),
        alt.cohort_alt(rows.cohorts(), "Retention", "week"),
        rows.cohorts(),
    ),
    ChartCard(
        "funnel",
        "Landing to purchase",
        "Within 14 days of the first step.",
        funnel_bars(rows.funnel(), theme),
        alt.funnel_alt(rows.funnel(), "Landing to purchase"),
        rows.funnel(),
    ),
    ChartCard(
        "burn_up",
        "Sprint 14: 21 of 37 points done",
        "Points in the sprint, and points done, by day.",
        step_lines(
            rows.burn_up(),
            "points",
            theme,
            ideal=((date(2026, 10, 5), 0.0), (date(2026, 10, 16), 37.0)),
        ),
        alt.steps_alt(rows.burn_up(), "Sprint 14", "points", date(2026, 10, 16)),
        rows.burn_up(),
    ),
    ChartCard(
        "days_active",
        "On how many of 28 days people were active",
        "Share of active people.",
        histogram(rows.active_days(), "active days", "share", theme),
        alt.histogram_alt(rows.active_days(), "Active days", "active days", "share"),
        rows.active_days(),
    ),
    ChartCard(
        "ageing",
        "Work in progress by age",
        "Days since work began.",
        ageing(rows.ageing_items(), WORK, theme, percentiles=FINISHED),
        alt.ageing_alt(rows.ageing_items(), "Ageing work", FINISHED),
        rows.ageing_items(),
    ),
    ChartCard(
        "velocity",
        "Points finished per sprint",
        "In the sprint and done at its close.",
        range_bars(rows.sprints(), "points", theme, following=NEXT),
        alt.range_alt(rows.sprints(), "Velocity", "points", NEXT),
        rows.sprints(),
    ),
    ChartCard(
        "by_platform",
        "Activation rate by platform",
        "Share of new users, by platform at sign-up.",
        segment_lines(platforms, SHARE, theme),
        alt.segment_alt(platforms, SHARE, largest_segments(platforms)),
        platforms,
    ),
    ChartCard(
        "young",
        "Time to value",
        "Hours from sign-up.",
        None,
        "",
        rows.frame([]),
        empty="No cohort is 7 days old yet.",
    ),
]
with st.grid(2, min_column_width=360):
    for card in cards:
        chart_card(card)

banners.troubled([Notice("source", "product events is stale: its data end on 28 Oct 2026.")])
banners.refresh_failed("I1 does not hold in 2 weeks.", "2026-11-01T06:00:00+00:00", NOW)
empty_state(
    "No target set",
    "A line in launchloop.toml sets one.",
    code='[[target]]\nmetric = "activation_rate"\nvalue = 0.45\n',
)

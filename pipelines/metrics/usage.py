"""Usage: who comes, who stays, who reaches first value, and what they use."""

from datetime import timedelta

from pipelines.metrics.definition import (
    Better,
    Family,
    Metric,
    MinimumN,
    Settling,
    Uncertainty,
    Unit,
)
from pipelines.metrics.measures.activation import ActivationRate, TimeToValue
from pipelines.metrics.measures.active import CALENDAR, ActiveUsers
from pipelines.metrics.measures.adoption import FeatureAdoption
from pipelines.metrics.measures.days_active import DaysActive, Stickiness
from pipelines.metrics.measures.funnel import FunnelConversion
from pipelines.metrics.measures.lifecycle import Lifecycle
from pipelines.metrics.measures.retention import Retention

_EVENTS = ("events",)
_SEGMENTS = ("events", "users", "accounts")
_CALENDAR_GRAINS = ("week", "day", "month", "quarter", "year")

METRICS = (
    Metric(
        id="dau",
        name="Daily active users",
        family=Family.USAGE,
        question="How many people use the product on a day?",
        definition="Distinct persons with at least one active event on the day.",
        formula="|{person: ≥ 1 active event on the day}|",
        unit=Unit.COUNT,
        better=Better.UP,
        reader="PM",
        measure=ActiveUsers({"calendar": CALENDAR}, {"day": "calendar"}),
        needs=_EVENTS,
        every=("day",),
        neighbours=("wau", "mau"),
        settles=Settling.PERIOD,
        segments=_SEGMENTS,
        source="PostHog",
    ),
    Metric(
        id="wau",
        name="Weekly active users",
        family=Family.USAGE,
        question="How many people use the product in a week?",
        definition="Distinct persons with an active event in the 7 days up to the day (day axis), "
        "or in the calendar week (week axis).",
        formula="|{person: ≥ 1 active event in d−6 … d}|",  # noqa: RUF001
        unit=Unit.COUNT,
        better=Better.UP,
        reader="PM",
        measure=ActiveUsers(
            {"trailing": 7, "calendar": CALENDAR}, {"day": "trailing", "week": "calendar"}
        ),
        needs=_EVENTS,
        every=("week", "day"),
        neighbours=("mau",),
        variants={
            "trailing": "The 7 days up to the period's last day.",
            "calendar": "Distinct persons in the whole week.",
        },
        settles=Settling.PERIOD,
        segments=_SEGMENTS,
        source="PostHog",
    ),
    Metric(
        id="mau",
        name="Monthly active users",
        family=Family.USAGE,
        question="How many people use the product in a month?",
        definition="Distinct persons with an active event in the 28 days up to the day (day axis), "
        "or in the calendar month (month axis).",
        formula="|{person: ≥ 1 active event in d−27 … d}|",  # noqa: RUF001
        unit=Unit.COUNT,
        better=Better.UP,
        reader="PM",
        measure=ActiveUsers(
            {"trailing_28": 28, "trailing_30": 30, "calendar": CALENDAR},
            {"day": "trailing_28", "week": "trailing_28", "month": "calendar"},
        ),
        needs=_EVENTS,
        every=("month", "day", "week"),
        variants={
            "trailing_28": "The 28 days up to the period's last day: whole weeks.",
            "trailing_30": "The 30 days up to the period's last day.",
            "calendar": "Distinct persons in the whole calendar period.",
        },
        settles=Settling.PERIOD,
        segments=_SEGMENTS,
        source="PostHog",
    ),
    Metric(
        id="stickiness",
        name="Stickiness",
        family=Family.USAGE,
        question="How often do people come back?",
        definition="Mean share of the last 28 days on which an active person was active.",
        formula="Σ days active / (28 · persons active in the 28 days)",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=Stickiness({None: 28, "dau_mau_30": 30, "wau_mau": 28}),
        needs=_EVENTS,
        every=("day", "week", "month"),
        variants={
            "dau_mau_30": "Over 30 days.",
            "wau_mau": "Share of the persons of 28 days who were active in the last 7.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.STUDENT,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        source="Mixpanel, Amplitude",
    ),
    Metric(
        id="days_active",
        name="Days active",
        family=Family.USAGE,
        question="On how many of 28 days do people come?",
        definition="Share of the persons active in the last 28 days who were active on exactly "
        "that many of them.",
        formula="persons active on exactly k days / active persons",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=DaysActive(),
        needs=_EVENTS,
        every=("day", "week", "month"),
        variants={
            "exact": "On exactly k days (the default).",
            "at_least": "On at least k days.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        source="PostHog, Amplitude",
    ),
    Metric(
        id="lifecycle",
        name="Lifecycle",
        family=Family.USAGE,
        question="Where does the change in active users come from?",
        definition="Active persons who are new (first active ever), returning (active in the "
        "period before) or resurrected (active earlier), and dormant ones (active in the period "
        "before, not now).",
        formula="active = new + returning + resurrected; before = returning + dormant",
        unit=Unit.COUNT,
        better=Better.NONE,
        reader="PM",
        measure=Lifecycle(),
        needs=_EVENTS,
        every=_CALENDAR_GRAINS,
        variants={
            "new_by_account_created": "New = signed up in the period. For reconciliation only: it "
            "breaks after back-fills.",
        },
        settles=Settling.PERIOD,
        segments=_SEGMENTS,
        source="PostHog, Amplitude, Statsig",
    ),
    Metric(
        id="retention",
        name="Retention",
        family=Family.USAGE,
        question="Do new users stay?",
        definition="Share of the persons whose first start event fell in an interval that did a "
        "return event in the k-th interval after it.",
        formula="members with a return event in interval k / members",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=Retention(),
        needs=_EVENTS,
        every=(*_CALENDAR_GRAINS, "total"),
        variants={
            "simple": "The average over cohorts weighs each cohort alike, not each person.",
            "unbounded": "Returned in interval k or later; still growing.",
            "recurring": "Any start event: a person may sit in several cohorts.",
            "rolling_24h": "Intervals of 24 hours from the person's own first event.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        source="PostHog, Mixpanel, Amplitude",
    ),
    Metric(
        id="activation_rate",
        name="Activation rate",
        family=Family.USAGE,
        question="Do new users reach first value?",
        definition="Share of those who signed up that did every activation event within the "
        "window (7 days unless launchloop.toml says otherwise).",
        formula="members with all activation events in time / members whose window is over",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=ActivationRate(),
        needs=_EVENTS,
        every=(*_CALENDAR_GRAINS, "total"),
        variants={
            "1d": "Within 1 day.",
            "14d": "Within 14 days.",
            "28d": "Within 28 days.",
            "any": "At any time.",
        },
        settles=Settling.MEMBER,
        settles_after=timedelta(days=7),
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        setting="usage.activation",
    ),
    Metric(
        id="time_to_value",
        name="Time to value",
        family=Family.USAGE,
        question="How soon do new users reach first value?",
        definition="Median and 85th percentile of the hours from sign-up to activation over the "
        "whole settled cohort; those not activated rank as longer than the window.",
        formula="p50, p85 of activated_at − signed_up_at",  # noqa: RUF001
        unit=Unit.HOURS,
        better=Better.DOWN,
        reader="PM",
        measure=TimeToValue(),
        needs=_EVENTS,
        every=(*_CALENDAR_GRAINS, "total"),
        settles=Settling.MEMBER,
        settles_after=timedelta(days=7),
        uncertainty=Uncertainty.ORDER,
        minimum=MinimumN.QUANTILE,
        segments=_SEGMENTS,
        setting="usage.activation",
    ),
    Metric(
        id="feature_adoption",
        name="Feature adoption",
        family=Family.USAGE,
        question="Who uses the feature?",
        definition="Share of the persons active in the last 28 days who used the feature in them. "
        "Access is not known, so every active person is eligible.",
        formula="persons using the feature / active persons",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="both",
        measure=FeatureAdoption(),
        needs=_EVENTS,
        every=("week", "day", "month"),
        variants={
            "impact_style": "Of the persons who did an activation event in the 28 days, those "
            "who used the feature in them. Users of a feature choose it: no cause is shown.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        things="select feature_id as id, feature_id as name from settings.features order by 1",
        of_kind="feature",
        setting="usage.features",
        source="Mixpanel",
    ),
    Metric(
        id="funnel",
        name="Funnel conversion",
        family=Family.USAGE,
        question="Where do people give up?",
        definition="Share of the persons who began the funnel that reached a step within the "
        "window of their deepest settled attempt, each counted once.",
        formula="persons who reached step k / persons who began",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="both",
        measure=FunnelConversion(),
        needs=_EVENTS,
        every=(*_CALENDAR_GRAINS, "total"),
        variants={
            "strict": "No other event may lie between two steps.",
            "any_order": "Any step begins an attempt; distinct steps count.",
            "totals": "Attempts instead of persons.",
            "window_from_previous_step": "The window runs from step to step.",
            "exposed_denominator": "Every step as a share of all persons active in the period, "
            "whether they began or not.",
        },
        settles=Settling.MEMBER,
        settles_after=timedelta(days=14),
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=_SEGMENTS,
        things="select funnel_id as id, name from settings.funnels order by 1",
        of_kind="funnel",
        setting="funnels",
        source="PostHog, Mixpanel, Amplitude, GrowthBook",
    ),
)

"""Quality: how changes reach production, and what they break there."""

from dataclasses import replace
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
from pipelines.metrics.measures.dora_failures import ChangeFailRate
from pipelines.metrics.measures.flow_counts import Counted
from pipelines.metrics.measures.flow_durations import Durations, Origin
from pipelines.metrics.measures.flow_shares import Reopened
from pipelines.metrics.sprints import TEAMS

_WEEKS = ("week", "day", "month", "quarter", "year", "total")
_MONTHS = ("month", "day", "week", "quarter", "year", "total")
_WEEK = timedelta(days=7)
_FORTNIGHT = timedelta(days=14)

_LEAD = Origin(
    table="marts.commits",
    day="deployed_on",
    duration="lead_hours",
    where="deployed_on is not null and lead_hours is not null",
    clock=("deployments",),
    nobody="No linked commit reached production in this period.",
)
_RESTORED = Origin(
    table="marts.deployments",
    day="started_on",
    duration="date_diff('microsecond', started_at, restored_at) / 3600000000.0",
    where="is_failed",
    clock=("deployments",),
    nobody="No deployment to production failed in this period.",
)

METRICS: tuple[Metric, ...] = (
    Metric(
        id="deploy_frequency",
        name="Deployment frequency",
        family=Family.QUALITY,
        question="How often do we ship?",
        definition="Deployments to production that ended well, dated by their start.",
        formula="successful production deployments",
        unit=Unit.COUNT,
        better=Better.UP,
        reader="PO",
        measure=Counted(
            table="marts.deployments",
            day="started_on",
            where="is_success",
            distinct_days="days",
            clock=("deployments",),
        ),
        needs=("deployments",),
        every=_WEEKS,
        variants={"days": "Days with at least one deployment."},
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.COUNT,
        source="DORA",
    ),
    Metric(
        id="lead_time_changes",
        name="Lead time for changes",
        family=Family.QUALITY,
        question="How long until a change reaches production?",
        definition="Hours from a commit to the first good production deployment with its release, "
        "else with its sha; commits that neither links are left out.",
        formula="deployed at − committed at; percentiles by nearest rank",
        unit=Unit.HOURS,
        better=Better.DOWN,
        reader="PO",
        measure=Durations(
            default=_LEAD,
            variants={"mean": replace(_LEAD, way="mean")},
            percentiles=(50, 85),
            left_out=("1 commit is left out.", "{} commits are left out."),
        ),
        needs=("commits", "deployments"),
        clock="deployments",
        every=_WEEKS,
        variants={"mean": "The mean over commits."},
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.ORDER,
        minimum=MinimumN.QUANTILE,
        source="DORA, DevLake",
    ),
    Metric(
        id="change_fail_rate",
        name="Change fail rate",
        family=Family.QUALITY,
        question="How many deployments go wrong?",
        definition="Share of production deployments that failed or are named by an incident as "
        "its cause; cancelled, running and unknown ones are left out.",
        formula="distinct failed deployments / deployments",
        unit=Unit.SHARE,
        better=Better.DOWN,
        reader="PO",
        measure=ChangeFailRate(settles_after=_WEEK),
        needs=("deployments",),
        every=_MONTHS,
        variants={"incidents_per_deployment": "Incidents they caused / deployments."},
        settles=Settling.AFTER,
        settles_after=_WEEK,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        source="DORA, DevLake",
    ),
    Metric(
        id="recovery_time",
        name="Failed-deployment recovery",
        family=Family.QUALITY,
        question="How long does a bad deployment hurt?",
        definition="Hours from a failed production deployment to the close of its incident, else "
        "to the next good deployment of the service; open ones rank as longest.",
        formula="restored at − failed at; median by nearest rank",
        unit=Unit.HOURS,
        better=Better.DOWN,
        reader="PO",
        measure=Durations(
            default=replace(_RESTORED, is_open_counted=True),
            variants={
                "mean": replace(
                    _RESTORED, way="mean", nobody="No failure of this period has been restored."
                ),
                "incident_open_to_close": Origin(
                    "marts.incidents",
                    "opened_on",
                    "open_hours",
                    "true",
                    ("incidents",),
                    is_open_counted=True,
                    nobody="No incident was opened in this period.",
                ),
            },
            percentiles=(50,),
            left_out=(
                "1 failed deployment is not restored and left out.",
                "{} failed deployments are not restored and left out.",
            ),
        ),
        needs=("deployments",),
        every=_MONTHS,
        variants={
            "mean": "The mean over restored failures.",
            "incident_open_to_close": "Incidents from open to closed, whatever caused them.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.ORDER,
        minimum=MinimumN.QUANTILE,
        source="DORA",
    ),
    Metric(
        id="reopen_rate",
        name="Reopen rate",
        family=Family.QUALITY,
        question="How much of what we finish comes back?",
        definition="Share of items that left done within 14 days of their first finish. Sub-tasks "
        "and epics are left out.",
        formula="items leaving done within 14 days / items done",
        unit=Unit.SHARE,
        better=Better.DOWN,
        reader="PO",
        measure=Reopened(within=_FORTNIGHT),
        needs=("work_items", "work_item_changes"),
        clock="work_item_changes",
        every=_MONTHS,
        settles=Settling.MEMBER,
        settles_after=_FORTNIGHT,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        things=TEAMS,
        of_kind="team",
        of_required=False,
    ),
)

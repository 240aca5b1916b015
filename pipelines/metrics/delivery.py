"""Delivery: how work flows; what sprints make of it stands in `sprints.py`."""

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
from pipelines.metrics.measures.flow_clock import TRACKER
from pipelines.metrics.measures.flow_counts import Counted
from pipelines.metrics.measures.flow_durations import Durations, Origin
from pipelines.metrics.measures.flow_items import ItemAge
from pipelines.metrics.measures.flow_levels import CumulativeFlow, WorkInProgress
from pipelines.metrics.measures.flow_shares import FlowEfficiency
from pipelines.metrics.sprints import SPRINT_METRICS, TEAMS, WHO

_OF_TEAM = "(cast($of as varchar) is null or team_id = $of)"
_CALENDAR = ("week", "day", "month", "quarter", "year", "total")

_CYCLE = Origin(
    table="marts.work_item_flow",
    day="last_done_on",
    duration="cycle_days",
    where=f"last_done_at is not null and {_OF_TEAM}",
    clock=TRACKER,
    nobody="No item that had been started was finished in this period.",
)


METRICS: tuple[Metric, ...] = (
    *SPRINT_METRICS,
    Metric(
        id="throughput",
        name="Throughput",
        family=Family.DELIVERY,
        question="How many items do we finish?",
        definition="Items finished in the period, by the start of their last unbroken stay in "
        f"done; an item counts once, cancelled items do not. {WHO}",
        formula="items finished",
        unit=Unit.COUNT,
        better=Better.UP,
        reader="PO",
        measure=Counted(
            table="marts.work_item_flow",
            day="last_done_on",
            by_variant=(("first_done", "first_done_on"),),
            where=_OF_TEAM,
            clock=TRACKER,
        ),
        needs=("work_items",),
        every=_CALENDAR,
        variants={"first_done": "By the first time an item was done, even if it came back."},
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.COUNT,
        things=TEAMS,
        of_kind="team",
        of_required=False,
        is_additive=True,
        source="ProKanban",
    ),
    Metric(
        id="wip",
        name="Work in progress",
        family=Family.DELIVERY,
        question="How much is started and not finished?",
        definition="Items started and not finished at the end of the period; reopened items enter "
        f"again, items moved back to waiting leave. {WHO}",
        formula="started + reopened − finished − cancelled − returned, so far",
        unit=Unit.COUNT,
        better=Better.DOWN,
        reader="PO",
        measure=WorkInProgress(),
        needs=("work_items",),
        every=("day", "week", "month", "quarter", "year"),
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="ProKanban",
    ),
    Metric(
        id="item_age",
        name="Age of work in progress",
        family=Family.DELIVERY,
        question="What has been lying here for long?",
        definition="Calendar days since an item in progress was first started, both days counted. "
        f"{WHO}",
        formula="date(now) − date(start) + 1",
        unit=Unit.DAYS,
        better=Better.DOWN,
        reader="PO",
        measure=ItemAge(),
        needs=("work_items",),
        every=("total",),
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="ProKanban, jirametrics",
    ),
    Metric(
        id="cycle_time",
        name="Cycle time",
        family=Family.DELIVERY,
        question="How long does an item take?",
        definition="Calendar days from an item's first start to the last time it was finished, "
        "both days counted; items that were never started are left out, those without a history "
        f"count from creation. {WHO}",
        formula="date(last done) − date(first started) + 1; percentiles by nearest rank",
        unit=Unit.DAYS,
        better=Better.DOWN,
        reader="PO",
        measure=Durations(
            default=_CYCLE,
            variants={
                "first_done": replace(
                    _CYCLE,
                    day="first_done_on",
                    duration="first_cycle_days",
                    where=f"first_done_at is not null and {_OF_TEAM}",
                ),
                "zero_based": replace(_CYCLE, duration="cycle_days - 1"),
                "interpolated": replace(_CYCLE, way="between"),
                "erase_on_backward_move": replace(_CYCLE, duration="erased_cycle_days"),
            },
            left_out=(
                "1 finished item was never started, or began before it was created, and is left "
                "out.",
                "{} finished items were never started, or began before they were created, and are "
                "left out.",
            ),
        ),
        needs=("work_items",),
        every=_CALENDAR,
        variants={
            "first_done": "Up to the first time an item was done.",
            "zero_based": "The same day counts as 0.",
            "interpolated": "Percentiles by linear interpolation.",
            "erase_on_backward_move": "The start is forgotten when an item moves back to waiting.",
        },
        settles=Settling.PERIOD,
        uncertainty=Uncertainty.ORDER,
        minimum=MinimumN.QUANTILE,
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="jirametrics",
    ),
    Metric(
        id="cfd",
        name="Cumulative flow",
        family=Family.DELIVERY,
        question="Where does work pile up?",
        definition="Items that ever reached a stage of the board or a later one, by the end of "
        f"the period; moving back takes nothing away. {WHO}",
        formula="items that reached stage k or a later one",
        unit=Unit.COUNT,
        better=Better.NONE,
        reader="PO",
        measure=CumulativeFlow(),
        needs=("work_items",),
        every=("day", "week", "month"),
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="jirametrics",
    ),
    Metric(
        id="flow_efficiency",
        name="Flow efficiency",
        family=Family.DELIVERY,
        question="How much of the time is somebody working on it?",
        definition="Active time of the items finished in the period over all their time from "
        "start to end; flagged time, waiting statuses and gaps of 5 days without any change are "
        f"not active. An upper bound. {WHO}",
        formula="Σ active time / Σ (done − start)",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PO",
        measure=FlowEfficiency(),
        needs=("work_items", "work_item_changes"),
        every=("month", "week", "quarter", "year", "total"),
        settles=Settling.PERIOD,
        settles_after=timedelta(0),
        uncertainty=Uncertainty.RATIO,
        # n ≥ 10.
        minimum=MinimumN.QUANTILE,
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="jirametrics",
    ),
)

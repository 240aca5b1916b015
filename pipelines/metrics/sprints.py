"""Delivery by sprint: what a team takes on, what changes on the way, and what comes of it."""

from pipelines.metrics.definition import (
    Better,
    Family,
    Metric,
    MinimumN,
    Settling,
    Uncertainty,
    Unit,
)
from pipelines.metrics.measures.sprint_burn_up import BurnUp
from pipelines.metrics.measures.sprint_goals import GoalSuccess
from pipelines.metrics.measures.sprint_rows import Part, PerSprint

TEAMS = "select team_id as id, team_name as name from marts.teams order by 2"
SPRINTS_AND_TEAMS = """
select id, name from (
    select sprint_id as id, sprint_name as name, 1 as kind_no, started_at from marts.sprints
    union all
    select team_id, team_name, 2, null from marts.teams
) order by kind_no, started_at, id"""
SCOPES = """
select id, name from (
    select sprint_id as id, sprint_name as name, started_at as since, 1 as kind_no
    from marts.sprints
    union all
    select releases.release_id, releases.version, releases.released_at, 2
    from marts.releases as releases
    where exists (
        select 1 from marts.burn_up_days as days
        where days.scope_kind = 'release' and days.scope_id = releases.release_id
    )
) order by kind_no, since, id"""
WHO = "Sub-tasks and epics are left out."
# What was committed is told by snapshots or by a history; where neither is, each row says so.
_SPRINT_NEEDS = ("sprints", "work_items")
_ITEM_SHARE = Part("completed_initial_items", "committed_items", is_interval=True)


def _scope_parts(unit: str) -> tuple[Part, ...]:
    """The four ways in which the scope of a sprint changes, over what was committed."""
    names = ["added", "removed", "dropped"]
    parts = [Part(f"{name}_{unit}", f"committed_{unit}", component=name) for name in names]
    if unit == "points":
        parts.append(Part("reestimated_points", "committed_points", component="reestimated"))
    return tuple(parts)


SPRINT_METRICS: tuple[Metric, ...] = (
    Metric(
        id="velocity",
        name="Velocity",
        family=Family.DELIVERY,
        question="How much does a sprint complete?",
        definition="Points of the items that were in the sprint and done at its close; carried "
        f"work counts where it was done. {WHO}",
        formula="Σ estimate at close of items in the sprint and done",
        unit=Unit.POINTS,
        better=Better.NONE,
        reader="PO",
        measure=PerSprint(
            (Part("completed_points", "completed_items", is_share=False),),
            {"items": (Part("completed_items", "completed_items", is_share=False),)},
            needs_commitment=False,
        ),
        needs=("sprints", "work_items"),
        every=("sprint",),
        variants={"items": "Items instead of points."},
        settles=Settling.SPRINT,
        things=SPRINTS_AND_TEAMS,
        of_kind="sprint or team",
        of_required=False,
        source="Cohn",
    ),
    Metric(
        id="say_do",
        name="Say/do",
        family=Family.DELIVERY,
        question="Do we finish what we said at the start?",
        definition="Share of the points committed at the start of the sprint that were completed "
        f"in it; added work is no kept promise. {WHO}",
        formula="completed of the initial items / committed at the start, in points",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PO",
        measure=PerSprint(
            (Part("completed_initial_points", "committed_points"),),
            {
                "silverile": (Part("completed_points", "committed_points"),),
                "span": (Part("completed_initial_points", "completed_points"),),
                "linear": (Part("completed_points + 0.25 * started_points", "final_points"),),
                "items": (_ITEM_SHARE,),
            },
        ),
        needs=_SPRINT_NEEDS,
        every=("sprint",),
        variants={
            "linearb": "LinearB: the same.",
            "silverile": "Completed, added work included / committed.",
            "span": "Completed of the initial items / completed.",
            "linear": "(Completed + 25 % of what is started) / scope at close.",
            "items": "Items instead of points, with an interval.",
        },
        settles=Settling.SPRINT,
        things=SPRINTS_AND_TEAMS,
        of_kind="sprint or team",
        of_required=False,
        source="LinearB, Silverile, Span, Linear",
    ),
    Metric(
        id="capacity_accuracy",
        name="Capacity accuracy",
        family=Family.DELIVERY,
        question="Do we take on as much as we complete?",
        definition="Points completed in the sprint over the points committed at its start; more "
        f"than 100 % is possible. {WHO}",
        formula="completed / committed at the start, in points",
        unit=Unit.SHARE,
        better=Better.NONE,
        reader="PO",
        measure=PerSprint((Part("completed_points", "committed_points"),)),
        needs=_SPRINT_NEEDS,
        every=("sprint",),
        settles=Settling.SPRINT,
        things=SPRINTS_AND_TEAMS,
        of_kind="sprint or team",
        of_required=False,
        source="LinearB",
    ),
    Metric(
        id="scope_change",
        name="Scope change",
        family=Family.DELIVERY,
        question="How much does the scope of a sprint move?",
        definition="Points added, removed, dropped (cancelled) and re-estimated after the start, "
        "each over the points committed at the start; gone and back within 24 hours is no "
        f"change. {WHO}",
        formula="added, removed, dropped, re-estimated / committed at the start, in points",
        unit=Unit.SHARE,
        better=Better.NONE,
        reader="PO",
        measure=PerSprint(_scope_parts("points"), {"items": _scope_parts("items")}),
        needs=_SPRINT_NEEDS,
        every=("sprint",),
        variants={"items": "Items instead of points."},
        settles=Settling.SPRINT,
        things=SPRINTS_AND_TEAMS,
        of_kind="sprint or team",
        of_required=False,
        source="Great Gadgets",
    ),
    Metric(
        id="carry_over",
        name="Carry-over",
        family=Family.DELIVERY,
        question="How much of what was committed is left at the end?",
        definition="Share of the items committed at the start of the sprint that were still in it "
        f"and not done at its close. {WHO}",
        formula="unfinished initial items / committed items",
        unit=Unit.SHARE,
        better=Better.DOWN,
        reader="PO",
        measure=PerSprint((Part("carried_items", "committed_items", is_interval=True),)),
        needs=_SPRINT_NEEDS,
        every=("sprint",),
        settles=Settling.SPRINT,
        uncertainty=Uncertainty.WILSON,
        things=SPRINTS_AND_TEAMS,
        of_kind="sprint or team",
        of_required=False,
        source="Swarmia",
    ),
    Metric(
        id="goal_success",
        name="Goal success",
        family=Family.DELIVERY,
        question="How often is the sprint goal met?",
        definition="Share of closed sprints whose goal the product owner judged as met; partly "
        "met is not met, goals without a record are left out.",
        formula="goals met / closed sprints with a judged goal",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PO",
        measure=GoalSuccess(),
        needs=("sprints",),
        every=("quarter", "month", "year", "total"),
        uncertainty=Uncertainty.WILSON,
        # Counts below 10.
        minimum=MinimumN.QUANTILE,
        things=TEAMS,
        of_kind="team",
        of_required=False,
        source="Scrum Guide",
    ),
    Metric(
        id="burn_up",
        name="Burn-up",
        family=Family.DELIVERY,
        question="How far are we, and does the goal move?",
        definition="Points in the sprint or release, and points of them that are done, at the end "
        f"of each day; cancelled items leave the scope. {WHO}",
        formula="scope = Σ estimate of what is in; done = Σ estimate of what of it is done",
        unit=Unit.POINTS,
        better=Better.NONE,
        reader="both",
        measure=BurnUp(),
        needs=("work_items",),
        every=("day",),
        variants={"items": "Items instead of points."},
        things=SCOPES,
        of_kind="sprint or release",
        source="Jira",
    ),
)

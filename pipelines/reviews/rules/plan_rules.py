"""V1–V13: what a plan must be before the lock, and what is said about it after. Pure.

Each rule yields one sentence for each thing that is wrong, with the next step; none = it holds.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite

from pipelines.reviews.core.amounts import listed
from pipelines.reviews.core.cycle import given
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.plan import MIN_POST_POINTS, Plan, PlanMetric, earliest_check, ready_on
from pipelines.reviews.core.terms import Design, Direction, MetricRole
from pipelines.reviews.rules.facts import Facts

Sentences = Iterator[str]

FEWEST_BASELINE, COMFORTABLE_BASELINE = 6, 12
LAST_POINTS = 3
# From how many periods on a season can be taken out; other grains cannot, weeks need not.
SEASON = {"day": 28, "month": 24}


def v1(facts: Facts) -> Sentences:
    """A change and its reason."""
    plan = facts.plan
    if plan is None or not given(plan.change):
        yield "Write what you change, in one sentence."
    if plan is None or not given(plan.because):
        yield "Write why it should help, in one sentence."


def v1_standard(facts: Facts) -> Sentences:
    """The rest of the story: problem, evidence, root cause, effect."""
    cycle = facts.cycle
    if cycle is None or not given(cycle.problem):
        yield "Write which problem this is to solve."
    if not facts.has_evidence:
        yield "Link at least one piece of evidence that the problem is real."
    if cycle is None or not given(cycle.root_cause):
        yield "Write the root cause that you found."
    if cycle is None or not given(cycle.root_cause_method):
        yield "Write how you found the root cause, such as five whys."
    if facts.plan is not None and _is_qualitative(facts.plan) and not given(facts.plan.effect):
        yield "Write what will be different once it works."
    elif facts.plan is None or not given(facts.plan.effect):
        yield "Write which metric should move and by how much."


def v1_criteria(facts: Facts) -> Sentences:
    """A qualitative cycle says beforehand what will count."""
    if facts.plan is None or not _is_qualitative(facts.plan):
        return
    if not facts.plan.criteria:
        yield "Write the criteria by which you will call it improved."
    if not facts.plan.criteria_sources:
        yield "Write where the evidence for the criteria will come from."


def v2(facts: Facts) -> Sentences:
    """One primary metric with a direction, and a guard-rail or a waiver."""
    plan = facts.plan
    if plan is None or _is_qualitative(plan):
        return
    primaries = plan.of_role(MetricRole.PRIMARY)
    if len(primaries) != 1:
        yield f"A plan has one primary metric; this one has {len(primaries)}. Choose one."
    for metric in primaries:
        if metric.direction is Direction.WITHIN:
            yield (
                f"Say whether {facts.name(metric.metric_id)} should go up or down; a band proves "
                "no change."
            )
    rails = {metric.metric_id for metric in plan.of_role(MetricRole.GUARD_RAIL)}
    if not rails and not given(plan.waiver):
        yield "Add a guard-rail, or write a sentence on why none is needed."
    elif rails.intersection(plan.waived) and not given(plan.waiver):
        waived = [facts.name(each) for each in sorted(rails.intersection(plan.waived))]
        yield f"Write why these guard-rails are waived: {listed(waived)}."
    for rail in plan.of_role(MetricRole.GUARD_RAIL):
        if rail.metric_id not in plan.waived and not _has_bound(rail):
            yield (
                f"Say how much harm to {facts.name(rail.metric_id)} is tolerated: give a margin "
                "above 0, or for a band its ends."
            )


def v3(facts: Facts) -> Sentences:
    """One person owns it, and the dates are in order."""
    owner = facts.cycle.owner_id if facts.cycle else None
    if not given(owner):
        yield "Name one person who owns this cycle."
    elif owner in facts.team_ids:
        yield "A team owns this cycle. Name one person of the team."
    plan = facts.plan
    days = (plan.start_on, plan.due_on, plan.check_not_before, plan.check_due_on) if plan else ()
    start, due, check, check_due = days or (None,) * 4
    if not (start and due and check and check_due):
        yield "Give all four dates: start, due, earliest check and latest check."
        return
    if start > due:
        yield (
            f"The start ({in_words(start)}) is after the due date ({in_words(due)}). "
            "Move one of them."
        )
    if due >= check:
        yield (
            f"The check ({in_words(check)}) must come after the due date ({in_words(due)}). "
            "Move one of them."
        )
    if check > check_due:
        yield (
            f"The latest check ({in_words(check_due)}) is before the earliest "
            f"({in_words(check)}). Move one of them."
        )


def v4(facts: Facts) -> Sentences:
    """A smallest effect above 0 and a target that is worth it."""
    metric = facts.plan.primary if facts.plan else None
    if facts.plan is None or metric is None:
        return
    smallest = metric.min_effect
    if smallest is None or not smallest > 0:
        yield "Give the smallest change worth having, above 0, in the metric's unit."
    mean, target = facts.plan.baseline.mean, metric.target_value
    if target is None or mean is None:
        return
    gain = mean - target if metric.direction is Direction.DOWN else target - mean
    goal, base = (facts.amount(metric.metric_id, each) for each in (target, mean))
    if gain <= 0:
        yield f"The target {goal} is no better than the baseline {base}. Set a better one."
    elif smallest is not None and gain < smallest:
        yield (
            f"The target {goal} is nearer to the baseline {base} than the smallest change worth "
            f"having ({facts.distance(metric.metric_id, smallest)}). Set a farther target or a "
            "smaller change."
        )


def v4_standard(facts: Facts) -> Sentences:
    """There is a target."""
    metric = facts.plan.primary if facts.plan else None
    if metric is not None and metric.target_value is None:
        yield "Give a target for the primary metric."


def v5(facts: Facts) -> Sentences:
    """The target lies where noise alone does not reach."""
    metric = facts.plan.primary if facts.plan else None
    if facts.plan is None or metric is None or metric.target_value is None:
        return
    low, high = facts.plan.baseline.lnpl, facts.plan.baseline.unpl
    if low is not None and high is not None and low <= metric.target_value <= high:
        goal, least, most = (
            facts.amount(metric.metric_id, each) for each in (metric.target_value, low, high)
        )
        yield (
            f"Noise could hit this: the target {goal} lies inside the baseline's own range, "
            f"{least} to {most}. The Check will ask for more than one lucky period."
        )


def v6(facts: Facts) -> Sentences:
    """Enough complete periods that end by the start."""
    plan = facts.plan
    if plan is None or plan.primary is None:
        return
    if plan.baseline.n < FEWEST_BASELINE:
        yield (
            f"The baseline has {plan.baseline.n} periods; at least {FEWEST_BASELINE} are needed. "
            "Start later, or choose a metric with more history."
        )
    points = plan.baseline.points
    if plan.start_on and points and points[-1].end > plan.start_on:
        yield (
            f"The baseline runs to {in_words(points[-1].end)}, past the start on "
            f"{in_words(plan.start_on)}. End it with the last whole period before."
        )
    if any(later.start < point.end for point, later in pairwise(points)):
        yield "Periods of the baseline overlap or are not in order. Take it from the metric again."


def v7(facts: Facts) -> Sentences:
    """What makes a baseline a weak one."""
    plan = facts.plan
    metric = plan.primary if plan else None
    if plan is None or metric is None:
        return
    baseline = plan.baseline
    if baseline.n < COMFORTABLE_BASELINE:
        yield (
            f"The baseline has only {baseline.n} periods; from {COMFORTABLE_BASELINE} on a "
            "verdict is far more likely."
        )
    low, high = baseline.lnpl, baseline.unpl
    if low is not None and high is not None:
        last = baseline.values[-LAST_POINTS:]
        if any(isfinite(value) and not low <= value <= high for value in last):
            yield (
                "One of the last three baseline points is unusual. Unusual values go back by "
                "themselves, which can look like an effect."
            )
    needed = SEASON.get(metric.grain)
    if metric.grain != "week" and (needed is None or baseline.n < needed):
        yield "The season cannot be checked on this baseline. Compare with a year ago yourself."
    for rail in plan.of_role(MetricRole.GUARD_RAIL):
        n = plan.baseline_of(rail.metric_id).n
        if n < FEWEST_BASELINE and rail.direction is not Direction.WITHIN:
            yield (
                f"The guard-rail {facts.name(rail.metric_id)} has {n} baseline periods; below "
                f"{FEWEST_BASELINE} it stays not proven."
            )


def v8(facts: Facts) -> Sentences:
    """The Check waits for the actions, the lag and enough points."""
    plan = facts.plan
    if plan is None:
        return
    for metric in plan.judged:
        if metric.min_post_points < MIN_POST_POINTS:
            yield (
                f"{facts.name(metric.metric_id)} waits for {metric.min_post_points} periods; a "
                f"verdict needs at least {MIN_POST_POINTS}."
            )
    if plan.due_on and plan.check_not_before:
        first = earliest_check(plan.due_on, plan.judged, sprint_days=plan.sprint_days)
        if plan.check_not_before < first:
            yield (
                f"On {in_words(plan.check_not_before)} there are too few periods after the "
                f"change. Check on {in_words(first)} or later."
            )


def v9(facts: Facts) -> Sentences:
    """The effect hoped for is one that this plan can show."""
    plan, metric = facts.plan, facts.plan.primary if facts.plan else None
    if plan is None or metric is None or plan.mde80 is None:
        return
    hoped = metric.expected_effect or metric.min_effect
    if hoped is None or hoped >= plan.mde80:
        return
    in_reach = isfinite(plan.mde80)
    seen = f"{facts.distance(metric.metric_id, plan.mde80)} or more" if in_reach else "none"
    yield (
        f"A change of {facts.distance(metric.metric_id, hoped)} would probably stay unproven: in "
        f"80 of 100 cases this plan shows {seen}. Lengthen the baseline, add a control series, "
        "stage the roll-out, pick a nearer metric, or accept a qualitative cycle."
    )


def v10(facts: Facts) -> Sentences:
    """A change after the lock stays visible."""
    if facts.plan_changes:
        because = facts.plan_reason.strip() if facts.plan_reason else ""
        reason = f" Reason: {because}" if because else ""
        yield f"Plan changed after lock: {', '.join(facts.plan_changes)}.{reason}"


def v10_reason(facts: Facts) -> Sentences:
    """A change after the lock has a reason."""
    if facts.plan_changes and not given(facts.plan_reason):
        yield f"Say why the plan changes after its lock: {', '.join(facts.plan_changes)}."


def v11(facts: Facts) -> Sentences:
    """Late actions move the ready date by themselves."""
    plan, cycle = facts.plan, facts.cycle
    if plan is None or cycle is None or plan.check_not_before is None:
        return
    ready = ready_on(plan, facts.actions)
    if ready and ready > plan.check_not_before:
        yield (
            f"Actions finished late: the Check is ready on {in_words(ready)} instead of "
            f"{in_words(plan.check_not_before)}. The plan is unchanged."
        )


def v12(facts: Facts) -> Sentences:
    """No more at once than the team said."""
    count = len(facts.active_cycles) + 1
    if count > facts.active_limit:
        yield (
            f"This is active cycle {count} of a team that set itself {facts.active_limit}. "
            f"Finish one first: {', '.join(facts.active_cycles)}."
        )


def v13(facts: Facts) -> Sentences:
    """What else may have moved the metric."""
    for confounder in facts.confounders:
        yield f"Also in the windows: {confounder}. It may explain a part of any change."


def _has_bound(rail: PlanMetric) -> bool:
    if rail.direction is Direction.WITHIN:
        return rail.band_lo is not None or rail.band_hi is not None
    return rail.margin is not None and rail.margin > 0


def _is_qualitative(plan: Plan) -> bool:
    return plan.design is Design.QUALITATIVE

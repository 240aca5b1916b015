"""The plan of a cycle as a section: problem, baseline, target, hypothesis, guard-rails. Pure."""

from dashboard.exhibits import plan_words
from dashboard.format import counted, day, difference, goal, number
from dashboard.reports.cycle_check_section import rule_of
from dashboard.reports.cycle_told import Told
from dashboard.reports.frozen_blocks import day_or_dash
from dashboard.reports.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Grid,
    Half,
    Prose,
    Section,
)
from dashboard.review_words import CYCLE, DECISION, words
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import Direction
from pipelines.reviews.cycle.lists import CycleCard


def plan_section(told: Told) -> Section:
    """Why, from where to where, by what, guarded by what, and which cycles came before."""
    cycle, plan, primary = told.record.cycle, told.plan, told.plan.primary
    blocks: list[Block] = []
    if causes := _causes(told):
        blocks.append(Prose(causes, "Problem and root cause"))
    if primary is not None:
        blocks.append(_aims(told, primary))
    blocks.append(Prose(_hypothesis(told), "Hypothesis"))
    if plan.criteria:
        blocks.append(Bullets(plan.criteria, "Criteria"))
        blocks.append(Bullets(plan.criteria_sources, "Where the evidence comes from"))
    if guards := _guards(told):
        blocks.append(Bullets(guards, "Guard-rails"))
    if plan.confounders:
        blocks.append(Bullets(plan.confounders, "Known at the lock to move the metric as well"))
    blocks.append(Prose(_locked(told), "Lock"))
    if len(told.record.plans) > 1:
        blocks.append(_versions(told))
    blocks += _line(told)
    heading = cycle.hypothesis_change or cycle.title
    return Section(heading, (*blocks, rule_of(told)), "Plan", Half.LEFT)


def _causes(told: Told) -> str:
    cycle = told.record.cycle
    method = f" (found by {cycle.root_cause_method})" if cycle.root_cause_method else ""
    cause = cycle.root_cause + method if cycle.root_cause else ""
    return "\n".join(part for part in (cycle.problem, cause) if part)


def _aims(told: Told, primary: PlanMetric) -> Facts:
    unit, locked = told.unit(primary.metric_id), told.locked
    baseline = told.plan.baseline
    sign = -1 if primary.direction is Direction.DOWN else 1
    periods = counted(baseline.n, primary.grain)
    facts = [Fact("Baseline", number(locked.baseline_mean, unit), periods)]
    if locked.lnpl is not None and locked.unpl is not None:
        ends = f"{number(locked.lnpl, unit)} to {number(locked.unpl, unit)}"
        facts.append(Fact("Does by itself", ends, "process limits"))
    if primary.target_value is not None:
        facts.append(Fact("Target", goal(primary.target_value, unit)))
    if primary.min_effect is not None:
        facts.append(
            Fact("Smallest change worth having", difference(sign * primary.min_effect, unit))
        )
    if primary.expected_effect is not None:
        stated = primary.confidence
        sure = f"confidence {goal(stated, 'share')}" if stated is not None else ""
        facts.append(Fact("Expected", difference(sign * primary.expected_effect, unit), sure))
    seen = difference(sign * locked.mde80, unit) if locked.mde80 else "no change"
    facts.append(Fact("Provable in 80 of 100 cases", seen))
    facts.append(Fact("Goes live", day_or_dash(told.plan.due_on)))
    facts.append(Fact("Check from", day_or_dash(told.record.cycle.look_on)))
    return Facts(tuple(facts))


def _hypothesis(told: Told) -> str:
    cycle, primary = told.record.cycle, told.plan.primary
    then = cycle.hypothesis_effect
    if primary is not None:
        unit = told.unit(primary.metric_id)
        then = plan_words.target_told(primary, told.name(primary.metric_id), unit)
    said = (("If", cycle.hypothesis_change), ("then", then), ("because", cycle.hypothesis_because))
    return "; ".join(f"{lead}: {text.strip().rstrip('.')}" for lead, text in said if text) + "."


def _guards(told: Told) -> tuple[str, ...]:
    plan = told.plan
    names = {each.metric_id: told.name(each.metric_id) for each in plan.metrics}
    units = {each.metric_id: told.unit(each.metric_id) for each in plan.metrics}
    waiver = [f"Waiver: {plan.waiver}"] if plan.waiver else []
    return (*plan_words.guards_told(plan, names, units), *waiver)


def _locked(told: Told) -> str:
    locked = told.locked
    by = told.person(locked.locked_by)
    text = f"Plan {locked.plan_no}, {words(told.plan.rigour).lower()} rigour, locked on "
    text += f"{day(locked.locked_at.date())} by {by}."
    if locked.changed:
        text += f" Plan changed after lock: {', '.join(locked.changed)}. Why: {locked.reason}"
    return text


def _versions(told: Told) -> Grid:
    rows = tuple(
        (
            f"Plan {each.plan_no}",
            each.locked_at.date(),
            told.person(each.locked_by),
            ", ".join(each.changed) or "–",
            each.reason or "–",
        )
        for each in told.record.plans
    )
    heads = ("Version", "Locked", "By", "Changed", "Why")
    return Grid("Versions of the plan", tuple(Column(head) for head in heads), rows)


def _line(told: Told) -> list[Block]:
    rows = tuple(
        (
            each.cycle.seq,
            each.cycle.title + (" (this one)" if each.cycle == told.record.cycle else ""),
            CYCLE[each.cycle.status],
            _verdict(each),
            DECISION[each.cycle.act_decision] if each.cycle.act_decision else "–",
            each.cycle.learning or "–",
        )
        for each in told.report.lineage
    )
    columns = (Column("No.", "count"), Column("Cycle"), Column("State"), Column("Verdict"),
               Column("Act"), Column("Learning"))  # fmt: skip
    used: dict[str, int] = {}
    for piece in told.record.evidence:
        name = f"{words(piece.kind)} as {words(piece.use).lower()}"
        used[name] = used.get(name, 0) + 1
    evidence = tuple(f"{name}: {count}" for name, count in sorted(used.items()))
    found: list[Block] = [Grid("Line of cycles", columns, rows)]
    if evidence:
        found.append(Bullets(evidence, "Evidence used"))
    return found


def _verdict(card: CycleCard) -> str:
    found = card.human_verdict or card.machine_verdict
    return words(found) if found else "–"

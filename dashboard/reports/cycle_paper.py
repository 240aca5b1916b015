"""A cycle on one page: Plan, Do, Check, Act, its line and its hashes, from frozen records. Pure."""

from collections.abc import Mapping

from dashboard.exhibits import plan_words
from dashboard.format import counted, day, difference, goal, number
from dashboard.reports.calendar import Due
from dashboard.reports.content import Content
from dashboard.reports.cycle_check_section import baseline_restated, check_section, rule_of
from dashboard.reports.cycle_told import Told
from dashboard.reports.frozen_blocks import day_or_dash, freeze_provenance
from dashboard.reports.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Grid,
    Paper,
    Prose,
    Section,
)
from dashboard.review_words import CYCLE, DECISION, words
from pipelines.reviews.core.cycle import Action
from pipelines.reviews.core.meeting import FollowUp
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import ActDecision, Direction, FollowUpStatus
from pipelines.reviews.cycle.lists import CycleCard
from pipelines.reviews.reports.record_reports import CycleReport

_NOTHING_DECIDED = "Nothing is decided yet."


def cycle_content(report: CycleReport) -> Content:
    """The paper of a cycle whose plan was locked, its export and its dates."""
    record = report.page.record
    lock_freeze = record.plan_freeze
    if lock_freeze is None:
        raise ValueError("a cycle without a locked plan has no paper")
    freeze = record.check_freeze or lock_freeze
    series = {each.metric_id: each for each in (*lock_freeze.series, *freeze.series)}
    told = Told(report, record.plans[-1], freeze, series)
    paper = Paper(
        title=record.cycle.title,
        kind=f"PDCA cycle {record.cycle.seq}" + "".join(f" · {each}" for each in record.labels),
        lead=_lead(told),
        provenance=freeze_provenance(
            freeze, report.team.timezone, baseline_restated(told), is_simulated=report.is_simulated
        ),
        sections=(
            _plan(told),
            check_section(told),
            _act(told),
            _hashes(told),
        ),
    )
    return Content(paper, report.export, _dues(told))


def _lead(told: Told) -> str:
    cycle, page = told.record.cycle, told.report.page
    state = f"{CYCLE[cycle.status]}, owned by {told.person(cycle.owner_id)}."
    if cycle.act_decision is not None:
        state += f" Act decision: {DECISION[cycle.act_decision].lower()}."
    signature = page.signature
    if signature is not None and signature.human_verdict is not None:
        return f"{words(signature.human_verdict)}, as signed. {signature.sentence} {state}"
    if page.run is not None:
        return f"{page.run.verdict.sentence} Not signed yet. {state}"
    look = cycle.look_on
    when = f" The Check may run from {day(look)} on." if look else ""
    return f"{state}{when}"


def _plan(told: Told) -> Section:
    cycle, plan, primary = told.record.cycle, told.plan, told.plan.primary
    blocks: list[Block] = []
    if primary is not None:
        blocks.append(_aims(told, primary))
    blocks.append(Prose(_hypothesis(told), "Hypothesis"))
    causes = "\n".join(
        part
        for part in (
            cycle.problem,
            cycle.root_cause
            and cycle.root_cause
            + (f" (found by {cycle.root_cause_method})" if cycle.root_cause_method else ""),
        )
        if part
    )
    if causes:
        blocks.append(Prose(causes, "Problem and root cause"))
    if plan.criteria:
        blocks.append(Bullets(plan.criteria, "Criteria"))
        blocks.append(Bullets(plan.criteria_sources, "Where the evidence comes from"))
    names = {each.metric_id: told.name(each.metric_id) for each in plan.metrics}
    units = {each.metric_id: told.unit(each.metric_id) for each in plan.metrics}
    guards = plan_words.guards_told(plan, names, units)
    if plan.waiver:
        guards.append(f"Waiver: {plan.waiver}")
    if guards:
        blocks.append(Bullets(tuple(guards), "Guard-rails"))
    if plan.confounders:
        blocks.append(Bullets(plan.confounders, "Known at the lock to move the metric as well"))
    blocks.append(Prose(_locked(told), "Lock"))
    if len(told.record.plans) > 1:
        blocks.append(_versions(told))
    blocks += _do(told)
    return Section(cycle.hypothesis_change or cycle.title, (*blocks, rule_of(told)), "Plan and Do")


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


def _do(told: Told) -> list[Block]:
    actions = told.record.actions
    heads = ("Action", "Who", "Due", "State", "Done", "What went otherwise")
    grid = Grid(
        "Actions",
        tuple(Column(head) for head in heads),
        tuple(_action(told, each) for each in actions),
        "" if actions else "No action was planned yet.",
    )
    shipped = tuple(
        f"{each.release_id or each.work_item_key}: "
        + (f"released on {day(each.released_on)}" if each.released_on else "not released yet")
        for each in told.record.deliveries
    )
    return [grid, *([Bullets(shipped, "Delivered with")] if shipped else [])]


def _action(told: Told, action: Action) -> tuple[str, ...]:
    return (
        action.title,
        told.person(action.owner_id),
        day_or_dash(action.due_on),
        words(action.status),
        day_or_dash(action.done_on),
        action.deviation or "–",
    )


def _act(told: Told) -> Section:
    cycle, record = told.record.cycle, told.record
    blocks: list[Block] = []
    if cycle.act_decision is not None:
        deciders = {each.decider_id for each in record.decisions}
        by = ", ".join(sorted(told.person(each) for each in deciders if each)) or "–"
        facts = [Fact("Decision", DECISION[cycle.act_decision], f"by {by}")]
        if cycle.rolled_back_on:
            facts.append(Fact("Undone on", day(cycle.rolled_back_on)))
        if cycle.sustain_on:
            facts.append(Fact("Sustain check", day(cycle.sustain_on)))
        blocks += [Facts(tuple(facts)), Prose(cycle.act_rationale or "–", "Why")]
    if cycle.standard_link:
        blocks.append(Prose(cycle.standard_link, "The standard"))
    if cycle.learning:
        blocks.append(Prose(cycle.learning, "What we learned"))
    blocks.append(follow_up_grid(record.follow_ups, told.report.page.names))
    blocks += _line(told)
    return Section(_act_heading(told), tuple(blocks), "Act")


def _act_heading(told: Told) -> str:
    decision = told.record.cycle.act_decision
    if decision is None:
        return _NOTHING_DECIDED
    if decision is ActDecision.KEEP:
        return "Kept, not proven"
    return DECISION[decision]


def follow_up_grid(promises: tuple[FollowUp, ...], names: Mapping[str, str]) -> Grid:
    """Who does what by when."""
    rows = tuple(
        (
            each.title,
            names.get(each.owner_id or "", "nobody"),
            each.due_on,
            words(each.status) + (f", moved {each.redated}×" if each.redated else ""),
            each.reason or "–",
        )
        for each in promises
    )
    heads = ("Follow-up", "Who", "Due", "State", "Reason")
    return Grid("Follow-ups", tuple(Column(head) for head in heads), rows,
                "" if rows else "No follow-up was promised.")  # fmt: skip


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


def _hashes(told: Told) -> Section:
    rows = [(f"Plan {each.plan_no}", each.plan_hash) for each in told.record.plans]
    rows += [(f"Numbers of plan {each.plan_no}", each.snapshot_id) for each in told.record.plans]
    rows += [
        (f"Numbers of look {run.look}, {day(run.at.date())}", run.snapshot_id)
        for run in told.record.runs
        if run.snapshot_id
    ]
    rows += [(f"Definition of {each.name}", each.definition_hash) for each in told.freeze.series]
    rows.append(("This record as JSON", str(told.report.export["hash"])))
    grid = Grid(
        "Hashes (sha256)",
        (Column("Of"), Column("Hash")),
        tuple(dict.fromkeys(rows)),
        "Export as JSON and run `launchloop reviews verify FILE` to take them again.",
    )
    return Section("What proves it", (grid,), "Record")


def _dues(told: Told) -> tuple[Due, ...]:
    cycle = told.record.cycle
    dues = []
    if cycle.is_open and cycle.act_decision is None and cycle.look_on:
        until = f"Decide by {day(cycle.check_due_on)}." if cycle.check_due_on else ""
        owner = told.person(cycle.owner_id)
        dues.append(
            Due("check", cycle.cycle_id, cycle.look_on, f"Check: {cycle.title}",
                f"Owner: {owner}. {until}")
        )  # fmt: skip
    dues += [
        follow_up_due(each, told.report.page.names, is_sustain=each.due_on == cycle.sustain_on)
        for each in told.record.follow_ups
        if each.status is FollowUpStatus.OPEN and each.due_on
    ]
    return tuple(dues)


def follow_up_due(promise: FollowUp, names: Mapping[str, str], *, is_sustain: bool = False) -> Due:
    """An open promise with a date, for calendars."""
    if promise.due_on is None:
        raise ValueError("a promise without a date is due on no day")
    kind = "sustain check" if is_sustain else "follow-up"
    owner = names.get(promise.owner_id or "", "nobody")
    return Due(kind, promise.follow_up_id, promise.due_on, promise.title, f"Owner: {owner}.")

"""A cycle on one sheet of A3, from frozen records. Pure.

On the left the plan with its line of cycles and its hashes, on the right what was done, found and
decided.
"""

from collections.abc import Mapping

from dashboard.format import counted, day
from dashboard.reports.calendar import Due
from dashboard.reports.content import Content
from dashboard.reports.cycle_check_section import (
    baseline_restated,
    change_sentence,
    check_section,
)
from dashboard.reports.cycle_plan_section import plan_section
from dashboard.reports.cycle_told import Told
from dashboard.reports.frozen_blocks import day_or_dash, freeze_provenance
from dashboard.reports.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Grid,
    Half,
    Paper,
    Prose,
    Section,
)
from dashboard.review_words import CYCLE, DECISION, words
from pipelines.reviews.core.cycle import Action
from pipelines.reviews.core.meeting import FollowUp
from pipelines.reviews.core.terms import ActDecision, ActionStatus, FollowUpStatus
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
            plan_section(told),
            _do(told),
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
    signature, moved = page.signature, change_sentence(told)
    if signature is not None and signature.human_verdict is not None:
        return f"{words(signature.human_verdict)}, as signed.{moved} {state}"
    if page.run is not None:
        found = words(page.run.verdict.machine_verdict)
        return f"{found}, says the machine; not signed yet.{moved} {state}"
    look = cycle.look_on
    when = f" The Check may run from {day(look)} on." if look else ""
    return f"{state}{when}"


def _do(told: Told) -> Section:
    actions = told.record.actions
    done = sum(each.status is ActionStatus.DONE for each in actions)
    heading = f"{done} of {counted(len(actions), 'action')} done" if actions else "Nothing to do"
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
    delivered = [Bullets(shipped, "Delivered with")] if shipped else []
    return Section(heading, (grid, *delivered), "Do", Half.RIGHT)


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
    return Section(_act_heading(told), tuple(blocks), "Act", Half.RIGHT)


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
    return Section("What proves it", (grid,), "Record", Half.LEFT)


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

"""One cycle on one screen: what every part of its page says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard import data, records
from dashboard.components.chart_card import ChartCard
from dashboard.components.page import Page
from dashboard.exhibits import cycle_chart, plan_words
from dashboard.exhibits.cycle_cards import what_is_next
from dashboard.format import day
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import Plan
from pipelines.reviews.core.terms import CycleStatus, MetricRole, Rigour
from pipelines.reviews.cycle.lists import CycleCard
from pipelines.reviews.cycle.planning import Preview
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.cycle.suggesting import Suggestion
from pipelines.reviews.numbers.frozen import Frozen

Line = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """A cycle as its page shows it.

    Attributes:
        record: All that the records hold.
        freeze: Of the newest run, else of the lock; None of a draft.
        family: The cycle with its parents and children, oldest first.
        units: Metric id → its unit, as frozen or as the catalogue has it.
        names: Metric id → its name.
        team_rigour: How much the team asks of a plan that is not locked yet.
    """

    record: CycleRecord
    freeze: Frozen | None
    family: tuple[CycleCard, ...]
    names: Mapping[str, str]
    units: Mapping[str, str]
    team_rigour: Rigour = Rigour.LIGHT

    @property
    def own(self) -> CycleCard:
        """The cycle itself as lists show it."""
        cycle_id = self.record.cycle.cycle_id
        return next(each for each in self.family if each.cycle.cycle_id == cycle_id)


def sheet(page: Page, who: Speaker, cycle_id: str) -> Sheet | None:
    """Reads a cycle; None where there is none of this id."""
    record = records.cycle(who, cycle_id) if cycle_id else None
    if record is None:
        return None
    run, opened = record.run, page.opened
    planned = record.plans[-1].snapshot_id if record.plans else None
    freeze = records.frozen(who, (run.snapshot_id if run else None) or planned)
    known = {each.metric_id: each for each in (freeze.series if freeze else ())}
    names, units = {}, {}
    for metric in record.metrics:
        frozen = known.get(metric.metric_id)
        has_entry = metric.metric_id in data.metrics(opened)
        about = data.subject(opened, metric.metric_id) if has_entry and not frozen else None
        said = frozen or about
        names[metric.metric_id] = said.name if said else metric.metric_id
        units[metric.metric_id] = said.unit if said else ""
    family = tuple(records.lineage(who, cycle_id))
    rigour = who.desk.team(record.cycle.team_id).settings.rigour
    return Sheet(record, freeze, family, names, units, rigour)


def started_chart(page: Page, card: Card, found: Suggestion) -> ChartCard:
    """What a metric does by itself, for a cycle that is not begun yet."""
    about = data.subject(page.opened, card.metric_id, found.name)
    return cycle_chart.baseline_card(page.opened, about, found.baseline, None, page.mode)


def draft_chart(page: Page, preview: Preview) -> ChartCard | None:
    """What the lock would freeze; None without a metric."""
    plan, primary = preview.plan, preview.plan.primary
    if primary is None:
        return None
    about = data.subject(page.opened, primary.metric_id, preview.names[primary.metric_id])
    return cycle_chart.baseline_card(
        page.opened, about, plan.baseline, plan.start_on, page.mode, goal=primary.target_value
    )


def locked_chart(page: Page, shown: Sheet) -> ChartCard | None:
    """The frozen chart of a locked cycle; None of one that has no metric."""
    plan, freeze = shown.record.plan, shown.freeze
    if plan is None or freeze is None:
        return None
    return cycle_chart.frozen_card(page.opened, plan, freeze, shown.record.run, page.mode)


def lead(shown: Sheet, who: Speaker) -> str:
    """State, owner and what is next, in a sentence."""
    cycle = shown.record.cycle
    owner = who.name(cycle.owner_id)
    return f"Owned by {owner}. Next: {what_is_next(shown.own, who.today)}"


def badges(shown: Sheet) -> tuple[str, ...]:
    """What must stand beside the title wherever the cycle is shown."""
    cycle, plan = shown.record.cycle, shown.record.plan
    told = [words(cycle.status), *shown.record.labels]
    rigour = plan.rigour if plan else shown.team_rigour
    told.append(f"{words(rigour)} rigour")
    if len(shown.record.plans) > 1:
        told.append("plan changed after lock")
    signature = shown.record.signature
    if signature and signature.self_signed:
        told.append("self-signed")
    return tuple(told)


def plan_lines(shown: Sheet, who: Speaker) -> list[Line]:
    """The Plan: label and text, in the order of an A3."""
    record, plan = shown.record, shown.record.plan
    cycle = record.cycle
    lines = [
        ("Problem", cycle.problem or ""),
        ("Root cause", _cause(record)),
        ("Hypothesis", _hypothesis(shown)),
    ]
    if plan is not None:
        lines += [*_design_lines(shown, plan), ("Locked", _locked(shown, who))]
    return [(label, text) for label, text in lines if text]


def _cause(record: CycleRecord) -> str:
    cycle = record.cycle
    method = f" ({cycle.root_cause_method})" if cycle.root_cause_method else ""
    return f"{cycle.root_cause}{method}" if cycle.root_cause else ""


def _hypothesis(shown: Sheet) -> str:
    cycle = shown.record.cycle
    parts = [
        f"If: {_bare(cycle.hypothesis_change)}" if cycle.hypothesis_change else "",
        f"then: {_bare(_then(shown))}" if _then(shown) else "",
        f"because: {_bare(cycle.hypothesis_because)}" if cycle.hypothesis_because else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said}." if said else ""


def _bare(text: str | None) -> str:
    return (text or "").strip().rstrip(".")


def _then(shown: Sheet) -> str:
    for metric in shown.record.metrics:
        if metric.role is MetricRole.PRIMARY:
            name, unit = shown.names[metric.metric_id], shown.units[metric.metric_id]
            return plan_words.target_told(metric, name, unit)
    return shown.record.cycle.hypothesis_effect or ""


def _design_lines(shown: Sheet, plan: Plan) -> list[Line]:
    primary = plan.primary
    if primary is None:
        return [("Criteria", "; ".join(plan.criteria)),
                ("Sources", "; ".join(plan.criteria_sources))]  # fmt: skip
    name, unit = shown.names[primary.metric_id], shown.units[primary.metric_id]
    names, units = dict(shown.names), dict(shown.units)
    smallest = f"{plan_words.amount(plan.mde80, unit)} in 80 of 100 cases" if plan.mde80 else ""
    return [
        ("Baseline", plan_words.baseline_told(plan.baseline, name, unit, primary.grain)),
        ("Provable from", smallest or "no change would be proven in 80 of 100 cases"),
        ("Guard-rails", "; ".join(plan_words.guards_told(plan, names, units))),
        ("Waiver", plan.waiver or ""),
        ("Also at work", "; ".join(plan.confounders)),
    ]


def _locked(shown: Sheet, who: Speaker) -> str:
    row = shown.record.plans[-1]
    version = f"version {row.plan_no}, " if row.plan_no > 1 else ""
    by = who.name(row.locked_by)
    return f"{version}{day(row.locked_at)} by {by}, hash {row.plan_hash[:8]}"


def act_lines(shown: Sheet) -> list[Line]:
    """What was decided, and what hangs on it."""
    cycle = shown.record.cycle
    if cycle.act_decision is None:
        return []
    labels = ", ".join(cycle.labels)
    lines = [
        ("Decision", words(cycle.act_decision) + (f" ({labels})" if labels else "")),
        ("Why", cycle.act_rationale or ""),
        ("Standard", cycle.standard_link or ""),
        ("Lasts?", f"looked at on {day(cycle.sustain_on)}" if cycle.sustain_on else ""),
        ("Undone", day(cycle.rolled_back_on) if cycle.rolled_back_on else ""),
    ]
    return [(label, text) for label, text in lines if text]


def lesson(card: CycleCard) -> str:
    """What came of another cycle of the line; "" before its decision."""
    cycle = card.cycle
    if cycle.act_decision is None:
        return ""
    told = [f"{words(cycle.act_decision)}: {cycle.act_rationale or ''}".rstrip(": ")]
    if cycle.learning:
        told.append(f"Learned: {cycle.learning}")
    return " · ".join(told)


def stopped(shown: Sheet) -> str:
    """Why a cycle rests or was cancelled, and until when it rests; "" of any other."""
    cycle = shown.record.cycle
    word = {CycleStatus.ON_HOLD: "held", CycleStatus.CANCELLED: "cancelled"}.get(cycle.status)
    events = [each for each in shown.record.events if word and each.action == word]
    if not events:
        return ""
    reason = events[-1].reason or ""
    if cycle.status is CycleStatus.CANCELLED:
        return f"Cancelled: {reason}"
    planned = [each for each in shown.record.events if each.action == "resume_planned"]
    on = planned[-1].changes.get("resume_on") if planned else None
    until = f" until {day(date.fromisoformat(on))}" if on else ""
    return f"On hold{until}: {reason}"

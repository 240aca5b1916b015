"""A pre-read: agenda, frozen numbers, restatements and the questions to answer. Pure."""

from dashboard.exhibits import plan_words
from dashboard.exhibits.meeting_words import SOURCE, dates_told, day_of_text
from dashboard.format import counted, day
from dashboard.reports.calendar import Due
from dashboard.reports.content import Content
from dashboard.reports.frozen_blocks import (
    figures_grid,
    freeze_provenance,
    newest_facts,
    restated_words,
    series_chart,
    since_grid,
    since_words,
)
from dashboard.reports.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Grid,
    Paper,
    Prose,
    Rule,
    Section,
)
from dashboard.review_words import words
from pipelines.reviews.core.agenda import NOT_KNOWN, STANDING_QUESTIONS
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.plan import Plan
from pipelines.reviews.core.restatement import Since
from pipelines.reviews.core.terms import ItemSource
from pipelines.reviews.meeting.preread import PrereadItem
from pipelines.reviews.numbers.frozen import Frozen, FrozenSeries
from pipelines.reviews.reports.record_reports import PrereadReport

QUESTIONS = {
    ItemSource.DUE_CHECK: (
        "What did we predict, before we look at the result?",
        "Standardise, keep, adjust or abandon?",
        "What did we learn that others should know?",
    ),
    ItemSource.AUTO_SIGNAL: (
        "What happened in the time of the signal?",
        "Which input moved it, and who knows more?",
        "Do we act, or do we only watch?",
    ),
    ItemSource.OVERDUE: (
        "Is it done, late or dropped, and why?",
        "If late: which new date will hold?",
    ),
    ItemSource.CARRIED: ("What changed since we parked it?",),
    ItemSource.EVIDENCE: ("What does it say that the numbers do not?",),
    ItemSource.MANUAL: ("What do we want to have decided at the end?",),
}
_NOT_KNOWN_TOLD = f"“{NOT_KNOWN}” is a valid answer; it becomes a follow-up."


def preread_content(report: PrereadReport) -> Content:
    """The paper that is read before a meeting."""
    found = report.preread
    changes = since_of([*found.items, *found.folded])
    paper = Paper(
        title=f"{words(found.meeting.kind)}, {day(found.meeting.held_on)}",
        kind=kind_told("Pre-read", found.team, is_imported=report.is_imported),
        lead=_lead(report),
        provenance=freeze_provenance(
            found.freeze,
            found.meeting.timezone,
            restated_words(changes),
            is_simulated=report.is_simulated,
        ),
        sections=(
            _agenda(report),
            *(_item(place, each, found.freeze) for place, each in enumerate(found.items, 1)),
            _rest(report, changes),
        ),
    )
    return Content(paper, report.export, (meeting_due(found.meeting, found.team),))


def kind_told(what: str, team: str, *, is_imported: bool) -> str:
    """What a paper of a meeting is, of which team, and whether it comes from elsewhere."""
    return " · ".join([what, team, *(["imported"] if is_imported else [])])


def meeting_due(meeting: Meeting, team: str) -> Due:
    """The day of a meeting, for calendars."""
    title = f"{words(meeting.kind)}: {team}"
    return Due("review", meeting.meeting_id, meeting.held_on, title)


def since_of(items: list[PrereadItem]) -> list[tuple[str, str, Since]]:
    """(name, unit, difference since the last review) of the numbers that have one."""
    return [
        (each.numbers.name, each.numbers.unit, each.since.change)
        for each in items
        if each.numbers and each.since
    ]


def _lead(report: PrereadReport) -> str:
    found = report.preread
    count = counted(len(found.items), "thing")
    if not found.items:
        return "Nothing asks for attention. What there is to see stands at the end."
    said = f"{count} to talk about. First: {found.items[0].item.subject.rstrip('.')}."
    if found.data_stand_since:
        said += (
            f" The last refresh failed: the data stand since "
            f"{day_of_text(found.data_stand_since.get('since', ''))}."
        )
    return said


def _agenda(report: PrereadReport) -> Section:
    found = report.preread
    rows = tuple(
        (
            str(place),
            each.item.subject,
            SOURCE[each.item.source],
            dates_told(" ".join(each.reasons)) or each.item.note or "–",
        )
        for place, each in enumerate(found.items, start=1)
    )
    grid = Grid(
        "Agenda, exceptions first",
        (Column("No."), Column("What"), Column("Comes from"), Column("Why")),
        rows,
        "" if rows else "Nothing asks for attention.",
    )
    led, written = (
        report.names.get(person or "", "nobody")
        for person in (found.meeting.facilitator_id, found.meeting.note_taker_id)
    )
    facts = Facts(
        (
            Fact("Held on", day(found.meeting.held_on), found.meeting.timezone),
            Fact("Led by", led),
            Fact("Notes by", written),
            Fact("Takes", f"{found.parts[-1].end} minutes"),
        )
    )
    timing = Grid(
        "Timing",
        (Column("Minute"), Column("Part"), Column("What for")),
        tuple((f"{each.start}–{each.end}", each.name, each.purpose) for each in found.parts),
    )
    questions = Bullets((*STANDING_QUESTIONS, _NOT_KNOWN_TOLD), "Standing questions")
    return Section("What we talk about", (facts, grid, questions, timing), "Agenda")


def _item(place: int, item: PrereadItem, freeze: Frozen) -> Section:
    blocks: list[Block] = []
    if item.reasons:
        said = tuple(dates_told(each) for each in item.reasons)
        blocks.append(Bullets(said, "Why it is here"))
    if item.item.note and item.item.note not in item.reasons:
        blocks.append(Prose(item.item.note, "Note"))
    if item.plan is not None:
        blocks += _prediction(item.plan, freeze)
    if item.numbers is not None:
        blocks += number_blocks(item.numbers, item.markers)
        if item.since is not None:
            blocks.append(
                Prose(since_words(item.since, item.numbers.unit), "Since the last review")
            )
    blocks.append(Bullets(QUESTIONS[item.item.source], "Questions to answer"))
    rule = (number_rule(item.numbers),) if item.numbers else ()
    return Section(item.item.subject, (*blocks, *rule), f"Item {place}")


def number_blocks(series: FrozenSeries, markers: tuple[dict[str, object], ...]) -> list[Block]:
    """A number with interval, n and target, and its chart."""
    newest = series.newest
    target = newest.target if newest else None
    chart = series_chart(series, markers=markers, target=target)
    return [newest_facts(series), *([chart] if chart else [])]


def number_rule(series: FrozenSeries) -> Rule:
    """How a number is counted, in words."""
    return Rule(series.rule_text or f"{series.name}, as defined in {series.definition_hash[:12]}.")


def _prediction(plan: Plan, freeze: Frozen) -> list[Block]:
    primary = plan.primary
    said = [f"Change: {plan.change}"] if plan.change else []
    said += [f"Because: {plan.because}"] if plan.because else []
    if primary is not None:
        own = (each for each in freeze.series if each.metric_id == primary.metric_id)
        series = next(own, None)
        name = series.name if series else primary.metric_id
        unit = series.unit if series else ""
        said.append(f"Predicted: {plan_words.target_told(primary, name, unit)}.")
    return [Prose("\n".join(said), "What was predicted")] if said else []


def _rest(report: PrereadReport, changes: list[tuple[str, str, Since]]) -> Section:
    found = report.preread
    folded = [each.numbers for each in found.folded if each.numbers]
    nothing = "No number is folded." if not folded else ""
    blocks: list[Block] = []
    if folded:
        blocks.append(figures_grid(folded, "Nothing to see"))
    parked = tuple(
        f"{each.item.subject}: {each.item.note or 'parked'}"
        for each in found.folded
        if each.item.state.value == "parked"
    )
    if parked:
        blocks.append(Bullets(parked, "Left aside"))
    blocks.append(since_grid(changes, "" if changes else restated_words(changes)))
    if found.left_out:
        blocks.append(
            Bullets(tuple(f"{name}: {why}" for name, why in found.left_out), "Could not be shown")
        )
    if nothing and len(blocks) == 1:
        blocks.insert(0, Prose(nothing))
    rules = tuple(Rule(f"{each.name}: {each.rule_text}") for each in folded if each.rule_text)
    return Section("Numbers without a signal, and what was restated", (*blocks, *rules), "The rest")

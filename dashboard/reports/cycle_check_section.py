"""The Check of a cycle as a section: figures, chart with limits, guard-rails, signatures. Pure."""

from datetime import date

from dashboard.format import counted, day, difference, goal, number
from dashboard.reports.cycle_told import Told
from dashboard.reports.frozen_blocks import series_chart
from dashboard.reports.paper import (
    Baseline,
    Block,
    Bullets,
    Change,
    Chart,
    Column,
    Fact,
    Facts,
    Grid,
    Half,
    Point,
    Prose,
    Rule,
    Section,
    Series,
)
from dashboard.review_words import GUARD, TARGET, words
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.check.signal_points import signal_points
from pipelines.reviews.core.cycle import SignedVerdict
from pipelines.reviews.core.plan import PlanMetric
from pipelines.reviews.core.terms import (
    Design,
    Direction,
    MetricRole,
    ValueState,
)
from pipelines.reviews.numbers.frozen import FrozenSeries

JUDGED_BY = (
    "Judged by process limits of the frozen baseline (mean ± 2.66 mean moving ranges) and by the "
    "interval of after minus before, corrected for autocorrelation; improved only where both agree "
    "and a drift of the baseline is excluded."
)
# Their signals are found on a series that is not the one drawn.
_SEASONAL = ("day", "month")


def rule_of(told: Told) -> Rule:
    """Definition of the primary metric and how it is judged."""
    primary = told.plan.primary
    if primary is None:
        return Rule(
            "Judged by people on the criteria declared before the start, with at least two "
            "independent kinds of evidence; a qualitative cycle leaves the hit rate."
        )
    series = told.series.get(primary.metric_id)
    if told.plan.design is Design.AB_TEST:
        return Rule(f"{series.rule_text if series else ''} Judged by the imported A/B test.")
    return Rule(f"{series.rule_text if series else primary.metric_id} {JUDGED_BY}")


def baseline_restated(told: Told) -> str:
    """How far the Check's freeze sees another baseline than the one that was locked."""
    primary = told.plan.primary
    if told.record.check_freeze is None or primary is None:
        return "Nothing can have been restated: these are the numbers of the lock."
    series = told.record.check_freeze.of(primary.metric_id)
    later = {each.start: each.value for each in (series.points if series else ())}
    points = told.plan.baseline.points
    differ = sum(each.start in later and later[each.start] != each.value for each in points)
    if not differ:
        return "No period of the locked baseline was restated up to the Check."
    return (
        f"{counted(differ, 'period')} of the locked baseline's {len(points)} read otherwise in "
        "the Check's data; the locked values count."
    )


def check_section(told: Told) -> Section:
    """What the machine found and what people made of it; before the Check the baseline alone."""
    run, primary = told.report.page.run, told.plan.primary
    check = _row(told, primary)
    blocks: list[Block] = []
    if check is not None and primary is not None:
        blocks.append(_figures(told, primary, check))
    heading = "The Check has not run yet"
    if run is not None:
        verdict = run.verdict
        heading = f"Machine verdict: {words(verdict.machine_verdict).lower()}"
        notes = tuple(run.notes)
        blocks.append(Prose(verdict.sentence, "Verdict"))
        if notes:
            blocks.append(Bullets(notes, "To be read with it"))
        blocks += _others(told)
        blocks.append(Prose(f"{run.suggestion[:1].upper()}{run.suggestion[1:]}.", "Suggested"))
        blocks.append(_signatures(told))
        if len(told.record.runs) > 1:
            blocks.append(_looks(told))
    # Its table is long, so it comes last.
    chart = _chart(told, primary, check)
    if chart is not None:
        blocks.append(chart)
    return Section(heading, (*blocks, rule_of(told)), "Check", Half.RIGHT)


def _row(told: Told, metric: PlanMetric | None) -> MetricCheck | None:
    run = told.report.page.run
    rows = run.checks if run and metric else ()
    return next((each for each in rows if metric and each.metric_id == metric.metric_id), None)


def _figures(told: Told, metric: PlanMetric, check: MetricCheck) -> Facts:
    unit = told.unit(metric.metric_id)
    before, after = (counted(n or 0, metric.grain) for n in (check.n_base, check.n_post))
    facts = [
        Fact("Before", number(check.mean_base, unit), before),
        Fact("After", number(check.mean_post, unit), after),
    ]
    moved = change_words(metric, check, unit)
    if moved:
        facts.append(Fact("Change", *moved))
    if check.target_state is not None and metric.target_value is not None:
        facts.append(Fact("Target", TARGET[check.target_state], goal(metric.target_value, unit)))
    return Facts(tuple(facts))


def change_sentence(told: Told) -> str:
    """What the primary metric did, behind a blank; "" where nothing was compared."""
    primary = told.plan.primary
    check = _row(told, primary)
    if primary is None or check is None:
        return ""
    moved = change_words(primary, check, told.unit(primary.metric_id))
    return f" {told.name(primary.metric_id)}: {moved[0]} ({moved[1]})." if moved else ""


def change_words(metric: PlanMetric, check: MetricCheck, unit: str) -> tuple[str, str] | None:
    """Change and interval as the metric moved; None where nothing was compared."""
    if check.diff is None or check.lo is None or check.hi is None:
        return None
    ends = (check.lo, check.hi)
    value = check.diff
    if metric.direction is Direction.DOWN:
        # Stored with favourable up; printed as the metric moved.
        value, ends = -check.diff, (-check.hi, -check.lo)
    sure = f"{100 * (1 - check.alpha):.0f} %"
    low, high = (difference(end, unit) for end in ends)
    return difference(value, unit), f"{sure}: {low} to {high}"


def _chart(told: Told, metric: PlanMetric | None, check: MetricCheck | None) -> Chart | None:
    series = _frozen(told, metric)
    if series is None or metric is None:
        return None
    baseline, plan = told.plan.baseline, told.plan
    plain = series_chart(series, target=metric.target_value)
    if plain is None or baseline.mean is None:
        return plain
    points = _points(told, series, metric, check)
    start = plan.start_on
    is_shown = start is not None and points[0].on <= start <= points[-1].on
    return Chart(
        title=f"{series.name} by {series.grain}, with the limits of the locked baseline",
        unit=series.unit,
        series=(Series(series.name, points),),
        baseline=Baseline(baseline.mean, baseline.lnpl, baseline.unpl),
        target=metric.target_value,
        changes=(Change(start, "Change"),) if start and is_shown else (),
        period=series.grain,
    )


def _frozen(told: Told, metric: PlanMetric | None) -> FrozenSeries | None:
    if metric is None:
        return None
    own = [each for each in told.freeze.series if each.metric_id == metric.metric_id]
    primary = [each for each in own if each.role == MetricRole.PRIMARY.value]
    return next(iter((*primary, *own)), None)


def _points(
    told: Told, series: FrozenSeries, metric: PlanMetric, check: MetricCheck | None
) -> tuple[Point, ...]:
    """From the baseline on: its own values as they were locked, then those of the freeze."""
    locked = {each.start: each.value for each in told.plan.baseline.points}
    first = min(locked, default=None)
    settled = {
        each.start: each.value
        for each in series.points
        if each.state is not ValueState.IMMATURE and (first is None or each.start >= first)
    }
    values: dict[date, float | None] = dict(sorted((settled | locked).items()))
    signals = _signals(told, values, metric, check)
    return tuple(Point(on, value, signals.get(on, "")) for on, value in values.items())


def _signals(
    told: Told, values: dict[date, float | None], metric: PlanMetric, check: MetricCheck | None
) -> dict[date, str]:
    if check is None or check.post_from is None or check.post_to is None:
        return {}
    if metric.grain in _SEASONAL or metric.control_metric_id is not None:
        return {}
    post = [on for on in values if check.post_from <= on <= check.post_to]
    ways = signal_points([values[on] for on in post], told.plan.baseline)
    sides = {1: "above the centre", -1: "below the centre"}
    return {on: sides[way] for on, way in zip(post, ways, strict=True) if way}


def _others(told: Told) -> list[Block]:
    """Guard-rails with their margins, then what only informs."""
    found: list[Block] = []
    for role, caption in (
        (MetricRole.GUARD_RAIL, "Guard-rails"), (MetricRole.SECONDARY, "Also looked at"),
    ):  # fmt: skip
        rows = [
            _other(told, metric, row)
            for metric in told.plan.of_role(role)
            if (row := _row(told, metric)) is not None
        ]
        if rows:
            heads = ("Metric", "Before", "After", "Change", "Interval", "Margin", "State")
            columns = tuple(Column(head) for head in heads)
            found.append(Grid(caption, columns, tuple(rows)))
    return found


def _other(told: Told, metric: PlanMetric, row: MetricCheck) -> tuple[str, ...]:
    unit = told.unit(metric.metric_id)
    moved = change_words(metric, row, unit) or ("–", "–")
    margin = "–" if metric.margin is None else difference(metric.margin, unit).removeprefix("+")
    state = GUARD[row.guard_state] if row.guard_state else "informs"
    if metric.metric_id in told.plan.waived:
        state = f"{state} (waived)"
    return (
        told.name(metric.metric_id),
        number(row.mean_base, unit),
        number(row.mean_post, unit),
        *moved,
        margin,
        state,
    )


def _signatures(told: Told) -> Grid:
    rows = tuple(_signature(told, each) for each in told.record.signatures)
    heads = ("Signed by", "On", "Machine", "Human", "Why it differs")
    return Grid("Signatures", tuple(Column(head) for head in heads), rows,
                "The latest counts; none is ever taken away." if rows
                else "Nobody has signed the verdict yet.")  # fmt: skip


def _signature(told: Told, signed: SignedVerdict) -> tuple[str, ...]:
    human, machine = signed.human_verdict, signed.machine_verdict
    own = " (self-signed)" if signed.self_signed else ""
    override = " (overridden)" if human is not machine else ""
    return (
        told.person(signed.signed_by) + own,
        day(signed.signed_at.date()) if signed.signed_at else "–",
        words(machine),
        (words(human) if human else "–") + override,
        signed.human_reason or "–",
    )


def _looks(told: Told) -> Grid:
    rows = tuple(
        (
            f"Look {run.look}",
            run.at.date(),
            words(run.verdict.machine_verdict),
            f"plan {run.plan_no}",
        )
        for run in told.record.runs
    )
    heads = ("Look", "Ran", "Machine verdict", "On")
    return Grid("Every run of the Check", tuple(Column(head) for head in heads), rows)

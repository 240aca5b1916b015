"""The outcome ledger → a paper: how well predictions did, and every row. Pure."""

from dataclasses import asdict

from dashboard.format import counted, day, difference, interval, number
from dashboard.reports.content import Content, provenance
from dashboard.reports.paper import (
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Grid,
    Paper,
    Prose,
    Rule,
    Section,
)
from pipelines.reviews.core.figures import Median, Share
from pipelines.reviews.core.ledger import Scorecard
from pipelines.reviews.core.terms import Direction, LedgerStatus
from pipelines.reviews.outcome.metrics import FEWEST_DUE, FEWEST_JUDGED, QuarterShare
from pipelines.reviews.outcome.page import Ledger, LedgerLine
from pipelines.reviews.reports.reporting import LedgerReport

RULE = Rule(
    "A hit is the verdict “improved” of the Check; inconclusive is no hit. Hit rate: hits of "
    "judged predictions, 95 % interval by Wilson. Brier: mean of (confidence − hit)², 0 is best. "
    "Results belong to releases and items, never to persons."
)
_STATUS = {
    LedgerStatus.UNPREDICTED: "not predicted",
    LedgerStatus.OPEN: "predicted, not due yet",
    LedgerStatus.DUE: "due",
    LedgerStatus.JUDGED: "judged",
    LedgerStatus.NOT_JUDGEABLE: "not judgeable",
}


def scorecard_content(report: LedgerReport) -> Content:
    """The scorecard and every row of the ledger."""
    card = report.ledger.scorecard
    paper = Paper(
        title=f"{report.origin.product}: what releases were to do, and did",
        kind="Outcome scorecard",
        lead=lead(card),
        provenance=provenance(report.origin),
        sections=(
            _figures(card),
            _calibration(card),
            _quarters(report.hit_rates, report.coverage),
            _rows(report.ledger),
        ),
    )
    return Content(paper, _data(report))


def lead(card: Scorecard) -> str:
    """What a reader with one minute must know."""
    said = f"{card.predicted_sentence[:1].upper()}{card.predicted_sentence[1:]}."
    if card.hit_rate.value is None:
        return f"{said} {card.hit_rate.sentence}"
    return f"{said} Hit rate: {share_words(card.hit_rate)}. {power_words(card)}"


def share_words(share: Share, fewest: int = FEWEST_JUDGED) -> str:
    """A share with its interval; of too few the counts."""
    if share.value is None:
        return share.sentence
    if share.n < fewest:
        return f"{share.k} of {share.n}"
    return (
        f"{number(share.value, 'share')} ({share.k} of {share.n}; "
        f"95 %: {interval(share.low, share.high, 'share')})"
    )


def power_words(card: Scorecard) -> str:
    """How much the judged designs could have found, beside the hit rate."""
    if card.mean_power is None:
        return "How much the judged designs could find is not known yet."
    return (
        f"The {counted(card.n_power, 'judged design')} had a mean chance of "
        f"{number(card.mean_power, 'share')} to find what was expected: short windows miss real "
        "effects."
    )


def effect_words(line: LedgerLine) -> str:
    """The measured effect with its interval, as the metric moved; "" without one."""
    result = line.outcome.result
    if result is None or result.effect is None:
        return ""
    sign = _sign(line)
    text = difference(sign * result.effect, line.unit)
    if result.lo is None or result.hi is None:
        return text
    low, high = sorted((sign * result.lo, sign * result.hi))
    return f"{text} ({difference(low, line.unit)} to {difference(high, line.unit)})"


def _sign(line: LedgerLine) -> int:
    """Results are kept favourable up; a metric that should fall moved the other way."""
    return -1 if line.row.expected_direction is Direction.DOWN else 1


def _data(report: LedgerReport) -> dict[str, object]:
    figures = asdict(report.ledger.scorecard)
    # Keys of JSON are texts.
    for name in ("by_class", "hits_by_class"):
        figures[name] = {f"{impact:g}": value for impact, value in figures[name].items()}
    return {
        "origin": asdict(report.origin),
        "scorecard": figures,
        "outcome_hit_rate": [asdict(each) for each in report.hit_rates],
        "review_coverage": [asdict(each) for each in report.coverage],
        "rows": [asdict(each) for each in report.ledger.lines],
        "gone": list(report.ledger.gone),
    }


def _figures(card: Scorecard) -> Section:
    gap = card.calibration_gap
    facts = (
        Fact(
            "Predicted",
            share_words(card.predicted, FEWEST_DUE),
            "releases with a locked prediction",
        ),
        Fact("Hit rate", share_words(card.hit_rate), "judged, self-signed apart"),
        Fact("Decided only", share_words(card.decided_only), "without inconclusive ones"),
        Fact("Self-signed", share_words(card.self_signed), "a line of their own"),
        Fact("Reviewed in time", share_words(card.reviewed, FEWEST_DUE), "by the review date"),
        Fact(
            "Calibration gap", "–" if gap is None else difference(gap, "share"), "above 0: too sure"
        ),
        Fact("Brier score", number(card.brier, "ratio"), "0 is best; 0.25 is a coin's"),
        Fact("Size ratio", median_words(card.size_ratio), "measured ÷ expected, median"),
        Fact("Joint judgements", number(card.joint, "count"), "several releases share one"),
    )
    return Section(
        "How well we predict", (Facts(facts), Prose(power_words(card)), RULE), "Scorecard"
    )


def median_words(median: Median) -> str:
    """A median with its order-statistic interval."""
    if median.value is None:
        return "–"
    ends = interval(median.low, median.high, "ratio")
    return f"{number(median.value, 'ratio')} (n = {median.n}{f'; 95 %: {ends}' if ends else ''})"


def _calibration(card: Scorecard) -> Section:
    bins = Grid(
        "Stated confidence and what came",
        (
            Column("Stated"),
            Column("Judged", "count"),
            Column("Came true"),
            Column("Mean stated", "share"),
        ),
        tuple((b.label, b.n, share_words(b.hits, 0), b.confidence) for b in card.bins),
        "A line shows its share from 10 judgements on.",
    )
    classes = grid_or_words(
        "By RICE impact class",
        (Column("Impact"), Column("Hits"), Column("Size ratio")),
        tuple(
            (number(impact, "ratio"), share_words(hits), median_words(card.by_class[impact]))
            for impact, hits in card.hits_by_class.items()
        ),
        "No judged prediction has an impact class.",
    )
    return Section("Are we as sure as we may be?", (bins, classes, RULE), "Calibration")


def grid_or_words(
    caption: str, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], nothing: str
) -> Grid | Prose:
    """A table, or in words why it would be empty."""
    return Grid(caption, columns, rows) if rows else Prose(nothing, caption)


def _quarters(hit_rates: tuple[QuarterShare, ...], coverage: tuple[QuarterShare, ...]) -> Section:
    rates = {each.period: each.share for each in hit_rates}
    rows = tuple(
        (
            day(each.period),
            share_words(rates[each.period]) if each.period in rates else "–",
            share_words(each.share, FEWEST_DUE),
        )
        for each in coverage
    )
    grid = grid_or_words(
        "By quarter of the review date",
        (Column("Quarter from"), Column("Hit rate"), Column("Reviewed in time")),
        rows,
        "No prediction has been locked yet.",
    )
    return Section("Quarter by quarter", (grid, RULE), "Trend")


def _rows(ledger: Ledger) -> Section:
    grid = grid_or_words(
        "Releases and large items",
        (
            Column("What"), Column("Released"), Column("Metric"), Column("Expected"),
            Column("Confidence", "share"), Column("Review"), Column("State"), Column("Measured"),
        ),
        tuple(_row(line) for line in ledger.lines),
        "No release is known yet.",
    )  # fmt: skip
    said = tuple(
        f"{line.title}: {line.sentence}" + _joint(line)
        for line in ledger.lines
        if line.sentence and line.row.locked_at is not None
    )
    blocks = (grid, Bullets(said, "What was found"), RULE) if said else (grid, RULE)
    return Section("Every release", blocks, "Ledger")


def _row(line: LedgerLine) -> tuple[Cell, ...]:
    row = line.row
    expected = row.expected_effect
    return (
        line.title,
        row.released_on if line.is_released else f"planned {day(row.released_on)}",
        line.metric_name or "–",
        "–" if expected is None else difference(_sign(line) * expected, line.unit),
        row.confidence,
        row.review_on or "–",
        _STATUS[line.status] + (" (joint)" if line.is_joint else ""),
        effect_words(line) or "–",
    )


def _joint(line: LedgerLine) -> str:
    return f" Joint with {', '.join(line.joint_with)}." if line.is_joint else ""

"""The outcome ledger in words: figures beside their n, rows with prediction and result. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dashboard.format import counted, day, difference, goal, interval, number
from dashboard.reports.scorecard_paper import median_words, power_words, share_words
from dashboard.review_words import words
from pipelines.reviews.core.figures import Median, Share
from pipelines.reviews.core.ledger import Scorecard
from pipelines.reviews.core.prediction import OutcomeResult
from pipelines.reviews.core.terms import LedgerStatus, Verdict
from pipelines.reviews.outcome.metrics import FEWEST_JUDGED
from pipelines.reviews.outcome.page import Ledger, LedgerLine

STATES = {
    "all": "All",
    "to_predict": "To predict",
    "open": "Open",
    "due": "Due",
    "judged": "Judged",
    "unpredicted": "Unpredicted",
}
_BADGES = {
    LedgerStatus.UNPREDICTED: "Unpredicted",
    LedgerStatus.OPEN: "Open",
    LedgerStatus.DUE: "Due",
    LedgerStatus.JUDGED: "Judged",
    LedgerStatus.NOT_JUDGEABLE: "Not judgeable",
}
Color = Literal["green", "red", "gray"]
# Only a proven gain and a proven harm have a colour.
_COLORS: dict[Verdict, Color] = {Verdict.IMPROVED: "green", Verdict.WORSE: "red"}


@dataclass(frozen=True)
class Figure:
    """One figure of the scorecard: its value and, below, what it rests on."""

    label: str
    value: str
    note: str
    rule: str


def lead(card: Scorecard) -> str:
    """What a reader with one minute must know; no percentage of a handful."""
    return f"{card.predicted_sentence[:1].upper()}{card.predicted_sentence[1:]}. " + (
        card.hit_rate.sentence
        if card.hit_rate.value is None
        else f"Hits: {share_words(card.hit_rate)}."
    )


def figures(card: Scorecard) -> tuple[Figure, ...]:
    """Hit rate first, its power beside it."""
    gap, brier = card.calibration_gap, card.brier
    judged = card.size_ratio.n
    power = "–" if card.mean_power is None else goal(round(card.mean_power, 2), "share")
    return (
        _share("Hit rate", card.hit_rate, "Verdict “improved” of all judged, self-signed apart."),
        Figure(
            "Mean power", power, f"of {counted(card.n_power, 'judged design')}",
            "How often such a design finds an effect of the expected size. Short windows miss real "
            "effects, so a low power explains a low hit rate.",
        ),
        _share("Predicted", card.predicted, "Releases with a prediction locked before they went "
               "out."),
        _share("Reviewed in time", card.reviewed, "Due predictions with a verdict by their review "
               "date."),
        Figure(
            "Calibration gap", "–" if gap is None else difference(gap, "share"),
            _few(judged, "above 0: too sure"), "Mean stated confidence less the hit rate.",
        ),
        Figure(
            "Brier score", number(brier, "ratio"), _few(judged, "0 is best, 0.25 is a coin's"),
            "Mean of (confidence − hit)².",
        ),
        _median("Size ratio", card.size_ratio, "Measured effect as a multiple of the expected one, "
                "median. 1 is as large as expected."),
        _share("Self-signed", card.self_signed, "Hits where the verdict was signed by an owner of "
               "the work; a line of its own."),
    )  # fmt: skip


def _share(label: str, share: Share, rule: str) -> Figure:
    if share.value is None:
        return Figure(label, "–", "none yet", rule)
    counts = f"{share.k} of {share.n}"
    if share.n < FEWEST_JUDGED:
        return Figure(label, counts, "too few for a percentage", rule)
    ends = interval(share.low, share.high, "share")
    return Figure(label, number(share.value, "share"), f"{counts}; 95 %: {ends}", rule)


def _median(label: str, median: Median, rule: str) -> Figure:
    ends = interval(median.low, median.high, "ratio")
    note = f"n = {median.n}" + (f"; 95 %: {ends}" if ends else "; too few for an interval")
    if not median.n:
        note = "nothing judged yet"
    return Figure(label, number(median.value, "ratio"), note, rule)


def _few(judged: int, note: str) -> str:
    if not judged:
        return "nothing judged yet"
    return f"{note}; n = {judged}" + (", too few to learn from" if judged < FEWEST_JUDGED else "")


def power_told(card: Scorecard) -> str:
    """How much the judged designs could have found."""
    return power_words(card)


def calibration(card: Scorecard) -> pl.DataFrame:
    """Stated confidence against what came; shares from ten judgements on."""
    return pl.DataFrame(
        {
            "Stated": [each.label for each in card.bins],
            "Judged": [each.n for each in card.bins],
            "Came true": [share_words(each.hits, 0) for each in card.bins],
        }
    )


def by_impact(card: Scorecard) -> pl.DataFrame:
    """Hits and size ratio by RICE impact class."""
    return pl.DataFrame(
        {
            "Impact": [number(each, "ratio") for each in card.hits_by_class],
            "Hits": [share_words(each) for each in card.hits_by_class.values()],
            "Size ratio": [median_words(card.by_class[each]) for each in card.hits_by_class],
        }
    )


def lines_in(found: Ledger, state: str) -> list[LedgerLine]:
    """The rows of a state, as the ledger orders them."""
    if state == "all":
        return list(found.lines)
    if state == "to_predict":
        return [line for line in found.lines if line.can_be_predicted]
    if state == "judged":
        ended = {LedgerStatus.JUDGED, LedgerStatus.NOT_JUDGEABLE}
        return [line for line in found.lines if line.status in ended]
    wanted = LedgerStatus(state)
    return [line for line in found.lines if line.status is wanted and not line.can_be_predicted]


def told_apart(
    lines: Sequence[LedgerLine], state: str
) -> tuple[list[LedgerLine], list[LedgerLine]]:
    """Rows for a card each, and those about which there is nothing to say but that they are there.

    Nothing was predicted of the latter and it is too late to; with many releases they would bury
    the others. Who chose a state by name sees each of its rows.
    """
    if state != "all":
        return list(lines), []
    quiet = [
        line
        for line in lines
        if line.status is LedgerStatus.UNPREDICTED
        and line.row.metric_id is None
        and not (line.can_be_predicted or line.is_joint)
    ]
    return [line for line in lines if line not in quiet], quiet


def quiet_told(quiet: Sequence[LedgerLine]) -> str:
    """How many releases and items nobody predicted."""
    return f"{counted(len(quiet), 'row')} without a prediction; their guard-rails are watched"


def badges(line: LedgerLine) -> list[tuple[str, Color]]:
    """State, verdict and what must stand beside it; colour for a proven verdict only."""
    result = line.outcome.result
    told: list[tuple[str, Color]] = [
        ("To predict" if line.can_be_predicted else _BADGES[line.status], "gray")
    ]
    if result is not None and line.row.locked_at is not None:
        kept = line.outcome.kept
        color = "gray" if kept else _COLORS.get(result.verdict, "gray")
        told.append((words(result.verdict), color))
    if line.is_joint:
        told.append(("joint", "gray"))
    if line.outcome.kept:
        told.append(("kept, not proven", "gray"))
    if line.outcome.self_signed:
        told.append(("self-signed", "gray"))
    if line.outcome.qualitative:
        told.append(("qualitative", "gray"))
    return told


def line_told(line: LedgerLine) -> str:
    """When it is out, and when it is judged."""
    row = line.row
    out = "Released" if line.is_released else "Planned for"
    told = [f"{out} {day(row.released_on)}"]
    if row.review_on:
        told.append(f"review {day(row.review_on)}")
    if line.outcome.power is not None:
        told.append(f"power {goal(round(line.outcome.power, 2), 'share')}")
    return " · ".join(told)


def prediction_told(line: LedgerLine) -> str:
    """The prediction in words; "" without a metric."""
    row = line.row
    if row.metric_id is None:
        return ""
    sign = -1 if row.expected_direction == "down" else 1
    told = [f"Predicted: {line.metric_name}" if row.locked_at else f"Draft: {line.metric_name}"]
    if row.expected_effect is not None:
        told.append(difference(sign * row.expected_effect, line.unit))
    if row.min_effect is not None:
        told.append(f"worth having from {difference(sign * row.min_effect, line.unit)}")
    if row.confidence is not None:
        told.append(f"{goal(row.confidence, 'share')} sure")
    return ", ".join(told) + "."


def result_told(line: LedgerLine) -> str:
    """Measured effect and interval as the metric moved; "" before the judgement."""
    result: OutcomeResult | None = line.outcome.result
    if result is None or result.effect is None or line.row.locked_at is None:
        return ""
    sign = -1 if line.row.expected_direction == "down" else 1
    text = difference(sign * result.effect, line.unit)
    if result.lo is None or result.hi is None:
        return f"Measured: {text}."
    ends = sorted([sign * result.lo, sign * result.hi])
    low, high = (difference(end, line.unit) for end in ends)
    return f"Measured: {text} (interval {low} to {high})."


def joint_told(line: LedgerLine) -> str:
    """With what it shares its judgement; "" where it stands alone."""
    return f"Judged together with {', '.join(line.joint_with)}." if line.is_joint else ""


def missing_told(line: LedgerLine) -> str:
    """What a draft still lacks; "" where nothing is missing or nothing was begun."""
    if not line.can_be_predicted or not line.missing or line.row.metric_id is None:
        return ""
    return f"Still to be said: {', '.join(line.missing)}."


def gone_told(titles: Sequence[str]) -> str:
    """What the source does not list any more; "" where all is there."""
    if not titles:
        return ""
    verb = "is" if len(titles) == 1 else "are"
    return f"{', '.join(titles)} {verb} no longer listed by the source."

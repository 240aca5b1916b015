"""How often, and how well, a team predicted what its releases would do (reviews.md 10). Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.reviews.core.figures import Median, Share, median, share
from pipelines.reviews.core.prediction import Outcome, ledger_status
from pipelines.reviews.core.terms import LedgerStatus, Verdict

# Stated confidence, from the lower end up to the next one.
BINS = ((0.0, "below 50 %"), (0.5, "50 to 70 %"), (0.7, "70 to 90 %"), (0.9, "90 % and more"))
FEWEST_IN_BIN = 10
NOTHING_JUDGED = "No prediction has been judged yet. The first comes at its review date."


@dataclass(frozen=True)
class Judgement:
    """One run of the Check over one or several rows that were released together.

    Attributes:
        outcomes: The rows that share it; more than one = "joint".
        confidence: Mean of what was stated, 0 to 1.
        expected_effect: Sum of what was expected of its rows, which were measured as one.
    """

    outcomes: tuple[Outcome, ...]
    verdict: Verdict
    effect: float | None
    confidence: float
    expected_effect: float

    @property
    def is_joint(self) -> bool:
        """Several rows share it."""
        return len(self.outcomes) > 1

    @property
    def is_hit(self) -> bool:
        """Improved, and not merely kept."""
        return self.verdict is Verdict.IMPROVED and not any(each.kept for each in self.outcomes)

    @property
    def is_self_signed(self) -> bool:
        """One of its rows was signed by an owner of the work."""
        return any(each.self_signed for each in self.outcomes)

    @property
    def rice_class(self) -> float | None:
        """The impact class that all its rows have; None where they differ."""
        classes = {each.row.rice_impact for each in self.outcomes}
        return classes.pop() if len(classes) == 1 else None


@dataclass(frozen=True)
class ConfidenceBin:
    """Predictions of like confidence.

    Attributes:
        label: Such as "50 to 70 %".
        n: Judgements in it.
        hits: How often they came true; without a value below 10.
        confidence: What was stated on average; None below 10.
    """

    label: str
    n: int
    hits: Share
    confidence: float | None


@dataclass(frozen=True)
class Scorecard:
    """The ledger in figures.

    Attributes:
        hit_rate: Hits of judged predictions; inconclusive is no hit, self-signed not in it.
        decided_only: The same without the inconclusive ones.
        self_signed: The hit rate of self-signed outcomes, a line of its own.
        calibration_gap: Mean confidence less hit rate over all judged; above 0 = too sure.
        brier: Mean squared distance of confidence from what came; 0 is best, .25 a coin's.
        bins: By stated confidence.
        size_ratio: Measured effect as a multiple of the expected one, over all judged.
        by_class: The same by RICE impact class.
        hits_by_class: Hits of all judged predictions of a class.
        predicted: Releases with a prediction.
        reviewed: Due predictions that were judged by their review date.
        overdue: Rows that are past it and wait for the agenda.
        mean_power: Chance that the judged designs had to find what was expected; None = unknown.
        n_power: How many designs that rests on.
        joint: Judgements that several rows share.
    """

    hit_rate: Share
    decided_only: Share
    self_signed: Share
    calibration_gap: float | None
    brier: float | None
    bins: tuple[ConfidenceBin, ...]
    size_ratio: Median
    by_class: dict[float, Median]
    hits_by_class: dict[float, Share]
    predicted: Share
    reviewed: Share
    overdue: tuple[Outcome, ...]
    mean_power: float | None
    n_power: int
    joint: int

    @property
    def predicted_sentence(self) -> str:
        """Such as "predicted 3 of 12 releases"."""
        return f"predicted {self.predicted.k} of {self.predicted.n} releases"


def judgements(outcomes: Sequence[Outcome], today: date) -> tuple[Judgement, ...]:
    """The judged predictions, rows of one run on one metric taken together.

    Unpredicted, not judgeable and qualitative rows are not among them.
    """
    runs: dict[tuple[str, str | None, str | None], list[Outcome]] = defaultdict(list)
    for each in outcomes:
        is_judged = ledger_status(each.row, each.result, today) is LedgerStatus.JUDGED
        if each.result and is_judged and not each.qualitative:
            runs[each.result.run_id, each.row.metric_id, each.row.segment_key].append(each)
    return tuple(_judgement(tuple(rows)) for rows in runs.values())


def scorecard(outcomes: Sequence[Outcome], today: date) -> Scorecard:
    """Every figure of the ledger's page.

    Args:
        outcomes: All rows of a team or product, also unpredicted ones.
        today: In the team's time zone.

    Source:
        Wilson (1927) for shares; Brier (1950), Monthly Weather Review 78(1), 1-3.
    """
    judged = judgements(outcomes, today)
    others = [each for each in judged if not each.is_self_signed]
    decided = [each for each in others if each.verdict is not Verdict.INCONCLUSIVE]
    of_class = _by_class(judged)
    powers = [
        each.power for judgement in judged for each in judgement.outcomes if each.power is not None
    ]
    return Scorecard(
        hit_rate=hit_rate(others),
        decided_only=hit_rate(decided),
        self_signed=hit_rate([each for each in judged if each.is_self_signed]),
        calibration_gap=calibration_gap(judged),
        brier=brier(judged),
        bins=confidence_bins(judged),
        size_ratio=size_ratio(judged),
        by_class={impact: size_ratio(some) for impact, some in of_class.items()},
        hits_by_class={impact: hit_rate(some) for impact, some in of_class.items()},
        predicted=predicted_releases(outcomes),
        reviewed=reviewed_in_time(outcomes, today),
        overdue=tuple(
            each
            for each in outcomes
            if ledger_status(each.row, each.result, today) is LedgerStatus.DUE
        ),
        mean_power=sum(powers) / len(powers) if powers else None,
        n_power=len(powers),
        joint=sum(each.is_joint for each in judged),
    )


def hit_rate(judged: Sequence[Judgement]) -> Share:
    """Hits of judged, with the interval by Wilson."""
    return share(sum(each.is_hit for each in judged), len(judged), without=NOTHING_JUDGED)


def calibration_gap(judged: Sequence[Judgement]) -> float | None:
    """Mean confidence less hit rate, -1 to 1; None without judgements."""
    if not judged:
        return None
    return sum(each.confidence - each.is_hit for each in judged) / len(judged)


def brier(judged: Sequence[Judgement]) -> float | None:
    """Mean of (confidence - hit)², 0 to 1; None without judgements."""
    if not judged:
        return None
    return sum((each.confidence - each.is_hit) ** 2 for each in judged) / len(judged)


def confidence_bins(judged: Sequence[Judgement]) -> tuple[ConfidenceBin, ...]:
    """Hits by stated confidence; a bin of fewer than 10 says so and shows no share."""
    ends = [*(low for low, _ in BINS[1:]), float("inf")]
    found = []
    for (low, label), end in zip(BINS, ends, strict=True):
        some = [each for each in judged if low <= each.confidence < end]
        is_shown = len(some) >= FEWEST_IN_BIN
        few = f"{len(some)} judged; shown from {FEWEST_IN_BIN}."
        hits = hit_rate(some) if is_shown else share(0, 0, without=few)
        mean = sum(each.confidence for each in some) / len(some) if is_shown else None
        found.append(ConfidenceBin(label, len(some), hits, mean))
    return tuple(found)


def size_ratio(judged: Sequence[Judgement]) -> Median:
    """Median of effect / expected effect; 1 = as large as expected."""
    return median(
        [each.effect / each.expected_effect for each in judged if each.effect is not None]
    )


def predicted_releases(outcomes: Sequence[Outcome]) -> Share:
    """How many releases had at least one prediction locked."""
    releases: dict[str, bool] = defaultdict(bool)
    for each in outcomes:
        if each.row.release_id is not None:
            releases[each.row.release_id] |= each.row.locked_at is not None
    return share(sum(releases.values()), len(releases), without="There is no release yet.")


def reviewed_in_time(outcomes: Sequence[Outcome], today: date) -> Share:
    """Of the predictions whose review date has come, those with a verdict by that date."""
    due = [
        each
        for each in outcomes
        if each.row.locked_at and each.row.review_on and each.row.review_on <= today
    ]
    return share(
        sum(_is_in_time(each) for each in due), len(due), without="No review has come due yet."
    )


def _is_in_time(outcome: Outcome) -> bool:
    result, review_on = outcome.result, outcome.row.review_on
    if result is None or review_on is None or result.verdict is Verdict.NOT_READY:
        return False
    return result.judged_at.date() <= review_on


def _judgement(rows: tuple[Outcome, ...]) -> Judgement:
    first = rows[0].result
    if first is None:
        raise ValueError("a judgement needs a result")
    return Judgement(
        outcomes=rows,
        verdict=first.verdict,
        effect=first.effect,
        confidence=sum(each.row.confidence or 0 for each in rows) / len(rows),
        expected_effect=sum(each.row.expected_effect or 0 for each in rows),
    )


def _by_class(judged: Sequence[Judgement]) -> dict[float, list[Judgement]]:
    found: dict[float, list[Judgement]] = defaultdict(list)
    for each in judged:
        if each.rice_class is not None:
            found[each.rice_class].append(each)
    return dict(sorted(found.items()))

"""The metrics of the catalogue whose source are the records, asked for as any other one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.metrics.definition import Family
from pipelines.metrics.plain import plain_row
from pipelines.read import Snapshot
from pipelines.reviews.core.periods import after
from pipelines.reviews.core.prediction import Outcome
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.desk import Desk
from pipelines.reviews.outcome.metrics import QuarterShare, outcome_hit_rate, review_coverage
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.records.sharing import has_records
from pipelines.workspace import load

EVERY = "quarter"
NO_RECORDS = (
    "There are no records yet. Open Reviews in the dashboard once, then refresh: every release "
    "gets its row."
)
NOTHING_LOCKED = "No prediction was locked yet. Lock one under Reviews > Outcomes."
_NOT_OVER = "The quarter is not over."
_NOBODY = "No prediction was due in this quarter."
Quarters = Sequence[QuarterShare]


@dataclass(frozen=True)
class RecordMetric:
    """One entry of the catalogue that no published table answers.

    Attributes:
        hides_few: Below the minimum n only counts are given, no share.
        compute: From all rows that are out, today and the variant.
        variants: Name → what differs.
    """

    id: str
    name: str
    definition: str
    formula: str
    reader: str
    hides_few: bool
    compute: Callable[[Sequence[Outcome], date, str | None], Quarters]
    variants: Mapping[str, str] = field(default_factory=dict)


def _hit_rate(outcomes: Sequence[Outcome], today: date, variant: str | None) -> Quarters:
    return outcome_hit_rate(outcomes, today, decided_only=variant == "decided_only")


def _coverage(outcomes: Sequence[Outcome], today: date, _variant: str | None) -> Quarters:
    return review_coverage(outcomes, today)


METRICS = {
    each.id: each
    for each in (
        RecordMetric(
            id="outcome_hit_rate",
            name="Outcome hit rate",
            definition="Share of the judged predictions whose verdict is improved, by the quarter "
            "of the review date; inconclusive is not a hit.",
            formula="verdict improved / items judged",
            reader="both",
            hides_few=True,
            compute=_hit_rate,
            variants={"decided_only": "Without the inconclusive ones."},
        ),
        RecordMetric(
            id="review_coverage",
            name="Review coverage",
            definition="Share of the predictions due that were judged by their review date, by "
            "the quarter of that date.",
            formula="reviewed by review_on / due",
            reader="both",
            hides_few=False,
            compute=_coverage,
        ),
    )
}


@dataclass(frozen=True)
class Asked:
    """What `launchloop query` was asked beside the metric's id."""

    of: str | None = None
    every: str | None = None
    start: date | None = None
    end: date | None = None
    by: str | None = None
    where: Sequence[tuple[str, str]] = ()
    variant: str | None = None
    policy: str | None = None
    snapshot: str | None = None


def query(folder: Path, metric_id: str, asked: Asked) -> dict[str, Any]:
    """One metric of the records, with the keys of `pipelines.read.query`.

    Args:
        folder: The workspace.
        metric_id: One of `METRICS`, or with a variant behind a dot.
        asked: The options.

    Raises:
        UsageError: An option makes no sense for it, or the variant is unknown.
        SnapshotError: Nothing was published yet.
    """
    metric = METRICS[metric_id.partition(".")[0]]
    variant = asked.variant or metric_id.partition(".")[2] or None
    _check(metric, asked, variant)
    snapshot, desk = Snapshot(folder), Desk.of_machine(folder)
    rows, note = _rows(metric, desk, snapshot, variant), None if desk else NO_RECORDS
    return {
        "metric": metric.id,
        "of": None,
        "name": metric.name,
        "definition": metric.definition,
        "variant": variant,
        "policy": None,
        "unit": "share",
        "every": EVERY,
        "by": None,
        "where": {},
        "snapshot": snapshot.id,
        "as_of": desk.now.isoformat() if desk else None,
        "timezone": snapshot.settings.product.timezone,
        "note": note or metric.variants.get(variant or "") or (None if rows else NOTHING_LOCKED),
        "rows": [
            plain_row(row)
            for row in rows
            if (asked.start is None or row["period"] >= asked.start)
            and (asked.end is None or row["period_end"] <= asked.end)
        ],
    }


def catalogue(folder: Path) -> list[dict[str, Any]]:
    """The metrics of the records with the keys of `pipelines.read.catalogue`."""
    is_there = has_records(load(folder).records.url, folder)
    return [
        {
            "id": each.id,
            "name": each.name,
            "family": Family.DELIVERY.value,
            "unit": "share",
            "definition": each.definition,
            "formula": each.formula,
            "variants": dict(each.variants),
            "every": [EVERY],
            "of": [],
            "segments": [],
            "needs": [],
            "target": None,
            "available": is_there,
            "note": None if is_there else NO_RECORDS,
            "source": "ours",
            "better": "up",
            "reader": each.reader,
        }
        for each in METRICS.values()
    ]


def _check(metric: RecordMetric, asked: Asked, variant: str | None) -> None:
    given = {"--of": asked.of, "--by": asked.by, "--where": asked.where, "--policy": asked.policy}
    given["--snapshot"] = asked.snapshot
    if unknown := [option for option, value in given.items() if value]:
        raise UsageError(
            f"{metric.id} is read from the records as they stand now: leave "
            f"{' and '.join(unknown)} out."
        )
    if asked.every not in {None, EVERY}:
        raise UsageError(f"{metric.id} cannot be asked by {asked.every}, but by {EVERY}.")
    if variant is not None and variant not in metric.variants:
        known = ", ".join(metric.variants) or "none"
        raise UsageError(f"{metric.id} has no variant '{variant}'. There is: {known}.")


def _rows(
    metric: RecordMetric, desk: Desk | None, snapshot: Snapshot, variant: str | None
) -> list[dict[str, Any]]:
    """A row for each quarter from the first review date on, also for those without any."""
    if desk is None:
        return []
    outcomes = [line.outcome for line in ledger(desk, snapshot).lines if line.is_released]
    found = {each.period: each for each in metric.compute(outcomes, desk.today, variant)}
    rows, period = [], min(found, default=None)
    while period is not None and period <= max(found):
        end = after(period, 1, EVERY)
        rows.append(_row(metric, found.get(period), period, end, desk.today))
        period = end
    return rows


def _row(
    metric: RecordMetric, found: QuarterShare | None, period: date, end: date, today: date
) -> dict[str, Any]:
    share = found.share if found else None
    state, note = (found.state, None) if found else (ValueState.NO_DATA, None)
    if end > today:
        state, note = ValueState.IMMATURE, _NOT_OVER
    elif state is ValueState.NO_DATA:
        note = _NOBODY
    elif state is ValueState.TOO_FEW and share is not None:
        note = f"{share.k} of {share.n}: too few for a share."
    hides = state in {ValueState.IMMATURE, ValueState.NO_DATA}
    hides = hides or (state is ValueState.TOO_FEW and metric.hides_few)
    shown = None if hides else share
    return {
        "period": period,
        "period_end": end,
        "value": shown.value if shown else None,
        "low": shown.low if shown else None,
        "high": shown.high if shown else None,
        "n": share.n if share else 0,
        "total": share.k if share else 0,
        "status": state.value,
        "note": note,
    }

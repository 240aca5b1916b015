"""What a meeting talks about, exceptions first, and how long for (reviews.md 11). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from pipelines.reviews.core.terms import ItemSource

METRICS = 7
STANDING_QUESTIONS = (
    "What did customers experience?",
    "How did we do?",
    "Are we on track?",
)
NOT_KNOWN = "Not known yet"
PROMPTS = (
    "What is the target condition?",
    "What is the actual condition now?",
    "Which obstacle is in the way?",
    "What is the next step, and what do we expect?",
    "When can we look at what it taught us?",
)


class Order(IntEnum):
    """The classes of automatic items, first to last."""

    GUARD_RAIL_BREACH = 1
    DUE_CHECK = 2
    OFF_TARGET = 3
    RULE_1 = 4
    RULES_2_3 = 5
    OVERDUE_FOLLOW_UP = 6
    DUE_LEDGER_ROW = 7
    STALE_SOURCE = 8


SOURCES = {
    Order.GUARD_RAIL_BREACH: ItemSource.AUTO_SIGNAL,
    Order.DUE_CHECK: ItemSource.DUE_CHECK,
    Order.OFF_TARGET: ItemSource.AUTO_SIGNAL,
    Order.RULE_1: ItemSource.AUTO_SIGNAL,
    Order.RULES_2_3: ItemSource.AUTO_SIGNAL,
    Order.OVERDUE_FOLLOW_UP: ItemSource.OVERDUE,
    Order.DUE_LEDGER_ROW: ItemSource.OVERDUE,
    Order.STALE_SOURCE: ItemSource.AUTO_SIGNAL,
}


@dataclass(frozen=True)
class MetricFact:
    """A pinned metric as the freeze has it.

    Misses are relative and 0 or more: the distance past the bound as a share of the bound (of a
    signal: past the limit, as a share of the limits' width); None = nothing of the kind.

    Attributes:
        as_of: Last day of its newest settled period; None without data.
        shown_as_of: The same when a meeting of this series last discussed it.
        is_input: It moves before the outputs that it should move.
    """

    metric_id: str
    name: str
    as_of: date | None = None
    shown_as_of: date | None = None
    breach: float | None = None
    target_miss: float | None = None
    rule_1: float | None = None
    rules_2_3: float | None = None
    is_input: bool = False

    @property
    def is_new(self) -> bool:
        """It has data that this series of meetings has not discussed."""
        if self.as_of is None or self.shown_as_of is None:
            return self.shown_as_of is None
        return self.as_of > self.shown_as_of


@dataclass(frozen=True)
class Due:
    """A Check, follow-up, ledger row or source past its date."""

    subject_id: str
    name: str
    due_on: date


@dataclass(frozen=True)
class AgendaFacts:
    """Everything from which an agenda makes itself.

    Attributes:
        checks: Cycles whose Check is due.
        follow_ups: Open ones past their date.
        ledger_rows: Predictions past their review date.
        stale_sources: With the day until which each reaches.
    """

    today: date
    metrics: Sequence[MetricFact] = ()
    checks: Sequence[Due] = ()
    follow_ups: Sequence[Due] = ()
    ledger_rows: Sequence[Due] = ()
    stale_sources: Sequence[Due] = ()


@dataclass(frozen=True)
class Proposal:
    """One automatic item.

    Attributes:
        order: Its class.
        miss: Its place within the class: relative for metrics, days late for dates.
        reasons: Why it is here, in words; the first is that of its class.
    """

    order: Order
    subject: str
    subject_id: str
    miss: float
    reasons: tuple[str, ...]

    @property
    def source(self) -> ItemSource:
        """The word of the agenda item."""
        return SOURCES[self.order]


@dataclass(frozen=True)
class Agenda:
    """Automatic items in their order, and what became of every other metric.

    Attributes:
        items: To be talked about.
        over_limit: Metrics with something to see, beyond the limit of metrics.
        no_new_data: Metrics with something to see that was discussed on the same data.
        nothing_to_see: The rest, folded; inputs first.
    """

    items: tuple[Proposal, ...]
    over_limit: tuple[Proposal, ...] = ()
    no_new_data: tuple[MetricFact, ...] = ()
    nothing_to_see: tuple[MetricFact, ...] = ()


def agenda(facts: AgendaFacts, *, most_metrics: int = METRICS) -> Agenda:
    """The agenda as it makes itself.

    By class, and within a class by relative miss, largest first. A metric comes once, in its
    first class, with all its reasons; with data that were discussed before, it does not come.

    Args:
        facts: From one freeze and the records.
        most_metrics: How many metrics at most; other items are not limited.
    """
    told = {metric.metric_id: _of_metric(metric) for metric in facts.metrics}
    signals = _sorted(found for metric in facts.metrics if (found := told[metric.metric_id]))
    new = {metric.metric_id for metric in facts.metrics if metric.is_new}
    shown = [each for each in signals if each.subject_id in new]
    folded = [metric for metric in facts.metrics if told[metric.metric_id] is None]
    return Agenda(
        items=_sorted([*shown[:most_metrics], *_of_dates(facts)]),
        over_limit=tuple(shown[most_metrics:]),
        no_new_data=tuple(
            metric
            for metric in facts.metrics
            if told[metric.metric_id] and metric.metric_id not in new
        ),
        nothing_to_see=tuple(sorted(folded, key=lambda each: (not each.is_input, each.name))),
    )


def _of_metric(metric: MetricFact) -> Proposal | None:
    """Its item in the first class that it belongs to."""
    known = (
        (Order.GUARD_RAIL_BREACH, metric.breach, "Guard-rail breached."),
        (Order.OFF_TARGET, metric.target_miss, "Off target."),
        (Order.RULE_1, metric.rule_1, "A point lies beyond the process limits."),
        (Order.RULES_2_3, metric.rules_2_3, "A run or a cluster of points is not noise."),
    )
    found = [(order, miss, reason) for order, miss, reason in known if miss is not None]
    if not found:
        return None
    order, miss, _ = found[0]
    reasons = tuple(reason for _, _, reason in found)
    return Proposal(order, metric.name, metric.metric_id, miss, reasons)


def _of_dates(facts: AgendaFacts) -> Iterator[Proposal]:
    late = (
        (Order.DUE_CHECK, facts.checks, "The Check has been due since {}."),
        (Order.OVERDUE_FOLLOW_UP, facts.follow_ups, "Overdue since {}."),
        (Order.DUE_LEDGER_ROW, facts.ledger_rows, "To be judged since {}."),
        (Order.STALE_SOURCE, facts.stale_sources, "No newer data than of {}."),
    )
    for order, some, reason in late:
        for each in some:
            days = float((facts.today - each.due_on).days)
            yield Proposal(order, each.name, each.subject_id, days, (reason.format(each.due_on),))


def _sorted(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(
        sorted(proposals, key=lambda each: (each.order, -each.miss, each.subject, each.subject_id))
    )

"""From a card to what the core of reviews needs: grain, kind, direction and settled periods."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import inf
from typing import Any

from pipelines.errors import UsageError
from pipelines.judging import picked
from pipelines.metrics.definition import Better, Request, Uncertainty, Unit
from pipelines.metrics.rows import MINIMUM, local_day, period_start
from pipelines.metrics.samples import is_sample, method
from pipelines.read import Snapshot, request, unit_text
from pipelines.reviews.core.amounts import counted
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.plan import PlanMetric, Point
from pipelines.reviews.core.terms import Direction, Kind, MetricRole
from pipelines.reviews.numbers.definitions import Meaning, meaning, policy_of

CALENDAR = ("day", "week", "month", "quarter", "year")
# One value of all history is no series.
NO_SERIES = ("total",)
_KINDS = {
    Uncertainty.WILSON: Kind.PROPORTION,
    Uncertainty.ORDER: Kind.QUANTILE,
    Uncertainty.RATIO: Kind.RATIO,
    Uncertainty.COUNT: Kind.COUNT,
}
_NOT_BELOW_ZERO = (Unit.COUNT, Unit.DAYS, Unit.HOURS, Unit.PER_1000, Unit.RATIO)
PER_THOUSAND = 1000.0
Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """One series of one snapshot, as a plan or a Check takes it.

    Attributes:
        card: With its grain; of recurring revenue with its policy.
        request: The checked question behind it.
        snapshot: Where it is read.
        pick: Columns that tell one series of the metric from others.
        rows: Settled rows of whole periods, oldest first.
        unsettled: The rows after them.
    """

    card: Card
    request: Request
    snapshot: Snapshot
    pick: dict[str, Any]
    rows: tuple[Row, ...]
    unsettled: tuple[Row, ...] = ()

    @property
    def grain(self) -> str:
        """Of its periods."""
        return self.request.every

    @property
    def name(self) -> str:
        """As people know it, with what it is of."""
        of = next((name for key, name in self._things if key == self.request.of), None)
        title = self.request.metric.name
        more = [
            of,
            *(value for _, value in self.request.where),
            self.request.variant,
            *(picked_words(column, value, self.grain) for column, value in self.card.pick),
        ]
        said = ", ".join(str(part) for part in more if part)
        return f"{title} ({said})" if said else title

    @property
    def unit(self) -> str:
        """Of its values, as printed."""
        return unit_text(self.request.metric, self.snapshot.settings, self.request.variant)

    @property
    def kind(self) -> Kind:
        """Which interval the Check uses; a number that rests on no sample is a mean."""
        kind = _KINDS.get(method(self.request), Kind.MEAN)
        if kind is Kind.PROPORTION and not is_sample(self.request, self.rows):
            return Kind.MEAN
        return kind

    @property
    def direction(self) -> Direction | None:
        """Which way is good; None where the metric has none."""
        return {Better.UP: Direction.UP, Better.DOWN: Direction.DOWN}.get(
            self.request.metric.better
        )

    @property
    def possible(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        if self.kind is Kind.PROPORTION:
            return 0.0, 1.0
        if method(self.request) is Uncertainty.NPS:
            return -100.0, 100.0
        metric = self.request.metric
        unit = metric.variant_units.get(self.request.variant or "", metric.unit)
        return (0.0, inf) if unit in _NOT_BELOW_ZERO else (-inf, inf)

    @property
    def minimum_n(self) -> int:
        """Of a ratio: a period with a smaller n is a gap."""
        return MINIMUM[self.request.metric.minimum]

    @property
    def points(self) -> tuple[Point, ...]:
        """Its settled whole periods, oldest first; a period without a value is a gap.

        Boards let a sprint end on the day on which the next begins; that day is the next one's.
        """
        found = [self._point(row) for row in self.rows]
        following = [*(point.start for point in found[1:]), date.max]
        return tuple(
            replace(point, end=min(point.end, start)) if start > point.start else point
            for point, start in zip(found, following, strict=True)
        )

    @cached_property
    def meaning(self) -> Meaning:
        """Its definition."""
        return meaning(self.snapshot, self.request, self.pick)

    def plan_metric(self, role: MetricRole, **more: Any) -> PlanMetric:  # noqa: ANN401
        """The metric as a plan holds it.

        Args:
            role: Its part in the cycle.
            more: Further columns: margin, min_effect, … and direction, where the metric has none.
        """
        given = {"direction": self.direction or Direction.UP, **more}
        return PlanMetric(
            metric_id=self.card.metric_id,
            role=role,
            kind=self.kind,
            definition_hash=self.meaning.hash,
            grain=self.grain,
            filters=self.card.filters,
            **given,
        )

    @property
    def _things(self) -> list[tuple[str, str]]:
        return self.snapshot.things(self.request.metric)

    def _point(self, row: Row) -> Point:
        return Point(row["period"], row["period_end"], row["value"], self._exposure(row))

    def _exposure(self, row: Row) -> float | None:
        if self.kind is Kind.COUNT:
            is_rate = self.request.metric.unit is Unit.PER_1000
            return row["n"] / PER_THOUSAND if is_rate and row["n"] else None
        is_share = self.kind in {Kind.PROPORTION, Kind.RATIO}
        return float(row["n"]) if is_share and row["n"] is not None else None


def picked_words(column: str, value: Any, grain: str) -> str:  # noqa: ANN401  whatever picks
    """What picks one series of a metric, beside its name.

    >>> picked_words("age", 4, "week"), picked_words("percentile", 50, "month")
    ('after 4 weeks', 'p50')
    """
    if column == "age":
        return f"after {counted(value, grain)}"
    if column == "percentile":
        return f"p{value}"
    return str(value) if column == "component" else f"{column} {value}"


def known_series(snapshot: Snapshot, card: Card) -> Known:
    """Reads a card's series out of a snapshot.

    Args:
        snapshot: Of a finished refresh.
        card: What is asked for; its grain, or the one that fits a review.

    Raises:
        UsageError: The metric, its variant, thing or segment does not exist, it has several
            series and none is picked, or it is one value without periods.
    """
    asked = request(
        snapshot,
        card.metric_id,
        of=card.of,
        every=card.every or review_grain(snapshot, card.metric_id),
        where=card.where,
        variant=card.variant,
        policy=card.policy,
    )
    if asked.every in NO_SERIES:
        raise UsageError(
            f"{asked.metric.name} is one value of all history. A cycle needs periods: choose "
            "another metric or grain."
        )
    rows, chosen = picked(snapshot.answer(asked), asked.metric, dict(card.pick))
    whole = _without_first_part(rows.rows(named=True), asked, snapshot)
    done = _settled(whole)
    policy = policy_of(snapshot, asked)
    fixed = Card(
        asked.metric.id, of=asked.of, where=tuple(sorted(asked.where)), variant=asked.variant,
        policy=policy, pick=card.pick, every=asked.every,
    )  # fmt: skip
    return Known(fixed, asked, snapshot, dict(chosen), done, whole[len(done) :])


def review_grain(snapshot: Snapshot, metric_id: str) -> str | None:
    """The grain that a review takes: the metric's own, weeks rather than days."""
    metric = snapshot.metrics.get(metric_id.partition(".")[0])
    if metric is None:
        return None
    usable = [grain for grain in metric.every if grain not in NO_SERIES]
    if not usable:
        return None
    return "week" if usable[0] == "day" and "week" in usable else usable[0]


def _settled(rows: Sequence[Row]) -> tuple[Row, ...]:
    found = list(rows)
    while found and found[-1]["status"] == "immature":
        found.pop()
    return tuple(found)


def _without_first_part(rows: Sequence[Row], asked: Request, snapshot: Snapshot) -> tuple[Row, ...]:
    """The rows without a first period that the data begin in the middle of."""
    coverage = snapshot.facts.coverage.get(asked.metric.settled_by)
    if not rows or coverage is None or asked.every not in CALENDAR:
        return tuple(rows)
    product = snapshot.settings.product
    first: date = local_day(coverage.first_at, product.timezone)
    begun = period_start(first, asked.every, product.week_start)
    return tuple(row for row in rows if row["period"] > begun or first == begun)

"""One number as a page shows it: which metric, of what, narrowed how, in which grain. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from pipelines.reviews.core.canonical import canonical

Pairs = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Card:
    """One series of one metric.

    Attributes:
        metric_id: Of the catalogue.
        of: Which funnel, feature, survey or team.
        where: Segment = value pairs, all of which hold.
        variant: Of the metric.
        policy: Of recurring revenue.
        pick: Column = value pairs of the one series meant: one step, one percentile.
        every: Grain; None = the one that a review takes.
    """

    metric_id: str
    of: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    variant: str | None = None
    policy: str | None = None
    pick: Pairs = ()
    every: str | None = None

    @property
    def filters(self) -> dict[str, Any]:
        """What narrows it, as plans and freezes keep it; {} for the whole product."""
        named = {
            "of": self.of,
            "where": dict(self.where),
            "variant": self.variant,
            "policy": self.policy,
            "pick": dict(self.pick),
        }
        return {name: value for name, value in named.items() if value}

    @property
    def segment_key(self) -> str:
        """The same as one text; "" for the whole product.

        >>> Card("csat", of="checkout").segment_key
        '{"of":"checkout"}'
        """
        return canonical(self.filters).decode() if self.filters else ""

    @classmethod
    def of_filters(
        cls, metric_id: str, filters: Mapping[str, Any], every: str | None = None
    ) -> Self:
        """The card that a plan's metric was taken from."""
        return cls(
            metric_id,
            of=filters.get("of"),
            where=tuple(sorted(dict(filters.get("where") or {}).items())),
            variant=filters.get("variant"),
            policy=filters.get("policy"),
            pick=tuple(sorted(dict(filters.get("pick") or {}).items())),
            every=every,
        )

    def by(self, every: str) -> Self:
        """The same in another grain."""
        return replace(self, every=every)

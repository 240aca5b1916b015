"""Which metrics can guard a plan: those with periods, of one thing where they need one."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboard import data
from dashboard.question import Opened
from pipelines.reviews.core.card import Card


@dataclass(frozen=True)
class RailOption:
    """A metric that can be chosen as guard-rail.

    Attributes:
        name: With what it is of.
        unit: Of its values.
    """

    card: Card
    name: str
    unit: str


def rail_options(opened: Opened, taken: Collection[str] = ()) -> dict[str, RailOption]:
    """Key → metric, by name.

    Args:
        opened: The snapshot.
        taken: Ids of metrics that stand in the plan already; each can stand there once.
    """
    found = {}
    for metric_id, metric in data.metrics(opened).items():
        has_periods = any(grain != "total" for grain in metric.every)
        if metric_id in taken or not has_periods or data.unavailable(opened, metric_id):
            continue
        about = data.subject(opened, metric_id)
        is_plain = metric.things is None or not metric.of_required
        things = {"": ""} if is_plain else dict(data.things(opened, metric_id))
        for thing, name in things.items():
            told = f"{about.name} ({name})" if name else about.name
            card = Card(metric_id, of=thing or None)
            found[f"{metric_id}|{thing}"] = RailOption(card, told, about.unit)
    return dict(sorted(found.items(), key=lambda each: each[1].name.casefold()))

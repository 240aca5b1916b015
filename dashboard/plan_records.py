"""The Plan of a cycle in the records, for a person: begun, filled in and locked; as `records`."""

from collections.abc import Mapping
from typing import Any

from dashboard.records import Speaker
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.terms import Direction, MetricRole
from pipelines.reviews.cycle import draft_metrics, drafts, linking, locking
from pipelines.reviews.cycle.guard_rails import NONE_POSSIBLE
from pipelines.reviews.cycle.locking import Replan
from pipelines.reviews.cycle.planning import NOTHING_SAID, Preview, Said, preview
from pipelines.reviews.cycle.record import CycleRecord
from pipelines.reviews.cycle.suggesting import Suggestion, suggestion


def suggested(who: Speaker, team_id: str, card: Card) -> Suggestion:
    """What a metric could show, before a plan is written."""
    return suggestion(who.desk, team_id, card)


def previewed(who: Speaker, record: CycleRecord) -> Preview:
    """What the lock of a draft would fix, what stands in its way, what it can show.

    Where no guard-rail is possible, the sentence that says so is taken as its waiver.
    """
    has_rails = any(each.role is MetricRole.GUARD_RAIL for each in record.metrics)
    said = NOTHING_SAID if has_rails else Said(waiver=NONE_POSSIBLE)
    return preview(who.desk, record.cycle.cycle_id, said)


def start(  # noqa: PLR0913 (all that a first form holds)
    who: Speaker, team_id: str, card: Card, asked: Asked, direction: Direction | None, key: str
) -> str:
    """Begins a cycle; returns its id."""
    return drafts.start_cycle(who.desk, team_id, card, asked, direction=direction, key=key)


def start_qualitative(who: Speaker, team_id: str, title: str, owner_id: str, key: str) -> str:
    """Begins a cycle that is judged on criteria and evidence; returns its id."""
    return drafts.start_qualitative(who.desk, team_id, title, owner_id=owner_id, key=key)


def edit(who: Speaker, cycle_id: str, version: int, changes: Mapping[str, Any]) -> None:
    """Changes words, persons or dates of a cycle."""
    if changes:
        drafts.edit_cycle(who.desk, cycle_id, version, changes)


def link_delivery(
    who: Speaker, cycle_id: str, release_id: str | None, work_item_key: str | None
) -> None:
    """Ties a release or a backlog item to a cycle."""
    linking.link_delivery(who.desk, cycle_id, release_id=release_id, work_item_key=work_item_key)


def edit_metric(  # noqa: PLR0913 (a metric is known by all of it)
    who: Speaker,
    cycle_id: str,
    card: Card,
    role: MetricRole,
    version: int | None,
    columns: Mapping[str, Any],
) -> None:
    """Changes what is expected or tolerated of a metric, or adds one."""
    draft_metrics.put_metric(who.desk, cycle_id, card, role, expected_version=version, **columns)


def drop_metric(who: Speaker, cycle_id: str, metric_id: str, version: int) -> None:
    """Takes a metric out of a draft."""
    draft_metrics.drop_metric(who.desk, cycle_id, metric_id, version)


def lock(who: Speaker, cycle_id: str, version: int, said: Said, key: str) -> int:
    """Locks the plan; returns its number."""
    return locking.lock(who.desk, cycle_id, version, said, key=key)


def relock(  # noqa: PLR0913 (what changes and why)
    who: Speaker, cycle_id: str, version: int, change: Replan, reason: str, key: str
) -> int:
    """Locks a new version of the plan; returns its number."""
    return locking.relock(who.desk, cycle_id, version, change, reason, key=key)

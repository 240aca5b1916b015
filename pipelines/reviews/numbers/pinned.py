"""The numbers that a team's reviews look at, read from one published snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.restatements import HEADLINES
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.states import ACTIVE_CYCLE
from pipelines.reviews.core.subjects import card_of, metric_subject
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import MeetingItem, PdcaCycle, PdcaMetric


@dataclass(frozen=True)
class Pinned:
    """What was read.

    Attributes:
        known: Subject → the series, in the order in which they were asked for.
        left_out: (metric id, why it has no series here); said, never passed over.
    """

    known: dict[str, Known]
    left_out: tuple[tuple[str, str], ...] = ()


def pinned(desk: Desk, snapshot: Snapshot, team_id: str, meeting_id: str) -> Pinned:
    """Reads scorecards, targets, guard-rails, metrics of active cycles, and those added by hand.

    Args:
        desk: Where the records are.
        snapshot: Published.
        team_id: Whose review it is.
        meeting_id: The review, for numbers that were added to it by hand.
    """
    chosen = [*declared_cards(snapshot), *(_guard_rails(desk, team_id))]
    with desk.store.reading() as session:
        chosen += [*_of_cycles(session, team_id), *_by_hand(session, meeting_id)]
    if not chosen:
        # Nobody chose yet: the headline numbers for which there are data.
        chosen = headline_cards(snapshot)
    return read_cards(snapshot, chosen)


def read_cards(snapshot: Snapshot, cards: Iterable[Card]) -> Pinned:
    """Reads the series of cards, each once."""
    known: dict[str, Known] = {}
    left_out: dict[str, str] = {}
    for card in dict.fromkeys(cards):
        try:
            found = known_series(snapshot, card)
        except UsageError as problem:
            left_out[card.metric_id] = str(problem)
            continue
        sentence = snapshot.unavailable(found.request.metric)
        if sentence:
            left_out[card.metric_id] = sentence
        else:
            known.setdefault(metric_subject(found.card), found)
    return Pinned(known, tuple(left_out.items()))


def headline_cards(snapshot: Snapshot) -> list[Card]:
    """The numbers that everybody knows, of those for which there are data."""
    return [Card(name) for name in HEADLINES if _is_there(snapshot, name)]


def declared_cards(snapshot: Snapshot) -> list[Card]:
    """What launchloop.toml chooses: the newest launch's scorecard, then what has a target."""
    launches = sorted(snapshot.settings.launches, key=lambda each: each.on, reverse=True)
    cards = [Card(metric) for launch in launches[:1] for metric in launch.scorecard]
    for target in snapshot.settings.targets:
        # A target of several segments is each segment's own.
        pairs = [[(name, value) for value in values] for name, values in target.where]
        cards += [Card(target.metric, of=target.of, where=where) for where in product(*pairs)]
    return cards


def _guard_rails(desk: Desk, team_id: str) -> list[Card]:
    rails = desk.team(team_id).settings.guard_rails or ()
    return [Card.of_filters(rail.metric_id, rail.filters) for rail in rails]


def _of_cycles(session: RecordsSession, team_id: str) -> list[Card]:
    statuses = [status.value for status in ACTIVE_CYCLE]
    cycles = rows_of(session, PdcaCycle, order=["cycle_id"], team_id=team_id, status=statuses)
    metrics = rows_of(
        session,
        PdcaMetric,
        order=["cycle_id", "role", "metric_id"],
        cycle_id=[cycle.cycle_id for cycle in cycles],
        dropped_at=None,
    )
    return [Card.of_filters(row.metric_id, row.filters) for row in metrics]


def _by_hand(session: RecordsSession, meeting_id: str) -> list[Card]:
    items = rows_of(session, MeetingItem, order=["position"], meeting_id=meeting_id)
    return [card for item in items if (card := card_of(item.subject_id)) is not None]


def _is_there(snapshot: Snapshot, metric_id: str) -> bool:
    metric = snapshot.metrics.get(metric_id)
    return metric is not None and snapshot.unavailable(metric) is None

"""Where the numbers of a report come from: the published snapshot, in a few words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.read import Snapshot

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Origin:
    """A published snapshot.

    Attributes:
        product: Its name.
        timezone: The reporting zone.
        built_at: When the snapshot was published.
        data_as_of: Last day that all sources reach.
        restated: Names of settled numbers that the refreshes of the last seven days changed.
        is_simulated: The data are made up.
    """

    product: str
    timezone: str
    snapshot_id: str
    built_at: datetime
    data_as_of: date
    restated: tuple[str, ...]
    is_simulated: bool


def origin_of(snapshot: Snapshot, today: date) -> Origin:
    """The origin of numbers that are read from a snapshot.

    Args:
        snapshot: Published.
        today: In the reporting zone.
    """
    product = snapshot.settings.product
    zone = ZoneInfo(product.timezone)
    built = built_at(snapshot)
    # Complete up to midnight means complete to the day before.
    last = (snapshot.facts.as_of or built) - timedelta(microseconds=1)
    return Origin(
        product=product.name,
        timezone=product.timezone,
        snapshot_id=snapshot.id,
        built_at=built,
        data_as_of=last.astimezone(zone).date(),
        restated=_restated(snapshot, today, zone),
        is_simulated=product.now is not None,
    )


def built_at(snapshot: Snapshot) -> datetime:
    """When a snapshot was published, in UTC."""
    return datetime.fromisoformat(snapshot.about["built_at"]).astimezone(UTC)


def _restated(snapshot: Snapshot, today: date, zone: ZoneInfo) -> tuple[str, ...]:
    names = [
        row["metric_name"]
        for row in snapshot.restatements().rows(named=True)
        if (today - row["noted_at"].astimezone(zone).date()).days < DAYS_A_WEEK
    ]
    return tuple(dict.fromkeys(names))

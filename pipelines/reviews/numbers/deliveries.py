"""What was delivered, or is about to be: stable releases and large items of a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.read import Snapshot

_RELEASES = """
select
    release_id,
    coalesce(version, release_id) as title,
    released_on,
    planned_on
from marts.releases
where channel_code = 'stable'
order by coalesce(released_on, planned_on), release_id
"""
# An item that is part of a release reaches people with it, and not when somebody closes it.
_ITEMS = """
with releases as (
    select
        items.work_item_key,
        arg_min(releases.release_id, coalesce(releases.released_on, date '9999-12-31'))
            as release_id
    from marts.work_items as items
    inner join marts.releases as releases
        on
            releases.channel_code = 'stable'
            and position(
                ',' || releases.version || ',' in ',' || items.fix_versions || ','
            ) > 0
    group by 1
)
select
    flow.work_item_key,
    coalesce(flow.title_text, flow.work_item_key) as title,
    flow.team_id,
    flow.points,
    named.release_id,
    case
        when named.release_id is null then flow.last_done_on
        else releases.released_on
    end as released_on,
    coalesce(releases.planned_on, items.due_on) as planned_on
from marts.work_item_flow as flow
inner join marts.work_items as items
    on flow.work_item_key = items.work_item_key
left join releases as named
    on flow.work_item_key = named.work_item_key
left join marts.releases as releases
    on named.release_id = releases.release_id
where flow.state_code in ('doing', 'done') and flow.points >= $smallest
order by flow.work_item_key
"""


# (work item, None) or (None, release).
Key = tuple[str | None, str | None]


@dataclass(frozen=True)
class Delivery:
    """A release or an item.

    Attributes:
        title: As people know it.
        release_id: Of the release, or of the one that the item is part of.
        work_item_key: Of the item; None of a release.
        team_id: Of an item; None of a release, which is everybody's.
        released_on: In the reporting zone; None = not yet.
        planned_on: The day that it is planned for, where it has one.
    """

    title: str
    release_id: str | None = None
    work_item_key: str | None = None
    team_id: str | None = None
    released_on: date | None = None
    planned_on: date | None = None

    @property
    def key(self) -> Key:
        """By which its row of the ledger is known."""
        return key_of(self.work_item_key, self.release_id)


def key_of(work_item_key: str | None, release_id: str | None) -> Key:
    """Item or release: an item keeps its row when it moves to another release."""
    return (work_item_key, None) if work_item_key else (None, release_id)


def deliveries(snapshot: Snapshot, smallest: Mapping[str, float | None]) -> tuple[Delivery, ...]:
    """Every release of the stable channel, and every item of at least its team's size.

    Args:
        snapshot: Published.
        smallest: Team id → points from which an item counts; None = no item of this team.
    """
    rows = snapshot.frame(_RELEASES).rows(named=True)
    return tuple(Delivery(**row) for row in rows) + _items(snapshot, smallest)


def _items(snapshot: Snapshot, smallest: Mapping[str, float | None]) -> tuple[Delivery, ...]:
    sizes = {team: size for team, size in smallest.items() if size is not None}
    if not sizes:
        return ()
    rows = snapshot.frame(_ITEMS, {"smallest": min(sizes.values())}).rows(named=True)
    # An item whose team is not known belongs to the only team, if there is one.
    only = next(iter(smallest)) if len(smallest) == 1 else None
    found = []
    for row in rows:
        team = row["team_id"] if row["team_id"] in smallest else only
        if team in sizes and row["points"] >= sizes[team]:
            found.append(_item(row, team))
    return tuple(found)


def _item(row: Mapping[str, Any], team: str | None) -> Delivery:
    kept = {name: value for name, value in row.items() if name not in {"points", "team_id"}}
    return Delivery(**kept, team_id=team)

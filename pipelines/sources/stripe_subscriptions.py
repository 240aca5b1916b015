"""Stripe's subscriptions and their history → subscriptions, subscription_changes.

Every record is one version of a subscription. Items and discounts live in tables of their own
and have their own times, so a version yields one change for each moment at which its price
may have changed while it was in force.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.metrics.money import half_even
from pipelines.sources.definition import (
    BadCell,
    Context,
    Dropped,
    Made,
    Record,
    Row,
    Value,
)
from pipelines.sources.stripe_cells import (
    CellError,
    flag,
    is_test_mode,
    moment,
    needed,
    needed_moment,
    refused,
    synced_at,
    whole,
)
from pipelines.sources.stripe_items import (
    UNKNOWN,
    Bill,
    Discount,
    Item,
    bill_at,
    discount_at,
    discounts_by_owner,
    items_by_subscription,
)

# Stripe's words beside the canonical ones. An expired first payment never became a sale.
_STATUSES = {"incomplete_expired": "incomplete"}


@dataclass(frozen=True)
class _Version:
    record: Record
    subscription_id: str
    since: datetime
    until: datetime | None
    is_last: bool
    number: int


@dataclass(frozen=True)
class _Tables:
    items: Mapping[str, list[Item] | CellError]
    discounts: Mapping[str, list[Discount]]
    as_of_at: datetime | None


def subscriptions(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Versions of subscriptions → their changes, and the newest version as the latest state."""
    live: list[Record] = []
    for record in records:
        try:
            if is_test_mode(record):
                yield Dropped(record.no, "test_mode")
            else:
                needed(record, "id")
                live.append(record)
        except CellError as error:
            yield refused(record, error)
    tables = _Tables(
        items=items_by_subscription(context),
        discounts=discounts_by_owner(context),
        as_of_at=context.exported_at or _newest_sync(live, context),
    )
    by_id: dict[str, list[Record]] = defaultdict(list)
    for record in live:
        by_id[needed(record, "id")].append(record)
    for subscription_id, versions in by_id.items():
        yield from _rows(subscription_id, versions, tables)


def _newest_sync(records: Iterable[Record], context: Context) -> datetime | None:
    """When the loader last ran, over all tables of the export: it is complete up to there."""
    times = []
    for table in (records, *context.siblings.values()):
        for record in table:
            try:
                times.append(synced_at(record))
            except CellError:
                continue  # the record is refused in its own file
    return max((time for time in times if time), default=None)


def _rows(subscription_id: str, records: list[Record], tables: _Tables) -> Iterator[Made]:
    try:
        versions = _versions(subscription_id, records)
    except CellError as error:
        # Without knowing when a version began the others' stretches are unknown as well.
        yield from (refused(record, error) for record in records)
        return
    items = tables.items.get(subscription_id, [])
    for version in versions:
        try:
            if isinstance(items, CellError):
                raise items
            if not items:
                raise CellError(
                    "id",
                    subscription_id,
                    "no_price",
                    f"Subscription {subscription_id} has no item with a price: bring in "
                    "subscription_item with plan or price.",
                )
            yield from list(_version_rows(version, items, tables))
        except CellError as error:
            yield refused(version.record, error)


def _versions(subscription_id: str, records: list[Record]) -> list[_Version]:
    started = [
        (needed_moment(record, "_fivetran_start", "start_date", "created"), number, record)
        for number, record in enumerate(records)
    ]
    started.sort(key=lambda entry: entry[:2])
    first = started[0]
    # Syncing may have begun after the subscription did.
    begun = min(first[0], needed_moment(first[2], "start_date", "created", "_fivetran_start"))
    starts = [begun, *(since for since, _, _ in started[1:])]
    ends: list[datetime | None] = [*starts[1:], None]
    last = len(started) - 1
    return [
        # Versions that share their start are told apart by their place among them.
        _Version(
            record, subscription_id, since, until, place == last, starts[:place].count(since) + 1
        )
        for place, ((_, _, record), since, until) in enumerate(
            zip(started, starts, ends, strict=True)
        )
    ]


def _version_rows(version: _Version, items: list[Item], tables: _Tables) -> Iterator[Made]:
    record = version.record
    customer = needed(record, "customer_id")
    discounts = tables.discounts.get(version.subscription_id) or tables.discounts.get(customer, [])
    # The item table holds the latest quantities; earlier ones stand in the history.
    quantity = None if version.is_last else whole(record, "quantity")
    state = _state(record)
    for since in _moments(version, items, discounts):
        bill = bill_at(items, since, quantity)
        discount, kind = discount_at(discounts, bill, since)
        priced = {**state, **_priced(bill), "discount_minor": discount, "discount_kind": kind}
        yield Row(
            record.no,
            "subscription_changes",
            {
                **_without_exact(priced, bill),
                "subscription_id": version.subscription_id,
                "changed_at": since,
                "change_no": version.number if since == version.since else 1,
                "change_origin": "reported",
                "source_updated_at": synced_at(record),
            },
        )
    if version.is_last:
        yield from _unknown_coupons(record, discounts)
        latest = _latest(version, customer, tables)
        yield Row(record.no, "subscriptions", {**priced, **latest})


def _unknown_coupons(record: Record, discounts: list[Discount]) -> Iterator[Made]:
    for discount in discounts:
        if discount.kind == UNKNOWN:
            yield BadCell(
                record.no,
                "discount_minor",
                discount.coupon_id,
                "unknown_coupon",
                f"Coupon {discount.coupon_id} is in no coupon table: its discount is left out.",
            )


def _moments(version: _Version, items: list[Item], discounts: list[Discount]) -> list[datetime]:
    """When the price may change inside a version, its own start first."""
    first = items[0].since
    times = [time for item in items for time in (item.since, item.until) if time != first]
    times += [time for discount in discounts for time in (discount.since, discount.until)]
    inside = {
        time
        for time in times
        if time and time > version.since and (version.until is None or time < version.until)
    }
    return [version.since, *sorted(inside)]


def _state(record: Record) -> dict[str, Value]:
    status = needed(record, "status")
    effective = moment(record, "cancel_at") or moment(record, "ended_at")
    if effective is None and flag(record, "cancel_at_period_end"):
        effective = moment(record, "current_period_end")
    return {
        "status_code": _STATUSES.get(status, status),
        "cancel_requested_at": moment(record, "canceled_at"),
        "cancel_effective_at": effective,
    }


def _priced(bill: Bill) -> dict[str, Value]:
    is_whole = bill.unit_price == bill.unit_price.to_integral_value()
    return {
        "plan_id": bill.plan_id,
        "quantity": float(bill.quantity),
        "unit_price_minor": int(bill.unit_price) if is_whole else None,
        "unit_price_exact": None if is_whole else str(bill.unit_price),
        "interval_unit": bill.interval_unit,
        "interval_count": bill.interval_count,
        "currency": bill.currency,
    }


def _without_exact(priced: dict[str, Value], bill: Bill) -> dict[str, Value]:
    """A change has no column for a fraction of a cent: the sum is then the unit."""
    values = {name: value for name, value in priced.items() if name != "unit_price_exact"}
    if values["unit_price_minor"] is None:
        return {**values, "quantity": 1.0, "unit_price_minor": half_even(bill.gross)}
    return values


def _latest(version: _Version, customer: str, tables: _Tables) -> dict[str, Value]:
    record = version.record
    ended = moment(record, "ended_at")
    # A version that is no longer active at the source and has no successor was deleted there.
    if ended is None and flag(record, "_fivetran_active") is False:
        ended = moment(record, "_fivetran_end") or synced_at(record)
    if ended is None and (flag(record, "is_deleted") or flag(record, "_fivetran_deleted")):
        ended = synced_at(record)
    return {
        "subscription_id": version.subscription_id,
        "account_id": customer,
        "started_at": moment(record, "start_date") or version.since,
        "trial_started_at": moment(record, "trial_start"),
        "trial_ended_at": moment(record, "trial_end"),
        "period_started_at": moment(record, "current_period_start"),
        "period_ended_at": moment(record, "current_period_end"),
        "ended_at": ended,
        "as_of_at": tables.as_of_at,
        "source_updated_at": synced_at(record),
    }

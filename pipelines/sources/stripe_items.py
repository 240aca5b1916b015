"""What a Stripe subscription costs at a moment: its items and discounts in force."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from pipelines.metrics.money import half_even
from pipelines.sources.definition import Context, Record
from pipelines.sources.stripe_cells import (
    CellError,
    flag,
    iso_minor,
    moment,
    needed,
    number,
    synced_at,
    text,
    whole,
)
from pipelines.sources.stripe_lists import Price, price_book

_MONTHS = {"month": Fraction(1), "year": Fraction(12), "week": Fraction(12, 52),
           "day": Fraction(12, 365)}  # fmt: skip
_DAYS_PER_MONTH = 30.4375
UNKNOWN = "unknown"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """One line of a subscription from `since` until `until` (open where None)."""

    item_id: str
    price: Price
    quantity: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Discount:
    """A coupon in force from `since` until `until` (open where None).

    Its kind is `UNKNOWN` where no row of the coupon table says what it takes off.
    """

    since: datetime
    until: datetime | None
    kind: str
    percent: Decimal | None
    amount: Decimal | None
    coupon_id: str


@dataclass(frozen=True)
class Bill:
    """What one billing interval costs: the priced columns of a subscription's state."""

    plan_id: str | None
    quantity: int
    unit_price: Decimal
    interval_unit: str
    interval_count: int
    currency: str

    @property
    def gross(self) -> Decimal:
        """Minor units per interval before discounts."""
        return self.unit_price * self.quantity


def in_force(since: datetime, until: datetime | None, at: datetime) -> bool:
    """Whether a half-open stretch holds the moment."""
    return since <= at and (until is None or at < until)


def items_by_subscription(context: Context) -> Mapping[str, list[Item] | CellError]:
    """Items of every subscription, oldest first; the error where one cannot be read."""
    book = price_book(context)
    found: dict[str, list[Item]] = defaultdict(list)
    broken: dict[str, CellError] = {}
    for record in context.siblings.get("stripe_subscription_item", ()):
        subscription = text(record, "subscription_id") or ""
        try:
            found[subscription].append(_item(record, book))
        except CellError as error:
            broken[subscription] = error
    for items in found.values():
        items.sort(key=lambda item: (item.since, item.item_id))
    return {**found, **broken}


def _item(record: Record, book: Mapping[str, Price]) -> Item:
    price_id = text(record, "plan_id") or needed(record, "price_id")
    price = book.get(price_id)
    if price is None or (price.amount is None and not price.is_metered):
        why = "is in no plan or price table" if price is None else "has tiers, not one amount"
        raise CellError(
            "plan_id", price_id, "no_price", f"Plan {price_id} {why}: its MRR is unknown."
        )
    until = moment(record, "_fivetran_end")
    deleted = flag(record, "_fivetran_deleted") or flag(record, "is_deleted")
    if deleted and until is None:
        until = synced_at(record)
    quantity = whole(record, "quantity")
    return Item(
        item_id=needed(record, "id"),
        price=price,
        quantity=1 if quantity is None else quantity,
        since=moment(record, "_fivetran_start") or moment(record, "created") or _EVER,
        until=until,
    )


def bill_at(items: Sequence[Item], at: datetime, quantity: int | None = None) -> Bill:
    """The items in force at a moment as one bill; metered and one-off prices are not in it.

    Several items are summed: in their common interval where rounding each item or the sum
    comes to the same, else per month with each item rounded half-even.

    Args:
        items: Of one subscription, oldest first, at least one.
        at: The moment. Before the first item began, that first item counts.
        quantity: Of the subscription as a whole, where its history tells it.
    """
    first = items[0].since
    current = [item for item in items if in_force(item.since, item.until, max(at, first))]
    licensed = [
        item
        for item in current
        if not item.price.is_metered and item.price.interval_unit != "one_time"
    ]
    if not licensed:
        shown = (current or list(items))[0].price
        return Bill(
            shown.price_id, 1, Decimal(0), shown.interval_unit, shown.interval_count, shown.currency
        )
    if len(licensed) == 1:
        item = licensed[0]
        return _bill(item.price, _amount(item), item.quantity if quantity is None else quantity)
    return _summed(licensed)


def _amount(item: Item) -> Decimal:
    return item.price.amount or Decimal(0)


def _bill(price: Price, amount: Decimal, quantity: int) -> Bill:
    return Bill(
        price.price_id,
        quantity,
        amount,
        price.interval_unit,
        price.interval_count,
        price.currency,
    )


def _summed(items: Sequence[Item]) -> Bill:
    main = max(items, key=_per_month).price
    currencies = {item.price.currency for item in items}
    if len(currencies) > 1:
        raise CellError(
            "plan_id", main.price_id, "two_currencies", "Items in different currencies."
        )
    total = sum((_amount(item) * item.quantity for item in items), Decimal(0))
    intervals = {(item.price.interval_unit, item.price.interval_count) for item in items}
    monthly = sum(half_even(_per_month(item)) for item in items)
    if len(intervals) == 1 and half_even(Fraction(total) / _months(main)) == monthly:
        return _bill(main, total, 1)
    return Bill(main.price_id, 1, Decimal(monthly), "month", 1, main.currency)


def _months(price: Price) -> Fraction:
    return _MONTHS[price.interval_unit] * price.interval_count


def _per_month(item: Item) -> Fraction:
    return Fraction(_amount(item)) * item.quantity / _months(item.price)


def discounts_by_owner(context: Context) -> Mapping[str, list[Discount]]:
    """Discounts by subscription id, and by customer id where they name no subscription."""
    coupons = {
        str(record.values.get("id")): record for record in context.siblings.get("stripe_coupon", ())
    }
    found: dict[str, list[Discount]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for table in ("stripe_subscription_discount", "stripe_discount"):
        for record in context.siblings.get(table, ()):
            owner = text(record, "subscription_id") or text(record, "customer_id") or ""
            # Fivetran lists a subscription's discount in both tables, under one id.
            if (key := (text(record, "id") or "", owner)) in seen:
                continue
            seen.add(key)
            found[owner].append(_discount(record, coupons))
    return found


def _discount(record: Record, coupons: Mapping[str, Record]) -> Discount:
    coupon_id = text(record, "coupon_id") or ""
    try:
        return _known_discount(record, coupons[coupon_id])
    except (CellError, KeyError):
        return Discount(_EVER, None, UNKNOWN, None, None, coupon_id)


def _known_discount(record: Record, coupon: Record) -> Discount:
    since = moment(record, "start") or _EVER
    kind = text(coupon, "duration") or "once"
    until = moment(record, "end")
    months = 1 if kind == "once" else whole(coupon, "duration_in_months")
    if until is None and kind != "forever" and months:
        until = since + timedelta(days=months * _DAYS_PER_MONTH)
    amount = number(coupon, "amount_off")
    code = (text(coupon, "currency") or "").upper()
    return Discount(
        since=since,
        until=until,
        kind=kind,
        percent=number(coupon, "percent_off"),
        amount=None if amount is None else iso_minor(amount, code),
        coupon_id=needed(coupon, "id"),
    )


def discount_at(discounts: Sequence[Discount], bill: Bill, at: datetime) -> tuple[int, str]:
    """Discount per interval and its kind at a moment.

    A state has room for one kind. Lasting discounts win over one-off ones, and `repeating`
    names a mix with `forever`, so that MRR under our own policy is exact.
    """
    running = [
        discount
        for discount in discounts
        if discount.kind != UNKNOWN and in_force(discount.since, discount.until, at)
    ]
    lasting = [discount for discount in running if discount.kind != "once"]
    counted = lasting or running
    if not counted:
        return 0, "none"
    left = bill.gross
    for discount in counted:
        if discount.percent is not None:
            left -= left * discount.percent / 100
        left -= discount.amount or Decimal(0)
    kinds = {discount.kind for discount in counted}
    kind = counted[0].kind if len(kinds) == 1 else "repeating"
    return half_even(bill.gross - max(left, Decimal(0))), kind

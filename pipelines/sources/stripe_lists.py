"""Stripe's lists: customers → accounts, plans and prices → plans; and the price book."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipelines.metrics.money import half_even
from pipelines.sources.definition import Context, Made, Record, Row
from pipelines.sources.stripe_cells import (
    CellError,
    currency,
    each,
    iso_minor,
    moment,
    needed,
    number,
    text,
    whole,
    with_version,
)

INTERVALS = ("day", "week", "month", "year", "one_time")


@dataclass(frozen=True)
class Price:
    """What one unit costs per interval.

    Attributes:
        amount: Minor units, may be fractional; None where the price is tiered.
    """

    price_id: str
    amount: Decimal | None
    currency: str
    interval_unit: str
    interval_count: int
    is_metered: bool


def price_of(record: Record) -> Price:
    """A row of the plan or price table, read alike."""
    code = currency(record)
    exact = next(
        (
            found
            for column in ("unit_amount_decimal", "unit_amount", "amount_decimal", "amount")
            if (found := number(record, column)) is not None
        ),
        None,
    )
    unit = text(record, "interval") or text(record, "recurring_interval")
    if unit is None:
        unit = "one_time" if text(record, "type") == "one_time" else ""
    if unit not in INTERVALS:
        raise CellError(
            "interval", unit, "unknown_interval", f"billing interval '{unit}' is unknown."
        )
    count = whole(record, "interval_count") or whole(record, "recurring_interval_count") or 1
    usage = text(record, "usage_type") or text(record, "recurring_usage_type")
    return Price(
        price_id=needed(record, "id"),
        amount=None if exact is None else iso_minor(exact, code),
        currency=code,
        interval_unit=unit,
        interval_count=count,
        is_metered=usage == "metered",
    )


def price_book(context: Context) -> Mapping[str, Price]:
    """Prices by id, from the plan and price tables beside the file."""
    book: dict[str, Price] = {}
    for table in ("stripe_plan", "stripe_price"):
        for record in context.siblings.get(table, ()):
            try:
                price = price_of(record)
            except CellError:
                continue  # refused in its own file; who needs it is refused for want of a price
            book[price.price_id] = price
    return book


def plans(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Plans or prices → plans. Deleted ones stay: old subscriptions still name them."""
    names = {
        str(record.values.get("id")): text(record, "name")
        for record in context.siblings.get("stripe_product", ())
    }

    def plan(record: Record, _: Context) -> Iterator[Made]:
        price = price_of(record)
        product = text(record, "product_id")
        amount = price.amount
        yield Row(
            record.no,
            "plans",
            with_version(
                record,
                {
                    "plan_id": price.price_id,
                    "product_id": product,
                    "plan_name": text(record, "nickname")
                    or names.get(product or "")
                    or price.price_id,
                    "interval_unit": price.interval_unit,
                    "interval_count": price.interval_count,
                    "list_price_minor": None if amount is None else half_even(amount),
                    "currency": price.currency,
                    "usage_kind": "metered" if price.is_metered else "licensed",
                },
            ),
        )

    yield from each(records, context, plan)


def customers(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Customers → accounts, without names and addresses.

    Deleted customers stay: what they paid is still in the books.
    """

    def account(record: Record, _: Context) -> Iterator[Made]:
        yield Row(
            record.no,
            "accounts",
            with_version(
                record,
                {
                    "account_id": needed(record, "id"),
                    "region_code": text(record, "address_country"),
                    "created_at": moment(record, "created"),
                    "is_internal": False,
                    "is_test": False,
                },
            ),
        )

    yield from each(records, context, account)

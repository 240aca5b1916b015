"""Stripe's invoices and their lines → invoices, invoice_lines. Minor units throughout."""

from collections.abc import Iterable, Iterator

from pipelines.sources.definition import Context, Made, Record, Row
from pipelines.sources.stripe_cells import (
    currency,
    each,
    flag,
    moment,
    money,
    needed,
    needed_moment,
    number,
    text,
    with_version,
)
from pipelines.sources.stripe_lists import price_book


def invoices(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Invoices; drafts that were deleted at the source are dropped."""

    def invoice(record: Record, _: Context) -> Iterator[Made]:
        code = currency(record)
        due = moment(record, "due_date")
        yield Row(
            record.no,
            "invoices",
            with_version(
                record,
                {
                    "invoice_id": needed(record, "id"),
                    "account_id": needed(record, "customer_id"),
                    "subscription_id": text(record, "subscription_id"),
                    "number_text": text(record, "number"),
                    "issued_at": needed_moment(
                        record, "created", "status_transitions_finalized_at", "period_end"
                    ),
                    "due_on": due.date() if due else None,
                    "paid_at": moment(record, "status_transitions_paid_at"),
                    "status_code": needed(record, "status"),
                    "currency": code,
                    "subtotal_minor": money(record, "subtotal", code),
                    "tax_minor": money(record, "tax", code),
                    "total_minor": money(record, "total", code),
                    "paid_minor": money(record, "amount_paid", code),
                    "is_credit": False,
                },
            ),
        )

    yield from each(records, context, invoice, deleted_rule="deleted_at_source")


def invoice_lines(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Lines of invoices, with what kind of sale each one is."""
    metered = {price.price_id for price in price_book(context).values() if price.is_metered}

    def line(record: Record, _: Context) -> Iterator[Made]:
        code = currency(record)
        plan = text(record, "plan_id") or text(record, "price_id")
        quantity = number(record, "quantity")
        yield Row(
            record.no,
            "invoice_lines",
            with_version(
                record,
                {
                    "invoice_id": needed(record, "invoice_id"),
                    "line_id": needed(record, "id"),
                    "subscription_id": text(record, "subscription_id"),
                    "plan_id": plan,
                    "line_kind": _kind(record, is_metered=plan in metered),
                    "service_from_at": moment(record, "period_start"),
                    "service_to_at": moment(record, "period_end"),
                    "quantity": None if quantity is None else float(quantity),
                    "amount_minor": money(record, "amount", code),
                    "currency": code,
                },
            ),
        )

    yield from each(records, context, line, deleted_rule="deleted_at_source")


def _kind(record: Record, *, is_metered: bool) -> str:
    if flag(record, "proration"):
        return "proration"
    if is_metered:
        return "usage"
    kind = text(record, "type")
    is_recurring = kind == "subscription" or (kind is None and text(record, "subscription_id"))
    return "recurring" if is_recurring else "one_off"

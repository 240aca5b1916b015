"""Stripe's charges, refunds, disputes and balance transactions → payments.

One movement of cash can stand in two tables. The charge, refund or dispute table is the one
that counts, its balance transaction adds the fee; a balance transaction counts by itself
only where the other table does not hold its source.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipelines.metrics.money import half_even
from pipelines.sources.definition import Context, Dropped, Made, Record, Row, Value
from pipelines.sources.stripe_cells import (
    CellError,
    currency,
    each,
    flag,
    is_test_mode,
    money,
    needed,
    needed_moment,
    number,
    text,
    with_version,
)

_CHARGE_TABLES = ("stripe_charge", "stripe_refund", "stripe_dispute")
# docs.stripe.com/reports/balance-transaction-types → what the money did for us.
_KINDS = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund",
    "payment_failure_refund": "refund",
    "payment_reversal": "refund",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "application_fee": "fee",
}
# Money that only changes accounts: nobody bought anything.
_TRANSFERS = ("payout", "transfer", "topup", "reserve", "advance", "connect_collection")
_INQUIRIES = ("warning_needs_response", "warning_under_review", "warning_closed", "charge_refunded")


@dataclass(frozen=True)
class _Settled:
    """What the balance says about a movement, in the currency of the account."""

    amount: int
    currency: str
    fee: int
    rate: Decimal | None


def _settled_by_source(context: Context) -> Mapping[tuple[str, bool], _Settled]:
    """Balance transactions by source and by whether they took money out."""
    found: dict[tuple[str, bool], _Settled] = {}
    for record in context.siblings.get("stripe_balance_transaction", ()):
        try:
            settled = _settled(record)
        except CellError:
            continue  # refused in its own file; the payment then has no fee
        if source := text(record, "source"):
            found[source, settled.amount < 0] = settled
    return found


def _settled(record: Record) -> _Settled:
    code = currency(record)
    return _Settled(
        amount=money(record, "amount", code) or 0,
        currency=code,
        fee=money(record, "fee", code) or 0,
        rate=number(record, "exchange_rate"),
    )


def _cash(amount: int, code: str, settled: _Settled | None) -> dict[str, Value]:
    """Amount, fee and net of a payment; the fee is unknown where no balance row tells it."""
    values: dict[str, Value] = {"amount_minor": amount, "currency": code}
    if settled is None:
        return values
    values |= {"settled_minor": settled.amount, "settled_currency": settled.currency}
    if settled.currency == code:
        return values | {"fee_minor": settled.fee, "net_minor": amount - settled.fee}
    if settled.rate:
        # The rate turns the charge's currency into the account's; the fee goes back.
        fee = half_even(Decimal(settled.fee) / settled.rate)
        return values | {"fee_minor": fee, "net_minor": amount - fee}
    return values


def charges(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Attempts to collect money. Failed and uncaptured ones are loaded and are no revenue."""
    balance = _settled_by_source(context)

    def charge(record: Record, _: Context) -> Iterator[Made]:
        code = currency(record)
        charge_id = needed(record, "id")
        amount = money(record, "amount", code) or 0
        status = needed(record, "status")
        if status == "succeeded" and flag(record, "captured") is False:
            status = "pending"
        settled = balance.get((charge_id, amount < 0)) if status == "succeeded" else None
        values: dict[str, Value] = {
            "payment_id": charge_id,
            "payment_kind": "charge",
            "account_id": text(record, "customer_id"),
            "invoice_id": text(record, "invoice_id"),
            "happened_at": needed_moment(record, "created"),
            "status_code": status,
            "occurrence_no": 1,
            **_cash(amount, code, settled),
        }
        yield Row(record.no, "payments", with_version(record, values))

    yield from each(records, context, charge)


@dataclass(frozen=True)
class _Parents:
    """Who was charged: refunds and disputes name only the charge."""

    accounts: Mapping[str, str | None]
    test_mode: frozenset[str]

    @classmethod
    def of(cls, context: Context) -> "_Parents":
        accounts, test_mode = {}, set()
        for record in context.siblings.get("stripe_charge", ()):
            charge_id = text(record, "id") or ""
            accounts[charge_id] = text(record, "customer_id")
            try:
                if is_test_mode(record):
                    test_mode.add(charge_id)
            except CellError:
                continue  # refused in its own file
        return cls(accounts, frozenset(test_mode))


def refunds(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Money given back, negative."""
    balance, parents = _settled_by_source(context), _Parents.of(context)

    def refund(record: Record, _: Context) -> Iterator[Made]:
        code = currency(record)
        charge_id = text(record, "charge_id")
        if charge_id in parents.test_mode:
            yield Dropped(record.no, "test_mode")
            return
        status = text(record, "status") or "succeeded"
        values: dict[str, Value] = {
            "payment_id": needed(record, "id"),
            "payment_kind": "refund",
            "account_id": parents.accounts.get(charge_id or ""),
            "parent_payment_id": charge_id,
            "happened_at": needed_moment(record, "created"),
            "status_code": {"canceled": "failed", "requires_action": "pending"}.get(status, status),
            "occurrence_no": 1,
            **_cash(
                -(money(record, "amount", code) or 0),
                code,
                balance.get((needed(record, "id"), True)),
            ),
        }
        yield Row(record.no, "payments", with_version(record, values))

    yield from each(records, context, refund)


def disputes(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Money that a bank took back, negative; won back where the dispute was won.

    The table does not say when a dispute was won: the return is dated by its balance
    transaction, else by the last sync, which is the first time that it was known.
    """
    parents, returned = _Parents.of(context), _returns(context)

    def dispute(record: Record, _: Context) -> Iterator[Made]:
        status = needed(record, "status")
        if status in _INQUIRIES:
            yield Dropped(record.no, "inquiry_without_money")
            return
        code = currency(record)
        charge_id = text(record, "charge_id")
        amount = money(record, "amount", code) or 0
        dispute_id = needed(record, "id")
        values: dict[str, Value] = {
            "payment_id": dispute_id,
            "account_id": parents.accounts.get(charge_id or ""),
            "parent_payment_id": charge_id,
            "status_code": "succeeded",
            "occurrence_no": 1,
            "currency": code,
        }
        lost: dict[str, Value] = {
            "payment_kind": "dispute",
            "happened_at": needed_moment(record, "created"),
            "amount_minor": -amount,
        }
        yield Row(record.no, "payments", with_version(record, values | lost))
        if status == "won":
            since = returned.get(dispute_id)
            won: dict[str, Value] = {
                "payment_kind": "dispute_reversal",
                "happened_at": (
                    needed_moment(since, "created")
                    if since
                    else needed_moment(record, "_fivetran_synced", "created")
                ),
                "amount_minor": amount,
            }
            yield Row(record.no, "payments", with_version(record, values | won))

    yield from each(records, context, dispute)


def _returns(context: Context) -> Mapping[str, Record]:
    """Balance transactions that brought money back, by the dispute they name."""
    found = {}
    for record in context.siblings.get("stripe_balance_transaction", ()):
        source, amount = text(record, "source"), text(record, "amount") or "-"
        if source and text(record, "type") == "adjustment" and not amount.startswith("-"):
            found[source] = record
    return found


def balance_transactions(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Movements of the balance whose source no other table holds; payouts are dropped."""
    told = {
        text(record, "id") for table in _CHARGE_TABLES for record in context.siblings.get(table, ())
    }

    def movement(record: Record, _: Context) -> Iterator[Made]:
        kind = needed(record, "type")
        source = text(record, "source") or needed(record, "id")
        if kind.startswith(_TRANSFERS):
            yield Dropped(record.no, "payout")
            return
        if source in told:
            yield Dropped(record.no, "in_charge_refund_or_dispute")
            return
        settled = _settled(record)
        payment_kind = _KINDS.get(kind, "adjustment")
        if source.startswith(("dp_", "du_", "pdp_")):
            payment_kind = "dispute" if settled.amount < 0 else "dispute_reversal"
        values: dict[str, Value] = {
            "payment_id": source,
            "payment_kind": payment_kind,
            "happened_at": needed_moment(record, "created"),
            "status_code": "succeeded",
            "occurrence_no": 1,
            **_cash(settled.amount, settled.currency, settled),
        }
        yield Row(record.no, "payments", with_version(record, values))

    yield from each(records, context, movement)


def payouts(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Payouts and transfers move our own money: each one is dropped by rule."""

    def payout(record: Record, _: Context) -> Iterator[Made]:
        yield Dropped(record.no, "payout")

    yield from each(records, context, payout)

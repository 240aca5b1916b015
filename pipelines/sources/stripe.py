"""Stripe, as a warehouse loader (Fivetran) lands it: one CSV per table, minor units, UTC.

Each table is known by its own header. Tables that only explain others (items, discounts,
coupons, products) or that hold nothing we count (cards, intents, accounts) fill no table.
"""

from pipelines.sources.definition import Fingerprint, Preset
from pipelines.sources.stripe_invoices import invoice_lines, invoices
from pipelines.sources.stripe_lists import customers, plans
from pipelines.sources.stripe_payments import (
    balance_transactions,
    charges,
    disputes,
    payouts,
    refunds,
)
from pipelines.sources.stripe_subscriptions import subscriptions

_SYNCED = "_fivetran_synced"
_PRICES = ("stripe_plan", "stripe_price")
_PRICED_BY = (
    "stripe_subscription_item",
    *_PRICES,
    "stripe_subscription_discount",
    "stripe_discount",
    "stripe_coupon",
)
_VERSION = frozenset({"customer_id", "current_period_end", "start_date", "status"})
_BALANCE_SOURCES = ("stripe_charge", "stripe_refund", "stripe_dispute")


def _known_by(*names: str, without: tuple[str, ...] = ()) -> Fingerprint:
    return Fingerprint(required=frozenset({*names, _SYNCED}), forbidden=frozenset(without))


def _lookup(table: str, *names: str, without: tuple[str, ...] = ()) -> Preset:
    return Preset(
        id=f"stripe_{table}",
        version="1",
        title=f"Stripe {table.replace('_', ' ')}",
        fingerprint=_known_by(*names, without=without),
        tables=(),
        is_lookup=True,
    )


_LISTS = (
    Preset(
        id="stripe_customer",
        version="1",
        title="Stripe customers",
        fingerprint=_known_by("id", "delinquent", "invoice_prefix"),
        tables=("accounts",),
        records=customers,
    ),
    Preset(
        id="stripe_plan",
        version="1",
        title="Stripe plans",
        fingerprint=_known_by("id", "amount", "interval", "interval_count", "usage_type"),
        tables=("plans",),
        records=plans,
        reads_with=("stripe_product",),
        is_money=True,
    ),
    Preset(
        id="stripe_price",
        version="1",
        title="Stripe prices",
        fingerprint=_known_by("id", "recurring_interval", "recurring_usage_type", "unit_amount"),
        tables=("plans",),
        records=plans,
        reads_with=("stripe_product",),
        is_money=True,
    ),
)

_SUBSCRIPTIONS = (
    Preset(
        id="stripe_subscription_history",
        version="1",
        title="Stripe subscription history",
        fingerprint=Fingerprint(required=_VERSION | {"id", _SYNCED, "_fivetran_active"}),
        tables=("subscription_changes", "subscriptions"),
        records=subscriptions,
        reads_with=_PRICED_BY,
        is_money=True,
    ),
    Preset(
        id="stripe_subscription",
        version="1",
        title="Stripe subscriptions",
        fingerprint=Fingerprint(
            required=_VERSION | {"id", _SYNCED}, forbidden=frozenset({"_fivetran_active"})
        ),
        tables=("subscription_changes", "subscriptions"),
        records=subscriptions,
        reads_with=_PRICED_BY,
        is_money=True,
    ),
)

_INVOICES = (
    Preset(
        id="stripe_invoice",
        version="1",
        title="Stripe invoices",
        fingerprint=_known_by("id", "amount_due", "amount_paid", "customer_id", "total", "status"),
        tables=("invoices",),
        records=invoices,
        is_money=True,
    ),
    Preset(
        id="stripe_invoice_line_item",
        version="1",
        title="Stripe invoice lines",
        fingerprint=_known_by(
            "id", "invoice_id", "amount", "proration", "period_start", without=("amount_due",)
        ),  # fmt: skip
        tables=("invoice_lines",),
        records=invoice_lines,
        reads_with=_PRICES,
        is_money=True,
    ),
)

_CASH = (
    Preset(
        id="stripe_charge",
        version="1",
        title="Stripe charges",
        fingerprint=_known_by("id", "amount_refunded", "captured", "created", "status"),
        tables=("payments",),
        records=charges,
        reads_with=("stripe_balance_transaction",),
        is_money=True,
    ),
    Preset(
        id="stripe_refund",
        version="1",
        title="Stripe refunds",
        fingerprint=_known_by(
            "id",
            "charge_id",
            "amount",
            "reason",
            "status",
            without=("evidence_receipt", "is_charge_refundable"),
        ),  # fmt: skip
        tables=("payments",),
        records=refunds,
        reads_with=("stripe_balance_transaction", "stripe_charge"),
        is_money=True,
    ),
    Preset(
        id="stripe_dispute",
        version="1",
        title="Stripe disputes",
        fingerprint=_known_by("id", "charge_id", "amount", "is_charge_refundable", "status"),
        tables=("payments",),
        records=disputes,
        reads_with=("stripe_balance_transaction", "stripe_charge"),
        is_money=True,
    ),
    Preset(
        id="stripe_balance_transaction",
        version="1",
        title="Stripe balance transactions",
        fingerprint=_known_by("id", "amount", "available_on", "fee", "net", "type"),
        tables=("payments",),
        records=balance_transactions,
        reads_with=_BALANCE_SOURCES,
        is_money=True,
    ),
    Preset(
        id="stripe_payout",
        version="1",
        title="Stripe payouts",
        fingerprint=_known_by("id", "amount", "arrival_date", "balance_transaction_id"),
        tables=("payments",),
        records=payouts,
    ),
    Preset(
        id="stripe_transfer",
        version="1",
        title="Stripe transfers",
        fingerprint=_known_by("id", "amount", "amount_reversed", "destination"),
        tables=("payments",),
        records=payouts,
    ),
)

_EXPLAINING = (
    _lookup("product", "id", "name", "statement_descriptor", "unit_label"),
    _lookup("subscription_item", "id", "subscription_id", "quantity", "current_period_end"),
    _lookup(
        "subscription_discount",
        "id",
        "coupon_id",
        "subscription_id",
        "start",
        "end",
        without=("type_id",),
    ),  # fmt: skip
    _lookup("discount", "id", "coupon_id", "type_id", "start", "end"),
    _lookup("coupon", "id", "duration", "percent_off", "amount_off"),
)

_NOT_COUNTED = (
    _lookup("fee", "balance_transaction_id", "index", "amount"),
    _lookup("account", "id", "charges_enabled", "payouts_enabled"),
    _lookup("card", "id", "fingerprint", "last_4"),
    _lookup("payment_intent", "id", "amount_capturable", "capture_method"),
    _lookup("payment_method", "id", "billing_detail_email", "type"),
    _lookup("payment_method_card", "payment_method_id", "fingerprint"),
    _lookup(
        "payout_balance_transaction", "payout_id", "balance_transaction_id", without=("id",)
    ),  # fmt: skip
    _lookup("credit_note", "id", "subtotal", "discount_amount", "voided_at"),
    _lookup("credit_note_line_item", "id", "credit_note_id", "amount"),
)

PRESETS: tuple[Preset, ...] = (
    *_LISTS,
    *_SUBSCRIPTIONS,
    *_INVOICES,
    *_CASH,
    *_EXPLAINING,
    *_NOT_COUNTED,
)

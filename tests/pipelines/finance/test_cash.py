"""Revenue and customers from payments."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def payment(number, on, minor, kind="charge", account="a", **more):
    return {
        "payment_id": f"p{number}",
        "payment_kind": kind,
        "account_id": account,
        "happened_at": datetime.fromisoformat(on).replace(tzinfo=UTC),
        "status_code": "succeeded",
        "amount_minor": minor,
        "currency": "USD",
        "occurrence_no": 1,
        **more,
    }


MIXED = [
    payment(1, "2026-01-05", 10000, fee_minor=320),
    payment(2, "2026-01-06", 5000, account="b"),
    payment(1, "2026-01-20", -2500, kind="refund"),
    payment(3, "2026-01-21", -5000, kind="dispute", account="b"),
    payment(3, "2026-01-25", 5000, kind="dispute_reversal", account="b"),
    payment(4, "2026-01-26", -99, kind="fee", account=None),
    payment(5, "2026-01-27", 777, kind="adjustment", account=None),
    payment(6, "2026-01-28", 90000, status_code="failed"),
    payment(7, "2026-01-29", 80000, status_code="pending"),
]


@pytest.mark.parametrize(
    ("variant", "value", "n"),
    [(None, 125.0, 5), ("gross", 150.0, 2), ("net_of_fees", 120.81, 6)],
)
def test_revenue_is_what_came_in_less_what_went_back(books, variant, value, n):
    row = books(payments=MIXED).frame("revenue", variant=variant).to_dicts()[0]
    assert (row["period"], row["value"], row["n"]) == (JANUARY, value, n)


def test_a_fee_that_nobody_told_is_named(books):
    row = books(payments=MIXED).frame("revenue", variant="net_of_fees").to_dicts()[0]
    assert row["note"] == "The fee of 1 charges is unknown and not taken off."


def test_revenue_takes_the_rate_of_the_day(books):
    rates = [
        {"rate_on": date(2026, 1, day), "base_currency": "EUR", "quote_currency": "USD",
         "rate": Decimal(value), "rate_kind": kind}
        for day, value, kind in ((5, "1.10", "spot"), (10, "1.20", "spot"), (10, "9", "month_end"))
    ]  # fmt: skip
    payments = [
        payment(1, "2026-01-04", 100, currency="EUR"),
        payment(2, "2026-01-09", 100, currency="EUR"),
        payment(3, "2026-01-11", 100, currency="EUR"),
    ]
    row = books(payments=payments, fx_rates=rates).frame("revenue").to_dicts()[0]
    assert row["value"] == pytest.approx(2.30)
    assert row["note"] == "Left out: payments in EUR, no rate to USD is known."


def test_yen_come_in_at_what_a_yen_is_worth(books):
    rates = [
        {
            "rate_on": date(2026, 1, 1),
            "base_currency": "USD",
            "quote_currency": "JPY",
            "rate": Decimal(125),
            "rate_kind": "spot",
        }
    ]
    payments = [payment(1, "2026-01-05", 15000, currency="JPY", fee_minor=250)]
    made = books(payments=payments, fx_rates=rates)
    assert made.values("revenue")[JANUARY] == 120
    assert made.values("revenue", variant="net_of_fees")[JANUARY] == 118


def test_a_covered_month_without_payments_is_a_real_zero(books):
    payments = [payment(1, "2026-01-05", 100), payment(2, "2026-03-05", 100)]
    assert books(payments=payments).values("revenue")[FEBRUARY] == 0


def test_customers_are_counted_once_and_a_free_purchase_is_one(books):
    payments = [
        payment(1, "2026-01-05", 100),
        payment(2, "2026-01-06", 100),
        payment(3, "2026-01-07", 0, account="b"),
        payment(4, "2026-01-08", -100, kind="refund", account="c"),
    ]
    assert books(payments=payments).values("paying_customers")[JANUARY] == 2


def test_a_repeat_customer_has_two_charges_in_all_history_up_to_the_period(books):
    payments = [
        payment(1, "2026-01-05", 100),
        payment(2, "2026-01-06", 100, account="b"),
        payment(3, "2026-02-05", 100),
        payment(4, "2026-02-06", 100, account="c"),
        payment(5, "2026-03-06", 100, account="c"),
    ]
    shares = books(payments=payments).values("repeat_customer_share")
    assert (shares[JANUARY], shares[FEBRUARY]) == (0.0, 0.5)
    total = books(payments=payments).frame("repeat_customer_share", every="total").to_dicts()[0]
    assert (total["n"], total["total"]) == (3, 2)


def test_internal_accounts_pay_nothing(books):
    accounts = [{"account_id": "a", "is_internal": True, "is_test": False}]
    made = books(payments=[payment(1, "2026-01-05", 100)], accounts=accounts)
    assert made.values("revenue")[JANUARY] == 0


def test_segments_add_up_to_the_total(books):
    accounts = [
        {"account_id": "a", "segment_code": "team", "is_internal": False, "is_test": False},
        {"account_id": "b", "segment_code": "solo", "is_internal": False, "is_test": False},
    ]
    made = books(payments=MIXED, accounts=accounts)
    split = made.frame("revenue", by="plan").filter(pl.col("period") == JANUARY)
    assert dict(zip(split["segment"], split["value"], strict=True)) == {"solo": 50.0, "team": 75.0}
    assert split["value"].sum() == made.values("revenue")[JANUARY]

"""Accounts that pay in another currency than the books are kept in."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def rate(on, value, kind="month_end", base="EUR", quote="USD"):
    return {
        "rate_on": date.fromisoformat(on),
        "base_currency": base,
        "quote_currency": quote,
        "rate": Decimal(value),
        "rate_kind": kind,
    }


RATES = [rate("2026-01-31", "1.10"), rate("2026-02-28", "1.20")]


def test_a_rate_that_moved_is_fx_and_neither_growth_nor_loss(books, contract):
    made = books(**contract("s", ("2026-01-05", 10000), currency="EUR"), fx_rates=RATES)
    moved = made.bridge(FEBRUARY)
    assert (moved["start"], moved["fx"], moved["end"]) == (110, 10, 120)
    assert moved["expansion"] == moved["contraction"] == 0
    assert made.broken() == []


def test_growth_counts_at_the_old_rate_and_the_rest_is_fx(books, contract):
    made = books(
        **contract("s", ("2026-01-05", 10000), ("2026-02-10", 15000), currency="EUR"),
        fx_rates=RATES,
    )
    moved = made.bridge(FEBRUARY)
    assert (moved["expansion"], moved["fx"], moved["end"]) == (55, 15, 180)
    booked = made.bridge(FEBRUARY, variant="event_booked")
    assert (booked["expansion"], booked["fx"], booked["end"]) == (55, 15, 180)


def test_who_leaves_takes_the_old_worth_along_and_leaves_no_fx(books, contract):
    made = books(
        **contract("s", ("2026-01-05", 10000), ("2026-02-10", None), currency="EUR"),
        fx_rates=RATES,
    )
    moved = made.bridge(FEBRUARY)
    assert (moved["churn"], moved["fx"], moved["end"]) == (110, 0, 0)


def test_a_currency_without_a_rate_is_told_apart_and_not_added(books, contract, together):
    made = books(
        **together(
            contract("dollar", ("2026-01-05", 1000)),
            contract("euro", ("2026-01-05", 10000), currency="EUR"),
        )
    )
    row = made.frame("mrr").filter(pl.col("period") == FEBRUARY).to_dicts()[0]
    assert row["value"] == 10
    assert row["note"] == "Left out: revenue in EUR, no rate to USD is known."
    assert made.broken() == []


def test_a_rate_that_came_late_brings_its_revenue_in_as_fx(books, contract):
    made = books(
        **contract("s", ("2026-01-05", 10000), currency="EUR"),
        fx_rates=[rate("2026-02-28", "1.20")],
    )
    moved = made.bridge(FEBRUARY)
    assert (moved["start"], moved["fx"], moved["end"]) == (0, 120, 120)
    assert made.broken() == []


def test_month_end_rates_win_over_newer_spot_rates_and_either_pair_will_do(books, contract):
    made = books(
        **contract("s", ("2026-01-05", 10000), currency="EUR"),
        fx_rates=[rate("2026-01-31", "1.10"), rate("2026-02-15", "9", kind="spot")],
    )
    assert made.values("mrr")[FEBRUARY] == 110
    turned = books(
        **contract("s", ("2026-01-05", 10000), currency="EUR"),
        fx_rates=[rate("2026-01-20", "0.8", kind="spot", base="USD", quote="EUR")],
    )
    assert turned.values("mrr")[FEBRUARY] == 125


def test_a_year_s_retention_is_taken_at_the_rate_of_then(books, contract):
    made = books(
        **contract("s", ("2025-01-05", 10000), ("2025-06-05", 12000), currency="EUR"),
        fx_rates=[rate("2025-01-31", "1.00"), rate("2025-12-31", "2.00")],
    )
    assert made.values("nrr")[JANUARY] == pytest.approx(1.2)
    assert made.values("grr")[JANUARY] == pytest.approx(1.0)


def test_yen_have_no_cents(books, contract):
    made = books(**contract("s", ("2026-01-05", 980), currency="JPY"), currency="JPY")
    assert made.values("mrr")[MARCH] == 980


def test_a_rate_is_per_major_unit_of_either_currency(books, contract):
    yen = rate("2026-01-31", "0.008", base="JPY", quote="USD")
    made = books(**contract("s", ("2026-01-05", 15000), currency="JPY"), fx_rates=[yen])
    assert made.values("mrr")[FEBRUARY] == 120
    kept_in_yen = books(
        **contract("s", ("2026-01-05", 12000)),
        currency="JPY",
        fx_rates=[yen, rate("2026-02-28", "0.010", base="JPY", quote="USD")],
    )
    assert kept_in_yen.values("mrr")[JANUARY] == 15000
    moved = kept_in_yen.bridge(FEBRUARY)
    assert (moved["start"], moved["fx"], moved["end"]) == (15000, -3000, 12000)


def test_a_currency_of_three_decimals_is_worth_what_its_rate_says(books, contract):
    made = books(
        **contract("s", ("2026-01-05", 10_000), currency="BHD"),
        fx_rates=[rate("2026-01-31", "2.65", base="BHD")],
    )
    assert made.values("mrr")[FEBRUARY] == 26.5

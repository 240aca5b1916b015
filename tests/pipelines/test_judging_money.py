"""Recurring revenue is compared at constant exchange rates."""

import csv
from datetime import date, timedelta

import pytest

from pipelines.read import Snapshot, request
from pipelines.refresh import refresh

SETTINGS = """
[product]
name = "Test"
currency = "EUR"
[[source]]
name = "books"
files = "*.csv"
"""
RATES = (0.90, 0.92, 0.95, 0.91, 0.97, 1.02, 1.05, 1.09, 1.04, 1.10, 1.12, 1.15, 1.11, 1.2)


def written(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def month_end(number):
    return date(2025 + (number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Thirty accounts that pay 100 dollars a month, unchanged for fourteen months."""
    folder = tmp_path_factory.mktemp("books")
    (folder / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    terms = {
        "status_code": "active", "quantity": 1, "unit_price_minor": 10000,
        "discount_kind": "none", "interval_unit": "month", "interval_count": 1, "currency": "USD",
    }  # fmt: skip
    ids = [(f"s{number}", f"a{number}") for number in range(30)]
    written(
        folder / "subscriptions.csv",
        [
            {"subscription_id": subscription, "account_id": account, **terms,
             "started_at": "2025-01-05T12:00:00Z", "as_of_at": "2026-03-20T00:00:00Z"}
            for subscription, account in ids
        ],
    )  # fmt: skip
    written(
        folder / "subscription_changes.csv",
        [
            {"subscription_id": subscription, "changed_at": "2025-01-05T12:00:00Z", "change_no": 1,
             "change_origin": "reported", **terms}
            for subscription, _ in ids
        ],
    )  # fmt: skip
    written(folder / "accounts.csv", [{"account_id": account} for _, account in ids])
    written(
        folder / "fx_rates.csv",
        [
            {"rate_on": month_end(number), "base_currency": "USD", "quote_currency": "EUR",
             "rate": rate, "rate_kind": "month_end"}
            for number, rate in enumerate(RATES)
        ],
    )  # fmt: skip
    report = refresh(folder)
    assert report.is_good, report
    return Snapshot(folder)


def test_dearer_dollars_are_no_growth(snapshot):
    asked = request(snapshot, "mrr")
    printed = snapshot.answer(asked).filter(status="ok")["value"]

    found = snapshot.change(asked)

    assert printed.tail(6).mean() > printed.slice(len(printed) - 12, 6).mean() * 1.1
    assert found.before == found.after == pytest.approx(3000 * RATES[-1])
    assert (found.state, found.difference) == ("no_clear_change", pytest.approx(0))
    assert found.notes[0] == (
        "At the exchange rates of February 2026: what rates alone moved is left out."
    )


def test_other_money_says_that_rates_are_part_of_it(snapshot):
    quarterly = snapshot.change(request(snapshot, "mrr", every="quarter"))

    assert quarterly.notes[0] == "Changes of exchange rates are part of it."

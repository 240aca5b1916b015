"""MRR and cash, added up again from the payment provider's tables."""

import pytest
from brute_force import cash, money


@pytest.fixture(scope="module")
def books(exports):
    return money.Books(exports)


def test_mrr_is_what_runs_at_the_end_of_each_month(ask, same, books):
    same(ask("mrr", "period"), money.mrr(books))


def test_mrr_by_plan_follows_the_customers_plan(ask, same, books, exports):
    accounts = exports.rows("people/accounts.csv")
    expected = {}
    for plan in ("business", "free", "team"):
        customers = {row["account_id"] for row in accounts if row["segment_code"] == plan}
        expected |= {(*key, plan): cell for key, cell in money.mrr(books, customers).items()}
    same(ask("mrr", "period", "segment", by="plan"), expected)


def test_movements_lead_from_one_month_to_the_next(ask, same, books):
    same(ask("mrr_movements", "period", "component"), money.movements(books))


def test_logo_churn_is_who_left_of_who_paid(ask, same, books):
    same(ask("logo_churn", "period"), money.logo_churn(books))


def test_arpa_is_mrr_over_paying_customers(ask, same, books):
    same(ask("arpa", "period"), money.arpa(books))


@pytest.mark.parametrize("metric", ["grr", "nrr"])
def test_yearly_retention_follows_the_customers_of_a_year_ago(ask, same, books, metric):
    same(ask(metric, "period"), money.yearly_retention(books, net=metric == "nrr"))


@pytest.mark.parametrize("variant", [None, "gross", "net_of_fees"])
def test_revenue_is_charges_less_refunds(ask, same, exports, variant):
    same(ask("revenue", "period", variant=variant), cash.revenue(exports, variant or ""))

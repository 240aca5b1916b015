"""The stories in money are in the payment provider's tables, worked out in plain Python."""

from collections import Counter, defaultdict
from datetime import date

PRICE_CHANGE = "2026-01-31 23:00:00"
MONTHS = {"month": 1, "year": 12}


def _monthly_cents(rows, at):
    """MRR in cents per customer at a naive UTC instant, before discounts."""
    plans = {row["id"]: row for row in rows("stripe/plan.csv")}
    items = defaultdict(list)
    for row in rows("stripe/subscription_item.csv"):
        items[row["subscription_id"]].append(row)
    total = defaultdict(float)
    for row in rows("stripe/subscription_history.csv.gz"):
        in_force = row["_fivetran_start"] <= at <= row["_fivetran_end"]
        if not in_force or row["livemode"] != "TRUE" or row["status"] not in {"active", "past_due"}:
            continue
        for item in items[row["id"]]:
            plan = plans[item["plan_id"]]
            if plan["usage_type"] == "licensed":
                units = int(row["quantity"] or item["quantity"])
                months = MONTHS[plan["interval"]] * int(plan["interval_count"])
                total[row["customer_id"]] += units * int(plan["amount"]) / months
    return total


def _month_ends():
    for number in range(18):
        year, month = divmod(2025 * 12 + 5 + number, 12)
        yield f"{date(year, month + 1, 1)} 00:00:00"


def test_team_costs_more_for_new_customers_and_not_for_old_ones(rows):
    started = {row["id"]: row["start_date"] for row in rows("stripe/subscription_history.csv.gz")}
    plans = {row["id"]: row for row in rows("stripe/plan.csv")}
    assert (plans["plan_team_m"]["amount"], plans["plan_team_m_2026"]["amount"]) == ("3900", "4500")
    taken = Counter()
    for row in rows("stripe/subscription_item.csv"):
        is_later = started[row["subscription_id"]] >= PRICE_CHANGE
        taken[row["plan_id"], is_later] += 1
    assert taken["plan_team_m", False] > 20
    assert taken["plan_team_m", True] == 0
    assert taken["plan_team_m_2026", True] > 20
    assert taken["plan_team_m_2026", False] == 0


def test_every_kind_of_movement_happens_and_revenue_grows(rows):
    kinds, paid_before, earlier, sums = Counter(), set(), {}, []
    for at in _month_ends():
        now = _monthly_cents(rows, at)
        for customer in {*now, *earlier}:
            was, is_ = earlier.get(customer, 0), now.get(customer, 0)
            if not was:
                kinds["reactivation" if customer in paid_before else "new"] += 1
            elif not is_:
                kinds["churn"] += 1
            elif is_ != was:
                kinds["expansion" if is_ > was else "contraction"] += 1
        paid_before |= set(now)
        earlier = now
        sums.append(sum(now.values()))
    assert kinds["new"] > 100
    assert kinds["expansion"] > 40
    assert min(kinds["churn"], kinds["reactivation"], kinds["contraction"]) >= 5
    assert sums[-1] > 1.4 * sums[-7]  # October 2026 against April, the month before the launch
    assert 100 <= len(earlier) <= 140


def test_a_year_later_customers_pay_more_than_before(rows):
    before, after = (
        _monthly_cents(rows, f"{day} 00:00:00") for day in ("2025-10-01", "2026-10-01")
    )
    assert len(before) >= 20
    assert 1.0 < sum(after[customer] for customer in before) / sum(before.values()) < 1.4


def test_history_rows_of_a_subscription_meet_without_gaps(rows):
    by_id = defaultdict(list)
    for row in rows("stripe/subscription_history.csv.gz"):
        by_id[row["id"]].append(row)
    for versions in by_id.values():
        versions.sort(key=lambda row: row["_fivetran_start"])
        for row, following in zip(versions, versions[1:], strict=False):
            assert row["_fivetran_end"] < following["_fivetran_start"], row["id"]
            assert row["_fivetran_active"] == "FALSE"
        assert versions[-1]["_fivetran_active"] == "TRUE"


def test_balances_and_invoices_add_up_in_whole_cents(rows):
    for row in rows("stripe/balance_transaction.csv.gz"):
        assert int(row["amount"]) - int(row["fee"]) == int(row["net"])
    lines = defaultdict(int)
    for row in rows("stripe/invoice_line_item.csv.gz"):
        lines[row["invoice_id"]] += int(row["amount"])
    invoices = {row["id"]: row for row in rows("stripe/invoice.csv.gz")}
    assert {key: int(row["subtotal"]) for key, row in invoices.items()} == lines
    paid = Counter()
    for row in rows("stripe/charge.csv.gz"):
        if row["invoice_id"] and row["status"] == "succeeded":
            paid[row["invoice_id"]] += int(row["amount"])
    assert paid == {
        key: int(row["amount_paid"]) for key, row in invoices.items() if row["paid"] == "true"
    }


def test_completed_checkouts_are_charged_as_report_packs(events, rows):
    own = {
        row["account_id"]
        for row in rows("people/accounts.csv")
        if "true" in {row["is_internal"], row["is_test"]}
    }
    completed = Counter(
        row["account_id"]
        for row in events
        if row["event_name"] == "checkout_completed" and row["account_id"] not in own
    )
    charged = Counter(
        row["customer_id"]
        for row in rows("stripe/charge.csv.gz")
        if row["description"] == "Report pack"
    )
    assert charged == completed


def test_hard_cases_of_billing_are_there(rows):
    history = rows("stripe/subscription_history.csv.gz")
    assert {row["status"] for row in history} == {"trialing", "active", "past_due", "canceled"}
    assert {row["livemode"] for row in history} == {"TRUE", "FALSE"}
    assert any(row["cancel_at_period_end"] == "TRUE" for row in history)
    assert {row["interval_count"] for row in rows("stripe/plan.csv")} == {"1", "3", "6"}
    assert {row["duration"] for row in rows("stripe/coupon.csv")} == {
        "forever",
        "repeating",
        "once",
    }
    discounted = {row["coupon_id"] for row in rows("stripe/subscription_discount.csv")}
    assert discounted == {row["id"] for row in rows("stripe/coupon.csv")}
    assert any(row["status"] == "failed" for row in rows("stripe/charge.csv.gz"))
    items = Counter(row["subscription_id"] for row in rows("stripe/subscription_item.csv"))
    assert sum(count == 2 for count in items.values()) >= 5


def test_plans_of_accounts_are_those_of_their_subscriptions_at_the_end(rows):
    products = {
        row["id"]: row["product_id"].removeprefix("prod_") for row in rows("stripe/plan.csv")
    }
    items = {row["subscription_id"]: row["plan_id"] for row in rows("stripe/subscription_item.csv")
             if row["id"].endswith("_1")}  # fmt: skip
    running = {
        row["customer_id"]: products[items[row["id"]]]
        for row in rows("stripe/subscription_history.csv.gz")
        if row["_fivetran_active"] == "TRUE"
        and row["status"] in {"active", "past_due"}
        and row["livemode"] == "TRUE"
    }
    segments = {row["account_id"]: row["segment_code"] for row in rows("people/accounts.csv")}
    assert {key: code for key, code in segments.items() if code != "free"} == running


def test_the_business_case_has_three_scenarios_in_order(rows):
    benefit = defaultdict(int)
    for row in rows("business_case.csv"):
        if row["direction_code"] == "benefit":
            benefit[row["scenario_code"]] += int(row["amount_minor"])
    assert benefit["low"] < benefit["base"] < benefit["high"]
    assert {row["launch_id"] for row in rows("business_case.csv")} == {"lumen-2"}

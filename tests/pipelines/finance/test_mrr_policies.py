"""Edges that vendors decide differently: one rule, one test."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_past_due_counts_thirty_days_and_then_churns_as_delinquent(books, contract):
    late = {"status_code": "past_due"}
    made = books(**contract("s", ("2026-01-05", 1000), ("2026-02-20", 1000, late)))
    # 20 February + 30 days = 22 March.
    assert made.values("mrr")[FEBRUARY] == 10
    assert made.values("mrr")[MARCH] == 0
    assert made.rows(
        "select churn_reason from marts.mrr_movements where policy_id = 'ours' and is_lost"
    ) == [("delinquent",)]
    assert made.values("mrr", policy="stripe")[APRIL] == 10


def test_the_thirty_days_run_on_through_several_reports_of_being_late(books, contract):
    late = {"status_code": "past_due"}
    made = books(
        **contract(
            "s",
            ("2026-01-05", 1000),
            ("2026-01-20", 1000, late),
            ("2026-02-10", 1200, late),
        )
    )
    assert made.values("mrr")[date(2026, 1, 1)] == 10
    assert made.values("mrr")[FEBRUARY] == 0


def test_paying_late_starts_the_thirty_days_anew(books, contract):
    late = {"status_code": "past_due"}
    made = books(
        **contract(
            "s",
            ("2026-01-05", 1000),
            ("2026-01-20", 1000, late),
            ("2026-02-10", 1000),
            ("2026-02-20", 1000, late),
        )
    )
    assert made.values("mrr")[FEBRUARY] == 10


def test_a_cancelled_subscription_churns_at_its_paid_end_and_under_stripe_at_the_call(
    books, contract
):
    called = {"cancel_requested_at": at("2026-02-10"), "cancel_effective_at": at("2026-03-20")}
    made = books(**contract("s", ("2026-01-05", 1000), ("2026-02-10", 1000, called)))
    assert made.values("mrr")[FEBRUARY] == 10
    assert made.values("mrr")[MARCH] == 0
    assert made.values("mrr", policy="stripe")[FEBRUARY] == 0


def test_a_cancellation_that_was_taken_back_ends_nothing(books, contract):
    called = {"cancel_requested_at": at("2026-02-10"), "cancel_effective_at": at("2026-03-20")}
    made = books(
        **contract("s", ("2026-01-05", 1000), ("2026-02-10", 1000, called), ("2026-02-20", 1000))
    )
    assert made.values("mrr")[MARCH] == 10
    assert made.values("mrr", policy="stripe")[MARCH] == 10


def test_a_cancellation_reported_ahead_of_its_time_runs_until_then(books, contract):
    ahead = {"cancel_effective_at": at("2026-03-20")}
    made = books(**contract("s", ("2026-01-05", 1000), ("2026-02-10", None, ahead)))
    assert made.values("mrr")[FEBRUARY] == 10
    assert made.values("mrr")[MARCH] == 0


@pytest.mark.parametrize(
    ("kind", "ours", "stripe", "profitwell"),
    [("forever", 8, 8, 8), ("repeating", 8, 10, 8), ("once", 10, 10, 8), ("none", 10, 10, 10)],
)
def test_a_discount_reduces_as_the_policy_says(books, contract, kind, ours, stripe, profitwell):
    discount = {"discount_minor": 200 if kind != "none" else None, "discount_kind": kind}
    made = books(**contract("s", ("2026-01-05", 1000, discount)))
    assert made.values("mrr")[FEBRUARY] == ours
    assert made.values("mrr", policy="stripe")[FEBRUARY] == stripe
    assert made.values("mrr", policy="profitwell")[FEBRUARY] == profitwell


def test_a_discount_above_the_price_makes_it_free_not_negative(books, contract):
    discount = {"discount_minor": 5000, "discount_kind": "forever"}
    made = books(**contract("s", ("2026-01-05", 1000, discount)))
    assert made.values("mrr")[FEBRUARY] == 0


def test_pausing_is_churn_and_under_profitwell_a_downgrade(books, contract):
    pause = {"status_code": "paused"}
    made = books(**contract("s", ("2026-01-05", 1000), ("2026-02-10", 1000, pause)))
    assert made.bridge(FEBRUARY)["churn"] == 10
    assert made.bridge(FEBRUARY, policy="profitwell")["contraction"] == 10
    assert made.bridge(FEBRUARY, policy="profitwell")["churn"] == 0
    assert made.rows(
        "select churn_reason from marts.mrr_movements where policy_id = 'ours' and is_lost"
    ) == [("paused",)]


def test_under_stripe_a_short_stay_is_both_new_and_churned(books, contract, together):
    made = books(
        **together(
            contract("stays", ("2026-01-05", 1000)),
            contract("short", ("2026-02-05", 700), ("2026-02-20", None)),
        )
    )
    ours, stripe = made.bridge(FEBRUARY), made.bridge(FEBRUARY, policy="stripe")
    assert (ours["new"], ours["churn"]) == (0, 0)
    assert (stripe["new"], stripe["churn"], stripe["end"]) == (7, 7, 10)


@pytest.mark.parametrize("status", ["trialing", "incomplete", "unpaid", "paused", "canceled"])
def test_only_active_and_late_subscriptions_bring_recurring_revenue(books, contract, status):
    made = books(**contract("s", ("2026-01-05", 1000, {"status_code": status})))
    assert made.values("mrr")[FEBRUARY] == 0


def test_a_running_trial_is_free_even_if_it_is_called_active(books, contract):
    made = books(
        **contract(
            "s",
            ("2026-01-05", 1000),
            trial_started_at=at("2026-01-05"),
            trial_ended_at=at("2026-02-05"),
        )
    )
    assert made.values("mrr")[date(2026, 1, 1)] == 0
    assert made.bridge(FEBRUARY)["new"] == 10


def test_metered_plans_stay_out(books, contract):
    plans = [{"plan_id": "m", "plan_name": "m", "usage_kind": "metered"}]
    made = books(**contract("s", ("2026-01-05", 1000, {"plan_id": "m"})), plans=plans)
    assert made.values("mrr")[FEBRUARY] == 0


def test_a_price_that_nobody_knows_is_told_and_never_guessed(books, contract, together):
    unknown = {"interval_unit": None, "interval_count": None}
    made = books(
        **together(
            contract("known", ("2026-01-05", 1000)),
            contract("unknown", ("2026-01-05", 1000, unknown)),
        )
    )
    row = made.frame("mrr").filter(pl.col("period") == FEBRUARY).to_dicts()[0]
    assert row["value"] == 10
    assert row["note"] == "Left out: 1 subscriptions without a known price or interval."


def test_internal_and_test_accounts_never_count_but_show_what_is_covered(books, contract, together):
    accounts = [
        {"account_id": "own", "is_internal": True, "is_test": False},
        {"account_id": "probe", "is_internal": False, "is_test": True},
        {"account_id": "real", "is_internal": False, "is_test": False},
    ]
    made = books(
        **together(
            contract("own", ("2025-11-05", 5000)),
            contract("probe", ("2025-11-05", 5000)),
            contract("real", ("2026-02-05", 1000)),
        ),
        accounts=accounts,
    )
    assert made.values("mrr")[date(2025, 12, 1)] == 0
    assert made.values("mrr")[FEBRUARY] == 10


def test_a_policy_without_a_rule_says_that_it_follows_ours(books, contract):
    made = books(**contract("s", ("2026-01-05", 1000)), mrr_policy="chartmogul")
    row = made.frame("mrr").filter(pl.col("period") == FEBRUARY).to_dicts()[0]
    assert row["note"].startswith("Policy chartmogul decides as ours about the basis")


def test_a_subscription_without_history_is_drawn_from_its_latest_state(books, contract):
    latest = contract(
        "s",
        ("2026-01-05", 1000),
        status_code="canceled",
        ended_at=at("2026-03-10"),
    )["subscriptions"]
    made = books(subscriptions=latest)
    assert made.values("mrr")[FEBRUARY] == 10
    assert made.bridge(MARCH)["churn"] == 10
    unknown = made.frame("mrr_movements").filter(
        (pl.col("period") == MARCH) & (pl.col("component") == "expansion")
    )
    assert unknown["note"].to_list() == [
        "Of 1 subscriptions only the latest state is known, not how their price changed."
    ]


@pytest.mark.parametrize("status", ["active", "past_due", "canceled"])
def test_a_history_that_begins_late_makes_nobody_a_new_customer(books, contract, status):
    first = ("2026-03-20", 1000, {"status_code": status})
    rows = contract("s", first, started_at=at("2026-01-05"))
    made = books(**rows)
    assert (made.values("mrr")[JANUARY], made.values("mrr")[FEBRUARY]) == (10, 10)
    assert made.bridge(JANUARY)["new"] == 10
    assert made.bridge(MARCH)["new"] == 0


def test_before_its_first_change_a_trial_paid_nothing(books, contract):
    began = {"started_at": at("2026-01-05")}
    trial = ("2026-02-20", 1000, {"status_code": "trialing"})
    told = books(**contract("s", trial, ("2026-03-20", 1000), **began))
    assert told.values("mrr")[FEBRUARY] == 0
    dated = books(
        **contract(
            "s", ("2026-03-20", 1000), **began,
            trial_started_at=at("2026-01-05"), trial_ended_at=at("2026-02-15"),
        )
    )  # fmt: skip
    assert (dated.values("mrr")[JANUARY], dated.values("mrr")[FEBRUARY]) == (0, 10)


def test_a_subscription_that_ended_without_a_change_saying_so_ended(books, contract):
    made = books(**contract("s", ("2026-01-05", 1000), ended_at=at("2026-03-10")))
    assert made.bridge(MARCH)["churn"] == 10


def test_an_unsettled_month_has_no_value_until_five_working_days_have_passed(books, contract):
    # April 2026 ends before Friday, 1 May; the fifth working day after that is Friday, 8 May.
    early = books(**contract("s", ("2026-01-05", 1000)), through=at("2026-05-07"))
    row = early.frame("mrr").filter(pl.col("period") == APRIL).to_dicts()[0]
    assert (row["value"], row["status"], row["n"], row["total"]) == (None, "immature", 1, None)


def test_a_locked_month_has_its_value(books, contract):
    made = books(**contract("s", ("2026-01-05", 1000)), through=at("2026-05-08"))
    assert made.values("mrr")[APRIL] == 10


def test_five_working_days_are_over_after_a_month_that_ends_on_a_weekend_too(books, contract):
    # February 2026 ends on a Saturday; the fifth working day, Friday, 6 March, is over on the 7th.
    for through, status in (("2026-03-06", "immature"), ("2026-03-07", "ok")):
        made = books(**contract("s", ("2026-01-05", 1000)), through=at(through))
        row = made.frame("mrr").filter(pl.col("period") == FEBRUARY).to_dicts()[0]
        assert row["status"] == status


def test_a_month_ends_at_midnight_of_the_reporting_zone(books, contract, together):
    # 31 January 23:30 UTC is already February in Berlin.
    rows = together(
        contract("early", ("2025-12-10", 500)), contract("late", ("2026-01-31T23:30:00", 1000))
    )
    assert books(**rows).bridge(date(2026, 1, 1))["new"] == 10
    berlin = books(**rows, timezone="Europe/Berlin")
    assert berlin.bridge(date(2026, 1, 1))["new"] == 0
    assert berlin.bridge(FEBRUARY)["new"] == 10

"""Cases of other systems and of metrics.md, through the models and the metrics."""

from datetime import date

import polars as pl
import pytest


def test_nrr_follows_the_cohort_where_the_bridge_mixes_in_newcomers(books, contract, together):
    # metrics.md, nrr: a 100→150→120, b 100→0, c 100, d new 100→200.
    made = books(
        **together(
            contract("a", ("2025-01-05", 10000), ("2025-06-05", 15000), ("2025-09-05", 12000)),
            contract("b", ("2025-01-05", 10000), ("2025-07-05", None)),
            contract("c", ("2025-01-05", 10000)),
            contract("d", ("2025-03-05", 10000), ("2025-08-05", 20000)),
        )
    )
    month = date(2026, 1, 1)
    assert made.values("nrr")[month] == pytest.approx(220 / 300)
    assert made.values("grr")[month] == pytest.approx(200 / 300)
    assert made.values("nrr", variant="bridge")[month] == pytest.approx(320 / 300)
    assert made.values("grr", variant="bridge")[month] == pytest.approx(170 / 300)
    assert made.broken() == []


def test_one_customer_through_chartmogul_s_lifecycle(books, contract, together):
    # help.chartmogul.com 201244842, "Syncalytics": published 166.67, 60, 60, 150.
    yearly = {"interval_unit": "year", "quantity": 4.0}
    made = books(
        **together(
            contract("gold", ("2024-01-10", 50000, yearly), ("2024-04-10", None), account="c"),
            contract(
                "silver",
                ("2024-02-10", 3000, {"quantity": 2.0}),
                ("2024-03-10", None),
                account="c",
            ),
            contract("gold2", ("2024-05-10", 5000, {"quantity": 3.0}), account="c"),
        )
    )
    moved = {
        month: {
            name: value
            for name, value in made.bridge(date(2024, month, 1)).items()
            if value and name not in {"start", "end"}
        }
        for month in range(1, 6)
    }
    assert moved == {
        1: {"new": 166.67},
        2: {"expansion": 60.0},
        3: {"contraction": 60.0},
        4: {"churn": 166.67},
        5: {"reactivation": 150.0},
    }


def test_joining_and_leaving_inside_a_month_shows_only_when_booked(books, contract, together):
    # ondraz/tidemill, test_waterfall_with_churn_and_expansion.
    made = books(
        **together(
            contract("one", ("2026-01-05", 5000), ("2026-01-15", 9000)),
            contract("two", ("2026-01-15", 2000), ("2026-01-25", None)),
        )
    )
    month = date(2026, 1, 1)
    booked = made.bridge(month, variant="event_booked")
    assert booked == {
        "start": 0, "new": 70, "reactivation": 0, "expansion": 40, "contraction": 0,
        "churn": 20, "fx": 0, "end": 90,
    }  # fmt: skip
    snapshot = made.bridge(month)
    assert (snapshot["new"], snapshot["churn"], snapshot["end"]) == (90, 0, 90)
    notes = made.frame("mrr_movements").filter(
        (pl.col("period") == month) & (pl.col("component") == "churn")
    )["note"]
    assert notes.to_list() == ["1 joined and left inside the month: counted apart."]


def test_a_return_after_any_gap_is_a_reactivation(books, contract):
    # ondraz/tidemill, test_waterfall_reactivation.
    made = books(**contract("s", ("2026-01-10", 5000), ("2026-02-10", None), ("2026-03-10", 5000)))
    assert made.bridge(date(2026, 2, 1))["churn"] == 50
    assert made.bridge(date(2026, 3, 1))["reactivation"] == 50
    assert made.bridge(date(2026, 3, 1))["new"] == 0


def test_losing_one_of_two_subscriptions_contracts_and_losing_the_last_one_churns(
    books, contract, together
):
    # ondraz/tidemill, test_customer_state_tracking.
    made = books(
        **together(
            contract("s1", ("2026-01-15", 5000), ("2026-02-15", None), account="c"),
            contract("s2", ("2026-01-15", 3000), ("2026-03-15", None), account="c"),
        )
    )
    churn = made.frame("logo_churn").filter(pl.col("n") == 1)
    assert dict(zip(churn["period"], churn["value"], strict=True)) == {
        date(2026, 2, 1): 0.0,
        date(2026, 3, 1): 1.0,
    }
    assert made.bridge(date(2026, 2, 1))["contraction"] == 50
    assert made.bridge(date(2026, 3, 1))["churn"] == 30


@pytest.mark.parametrize(
    ("price", "unit", "count", "mrr"),
    [
        # killbill-analytics-plugin, testMrrComputation, in minor units, half-even.
        (1829, "year", 1, 1.52),
        (4900, "year", 1, 4.08),
        (549900, "year", 1, 458.25),
        (295, "month", 1, 2.95),
        # Quarterly and half-yearly plans; ties go to the even cent.
        (264030, "month", 3, 880.10),
        (150000, "month", 6, 250.00),
        (30, "year", 1, 0.02),
        (18, "year", 1, 0.02),
        # A week is 12/52 of a month.
        (1200, "week", 1, 52.00),
        (None, "month", 1, 0.0),
        (36995, "one_time", 1, 0.0),
    ],
)
def test_a_price_counts_per_month_of_its_interval(books, contract, price, unit, count, mrr):
    state = {"interval_unit": unit, "interval_count": count, "unit_price_minor": price}
    made = books(**contract("s", ("2026-01-10", 1, state), unit_price_minor=price))
    assert made.values("mrr")[date(2026, 2, 1)] == pytest.approx(mrr, abs=1e-9)


def test_net_churn_offsets_growth_unless_asked_otherwise(books, contract, together):
    made = books(
        **together(
            contract("lost", ("2025-10-05", 1000), ("2026-02-10", None)),
            contract("less", ("2025-10-05", 3000), ("2026-02-10", 2000)),
            contract("more", ("2025-10-05", 6000), ("2026-02-10", 6500)),
            contract("back", ("2025-10-05", 700), ("2025-12-05", None), ("2026-02-05", 700)),
        )
    )
    month = date(2026, 2, 1)
    assert made.values("net_mrr_churn")[month] == pytest.approx((10 + 10 - 5 - 7) / 100)
    gross = made.values("net_mrr_churn", variant="gross")
    assert gross[month] == pytest.approx(20 / 100)
    without = made.values("net_mrr_churn", variant="without_reactivation")
    assert without[month] == pytest.approx(15 / 100)


def test_stripe_s_churn_base_adds_who_was_new(books, contract, together):
    made = books(
        **together(
            contract("stays", ("2026-01-05", 1000)),
            contract("leaves", ("2026-01-05", 1000), ("2026-02-10", None)),
            contract("new", ("2026-02-10", 1000)),
        )
    )
    month = date(2026, 2, 1)
    assert made.values("logo_churn")[month] == pytest.approx(1 / 2)
    assert made.values("logo_churn", variant="stripe_base")[month] == pytest.approx(1 / 3)

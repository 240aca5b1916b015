"""The identities of finance object where they must."""

from datetime import date

import polars as pl
import pytest


@pytest.fixture
def made(books, contract, together):
    return books(
        **together(
            contract("a", ("2025-01-05", 1000), ("2025-06-05", 1500)),
            contract("b", ("2025-02-05", 700), ("2026-03-05", None)),
        )
    )


def test_sound_books_pass(made):
    assert made.broken() == []


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            "update marts.mrr_movements set churn_minor = churn_minor + 1 where is_lost",
            "end less start differs from the movements",
        ),
        (
            "update marts.mrr_movements set start_minor = start_minor - 5,"
            " new_minor = new_minor + 5 where month_on = date '2025-09-01' and account_id = 'a'",
            "the start differs from the end of the month before",
        ),
        (
            "delete from marts.mrr_events where movement_code = 'expansion'",
            "the end differs from all changes booked so far",
        ),
    ],
)
def test_i2_names_the_month_the_policy_and_the_gap(made, damage, problem):
    made.session.execute(damage)
    found = [row for row in made.broken() if row[1] == "ours"]
    assert problem in {row[2] for row in found}
    assert all(isinstance(row[0], date) and row[3] != 0 for row in found)


@pytest.mark.parametrize("ceiling", ["base_minor", "now_minor"])
def test_i7_objects_where_more_is_kept_than_was_there(made, ceiling):
    made.session.execute(f"update marts.revenue_retention set kept_minor = {ceiling} + 2000")
    assert made.broken()


def test_intervals_are_the_same_every_time_and_hold_the_value(books, contract, together):
    rows = together(*(contract(f"c{n:02}", ("2025-01-05", 1000 + 37 * n)) for n in range(30)))
    first, second = (books(**rows).frame("arpa").drop_nulls("value") for _ in range(2))
    assert first.equals(second)
    assert ((first["low"] < first["value"]) & (first["value"] < first["high"])).all()


def test_twelve_months_of_history_are_needed_for_retention(made):
    frame = made.frame("nrr")
    early = frame.row(by_predicate=pl.col("period") == date(2025, 6, 1), named=True)
    assert (early["value"], early["status"]) == (None, "no_data")
    assert early["note"] == "Nobody was paying twelve months earlier."


def test_segments_of_the_bridge_add_up_to_the_total(books, contract, together):
    accounts = [
        {"account_id": name, "segment_code": plan, "is_internal": False, "is_test": False}
        for name, plan in (("a", "team"), ("b", "solo"), ("c", None))
    ]
    rows = together(
        contract("a", ("2026-01-05", 1000), ("2026-02-05", 1500)),
        contract("b", ("2026-01-05", 700), ("2026-02-05", None)),
        contract("c", ("2026-02-05", 300)),
    )
    made = books(**rows, accounts=accounts)
    split = made.frame("mrr_movements", by="plan")
    assert set(split["segment"]) == {"solo", "team", "unknown"}
    sums = split.group_by("period", "component").agg(pl.col("value").sum())
    total = made.frame("mrr_movements")
    merged = total.join(sums, on=["period", "component"], suffix="_parts").drop_nulls("value")
    assert (merged["value"] - merged["value_parts"]).abs().max() < 1e-9


def test_states_are_asked_by_quarter_as_of_its_last_month(books, contract):
    made = books(**contract("s", ("2026-01-05", 1000), ("2026-03-05", 1500)))
    assert made.values("mrr", every="quarter")[date(2026, 1, 1)] == 15
    assert made.values("arr", every="quarter")[date(2026, 1, 1)] == 180

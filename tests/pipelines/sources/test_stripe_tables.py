"""Stripe's tables as a warehouse loader writes them: the real headers, and each quirk."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.sources.definition import (
    BadCell,
    Context,
    Dropped,
    Record,
    Refused,
    Row,
)
from pipelines.sources.stripe import PRESETS
from pipelines.sources.tables import TABLES
from pipelines.workspace import load

FOLDER = Path(__file__).parents[2] / "data" / "fivetran_dbt_stripe"
PRESET = {preset.id: preset for preset in PRESETS}
SYNCED = "2026-06-30 06:00:00"


def header_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return [name.strip().strip('"').casefold() for name in next(csv.reader(file))]


def records_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    names = header_of(path)
    return [Record(no, dict(zip(names, row, strict=True))) for no, row in enumerate(rows[1:], 1)]


def matching(header):
    return [preset for preset in PRESETS if preset.fingerprint.matches(header)]


@pytest.fixture
def run(tmp_path):
    """Runs a preset over rows given as dicts, with rows of other tables beside it."""
    (tmp_path / "launchloop.toml").write_text(
        '[product]\nname = "Test"\n[[source]]\nname = "stripe"\nfiles = "*.csv"\n', "utf-8"
    )
    workspace = load(tmp_path)

    def made(preset_id, rows, exported_at=None, **siblings):
        def listed(values):
            return [
                one if isinstance(one, Record) else Record(no, {"_fivetran_synced": SYNCED, **one})
                for no, one in enumerate(values, 1)
            ]

        context = Context(
            source=workspace.sources[0],
            workspace=workspace,
            file_name="x.csv",
            exported_at=exported_at,
            siblings={f"stripe_{name}": listed(values) for name, values in siblings.items()},
        )
        return list(PRESET[preset_id].records(listed(rows), context))

    return made


def rows_of(made, table):
    return [one.values for one in made if isinstance(one, Row) and one.table == table]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_real_header_fits_exactly_one_preset(path):
    found = matching(header_of(path))
    stem = path.stem.replace("_data", "").replace("_postgres", "").replace("_snowflake", "")
    assert [preset.id for preset in found] == [f"stripe_{stem}"]


def test_every_record_of_the_real_tables_has_one_fate_and_none_is_refused(run):
    tables = {
        matching(header_of(path))[0].id: records_of(path)
        for path in sorted(FOLDER.glob("*_data.csv"))
    }
    siblings = {name.removeprefix("stripe_"): records for name, records in tables.items()}
    for preset_id, records in tables.items():
        preset = PRESET[preset_id]
        if preset.is_lookup:
            continue
        made = run(preset_id, records, **siblings)
        fates = {no: set() for no in range(1, len(records) + 1)}
        for one in made:
            fates[one.record_no].add(type(one))
        assert all(len(kinds) == 1 for kinds in fates.values()), preset_id
        assert not [one for one in made if isinstance(one, Refused | BadCell)], preset_id
        for one in made:
            if isinstance(one, Row):
                table = TABLES[one.table]
                assert set(one.values) <= {*table.column_names, "source_updated_at"}
                assert all(one.values.get(column) is not None for column in table.required)


def test_no_row_of_test_mode_is_loaded_and_amounts_are_whole(run):
    invoices = records_of(FOLDER / "invoice_data.csv")
    made = run("stripe_invoice", invoices)
    assert Counter(type(one) for one in made) == {Row: 1, Dropped: 1}
    assert [one.rule for one in made if isinstance(one, Dropped)] == ["test_mode"]
    assert rows_of(made, "invoices")[0]["total_minor"] == 1000


def test_payouts_are_dropped_and_what_no_charge_explains_is_loaded(run):
    balance = records_of(FOLDER / "balance_transaction_data.csv")
    made = run("stripe_balance_transaction", balance, charge=records_of(FOLDER / "charge_data.csv"))
    assert Counter(getattr(one, "rule", "row") for one in made) == {"payout": 1, "row": 8}
    assert sum(row["amount_minor"] for row in rows_of(made, "payments")) == 21130318


def test_both_subscription_tables_say_the_same(run):
    siblings = {
        name: records_of(FOLDER / f"{name}_data.csv")
        for name in ("subscription_item", "plan", "price")
    }
    old, new = (
        run(preset, records_of(FOLDER / f"{table}_data.csv"), **siblings)
        for preset, table in (
            ("stripe_subscription", "subscription"),
            ("stripe_subscription_history", "subscription_history"),
        )
    )
    assert rows_of(old, "subscription_changes") == rows_of(new, "subscription_changes")


def test_failed_and_uncaptured_charges_are_loaded_as_such(run):
    charge = {"amount": "500", "currency": "usd", "created": "2026-01-05 10:00:00",
              "customer_id": "c", "livemode": "TRUE"}  # fmt: skip
    made = run(
        "stripe_charge",
        [
            {**charge, "id": "ch_1", "status": "failed", "captured": "FALSE"},
            {**charge, "id": "ch_2", "status": "succeeded", "captured": "false"},
            {**charge, "id": "ch_3", "status": "succeeded", "captured": "TRUE"},
            {**charge, "id": "ch_4", "status": "succeeded", "livemode": "false"},
        ],
    )
    rows = rows_of(made, "payments")
    assert [row["status_code"] for row in rows] == ["failed", "pending", "succeeded"]
    assert made[-1] == Dropped(4, "test_mode")


def test_a_charge_takes_its_fee_from_the_balance_and_is_counted_once(run):
    charge = {"id": "ch_1", "amount": "10000", "currency": "usd", "status": "succeeded",
              "created": "2026-01-05 10:00:00"}  # fmt: skip
    settled = {"id": "txn_1", "source": "ch_1", "type": "charge", "amount": "9000", "fee": "300",
               "net": "8700", "currency": "eur", "exchange_rate": "0.9",
               "created": "2026-01-05 10:00:00"}  # fmt: skip
    paid = rows_of(run("stripe_charge", [charge], balance_transaction=[settled]), "payments")[0]
    assert (paid["fee_minor"], paid["net_minor"]) == (333, 9667)
    assert (paid["settled_minor"], paid["settled_currency"]) == (9000, "EUR")
    again = run("stripe_balance_transaction", [settled], charge=[charge])
    assert again == [Dropped(1, "in_charge_refund_or_dispute")]


def test_a_charge_without_a_balance_row_has_no_known_fee(run):
    charge = {"id": "ch_1", "amount": "10000", "currency": "usd", "status": "succeeded",
              "created": "2026-01-05 10:00:00"}  # fmt: skip
    paid = rows_of(run("stripe_charge", [charge]), "payments")[0]
    assert "fee_minor" not in paid


def test_refunds_are_negative_and_belong_to_who_was_charged(run):
    refund = {"id": "re_1", "charge_id": "ch_1", "amount": "250", "currency": "usd",
              "created": "2026-01-09 10:00:00", "status": "succeeded"}  # fmt: skip
    charges = [
        {"id": "ch_1", "customer_id": "cus_1", "livemode": "true"},
        {"id": "ch_2", "customer_id": "cus_2", "livemode": "false"},
    ]
    made = run(
        "stripe_refund", [refund, {**refund, "id": "re_2", "charge_id": "ch_2"}], charge=charges
    )
    row = rows_of(made, "payments")[0]
    assert (row["amount_minor"], row["account_id"]) == (-250, "cus_1")
    assert made[1] == Dropped(2, "test_mode")


def test_a_won_dispute_comes_back_and_an_inquiry_moves_no_money(run):
    dispute = {"charge_id": "ch_1", "amount": "500", "currency": "usd",
               "created": "2026-01-09 10:00:00", "livemode": "true"}  # fmt: skip
    returned = {"id": "txn", "source": "du_1", "type": "adjustment", "amount": "500",
                "currency": "usd", "created": "2026-03-01 00:00:00"}  # fmt: skip
    made = run(
        "stripe_dispute",
        [
            {**dispute, "id": "du_1", "status": "won"},
            {**dispute, "id": "du_2", "status": "lost"},
            {**dispute, "id": "du_3", "status": "warning_needs_response"},
        ],
        balance_transaction=[returned],
    )
    moved = [(row["payment_kind"], row["amount_minor"]) for row in rows_of(made, "payments")]
    assert moved == [("dispute", -500), ("dispute_reversal", 500), ("dispute", -500)]
    assert rows_of(made, "payments")[1]["happened_at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert made[-1] == Dropped(3, "inquiry_without_money")


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    # docs.stripe.com/currencies: yen as they are, three decimals for dinars, and the three
    # currencies whose minor unit differs from ISO 4217.
    [("usd", "500", 500), ("jpy", "500", 500), ("bhd", "5000", 5000), ("isk", "500", 5),
     ("ugx", "500", 5), ("mga", "5", 500)],
)  # fmt: skip
def test_amounts_become_minor_units_of_iso_4217(run, currency, amount, minor):
    charge = {"id": "ch_1", "amount": amount, "currency": currency, "status": "succeeded",
              "created": "2026-01-05 10:00:00"}  # fmt: skip
    assert rows_of(run("stripe_charge", [charge]), "payments")[0]["amount_minor"] == minor


@pytest.mark.parametrize(
    ("damage", "column", "code"),
    [
        ({"amount": "12.50"}, "amount", "not_a_number"),
        ({"amount": "abc"}, "amount", "not_a_number"),
        ({"created": "yesterday"}, "created", "not_a_time"),
        ({"livemode": "maybe"}, "livemode", "not_a_flag"),
        ({"currency": "dollars"}, "currency", "not_a_currency"),
        ({"id": ""}, "id", "missing"),
        ({"created": ""}, "created", "missing"),
        ({"amount": "501", "currency": "isk"}, "amount", "fraction_left"),
    ],
)
def test_a_damaged_cell_refuses_its_record_and_says_why(run, damage, column, code):
    charge = {"id": "ch_1", "amount": "500", "currency": "usd", "status": "succeeded",
              "created": "2026-01-05 10:00:00", "livemode": "TRUE"}  # fmt: skip
    made = run("stripe_charge", [{**charge, **damage}])
    assert [(one.record_no, one.column, one.code) for one in made] == [(1, column, code)]
    assert isinstance(made[0], Refused)


def test_plans_and_prices_become_one_price_list(run):
    plan = {"id": "p1", "amount": "150000", "currency": "usd", "interval": "month",
            "interval_count": "6", "usage_type": "metered", "nickname": ""}  # fmt: skip
    listed = rows_of(run("stripe_plan", [plan]), "plans")[0]
    assert (listed["interval_unit"], listed["interval_count"]) == ("month", 6)
    assert (listed["usage_kind"], listed["plan_name"]) == ("metered", "p1")
    price = {"id": "p2", "unit_amount": "", "unit_amount_decimal": "2999", "currency": "eur",
             "recurring_interval": "", "type": "one_time", "product_id": "prod"}  # fmt: skip
    product = {"id": "prod", "name": "Setup"}
    listed = rows_of(run("stripe_price", [price], product=[product]), "plans")[0]
    assert (listed["interval_unit"], listed["plan_name"]) == ("one_time", "Setup")


def test_an_unknown_interval_is_refused_and_never_called_monthly(run):
    plan = {"id": "p1", "amount": "1", "currency": "usd", "interval": "fortnight"}
    (made,) = run("stripe_plan", [plan])
    assert (made.code, made.raw) == ("unknown_interval", "fortnight")


def test_invoice_lines_know_what_was_sold(run):
    line = {"invoice_id": "in_1", "amount": "500", "currency": "usd"}
    made = run(
        "stripe_invoice_line_item",
        [
            {**line, "id": "1", "type": "subscription", "proration": "FALSE"},
            {**line, "id": "2", "type": "subscription", "proration": "TRUE"},
            {**line, "id": "3", "type": "invoiceitem", "proration": "false"},
            {**line, "id": "4", "type": "subscription", "plan_id": "m"},
        ],
        plan=[{"id": "m", "amount": "1", "currency": "usd", "interval": "month",
               "usage_type": "metered"}],
    )  # fmt: skip
    kinds = [row["line_kind"] for row in rows_of(made, "invoice_lines")]
    assert kinds == ["recurring", "proration", "one_off", "usage"]


def test_a_due_date_stays_the_day_that_it_is(run):
    invoice = {"id": "in_1", "customer_id": "c", "total": "5", "currency": "usd", "status": "open",
               "created": "2026-03-01 09:00:00", "due_date": "2026-03-09 00:00:00"}  # fmt: skip
    assert rows_of(run("stripe_invoice", [invoice]), "invoices")[0]["due_on"] == date(2026, 3, 9)


def test_invoices_deleted_at_the_source_are_dropped_by_name(run):
    invoice = {"id": "in_1", "customer_id": "c", "total": "5", "currency": "usd", "status": "draft",
               "created": "2026-03-01 09:00:00", "is_deleted": "true"}  # fmt: skip
    assert run("stripe_invoice", [invoice]) == [Dropped(1, "deleted_at_source")]


def test_names_and_addresses_of_customers_go_nowhere(run):
    made = run("stripe_customer", records_of(FOLDER / "customer_data.csv"))
    assert len(rows_of(made, "accounts")) == 12
    for row in rows_of(made, "accounts"):
        assert set(row) <= {"account_id", "region_code", "created_at", "is_internal", "is_test",
                            "source_updated_at"}  # fmt: skip

"""Versions of a subscription, its items and discounts → what it cost from when on."""

from datetime import UTC, datetime

import pytest

from pipelines.sources.definition import BadCell, Context, Dropped, Record, Refused, Row
from pipelines.sources.stripe import PRESETS
from pipelines.workspace import load

PRESET = next(preset for preset in PRESETS if preset.id == "stripe_subscription_history")
OPEN = "9999-12-31 23:59:59.999"
PLANS = [
    {"id": "team", "amount": "3900", "currency": "eur", "interval": "month"},
    {"id": "api", "amount": "1000", "currency": "eur", "interval": "month"},
    {"id": "year", "amount": "1829", "currency": "eur", "interval": "year"},
    {"id": "calls", "amount": "2", "currency": "eur", "interval": "month", "usage_type": "metered"},
    {"id": "tiers", "amount": "", "currency": "eur", "interval": "month"},
]


def version(since, status="active", **more):
    return {
        "id": "sub",
        "customer_id": "cus",
        "_fivetran_synced": "2026-06-30 06:00:00",
        "_fivetran_active": "TRUE",
        "_fivetran_start": since,
        "created": "2026-01-05 10:00:00",
        "start_date": "2026-01-05 10:00:00",
        "status": status,
        "livemode": "TRUE",
        **more,
    }


def item(number, plan, quantity="1", created="2026-01-05 10:00:00", **more):
    return {"id": f"si_{number}", "subscription_id": "sub", "plan_id": plan, "created": created,
            "quantity": quantity, **more}  # fmt: skip


@pytest.fixture
def run(tmp_path):
    (tmp_path / "launchloop.toml").write_text(
        '[product]\nname = "Test"\n[[source]]\nname = "stripe"\nfiles = "*.csv"\n', "utf-8"
    )
    workspace = load(tmp_path)

    def made(versions, items, **siblings):
        tables = {"plan": PLANS, "subscription_item": items, **siblings}
        context = Context(
            workspace.sources[0],
            workspace,
            "x.csv",
            siblings={
                f"stripe_{name}": [Record(no, row) for no, row in enumerate(rows, 1)]
                for name, rows in tables.items()
            },
        )
        records = [Record(no, row) for no, row in enumerate(versions, 1)]
        return list(PRESET.records(records, context))

    return made


def changes(made):
    return [one.values for one in made if isinstance(one, Row) and one.table != "subscriptions"]


def latest(made):
    (row,) = [one.values for one in made if isinstance(one, Row) and one.table == "subscriptions"]
    return row


def costs(made):
    """(day, per interval, status) of each change."""
    return [
        (
            row["changed_at"].strftime("%m-%d"),
            row["unit_price_minor"] * row["quantity"] - row["discount_minor"],
            row["status_code"],
        )
        for row in changes(made)
    ]


def test_each_version_is_a_change_and_the_newest_is_the_latest_state(run):
    made = run(
        [
            version("2026-03-01 00:00:00", "canceled", ended_at="2026-03-01 00:00:00"),
            version("2026-01-05 10:00:00", "trialing", quantity="2"),
            version("2026-01-19 10:00:00", quantity="2"),
            version("2026-02-10 00:00:00", quantity="5"),
        ],
        [item(1, "team", "5")],
    )
    assert costs(made) == [
        ("01-05", 7800, "trialing"),
        ("01-19", 7800, "active"),
        ("02-10", 19500, "active"),
        ("03-01", 19500, "canceled"),
    ]
    assert latest(made)["ended_at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert latest(made)["status_code"] == "canceled"


def test_items_of_one_subscription_are_summed(run):
    made = run([version("2026-01-05 10:00:00")], [item(1, "team", "3"), item(2, "api")])
    assert costs(made) == [("01-05", 12700, "active")]
    assert latest(made)["plan_id"] == "team"


def test_items_of_different_intervals_are_summed_per_month_each_rounded(run):
    made = run([version("2026-01-05 10:00:00")], [item(1, "team"), item(2, "year")])
    state = latest(made)
    assert (state["unit_price_minor"], state["interval_unit"]) == (3900 + 152, "month")


def test_metered_items_cost_nothing_recurring(run):
    made = run([version("2026-01-05 10:00:00")], [item(1, "team"), item(2, "calls", "")])
    assert costs(made) == [("01-05", 3900, "active")]
    alone = run([version("2026-01-05 10:00:00")], [item(1, "calls", "")])
    assert costs(alone) == [("01-05", 0, "active")]


def test_an_item_counts_from_when_it_came_until_it_was_deleted(run):
    made = run(
        [version("2026-01-05 10:00:00")],
        [
            item(1, "team"),
            item(2, "api", created="2026-02-01 00:00:00"),
            item(3, "api", created="2026-03-01 00:00:00", _fivetran_deleted="true",
                 _fivetran_synced="2026-04-01 00:00:00"),
        ],
    )  # fmt: skip
    assert costs(made) == [
        ("01-05", 3900, "active"),
        ("02-01", 4900, "active"),
        ("03-01", 5900, "active"),
        ("04-01", 4900, "active"),
    ]


def test_a_version_that_vanished_at_the_source_ends_then(run):
    gone = version(
        "2026-01-05 10:00:00", _fivetran_active="false", _fivetran_end="2026-04-01 00:00:00"
    )
    assert latest(run([gone], [item(1, "team")]))["ended_at"] == datetime(2026, 4, 1, tzinfo=UTC)


def test_an_open_history_does_not_end(run):
    made = run([version("2026-01-05 10:00:00", _fivetran_end=OPEN)], [item(1, "team")])
    assert latest(made)["ended_at"] is None


def test_a_cancellation_at_period_end_takes_effect_there(run):
    called = version(
        "2026-02-10 00:00:00",
        cancel_at_period_end="TRUE",
        canceled_at="2026-02-10 00:00:00",
        current_period_end="2026-03-05 10:00:00",
    )
    change = changes(run([called], [item(1, "team")]))[0]
    assert change["cancel_requested_at"] == datetime(2026, 2, 10, tzinfo=UTC)
    assert change["cancel_effective_at"] == datetime(2026, 3, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("coupon", "expected"),
    [
        ({"duration": "forever", "percent_off": "15.5"}, (604, "forever")),
        ({"duration": "once", "amount_off": "500", "currency": "eur"}, (500, "once")),
        ({"duration": "repeating", "duration_in_months": "3", "percent_off": "20"},
         (780, "repeating")),
    ],
)  # fmt: skip
def test_a_coupon_is_taken_off_as_long_as_it_runs(run, coupon, expected):
    made = run(
        [version("2026-01-05 10:00:00")],
        [item(1, "team")],
        subscription_discount=[{"id": "di", "coupon_id": "c", "subscription_id": "sub",
                                "customer_id": "cus", "start": "2026-01-05 10:00:00"}],
        coupon=[{"id": "c", **coupon}],
    )  # fmt: skip
    first, *later = changes(made)
    assert (first["discount_minor"], first["discount_kind"]) == expected
    ended = [(row["discount_minor"], row["discount_kind"]) for row in later]
    assert ended == ([] if expected[1] == "forever" else [(0, "none")])


def test_a_customer_s_discount_holds_where_the_subscription_has_none(run):
    made = run(
        [version("2026-01-05 10:00:00")],
        [item(1, "team")],
        discount=[{"id": "di", "coupon_id": "c", "customer_id": "cus", "subscription_id": "",
                   "start": "2026-01-01 00:00:00", "end": ""}],
        coupon=[{"id": "c", "duration": "forever", "percent_off": "50"}],
    )  # fmt: skip
    assert costs(made) == [("01-05", 1950, "active")]


def test_a_coupon_that_no_table_explains_is_listed_and_not_guessed(run):
    made = run(
        [version("2026-01-05 10:00:00")],
        [item(1, "team")],
        subscription_discount=[{"id": "di", "coupon_id": "lost", "subscription_id": "sub",
                                "start": "2026-01-05 10:00:00"}],
    )  # fmt: skip
    assert [one.code for one in made if isinstance(one, BadCell)] == ["unknown_coupon"]
    assert costs(made) == [("01-05", 3900, "active")]


@pytest.mark.parametrize(
    ("items", "raw"),
    [([], "sub"), ([item(1, "nowhere")], "nowhere"), ([item(1, "tiers")], "tiers")],
)
def test_a_subscription_without_a_known_price_is_refused_never_free(run, items, raw):
    (made,) = run([version("2026-01-05 10:00:00")], items)
    assert isinstance(made, Refused)
    assert (made.code, made.raw) == ("no_price", raw)


def test_versions_of_test_mode_are_dropped(run):
    made = run([version("2026-01-05 10:00:00", livemode="FALSE")], [item(1, "team")])
    assert made == [Dropped(1, "test_mode")]


def test_the_latest_state_is_as_of_the_newest_sync_of_the_whole_export(run):
    late = item(1, "team", _fivetran_synced="2026-07-01 06:00:00")
    made = run([version("2026-01-05 10:00:00")], [late])
    assert latest(made)["as_of_at"] == datetime(2026, 7, 1, 6, tzinfo=UTC)


def test_a_price_below_a_cent_is_kept_exact(run):
    price = {"id": "tiny", "unit_amount_decimal": "0.5", "currency": "eur",
             "recurring_interval": "month", "type": "recurring"}  # fmt: skip
    made = run([version("2026-01-05 10:00:00")], [item(1, "tiny", "1001")], price=[price])
    assert latest(made)["unit_price_exact"] == "0.5"
    assert costs(made) == [("01-05", 500, "active")]


def test_history_that_began_after_the_subscription_is_taken_back_to_its_start(run):
    made = run([version("2026-03-01 00:00:00")], [item(1, "team")])
    assert changes(made)[0]["changed_at"] == datetime(2026, 1, 5, 10, tzinfo=UTC)

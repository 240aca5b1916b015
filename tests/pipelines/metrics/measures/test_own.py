"""Own metrics of launchloop.toml: persons, money, revisions and fractions of a denominator."""

from pipelines.read import query

TOTAL = {"every": "total"}


def own(measure, table, unit="count", where=""):
    narrowed = f"where = {where}\n" if where else ""
    return (
        f'[[metric]]\nid = "own"\nname = "Own"\ndefinition = "d"\ntable = "{table}"\n'
        f'measure = {measure}\nunit = "{unit}"\n{narrowed}'
    )


def opened(number, user, day="2026-03-02", **more):
    return {
        "event_key": f"e{number}",
        "event_name": "open",
        "occurred_at": f"{day}T10:00:00Z",
        "user_id": user,
        **more,
    }


def paid(number, minor, currency="EUR", kind="charge"):
    return {
        "payment_id": f"p{number}",
        "payment_kind": kind,
        "account_id": f"a{number}",
        "happened_at": f"2026-03-{number:02}T10:00:00Z",
        "status_code": "succeeded",
        "amount_minor": minor,
        "currency": currency,
        "occurrence_no": 1,
    }


def test_two_ids_of_one_person_are_one_user_and_an_unknown_visitor_is_none(published):
    events = [
        opened(1, "ann"),
        opened(2, "ann@work"),
        opened(3, "bob"),
        opened(4, "", anonymous_id="visitor"),
    ]
    aliases = [{"alias_id": "ann@work", "user_id": "ann", "linked_at": "2026-03-05T00:00:00Z"}]
    users = [
        {"user_id": name, "is_internal": "false", "is_test": "false"} for name in ("ann", "bob")
    ]
    tables = {"events": events, "users": users, "user_aliases": aliases}
    (row,) = published(own('{ distinct = "user_id" }', "events"), **tables)("own", **TOTAL)
    assert (row["value"], row["n"]) == (2, 2)


def test_a_unit_of_ones_own_is_printed_as_it_was_written(published, tmp_path):
    published(own("{ count = true }", "events", unit="stars"), events=[opened(1, "ann")])
    assert query(tmp_path, "own", every="total")["unit"] == "stars"


def test_events_per_user_divide_by_persons(published):
    events = [opened(1, "ann"), opened(2, "ann@work"), opened(3, "ann@work")]
    aliases = [{"alias_id": "ann@work", "user_id": "ann", "linked_at": "2026-03-05T00:00:00Z"}]
    users = [{"user_id": "ann", "is_internal": "false", "is_test": "false"}]
    measure = '{ ratio = [{ count = true }, { distinct = "user_id" }] }'
    tables = {"events": events, "users": users, "user_aliases": aliases}
    (row,) = published(own(measure, "events"), **tables)("own", **TOTAL)
    assert (row["value"], row["n"], row["total"]) == (3, 1, 3)


def test_money_is_in_major_units_and_other_currencies_are_told(published):
    payments = [paid(1, 1250), paid(2, 1000), paid(3, 99900, "USD")]
    ask = published(own('{ sum = "amount_minor" }', "payments", unit="EUR"), payments=payments)
    (row,) = ask("own", **TOTAL)
    assert (row["value"], row["total"], row["n"]) == (22.5, 22.5, 2)
    assert row["note"] == "Left out: 1 rows that are not in EUR."


def test_a_mean_of_money_and_its_interval_are_in_major_units(published):
    payments = [paid(1, 1000), paid(2, 3000)]
    ask = published(own('{ mean = "amount_minor" }', "payments", unit="EUR"), payments=payments)
    (row,) = ask("own", **TOTAL)
    assert (row["value"], row["n"], row["total"]) == (20, 2, 40)
    assert round(row["high"] - row["value"], 3) == 127.062


def test_a_quantile_of_yen_is_in_yen(published):
    payments = [paid(number, number * 100, "JPY") for number in range(1, 11)]
    ask = published(
        own('{ quantile = "amount_minor", p = 0.5 }', "payments", unit="JPY"),
        currency="JPY",
        payments=payments,
    )
    (row,) = ask("own", **TOTAL)
    assert (row["value"], row["n"], row["percentile"]) == (500, 10, 50)


def test_money_per_customer_scales_the_money_and_not_the_customers(published):
    measure = '{ ratio = [{ sum = "amount_minor" }, { distinct = "account_id" }] }'
    payments = [paid(1, 1000), paid(2, 4000)]
    (row,) = published(own(measure, "payments", unit="EUR"), payments=payments)("own", **TOTAL)
    assert (row["value"], row["n"], row["total"]) == (25, 2, 50)


def test_a_share_of_money_is_not_scaled(published):
    measure = (
        '{ ratio = [{ sum = "amount_minor", where = { payment_kind = "refund" } }, '
        '{ sum = "amount_minor", where = { payment_kind = "charge" } }] }'
    )
    payments = [paid(1, 4000), paid(2, -1000, kind="refund")]
    (row,) = published(own(measure, "payments", unit="share"), payments=payments)("own", **TOTAL)
    assert row["value"] == -0.25


def test_a_denominator_that_is_no_whole_number_is_not_rounded_before_the_division(published):
    items = [
        {
            "work_item_key": f"k{number}",
            "item_kind": "story",
            "item_type_name": "Story",
            "status_name": "Open",
            "state_code": "todo",
            "priority_code": priority,
            "points": points,
            "created_at": f"2026-03-0{number}T10:00:00Z",
        }
        for number, (priority, points) in enumerate((("High", 0.5), ("Low", 2)), 1)
    ]
    measure = (
        '{ ratio = [{ sum = "points", where = { priority_code = "High" } }, { sum = "points" }] }'
    )
    (row,) = published(own(measure, "work_items"), work_items=items)("own", **TOTAL)
    assert (row["value"], row["total"]) == (0.2, 0.5)


def test_feedback_counts_in_its_latest_revision_alone(published):
    items = [
        {
            "feedback_id": name,
            "revision_no": revision,
            "feedback_kind": "review",
            "submitted_at": "2026-03-02T10:00:00Z",
            "time_quality": "exact",
            "rating": rating,
            "body_text": f"{name} {revision}",
        }
        for name, revision, rating in (("a", 1, 1), ("a", 2, 5), ("b", 1, 3))
    ]
    (row,) = published(own('{ mean = "rating" }', "feedback_items"), feedback_items=items)(
        "own", **TOTAL
    )
    assert (row["value"], row["n"]) == (4, 2)


def test_parts_of_a_ratio_stand_for_their_own_values(published):
    def item(number, points, priority):
        return {
            "work_item_key": f"k{number}",
            "item_kind": "story",
            "item_type_name": "Story",
            "status_name": "Open",
            "state_code": "todo",
            "priority_code": priority,
            "points": points,
            "created_at": f"2026-03-0{number}T10:00:00Z",
        }

    points = ((1, "High"), (2, "Low"), (6, "Low"))
    items = [item(number, *each) for number, each in enumerate(points, 1)]
    mean_over_median = '{ ratio = [{ mean = "points" }, { quantile = "points", p = 0.5 }] }'
    share_per_row = '{ ratio = [{ share = { priority_code = "Low" } }, { count = true }] }'
    ask = published(
        own(mean_over_median, "work_items")
        + own(share_per_row, "work_items").replace('"own"', '"other"'),
        work_items=items,
    )
    assert ask("own", **TOTAL)[0]["value"] == 1.5
    assert round(ask("other", **TOTAL)[0]["value"], 9) == round(2 / 3 / 3, 9)

"""A file of money with a bad amount is held until a person accepts it."""

from datetime import UTC, datetime

import pytest

PURCHASES = """
[import]
target = "payments"
delimiter = "blanks"
[constants]
payment_kind = "charge"
status_code = "succeeded"
currency = "USD"
[columns]
account_id = "customer_id"
happened_at = { from = "date", format = "%Y%m%d" }
amount_minor = { from = "dollar_value", unit = "major" }
"""


@pytest.fixture
def purchases(desk, real):
    desk.mapping(PURCHASES, 'timezone = "UTC"\n')
    return desk, real("cdnow/CDNOW_part.txt").splitlines()


def test_the_undamaged_purchases_load_to_the_cent(purchases):
    desk, lines = purchases
    report = desk.laid(lines, "in/p.txt")
    total = round(sum(float(line.split()[-1]) for line in lines[1:]) * 100)
    assert report.loaded == len(lines) - 1
    assert desk.rows("payments", "cast(sum(amount_minor) as bigint)") == [(total,)]


def test_text_in_an_amount_holds_a_money_file(purchases):
    desk, lines = purchases
    lines[3] = lines[3].rsplit(" ", 1)[0] + " twelve"
    report = desk.laid(lines, "in/p.txt")
    assert (report.status, report.quarantined) == ("held", 1)
    assert report.questions[0]["code"] == "bad_money_rows"
    (entry,) = desk.refused()
    assert (entry["column_name"], entry["raw_text"]) == ("dollar_value", "twelve")
    assert desk.rows("payments") == []


def test_a_line_of_another_width_is_refused_in_blank_separated_files(purchases):
    desk, lines = purchases
    lines[3] += "  5"
    lines[9] = lines[9].rsplit(" ", 1)[0]
    report = desk.laid(lines, "in/p.txt")
    assert (report.status, report.quarantined) == ("held", 2)
    assert [(one["record_no"], one["line_no"]) for one in desk.refused()] == [(3, 4), (9, 10)]


def test_an_accepted_money_file_counts_without_its_bad_row(purchases):
    desk, lines = purchases
    lines[3] = lines[3].rsplit(" ", 1)[0] + " twelve"
    report = desk.laid(lines, "in/p.txt")
    desk.landing.decide(report.import_id, "accept", datetime(2026, 7, 1, tzinfo=UTC))
    assert len(desk.rows("payments")) == len(lines) - 2
    assert desk.only().status == "unchanged"

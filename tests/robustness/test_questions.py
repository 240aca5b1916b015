"""What only a person can know is asked, with the line that answers it; nothing is guessed."""

import pytest

PURCHASE = """
[import]
target = "payments"
{more}
[constants]
payment_kind = "charge"
status_code = "succeeded"
{constants}
[columns]
payment_id = "id"
happened_at = {when}
amount_minor = {{ from = "amount", unit = "major" }}
"""
EUR = 'currency = "EUR"'


@pytest.fixture
def ask(desk):
    """Lays purchases (time, amount) and pulls them in."""

    def laid(*rows, more="", constants=EUR, when='"day"', source='timezone = "UTC"\n'):
        desk.mapping(PURCHASE.format(more=more, constants=constants, when=when), source)
        lines = [f"p{number};{day};{amount}" for number, (day, amount) in enumerate(rows)]
        desk.lay("in/p.csv", "\n".join(["id;day;amount", *lines]) + "\n")
        return desk.only()

    laid.desk = desk
    return laid


def code(report):
    return report.questions[0]["code"] if report.questions else None


def days(ask):
    return [row[0] for row in ask.desk.rows("payments", "cast(happened_at as varchar)[:10]")]


def amounts(ask):
    return [row[0] for row in ask.desk.rows("payments", "amount_minor", "payment_id")]


# day and month ------------------------------------------------------------------------------


def test_a_column_that_only_one_order_fits_is_read_so_and_the_report_says_it(ask):
    report = ask(("03/04/2026", "1"), ("25/04/2026", "1"))
    assert report.status == "loaded"
    assert "'day' is read as day/month/year." in report.notes
    assert days(ask) == ["2026-04-03", "2026-04-25"]


def test_month_first_is_found_the_same_way(ask):
    ask(("03/04/2026", "1"), ("04/25/2026 10:17 PM", "1"))
    assert days(ask) == ["2026-03-04", "2026-04-25"]


def test_dates_that_fit_both_orders_are_a_question(ask):
    report = ask(("03/04/2026", "1"), ("05/06/2026", "1"))
    assert (report.status, code(report)) == ("held", "ask_date_order")
    assert "all 2 dates can be day/month or month/day" in report.questions[0]["text"]
    assert report.questions[0]["toml"] == 'date_order = "dmy"'
    assert days(ask) == []


def test_the_answer_is_taken(ask):
    ask(("03/04/2026", "1"), source='timezone = "UTC"\ndate_order = "mdy"\n')
    assert days(ask) == ["2026-03-04"]


def test_dates_of_both_orders_hold_the_file_and_name_the_records(ask):
    report = ask(("25/04/2026", "1"), ("26/04/2026", "1"), ("04/27/2026", "1"))
    assert code(report) == "mixed_date_order"
    text = report.questions[0]["text"]
    assert "day/month/year fits 2 (alone in records 1, 2)" in text
    assert "month/day/year fits 1 (alone in records 3)" in text


def test_an_order_that_would_lie_behind_the_export_is_ruled_out(ask):
    source = 'timezone = "UTC"\nexported_at = 2026-04-10\n'
    ask(("03/04/2026", "1"), ("04/05/2026", "1"), source=source)
    assert days(ask) == ["2026-03-04", "2026-04-05"]
    ask(("09/04/2026", "1"), ("08/04/2026", "1"), source=source)
    assert days(ask) == ["2026-04-08", "2026-04-09"]


TICKETS = """
[import]
target = "feedback_items"
[constants]
feedback_kind = "ticket"
[columns]
feedback_id = "id"
submitted_at = "opened"
closed_at = "closed"
"""


def test_an_ambiguous_column_borrows_from_another_of_the_file_wherever_it_stands(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    desk.lay("in/t.csv", "id,opened,closed\n1,03/04/2026,25/04/2026\n2,05/04/2026,06/04/2026\n")
    assert desk.only().status == "loaded"
    assert desk.rows("feedback_items", "cast(submitted_at as varchar)[:10]") == [
        ("2026-04-03",),
        ("2026-04-05",),
    ]


def test_an_ambiguous_file_borrows_from_an_earlier_one_of_the_source(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    desk.lay("in/a.csv", "id,opened,closed\n1,23/04/2026,25/04/2026\n")
    desk.lay("in/b.csv", "id,opened,closed\n2,03/04/2026,06/05/2026\n")
    assert [report.status for report in desk.pull_in()] == ["loaded", "loaded"]


def test_numbers_of_a_spreadsheet_in_a_date_column_are_offered_as_days(ask):
    report = ask(("45123", "1"), ("45124.5", "1"))
    assert code(report) == "ask_day_numbers"
    assert "45123; a spreadsheet would mean 2023-07-16" in report.questions[0]["text"]
    ask(
        ("45123", "1"),
        ("45124.5", "1"),
        when='{ from = "day", format = "spreadsheet" }',
    )
    found = ask.desk.rows("payments", "cast(happened_at as varchar)")
    assert found == [("2023-07-16 00:00:00+00",), ("2023-07-17 12:00:00+00",)]


def test_one_number_among_dates_is_a_slip_and_no_question(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    rows = "".join(f"{n},2026-04-03,\n" for n in range(30))
    desk.lay("in/t.csv", "id,opened,closed\n" + rows + "x,45123,\n")
    report = desk.only()
    assert (report.status, report.loaded) == ("loaded", 31)
    assert desk.refused()[0]["scope_code"] == "cell"


# zones --------------------------------------------------------------------------------------


def test_times_without_zone_are_a_question(ask):
    report = ask(("2026-04-03 10:00", "1"), source="")
    assert (report.status, code(report)) == ("held", "ask_timezone")
    assert report.questions[0]["toml"] == 'timezone = "Europe/Berlin"'
    assert "2026-04-03 10:00" in report.questions[0]["text"]


def test_times_with_offset_need_no_answer(ask):
    report = ask(("2026-04-03T10:00:00+0800", "1"), ("2026-04-03 10:00:00 UTC", "1"), source="")
    assert report.status == "loaded"
    found = ask.desk.rows("payments", "cast(happened_at as varchar)")
    assert found == [("2026-04-03 02:00:00+00",), ("2026-04-03 10:00:00+00",)]


def test_the_hour_that_occurred_twice_is_named(ask):
    report = ask(
        ("2025-10-26 02:30:00", "1"),
        ("2025-10-26 03:30:00", "1"),
        ("2025-10-26T02:30:00+02:00", "1"),
        source='timezone = "Europe/Berlin"\n',
    )
    (note,) = [note for note in report.notes if "occurred twice" in note]
    assert note == (
        "'day': 1 time falls in the hour that occurred twice on 26 Oct 2025 (Europe/Berlin). "
        "Read as the second pass."
    )
    found = ask.desk.rows("payments", "cast(happened_at as varchar)", "payment_id")
    assert found[0] == ("2025-10-26 01:30:00+00",)


def test_the_hour_that_was_skipped_is_named(ask):
    report = ask(
        ("2026-03-29 02:15:00", "1"),
        ("2026-03-29 03:15:00", "1"),
        source='timezone = "Europe/Berlin"\n',
    )
    assert any(
        "1 time falls in the hour that was skipped on 29 Mar 2026" in n for n in report.notes
    )
    found = ask.desk.rows("payments", "cast(happened_at as varchar)", "payment_id")
    assert found == [("2026-03-29 01:15:00+00",), ("2026-03-29 01:15:00+00",)]


# numbers ------------------------------------------------------------------------------------


def test_a_decimal_comma_is_found(ask):
    report = ask(("2026-01-01", "1.234,56"), ("2026-01-01", "7,5"), ("2026-01-01", "1200"))
    assert "'amount' is read with ',' as decimal mark." in report.notes
    assert amounts(ask) == [123456, 750, 120000]


def test_a_decimal_point_is_found_beside_numbers_that_could_be_both(ask):
    ask(("2026-01-01", "1,234.56"), ("2026-01-01", "1,234"))
    assert amounts(ask) == [123456, 123400]


@pytest.mark.parametrize("amount", ["1.234", "1,234"])
def test_thousands_or_decimals_is_a_question_where_nothing_tells(desk, amount):
    desk.mapping('[import]\ntarget = "external_values"\n[constants]\nmetric_id = "m"\n'
                 'unit_code = "x"\n[columns]\nperiod_from_on = "a"\nperiod_to_on = "b"\n'
                 'reported_value = "v"\n')  # fmt: skip
    desk.lay("in/v.csv", f'a,b,v\n2026-01-01,2026-02-01,"{amount}"\n')
    report = desk.only()
    assert (report.status, code(report)) == ("held", "ask_decimal")
    assert report.questions[0]["toml"] == 'decimal = ","'


def test_a_declared_mark_is_never_asked(desk):
    desk.mapping('[import]\ntarget = "external_values"\ndecimal = ","\n[constants]\n'
                 'metric_id = "m"\nunit_code = "x"\n[columns]\nperiod_from_on = "a"\n'
                 'period_to_on = "b"\nreported_value = "v"\n')  # fmt: skip
    desk.lay("in/v.csv", "a,b,v\n2026-01-01,2026-02-01,1.234\n")
    desk.pull_in()
    assert desk.rows("external_values", "reported_value") == [(1234.0,)]


def test_a_fraction_of_the_smallest_unit_is_refused(ask):
    report = ask(("2026-01-01", "12.345"), ("2026-01-01", "7.5"))
    assert (report.status, report.quarantined) == ("held", 1)


def test_the_currency_of_each_row_decides_where_a_column_has_it(desk):
    text = PURCHASE.format(more="", constants="", when='"day"') + 'currency = "c"\n'
    desk.mapping(text, 'timezone = "UTC"\n')
    desk.lay("in/p.csv", "id,day,amount,c\n1,2026-01-01,12,JPY\n2,2026-01-01,12,eur\n")
    desk.pull_in()
    found = desk.rows("payments", "amount_minor, currency", "payment_id")
    assert found == [(12, "JPY"), (1200, "EUR")]


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 12), ("EUR", 1200), ("BHD", 12000)])
def test_the_currency_decides_the_decimals(ask, currency, minor):
    ask(("2026-01-01", "12"), constants=f'currency = "{currency}"')
    assert amounts(ask) == [minor]


def test_an_amount_that_names_its_currency_brings_it(ask):
    report = ask(("2026-01-01", "12.00 USD"), ("2026-01-01", "€ 5"), constants="")
    assert report.status == "loaded"
    found = ask.desk.rows("payments", "amount_minor, currency", "payment_id")
    assert found == [(1200, "USD"), (500, "EUR")]


@pytest.mark.parametrize("amount", ["12.00 USD", "$12", "£12"])
def test_an_amount_of_another_currency_than_its_column_says_is_refused(ask, amount):
    report = ask(("2026-01-01", amount), ("2026-01-01", "5 EUR"), ("2026-01-01", "€6"))
    assert (report.status, report.quarantined) == ("held", 1)


# ids ----------------------------------------------------------------------------------------

DEPLOYMENTS = (
    "deployment_id,service_id,environment_code,started_at,result_code\n",
    '[[source]]\nname = "s"\nfiles = "in/*"\ntimezone = "UTC"\n',
)


def deployments(desk, *ids):
    desk.sources(DEPLOYMENTS[1])
    rows = [f"{one},web,production,2026-01-01,success" for one in ids]
    desk.lay("in/d.csv", DEPLOYMENTS[0] + "\n".join(rows) + "\n")
    return desk.only()


def found_ids(desk):
    return [row[0] for row in desk.rows("deployments", "deployment_id")]


def test_leading_zeros_of_an_id_stay(desk):
    deployments(desk, "007", "7")
    assert found_ids(desk) == ["007", "7"]


def test_ids_that_a_spreadsheet_made_decimals_of_are_mended(desk):
    deployments(desk, "17.0", "18.0")
    assert found_ids(desk) == ["17", "18"]


@pytest.mark.parametrize("damaged", ["1.23457E+11", "1.2e+11"])
def test_a_rounded_id_holds_the_file(desk, damaged):
    report = deployments(desk, "17", damaged)
    assert (report.status, code(report)) == ("failed", "id_damaged")
    assert f"holds {damaged} (record 2)" in report.questions[0]["text"]


def test_one_fraction_among_ids_that_were_mended_holds_the_file(desk):
    assert code(deployments(desk, "17.0", "18.5")) == "id_damaged"


def test_ids_with_points_of_their_own_stay(desk):
    deployments(desk, "1.2.3", "17.0")
    assert found_ids(desk) == ["1.2.3", "17.0"]


# suspicions ---------------------------------------------------------------------------------

LINES = "invoice_id,line_id,line_kind,plan_id,service_from_at,amount_minor,currency\n"


def invoice_lines(desk, name, month, amount):
    rows = [f"{month}{n},{n},recurring,team,2026-{month}-0{n},{amount},EUR" for n in range(1, 5)]
    desk.lay(f"in/{name}.csv", LINES + "\n".join(rows) + "\n")


def test_amounts_that_become_a_hundred_times_larger_hold_the_file(desk):
    desk.sources(DEPLOYMENTS[1])
    invoice_lines(desk, "a", "04", 4900)
    desk.pull_in()
    invoice_lines(desk, "b", "05", 490000)
    first, second = desk.pull_in()
    assert (first.status, second.status, code(second)) == ("unchanged", "held", "unit_jump")
    assert "before and 4,900.00 from May 2026" in second.questions[0]["text"]
    assert desk.rows("invoice_lines", "max(amount_minor)") == [(4900,)]


def test_a_price_that_doubles_is_no_jump(desk):
    desk.sources(DEPLOYMENTS[1])
    invoice_lines(desk, "a", "04", 4900)
    invoice_lines(desk, "b", "05", 9800)
    assert [report.status for report in desk.pull_in()] == ["loaded", "loaded"]


@pytest.mark.parametrize(("count", "is_noted"), [(29, False), (30, True), (100, True)])
def test_a_row_count_that_exporters_stop_at_is_noted(desk, count, is_noted):
    report = deployments(desk, *(f"d{number}" for number in range(count)))
    assert any("default limit" in note for note in report.notes) == is_noted


def test_a_hole_in_a_file_and_a_shorter_version_of_it_are_noted_and_hold_nothing(desk):
    def lay(days):
        rows = [f"u{n},view,2026-03-{day:02d}T10:00:00Z" for day in days for n in range(12)]
        desk.lay("in/events.csv", "user_id,event_name,occurred_at\n" + "\n".join(rows) + "\n")

    desk.sources(DEPLOYMENTS[1])
    lay(day for day in range(1, 32) if day != 18)
    (report,) = desk.pull_in()
    assert report.status == "loaded"
    assert any(note.startswith("No rows in 2026-03-18, but") for note in report.notes)
    lay(range(1, 14))
    (report,) = desk.pull_in()
    assert report.status == "loaded"
    assert any(note.startswith("156 records, 360 in the earlier version") for note in report.notes)


# columns ------------------------------------------------------------------------------------


def test_a_file_that_lacks_a_mapped_column_fails_alone(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    desk.lay("in/a.csv", "id,opened,closed\n1,2026-04-03,\n")
    desk.lay("in/b.csv", "id,opened\n2,2026-04-03\n")
    first, second = desk.pull_in()
    assert (first.status, second.status, code(second)) == ("loaded", "failed", "no_column")
    assert "has no column 'closed'. It has: id, opened." in second.questions[0]["text"]


def test_a_repeated_header_has_to_be_chosen(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    desk.lay("in/a.csv", "id,opened,closed,closed\n1,2026-04-03,,\n")
    report = desk.only()
    assert (report.status, code(report)) == ("held", "repeated_column")
    assert "at positions 3, 4" in report.questions[0]["text"]


def test_rows_without_the_cell_that_where_asks_for_are_dropped_by_its_rule(desk):
    desk.mapping(TICKETS + '[where]\nkind = "bug"\n', 'timezone = "UTC"\n')
    desk.lay("in/a.csv", "id,opened,closed,kind\n1,2026-04-03,,bug\n2,2026-04-03,,\n3,,,idea\n")
    report = desk.only()
    assert (report.loaded, report.dropped) == (1, 2)


def test_a_year_like_9999_in_the_column_that_dates_a_row_is_no_date(desk):
    desk.mapping(TICKETS, 'timezone = "UTC"\n')
    desk.lay("in/a.csv", "id,opened,closed\n1,9999-12-31,9999-12-31\n")
    desk.pull_in()
    assert desk.rows("feedback_items", "submitted_at, year(closed_at)") == [(None, 9999)]

"""A time is read in its declared format and zone, and nothing behind it is passed over."""

import pytest


def times(desk):
    return [str(row[0])[:16] for row in desk.rows("events", "occurred_at", "occurred_at")]


def test_beside_a_declared_format_no_other_is_looked_for(events):
    content = "u,n,t\n" + "".join(f"{day},a,{day:02}/01/2026\n" for day in range(1, 9))
    report = events(content + "9,a,12/25/2026\n", when='{ from = "t", format = "%d/%m/%Y" }')
    assert report.quarantined == 1
    assert "2026-12-25 00:00" not in times(events.desk)


def test_a_declared_format_without_a_zone_is_asked_for_its_zone(events):
    when = '{ from = "t", format = "%Y%m%dT%H%M%S" }'
    report = events("u,n,t\n1,a,20260403T101500\n", more="", when=when)
    assert (report.status, report.questions[0]["code"]) == ("held", "ask_timezone")


def test_a_declared_format_with_a_zone_is_not(events):
    when = '{ from = "t", format = "%d.%m.%Y %H:%M %z" }'
    events("u,n,t\n1,a,03.04.2026 10:15 +0200\n", more="", when=when)
    assert times(events.desk) == ["2026-04-03 08:15"]


def test_a_format_that_no_time_is_written_in_is_refused_with_its_line(events):
    report = events("u,n,t\n1,a,x\n", when='{ from = "t", format = "%Q/%m" }')
    assert (
        'm.toml, line 7, [columns], occurred_at.format: "%Q" is no format'
        in (report.questions[0]["text"])
    )


def test_seconds_since_1970_become_a_day_too(desk):
    desk.mapping('[import]\ntarget = "costs"\n[constants]\ncost_kind = "sales_marketing"\n'
                 '[columns]\ncost_id = "i"\nperiod_on = { from = "t", format = "epoch_s" }\n'
                 'amount_minor = "a"\n')  # fmt: skip
    desk.lay("in/c.csv", "i,t,a\n1,1767225600,5\n")
    desk.only()
    assert [str(row[0]) for row in desk.rows("costs", "period_on")] == ["2026-01-01"]


def test_years_of_two_digits_pivot_at_70(payments):
    payments("c;t;a\n1;31.12.69;1\n2;31.12.70;1\n3;31.12.1970;1\n")
    found = payments.desk.rows("payments", "year(happened_at)", "account_id")
    assert found == [(2069,), (1970,), (1970,)]


def test_a_year_like_9999_is_no_time_in_any_order_of_day_and_month(payments):
    assert payments("c;t;a\n1;31.12.9999;1\n").quarantined == 1


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-06-01 10:00:00 EST", "2026-06-01 15:00"),
        ("2026-06-01T10:00:00 CEST", "2026-06-01 08:00"),
        ("2026/06/01 3:00:00 PM EST", "2026-06-01 20:00"),
        ("2026-06-01T10:00:00z", "2026-06-01 10:00"),
        ("2026-06-01 10:00 GMT+2", "2026-06-01 08:00"),
        ("20260601T100000Z", "2026-06-01 10:00"),
        ("06/25/2026 10:00 +0200", "2026-06-25 08:00"),
        ("25.06.2026 10:00 -03:30", "2026-06-25 13:30"),
    ],
)
def test_a_zone_behind_a_time_counts_however_it_is_written(events, written, instant):
    events(f"u,n,t\n1,a,{written}\n", more='timezone = "Asia/Tokyo"')
    assert times(events.desk) == [instant]


@pytest.mark.parametrize("written", ["2026-06-01 10:00 PM", "2026-06-01 10:00:00 FOO"])
def test_what_stands_behind_a_time_is_never_passed_over(events, written):
    assert events(f"u,n,t\n1,a,{written}\n").quarantined == 1


def test_an_abbreviated_zone_is_said_to_be_read_as_a_fixed_offset(events):
    report = events("u,n,t\n1,a,2026-06-01 10:00:00 EST\n")
    assert "'t': EST as -05:00 is read as a fixed offset, whatever the season." in report.notes


@pytest.mark.parametrize("header", ["Created (UTC)", "created_utc"])
def test_a_header_that_says_utc_needs_no_zone(events, header):
    content = f"u,n,{header}\n1,a,2026-06-01 10:00\n2,b,25.06.2026 10:00\n"
    events(content, more="", when=f'"{header}"')
    assert times(events.desk) == ["2026-06-01 10:00", "2026-06-25 10:00"]


def test_two_digits_of_a_year_are_no_year_in_front(events):
    assert events("u,n,t\n1,a,25.06.26\n").notes == ["'t' is read as day/month/year."]

"""Markdown, CSV and iCalendar, read back by what reads them."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from icalendar import Calendar

from dashboard.reports.calendar import Due, due_calendar
from dashboard.reports.markdown import paper_markdown
from dashboard.reports.tables import paper_tables


def rows(data):
    return list(csv.DictReader(StringIO(data.decode())))


def test_every_item_of_the_markdown_has_its_foot(cycle):
    text = paper_markdown(cycle).decode()
    assert text.count("\n## ") == 6
    assert text.count("Snapshot 5f0c9a4be1d2 · data as of 16 Nov 2026") == 6
    assert text.count("Restated: ") == 7
    assert "6 / 6" in text
    assert "| 9 Nov 2026 | 44\\.9\u00a0% | above the upper process limit |" in text


def test_no_hostile_text_is_markup_in_markdown(hostile):
    lines = paper_markdown(hostile).decode().splitlines()
    assert "# \\<script\\>alert\\(1\\)\\</script\\>" in lines
    assert not [line for line in lines if "<script" in line.replace("\\<", "")]
    assert not [line for line in lines if line.startswith(("#set", "-2", "$"))]
    assert "\\$ x \\$ \\_under\\_ \\*star\\* \\`tick\\` @name" in "\n".join(lines)


def test_every_table_is_a_file_whose_rows_name_their_snapshot(cycle):
    files = paper_tables(cycle)
    assert list(files) == [
        "01-activation-rate-a-week-the-figures.csv",
        "02-guard-rails.csv",
        "03-support-tickets-per-1-000-active-users-the-figures.csv",
        "04-decisions.csv",
        "05-follow-ups.csv",
    ]
    for data in files.values():
        assert {row["snapshot_id"] for row in rows(data)} == {cycle.provenance.snapshot_id}
        assert {row["data_as_of"] for row in rows(data)} == {"2026-11-16"}
    guard = rows(files["02-guard-rails.csv"])
    assert guard[0]["Before"] == "0.481"
    assert (guard[2]["After"], guard[2]["n"]) == ("", "")


def test_no_cell_and_no_head_of_a_csv_is_a_formula(hostile):
    for name, data in paper_tables(hostile).items():
        assert "/" not in name
        for row in csv.reader(StringIO(data.decode())):
            for cell in row:
                assert cell in {"-1"} or cell.lstrip()[:1] not in set("=+-@")


DUES = (
    Due("follow-up", "f7", date(2026, 12, 7), "Move the time zone; at last", "Jonas\nsays: =1+1"),
    Due("sustain check", "c14", date(2027, 2, 15), "<script>\nx\x00", "\U0001f680 " + "y" * 4000),
    Due("check", "c14", date(2026, 11, 30), "שלום"),
)


def test_due_dates_come_back_from_the_calendar(samples):
    data = due_calendar(DUES, "Product team", samples.PROVENANCE)
    events = Calendar.from_ical(data).walk("VEVENT")
    assert [str(one["UID"]) for one in events] == [
        "check-c14@launchloop",
        "follow-up-f7@launchloop",
        "sustain-check-c14@launchloop",
    ]
    assert [one["DTSTART"].dt for one in events] == sorted(due.on for due in DUES)
    assert {one["DTSTAMP"].dt for one in events} == {datetime(2026, 11, 17, 8, 40, 12, tzinfo=UTC)}
    assert str(events[1]["SUMMARY"]) == "Move the time zone; at last"
    assert str(events[1]["DESCRIPTION"]).startswith("Jonas\nsays: =1+1\n\nSnapshot 5f0c9a4be1d2")
    assert str(events[2]["SUMMARY"]) == "<script> x\ufffd"
    assert "y" * 4000 in str(events[2]["DESCRIPTION"])
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_the_order_of_due_dates_does_not_matter(samples):
    forward = due_calendar(DUES, "Team", samples.PROVENANCE)
    assert due_calendar(DUES[::-1], "Team", samples.PROVENANCE) == forward


def test_two_due_dates_of_one_subject_are_refused(samples):
    with pytest.raises(ValueError, match="same kind and subject"):
        due_calendar([DUES[0], DUES[0]], "Team", samples.PROVENANCE)

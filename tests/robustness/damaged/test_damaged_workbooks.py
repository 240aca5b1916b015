"""A workbook loads from its one filled sheet, is asked about its several, and never crashes."""

import io

import xlsxwriter


def workbook(*sheets):
    """A workbook with the rows of each sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def test_blank_rows_of_a_workbook_are_no_records_and_line_numbers_are_its_rows(events):
    desk, lines = events
    rows = [line.split(",") for line in lines[:6]]
    rows.insert(3, [])
    rows[5][rows[0].index("timestamp")] = "never"
    desk.lay("in/events.xlsx", workbook([*rows, [" "], []]))
    report = desk.only()
    assert (report.read, report.loaded, report.quarantined) == (5, 4, 1)
    assert desk.refused()[0]["line_no"] == 6


def test_the_sheet_of_a_workbook_with_several_is_a_question(events):
    desk, lines = events
    rows = [line.split(",") for line in lines[:6]]
    desk.lay("in/events.xlsx", workbook([["a", "note"]], rows))
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("held", "ask_sheet")
    desk.source("events", 'sheet = "Sheet2"')
    assert desk.only().loaded == 5
    desk.source("events", 'sheet = "Sheet9"')
    assert desk.only().questions[0]["code"] == "no_sheet"


def test_an_empty_sheet_is_no_crash(events):
    desk, _ = events
    desk.lay("in/events.xlsx", workbook([]))
    assert desk.only().status == "failed"


def test_a_workbook_under_the_name_of_a_csv_is_read_as_what_it_is(events):
    desk, lines = events
    desk.lay("in/events.csv", workbook([line.split(",") for line in lines[:6]]))
    assert desk.only().loaded == 5

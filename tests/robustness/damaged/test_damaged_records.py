"""A record that is damaged is refused alone with its line and its reason, and the others load."""

import pytest


def test_the_undamaged_events_load_whole(events):
    desk, lines = events
    report = desk.laid(lines)
    assert (report.status, report.read, report.loaded) == ("loaded", 300, 300)
    assert desk.refused() == []


def test_an_over_wide_row_is_refused_alone_with_its_line(events):
    desk, lines = events
    lines[58] += ",one,two"
    report = desk.laid(lines)
    assert (report.status, report.loaded, report.quarantined) == ("loaded", 299, 1)
    (entry,) = desk.refused()
    assert (entry["record_no"], entry["line_no"]) == (58, 59)
    assert entry["reason_code"] == "row_width"
    assert entry["reason_text"].startswith("10 values, the header has 8.")
    assert entry["raw_text"] == lines[58]


def test_a_file_cut_in_a_record_loses_that_record_and_says_so(events):
    desk, lines = events
    desk.lay("in/events.csv", "\n".join(lines)[:-70])
    report = desk.only()
    assert (report.loaded, report.quarantined) == (299, 1)
    (entry,) = desk.refused()
    assert (entry["record_no"], entry["line_no"], entry["reason_code"]) == (300, 301, "row_width")
    assert "cut" in entry["reason_text"]


def test_columns_swapped_with_their_headers_load_the_same(events, tmp_path_factory):
    desk, lines = events
    desk.laid(lines)
    expected = desk.frame("events").drop("event_key", "occurrence_no", "properties_json")
    other = type(desk)(tmp_path_factory.mktemp("swapped"))
    other.source("events")
    turned = [",".join(reversed(line.split(","))) for line in lines]
    other.laid(turned)
    found = other.frame("events").drop("event_key", "occurrence_no", "properties_json")
    assert found.sort(found.columns).equals(expected.sort(expected.columns))


def test_values_swapped_under_their_headers_hold_the_file(events):
    desk, lines = events
    at = lines[0].split(",").index("timestamp")
    rows = [line.split(",") for line in lines]
    for row in rows[1:]:
        row[at], row[at - 1] = row[at - 1], row[at]
    report = desk.laid([",".join(row) for row in rows])
    assert (report.status, report.loaded, report.quarantined) == ("held", 0, 300)
    assert report.questions[0]["code"] == "too_many_bad_rows"
    assert "'timestamp' holds" in report.questions[0]["text"]
    assert desk.rows("events") == []


def test_a_bad_date_is_refused_with_column_value_and_rule(events):
    desk, lines = events
    cells = lines[7].split(",")
    at = lines[0].split(",").index("timestamp")
    cells[at] = "2024-02-31 10:00:00"
    lines[7] = ",".join(cells)
    report = desk.laid(lines)
    assert (report.loaded, report.quarantined) == (299, 1)
    (entry,) = desk.refused()
    assert (entry["line_no"], entry["column_name"]) == (8, "timestamp")
    assert (entry["raw_text"], entry["reason_code"]) == ("2024-02-31 10:00:00", "bad_value")


def test_a_duplicated_file_counts_once(events):
    desk, lines = events
    text = "\n".join(lines) + "\n"
    desk.lay("in/a.csv", text)
    desk.lay("in/b.csv", text)
    first, second = desk.pull_in()
    assert (first.loaded, second.loaded, second.unchanged) == (300, 0, 300)
    assert len(desk.rows("events")) == 300


def test_line_numbers_survive_quoted_line_breaks_and_blank_lines(events):
    desk, lines = events
    at = lines[0].split(",").index("platform")
    cells = lines[5].split(",")
    cells[at] = '"a\nb ""quoted"", and\n\nmore"'
    lines[5] = ",".join(cells)
    lines[20] = ""
    lines[30] += ",wide"
    cells = lines[40].split(",")
    cells[lines[0].split(",").index("timestamp")] = "never"
    lines[40] = ",".join(cells)
    desk.lay("in/events.csv", "\n".join(lines))
    report = desk.only()
    assert (report.read, report.loaded, report.quarantined) == (299, 297, 2)
    places = {entry["reason_code"]: (entry["record_no"], entry["line_no"])
              for entry in desk.refused()}  # fmt: skip
    physical = "\n".join(lines).split("\n")
    wide = next(n for n, line in enumerate(physical, 1) if line.endswith(",wide"))
    never = next(n for n, line in enumerate(physical, 1) if "never" in line)
    assert places == {"row_width": (29, wide), "bad_value": (39, never)}


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "\ufeffSEP=;\n"])
def test_the_line_that_tells_excel_its_separator_is_no_header_and_no_record(desk, first):
    lines = ["user_id;event_name;occurred_at", "u1;a;2026-01-01", "u2,3;b;soon", "u3;c"]
    desk.lay("in/e.csv", first + "\n".join(lines) + "\n")
    desk.source("events")
    report = desk.only()
    assert (report.read, report.quarantined) == (3, 2)
    refused = [(entry["record_no"], entry["line_no"]) for entry in desk.refused()]
    assert refused == [(2, 4), (3, 5)]


def test_a_header_that_begins_like_that_line_is_a_header(desk):
    desk.lay("in/e.csv", "sep=;;event_name;user_id;occurred_at\nx;a;u1;2026-01-01\n")
    desk.mapping(
        '[import]\ntarget = "events"\ntimezone = "UTC"\ndelimiter = ";"\n[columns]\n'
        'user_id = "user_id"\nevent_name = "event_name"\noccurred_at = "occurred_at"\n'
    )
    assert desk.only().read == 1


def test_a_quote_that_never_ends_does_not_swallow_the_rest_in_silence(events):
    desk, lines = events
    cells = lines[5].split(",")
    cells[0] = '"' + cells[0]
    lines[5] = ",".join(cells)
    report = desk.laid(lines)
    assert (report.status, report.loaded) == ("failed", 0)
    assert report.questions[0]["code"] == "open_quote"
    assert "lines behind it" in report.questions[0]["text"]


def test_a_text_cut_inside_quotes_is_one_refused_record(events):
    desk, lines = events
    desk.lay("in/events.csv", "\n".join(lines) + '\n"user_99')
    report = desk.only()
    assert (report.loaded, report.quarantined) == (300, 1)


def test_a_wrong_delimiter_is_told_by_the_header(events):
    desk, lines = events
    desk.source("events", 'delimiter = ";"')
    report = desk.laid(lines)
    assert report.questions[0]["code"] == "no_preset"


def test_rows_of_separators_that_a_spreadsheet_leaves_are_dropped_by_name(events):
    desk, lines = events
    report = desk.laid([*lines, *[",,,,,,,"] * 40])
    assert (report.status, report.read, report.loaded, report.dropped) == ("loaded", 340, 300, 40)
    assert "Dropped by rule (blank: 40)." in report.notes


def test_a_refused_record_keeps_no_address_and_no_long_number(events):
    desk, lines = events
    lines[5] += ",ada@example.org,+49 170 1234567"
    desk.laid(lines)
    raw = desk.refused()[0]["raw_text"]
    assert raw.endswith(",[e-mail],[number]")

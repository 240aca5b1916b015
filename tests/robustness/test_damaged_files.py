"""Damaged copies of real exports: a clear message or a quarantine entry, never silence."""

import codecs
import gzip
import io
import zipfile
from datetime import UTC, datetime

import polars as pl
import pytest
import xlsxwriter

EVENTS = '[[source]]\nname = "events"\nfiles = "in/*"\ntimezone = "UTC"\n'
LINES = 301
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
SPRINTS = '[[source]]\nname = "sprints"\nfiles = "in/*"\ntimezone = "UTC"\n'


@pytest.fixture
def events(desk, real):
    """A desk for product events, and 300 real ones as lines with their header."""
    desk.sources(EVENTS)
    return desk, real("retentioneering_ecom/ecom.csv.gz", LINES).splitlines()


def laid(desk, lines, name="in/events.csv"):
    desk.lay(name, "\n".join(lines) + "\n")
    return desk.only()


def test_the_undamaged_events_load_whole(events):
    desk, lines = events
    report = laid(desk, lines)
    assert (report.status, report.read, report.loaded) == ("loaded", 300, 300)
    assert desk.refused() == []


def test_an_over_wide_row_is_refused_alone_with_its_line(events):
    desk, lines = events
    lines[58] += ",one,two"
    report = laid(desk, lines)
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


def test_a_cut_gzip_stream_loads_nothing(events):
    desk, lines = events
    desk.lay("in/events.csv.gz", gzip.compress("\n".join(lines).encode())[:-200])
    report = desk.only()
    assert (report.status, report.read) == ("failed", 0)
    assert report.questions[0]["code"] == "truncated"
    assert "copy the file again" in report.questions[0]["text"]
    assert desk.rows("events") == []


def test_columns_swapped_with_their_headers_load_the_same(events, tmp_path_factory):
    desk, lines = events
    laid(desk, lines)
    expected = desk.frame("events").drop("event_key", "occurrence_no", "properties_json")
    other = type(desk)(tmp_path_factory.mktemp("swapped"))
    other.sources(EVENTS)
    turned = [",".join(reversed(line.split(","))) for line in lines]
    laid(other, turned)
    found = other.frame("events").drop("event_key", "occurrence_no", "properties_json")
    assert found.sort(found.columns).equals(expected.sort(expected.columns))


def test_values_swapped_under_their_headers_hold_the_file(events):
    desk, lines = events
    at = lines[0].split(",").index("timestamp")
    rows = [line.split(",") for line in lines]
    for row in rows[1:]:
        row[at], row[at - 1] = row[at - 1], row[at]
    report = laid(desk, [",".join(row) for row in rows])
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
    report = laid(desk, lines)
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


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(events, content):
    desk, _ = events
    desk.lay("in/events.csv", content)
    report = desk.only()
    assert report.status == "failed"
    assert report.questions[0]["code"] == "empty"


def test_a_header_without_records_loads_nothing_and_is_no_error(events):
    desk, lines = events
    report = laid(desk, lines[:1])
    assert (report.status, report.read, report.loaded) == ("loaded", 0, 0)


def test_a_zip_bomb_is_refused_before_it_fills_the_disk(events):
    desk, lines = events
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", "\n".join(lines) + "\n" + "," * 60_000_000)
    desk.lay("in/events.zip", packed.getvalue())
    report = desk.only()
    assert report.questions[0]["code"] == "too_large"
    assert "2 GB and 100 to 1" in report.questions[0]["text"]


def test_a_zip_with_two_members_says_to_unpack_it(events):
    desk, lines = events
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "\n".join(lines))
        archive.writestr("b.csv", "x")
    desk.lay("in/events.zip", packed.getvalue())
    report = desk.only()
    assert report.questions[0]["code"] == "several_files"
    assert "holds 2 files (a.csv, b.csv)" in report.questions[0]["text"]


def test_a_zip_with_one_member_and_shadows_of_a_mac_loads(events):
    desk, lines = events
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "\n".join(lines))
        archive.writestr("__MACOSX/._a.csv", "x")
    desk.lay("in/events.zip", packed.getvalue())
    assert desk.only().loaded == 300


def test_a_cut_zip_is_said_to_be_damaged(events):
    desk, lines = events
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "\n".join(lines))
    desk.lay("in/events.zip", packed.getvalue()[:-40])
    assert desk.only().questions[0]["code"] == "truncated"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8-sig", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_change_nothing(events, encoding, mark, line_end):
    desk, lines = events
    lines[5] = lines[5].replace("web", "Küche")
    desk.lay("in/events.csv", mark + line_end.join(lines).encode(encoding))
    report = desk.only()
    assert (report.loaded, report.quarantined) == (300, 0)
    shown = desk.rows("events", "platform_code", "record_no")
    assert len(shown) == 300


def test_windows_text_is_read_as_such_and_the_changed_words_are_shown(events):
    desk, lines = events
    at = lines[0].split(",").index("platform")
    cells = lines[5].split(",")
    cells[at] = "Büro"
    lines[5] = ",".join(cells)
    desk.lay("in/events.csv", "\n".join(lines).encode("cp1252"))
    report = desk.only()
    assert report.loaded == 300
    assert "Büro" in " ".join(report.notes)
    assert ("Büro",) in desk.rows("events", "platform_code")


def test_text_cut_inside_a_letter_is_not_taken_for_another_encoding(events):
    desk, lines = events
    lines[5] = lines[5].replace("web", "Küche")
    content = "\n".join(lines).encode() + "\nü".encode()[:-1]
    desk.lay("in/events.csv", content)
    report = desk.only()
    assert "may have been cut" in " ".join(report.notes)
    assert "Windows-1252" not in " ".join(report.notes)
    assert (report.loaded, report.quarantined) == (300, 1)


def test_broken_utf_16_says_that_its_bytes_do_not_fit(events):
    desk, lines = events
    content = codecs.BOM_UTF16_LE + "\n".join(lines).encode("utf-16-le")
    desk.lay("in/events.csv", content[:1002] + b"\x00\xd8" + content[1002:])
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", "encoding")
    assert "marked as utf-16" in report.questions[0]["text"]


def test_a_wrongly_declared_encoding_names_the_cure(events):
    desk, lines = events
    desk.sources(EVENTS + 'encoding = "utf-8"\n')
    lines[5] = lines[5].replace(",", ",ü", 1)
    desk.lay("in/events.csv", "\n".join(lines).encode("latin-1"))
    report = desk.only()
    assert report.questions[0]["code"] == "encoding"
    assert "Correct `encoding`" in report.questions[0]["text"]


def test_an_unknown_encoding_is_no_crash(events):
    desk, lines = events
    desk.sources(EVENTS + 'encoding = "klingon"\n')
    assert laid(desk, lines).questions[0]["code"] == "encoding"


def test_nul_bytes_are_removed_and_counted(events):
    desk, lines = events
    lines[9] = lines[9].replace(",", "\x00,", 2)
    report = laid(desk, lines)
    assert report.loaded == 300
    assert "2 NUL bytes were removed." in report.notes


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
    desk.sources(EVENTS)
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
    report = laid(desk, lines)
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
    desk.sources(EVENTS + 'delimiter = ";"\n')
    report = laid(desk, lines)
    assert report.questions[0]["code"] == "no_preset"


def test_rows_of_separators_that_a_spreadsheet_leaves_are_dropped_by_name(events):
    desk, lines = events
    report = laid(desk, [*lines, *[",,,,,,,"] * 40])
    assert (report.status, report.read, report.loaded, report.dropped) == ("loaded", 340, 300, 40)
    assert "Dropped by rule (blank: 40)." in report.notes


def test_binary_rubbish_is_no_known_format(events):
    desk, _ = events
    desk.lay("in/events.csv", bytes(range(256)) * 40)
    assert desk.only().status == "failed"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("in/a.xlsx", b"PK\x05\x06", "unreadable"),
        ("in/a.xlsx", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "encrypted"),
        ("in/a.parquet", b"nothing of the sort", "unreadable"),
        ("in/a.parquet", b"PAR1 and then nothing", "unreadable"),
        ("in/a.json", b"[" * 200_000, "unreadable"),
        ("in/a.json", b'[{"a": 1}, {"a": ', "truncated"),
        ("in/a.json", b'{"a": \n [1, 2', "truncated"),
        ("in/a.json", b"42", "unreadable"),
    ],
)
def test_files_that_are_not_what_they_seem_are_named(desk, name, content, code):
    desk.sources(EVENTS)
    desk.lay(name, content)
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", code)
    assert name in report.questions[0]["text"]


# purchases, blank-separated -----------------------------------------------------------------


@pytest.fixture
def purchases(desk, real):
    desk.mapping(PURCHASES, 'timezone = "UTC"\n')
    return desk, real("cdnow/CDNOW_part.txt").splitlines()


def test_the_undamaged_purchases_load_to_the_cent(purchases):
    desk, lines = purchases
    report = laid(desk, lines, "in/p.txt")
    total = round(sum(float(line.split()[-1]) for line in lines[1:]) * 100)
    assert report.loaded == len(lines) - 1
    assert desk.rows("payments", "cast(sum(amount_minor) as bigint)") == [(total,)]


def test_text_in_an_amount_holds_a_money_file(purchases):
    desk, lines = purchases
    lines[3] = lines[3].rsplit(" ", 1)[0] + " twelve"
    report = laid(desk, lines, "in/p.txt")
    assert (report.status, report.quarantined) == ("held", 1)
    assert report.questions[0]["code"] == "bad_money_rows"
    (entry,) = desk.refused()
    assert (entry["column_name"], entry["raw_text"]) == ("dollar_value", "twelve")
    assert desk.rows("payments") == []


def test_a_line_of_another_width_is_refused_in_blank_separated_files(purchases):
    desk, lines = purchases
    lines[3] += "  5"
    lines[9] = lines[9].rsplit(" ", 1)[0]
    report = laid(desk, lines, "in/p.txt")
    assert (report.status, report.quarantined) == ("held", 2)
    assert [(one["record_no"], one["line_no"]) for one in desk.refused()] == [(3, 4), (9, 10)]


def test_an_accepted_money_file_counts_without_its_bad_row(purchases):
    desk, lines = purchases
    lines[3] = lines[3].rsplit(" ", 1)[0] + " twelve"
    report = laid(desk, lines, "in/p.txt")
    desk.landing.decide(report.import_id, "accept", datetime(2026, 7, 1, tzinfo=UTC))
    assert len(desk.rows("payments")) == len(lines) - 2
    assert desk.only().status == "unchanged"


# JSON ---------------------------------------------------------------------------------------


@pytest.fixture
def sprints(desk, real):
    desk.sources(SPRINTS)
    return desk, real("devlake_jira/sprints_raw.jsonl").splitlines()


def test_json_lines_cut_in_an_object_lose_only_that_object(sprints):
    desk, lines = sprints
    desk.lay("in/s.jsonl", "\n".join(lines)[:-30])
    report = desk.only()
    assert (report.read, report.quarantined) == (30, 1)
    (entry,) = desk.refused()
    assert (entry["record_no"], entry["line_no"]) == (30, 30)
    assert "cut" in entry["reason_text"]


def test_odd_letters_in_json_are_no_line_ends_and_no_crash(sprints):
    desk, lines = sprints
    lines[0] = lines[0].replace('"name": "', '"name": "a\u2028b\\u0000\\ud800 ')
    lines[0] = lines[0].replace('"name":"', '"name":"a\u2028b\\u0000\\ud800 ')
    lines[1] = "[1, 2, \u2028]"
    desk.lay("in/s.jsonl", "\n".join(lines))
    report = desk.only()
    assert (report.read, report.quarantined) == (30, 1)
    assert desk.refused()[0]["raw_text"] == "[1, 2, \u2028]"


def test_json_of_another_shape_says_near_which_record(sprints):
    desk, lines = sprints
    lines[4] = (
        '{"id": [], "name": {}, "state": 7, "startDate": 5, "endDate": {}, "originBoardId": 1}'
    )
    desk.lay("in/s.jsonl", "\n".join(lines))
    report = desk.only()
    assert report.status in {"failed", "loaded", "held"}
    if report.status == "failed":
        assert "near record 5" in report.questions[0]["text"]


def test_a_refused_record_keeps_no_address_and_no_long_number(events):
    desk, lines = events
    lines[5] += ",ada@example.org,+49 170 1234567"
    laid(desk, lines)
    raw = desk.refused()[0]["raw_text"]
    assert raw.endswith(",[e-mail],[number]")


# workbooks ----------------------------------------------------------------------------------


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
    desk.sources(EVENTS + 'sheet = "Sheet2"\n')
    assert desk.only().loaded == 5
    desk.sources(EVENTS + 'sheet = "Sheet9"\n')
    assert desk.only().questions[0]["code"] == "no_sheet"


def test_an_empty_sheet_is_no_crash(events):
    desk, _ = events
    desk.lay("in/events.xlsx", workbook([]))
    assert desk.only().status == "failed"


def test_a_workbook_under_the_name_of_a_csv_is_read_as_what_it_is(events):
    desk, lines = events
    desk.lay("in/events.csv", workbook([line.split(",") for line in lines[:6]]))
    assert desk.only().loaded == 5


# Parquet ------------------------------------------------------------------------------------


def parquet(lines, *, naive=False):
    header, *rows = (line.split(",") for line in lines)
    frame = pl.DataFrame(rows, schema=header, orient="row")
    moment = pl.col("timestamp").str.to_datetime(time_unit="us")
    frame = frame.with_columns(moment if naive else moment.dt.replace_time_zone("UTC"))
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def test_a_parquet_file_loads_the_same_events_as_its_csv(events, tmp_path_factory):
    desk, lines = events
    laid(desk, lines)
    other = type(desk)(tmp_path_factory.mktemp("parquet"))
    other.sources(EVENTS)
    other.lay("in/events.parquet", parquet(lines))
    other.pull_in()
    kept = ["user_id", "event_name", "occurred_at", "session_id", "platform_code"]
    found, expected = (one.frame("events").select(kept).sort(kept) for one in (other, desk))
    assert found.equals(expected)


def test_times_without_zone_in_parquet_are_asked_for_too(events):
    desk, lines = events
    desk.sources(EVENTS.replace('timezone = "UTC"\n', ""))
    desk.lay("in/events.parquet", parquet(lines, naive=True))
    assert desk.only().questions[0]["code"] == "ask_timezone"


def test_a_cut_or_overwritten_parquet_file_is_said_to_be_unreadable(events):
    desk, lines = events
    content = bytearray(parquet(lines))
    desk.lay("in/a.parquet", bytes(content[:-100]))
    content[30:400] = b"\x00" * 370
    desk.lay("in/b.parquet", bytes(content))
    for report in desk.pull_in():
        assert (report.status, report.questions[0]["code"]) == ("failed", "unreadable")

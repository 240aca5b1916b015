"""Text is read as it was encoded, and where its bytes do not fit the report says so."""

import codecs

import pytest


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
    desk.source("events", 'encoding = "utf-8"')
    lines[5] = lines[5].replace(",", ",ü", 1)
    desk.lay("in/events.csv", "\n".join(lines).encode("latin-1"))
    report = desk.only()
    assert report.questions[0]["code"] == "encoding"
    assert "Correct `encoding`" in report.questions[0]["text"]


def test_an_unknown_encoding_is_no_crash(events):
    desk, lines = events
    desk.source("events", 'encoding = "klingon"')
    assert desk.laid(lines).questions[0]["code"] == "encoding"


def test_nul_bytes_are_removed_and_counted(events):
    desk, lines = events
    lines[9] = lines[9].replace(",", "\x00,", 2)
    report = desk.laid(lines)
    assert report.loaded == 300
    assert "2 NUL bytes were removed." in report.notes

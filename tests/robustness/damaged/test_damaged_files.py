"""A file that is empty, cut, badly packed or not what it seems is named with its fault."""

import gzip
import io
import zipfile

import pytest


def test_a_cut_gzip_stream_loads_nothing(events):
    desk, lines = events
    desk.lay("in/events.csv.gz", gzip.compress("\n".join(lines).encode())[:-200])
    report = desk.only()
    assert (report.status, report.read) == ("failed", 0)
    assert report.questions[0]["code"] == "truncated"
    assert "copy the file again" in report.questions[0]["text"]
    assert desk.rows("events") == []


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(events, content):
    desk, _ = events
    desk.lay("in/events.csv", content)
    report = desk.only()
    assert report.status == "failed"
    assert report.questions[0]["code"] == "empty"


def test_a_header_without_records_loads_nothing_and_is_no_error(events):
    desk, lines = events
    report = desk.laid(lines[:1])
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
    desk.source("events")
    desk.lay(name, content)
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", code)
    assert name in report.questions[0]["text"]

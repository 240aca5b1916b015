"""A Parquet file loads the events of its CSV, and a damaged one is said to be unreadable."""

import io

import polars as pl


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
    desk.laid(lines)
    other = type(desk)(tmp_path_factory.mktemp("parquet"))
    other.source("events")
    other.lay("in/events.parquet", parquet(lines))
    other.pull_in()
    kept = ["user_id", "event_name", "occurred_at", "session_id", "platform_code"]
    found, expected = (one.frame("events").select(kept).sort(kept) for one in (other, desk))
    assert found.equals(expected)


def test_times_without_zone_in_parquet_are_asked_for_too(events):
    desk, lines = events
    desk.source("events", zone="")
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

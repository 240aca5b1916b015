from datetime import UTC, datetime

import pytest

from pipelines.errors import SourceError
from pipelines.sources import mixpanel
from pipelines.sources.definition import Record, Refused
from pipelines.sources.raw import keyed_header

TABLE, OBJECTS = mixpanel.PRESETS


def event(number=1, **properties):
    return Record(
        number,
        {"event": "export", "properties": {"time": 1767607200, "distinct_id": "u1", **properties}},
    )


@pytest.fixture
def exported(files):
    return files.rows_of(files.data / "fivetran_dbt_mixpanel" / "event.csv")


@pytest.fixture
def made_from(files):
    def made(*records, timezone="UTC"):
        return list(OBJECTS.records(list(records), files.context([["event"]], timezone=timezone)))

    return made


def test_the_table_is_recognised_and_its_key_is_not_the_insert_id_alone(exported, files):
    header = keyed_header(exported[0])
    assert TABLE.fingerprint.matches(header)
    mapping = TABLE.mapping(header, files.context(exported))
    assert mapping.key == ("event_name", "user_id", "occurred_at", "event_id")
    assert mapping.timezone == "UTC"
    assert mapping.columns["received_at"].from_ == ("_fivetran_synced",)


def test_columns_that_a_table_lacks_are_not_asked_for(files):
    header = ["name", "time", "distinct_id", "insert_id", "mp_processing_time_ms", "properties"]
    mapping = TABLE.mapping(header, files.context([header]))
    assert set(mapping.columns) == {
        "event_id", "event_name", "occurred_at", "user_id", "properties_json",
    }  # fmt: skip


def test_the_zone_of_a_project_is_asked_for_once(made_from):
    with pytest.raises(SourceError) as caught:
        made_from(event(), timezone=None)
    assert caught.value.code == "ask_timezone"


def test_seconds_are_counted_by_the_clock_of_the_project(made_from):
    (utc,) = made_from(event())
    (berlin,) = made_from(event(), timezone="Europe/Berlin")
    assert utc.values["occurred_at"] == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert berlin.values["occurred_at"] == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_milliseconds_are_the_same_instant(made_from):
    (row,) = made_from(event(time=1767607200000))
    assert row.values["occurred_at"] == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_equal_insert_ids_of_different_times_are_different_events(made_from):
    first, second = made_from(
        event(**{"$insert_id": "a"}), event(2, time=1767607201, **{"$insert_id": "a"})
    )
    assert first.values["event_key"] != second.values["event_key"]


def test_a_device_is_anonymous_until_somebody_signs_in(made_from):
    (row,) = made_from(event(distinct_id="$device:abc", **{"$device_id": "abc"}))
    assert (row.values["user_id"], row.values["anonymous_id"]) == (None, "abc")
    (row,) = made_from(event(**{"$device_id": "abc"}))
    assert (row.values["user_id"], row.values["anonymous_id"]) == ("u1", "abc")


def test_properties_that_name_a_person_are_left_behind(made_from):
    (row,) = made_from(event(plan="team", **{"$email": "a@b.example", "ip": "10.0.0.1"}))
    assert row.values["properties_json"] == '{"plan": "team"}'


def test_an_event_without_time_is_refused(files, made_from):
    made = made_from(Record(1, {"event": "x", "properties": {}}), event(2))
    assert [one.record_no for one in made if isinstance(one, Refused)] == [1]
    assert len(files.table(made, "events")) == 1

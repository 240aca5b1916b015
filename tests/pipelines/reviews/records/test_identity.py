"""Ids: UUID version 7, which sort by the time at which they were given."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from pipelines.reviews.records.identity import new_id

times = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))


@given(times)
def test_an_id_is_a_version_7_uuid_that_holds_its_time(at):
    made = UUID(new_id(at))
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(times, times)
def test_ids_of_different_times_sort_by_time(first, second):
    if first != second:
        assert (new_id(first) < new_id(second)) == (first < second)


def test_ids_of_one_moment_never_meet():
    at = datetime(2026, 11, 28, tzinfo=UTC)
    assert len({new_id(at) for _ in range(10_000)}) == 10_000


def test_the_example_of_the_standard_has_its_first_half():
    assert new_id(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)).startswith("017f22e2-79b0-7")

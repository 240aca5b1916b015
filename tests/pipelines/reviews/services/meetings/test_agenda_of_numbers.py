"""Which numbers a review talks about: at most seven, by class and by how far they are off."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.refresh import refresh
from pipelines.reviews import meetings
from pipelines.reviews.core.agenda import METRICS
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingKind
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting import in_session
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.records.verifying import verify_records
from pipelines.stats.control_chart import limits_of, signals_among

MONDAY = date(2026, 1, 5)
WEEKS = 26
NOW = datetime(2026, 7, 7, 9, tzinfo=UTC)
SPIKES = [f"spike_{number}" for number in range(1, 10)]
METRIC = """
[[metric]]
id = "{name}"
name = "{name}"
definition = "How often it happened in the week."
table = "events"
measure = {{ count = true, where = {{ event_name = "{name}" }} }}
unit = "count"
better = "up"
"""
SETTINGS = """
[product]
name = "Test"
[[launch]]
id = "one"
name = "One"
on = 2026-03-04
scorecard = {scorecard}
[[source]]
name = "product events"
files = "events.csv"
complete_to = {end}
expected_every = "999d"
"""


def series(name):
    """Weekly counts: noise, then what the name says."""
    noise = [36 if week % 2 else 44 for week in range(WEEKS)]
    if name in SPIKES:
        return [*noise[:-1], 120 + 20 * SPIKES.index(name)]
    if name == "run":
        return [*noise[:-8], *[46, 48] * 4]
    if name == "cluster":
        return [*noise[:-4], 57, 40, 57, 57]
    return noise


NAMES = [*SPIKES, "run", "cluster", "calm"]


def write_settings(folder, scorecard):
    listed = "[" + ", ".join(f'"{name}"' for name in scorecard) + "]"
    text = SETTINGS.format(scorecard=listed, end=MONDAY + timedelta(weeks=WEEKS))
    text += "".join(METRIC.format(name=name) for name in NAMES)
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path):
    """`desk(names)` → at a product whose scorecard has these numbers, refreshed."""

    def open_it(names):
        with (tmp_path / "events.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["event_name", "occurred_at", "user_id"])
            for name in NAMES:
                for week, count in enumerate(series(name)):
                    for place in range(count):
                        day = MONDAY + timedelta(days=7 * week + place % 7)
                        writer.writerow([name, f"{day}T10:00:00Z", f"u{place}"])
        write_settings(tmp_path, names)
        assert refresh(tmp_path).published
        return Desk.open(tmp_path, clock=lambda: NOW)

    return open_it


def begun(who):
    """A meeting in session, whose agenda made itself, as its page shows it."""
    day = who.today + timedelta(days=1)
    meeting_id = meetings.schedule(who, Invitation(MeetingKind.WEEKLY_METRICS, day, "product"))
    meetings.start(who, meeting_id)
    with who.store.reading() as session:
        assert verify_records(session) is None
    return meeting_view(who, meeting_id)


def told(view):
    return [(each.item.subject, each.reasons) for each in view.items]


def test_the_series_of_these_tests_have_the_signals_that_they_are_named_for():
    for name in NAMES:
        found = signals_among(series(name), limits_of(series(name)))
        outside, run, near = (
            bool(rule[-8:].any()) for rule in (found.outside, found.run, found.near_limit)
        )
        assert outside == (name in SPIKES), name
        if name not in SPIKES:
            assert (run, near) == (name == "run", name == "cluster"), name


def test_runs_and_clusters_come_after_points_beyond_the_limits(desk):
    view = begun(desk(["calm", "cluster", "run", "spike_1", "spike_2"]))
    beyond = "A point lies beyond the process limits."
    together = "A run or a cluster of points is not noise."
    order = told(view)
    assert [name for name, _ in order[:2]] == ["spike_2", "spike_1"]
    assert all(reasons[0] == beyond for _, reasons in order[:2])
    assert order[2:] == [("cluster", (together,)), ("run", (together,))]
    assert all(each.item.source is ItemSource.AUTO_SIGNAL for each in view.items)
    assert all(each.item.state is ItemState.PROPOSED for each in view.items)
    assert [each.item.subject for each in view.folded] == ["calm"]
    for each in view.items:
        assert each.numbers.name == each.item.subject
        assert each.numbers.newest.value == series(each.item.subject)[-1]


def test_of_more_than_seven_numbers_the_largest_misses_are_talked_about_the_rest_is_parked(
    desk,
):
    view = begun(desk(NAMES))
    talked = [each for each in view.items if each.item.state is ItemState.PROPOSED]
    parked = [each for each in view.items if each.item.state is ItemState.PARKED]
    assert len(talked) == METRICS == 7
    assert [each.item.subject for each in talked] == SPIKES[:1:-1]
    assert {each.item.subject for each in parked} == {"spike_1", "spike_2", "run", "cluster"}
    assert all("limit" in each.item.note for each in parked), [each.item.note for each in parked]
    assert [each.item.subject for each in view.folded] == ["calm"]
    # All of them are frozen: whoever takes one up sees the numbers of the others' day.
    assert {each.metric_id for each in view.freeze.series} == set(NAMES)


def test_a_parked_number_is_taken_up_by_hand_and_stays_on_the_agenda(desk):
    who = desk(NAMES)
    view = begun(who)
    (item,) = [each for each in view.items if each.item.subject == "run"]
    in_session.set_state(who, item.item.item_id, ItemState.DISCUSSED)
    again = meeting_view(who, view.meeting.meeting_id)
    (taken,) = [each for each in again.items if each.item.subject == "run"]
    assert taken.item.state is ItemState.DISCUSSED
    assert taken.numbers.newest.value == 48

"""Meetings, items and follow-ups: what may be done with them, and when not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews.core import meeting as meetings
from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.meeting import FollowUp, Item, Meeting
from pipelines.reviews.core.terms import (
    FollowUpStatus,
    ItemSource,
    ItemState,
    Level,
    MeetingKind,
    MeetingStatus,
)

TODAY = date(2026, 10, 6)
NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)
SCHEDULED = Meeting("m1", "t1", MeetingKind.WEEKLY_METRICS, TODAY)
PROMISE = FollowUp("f1", "Ask the users", owner_id="ana", due_on=TODAY)


def test_a_meeting_looks_at_the_freeze_of_its_pre_read():
    sent = meetings.send_preread(SCHEDULED, "s1", NOW)
    begun = meetings.begin(sent, "s2")
    assert (begun.status, begun.snapshot_id, begun.label) == ("in_session", "s1", "")
    ended = meetings.end(begun)
    assert meetings.publish(ended, ()).status is MeetingStatus.PUBLISHED


def test_a_meeting_without_a_pre_read_freezes_when_it_begins_and_says_so():
    begun = meetings.begin(SCHEDULED, "s2")
    assert (begun.snapshot_id, begun.label) == ("s2", "no pre-read")
    assert SCHEDULED.label == meetings.cancel_meeting(SCHEDULED).label == ""


@pytest.mark.parametrize("status", list(MeetingStatus))
def test_each_step_of_a_meeting_is_taken_from_where_it_may_be(status):
    some = replace(SCHEDULED, status=status)
    steps = {
        "scheduled preread_sent": lambda: meetings.begin(some, "s"),
        "scheduled": lambda: meetings.send_preread(some, "s", NOW),
        "in_session": lambda: meetings.end(some),
        "minutes_draft": lambda: meetings.publish(some, ()),
        "scheduled preread_sent in_session minutes_draft": lambda: meetings.cancel_meeting(some),
    }
    for allowed, step in steps.items():
        if status.value in allowed.split():
            assert step().status is not status
        else:
            with pytest.raises(NotAllowedError):
                step()


def test_minutes_are_not_published_over_a_finding_that_blocks():
    draft = replace(SCHEDULED, status=MeetingStatus.MINUTES_DRAFT)
    warned = (Finding("V23", Level.RECORDED, "Late."),)
    assert meetings.publish(draft, warned).status is MeetingStatus.PUBLISHED
    with pytest.raises(NotAllowedError, match="No outcome") as refused:
        meetings.publish(draft, (Finding("V24", Level.BLOCKS, "No outcome."),))
    assert refused.value.rule == "V24"


@pytest.mark.parametrize("source", list(ItemSource))
def test_an_automatic_item_is_parked_with_a_reason_only(source):
    item = Item("i1", "m1", 1, source, "Churn")
    if source is ItemSource.MANUAL:
        assert meetings.set_item(item, ItemState.PARKED).state is ItemState.PARKED
        return
    with pytest.raises(NotAllowedError, match="“Churn” is parked"):
        meetings.set_item(item, ItemState.PARKED, note=" ")
    parked = meetings.set_item(item, ItemState.PARKED, note="Waits for the release")
    assert (parked.state, parked.note) == ("parked", "Waits for the release")
    assert meetings.set_item(item, ItemState.DISCUSSED).state is ItemState.DISCUSSED


def test_a_new_date_keeps_a_follow_up_open_and_is_counted():
    moved = meetings.redate(meetings.redate(PROMISE, date(2026, 10, 9)), date(2026, 10, 12))
    assert (moved.status, moved.redated, moved.due_on) == ("open", 2, date(2026, 10, 12))
    with pytest.raises(NotAllowedError, match="already"):
        meetings.redate(moved, date(2026, 10, 12))


def test_a_follow_up_is_done_with_what_shows_it():
    with pytest.raises(NotAllowedError, match="Link what shows"):
        meetings.fulfil(PROMISE, None)
    done = meetings.fulfil(PROMISE, "e1", meeting_id="m1")
    assert (done.status, done.evidence_id, done.closed_in_meeting_id) == ("done", "e1", "m1")


def test_a_follow_up_is_dropped_with_a_reason():
    with pytest.raises(NotAllowedError, match="Say why"):
        meetings.drop(PROMISE, "")
    assert meetings.drop(PROMISE, "Not needed").reason == "Not needed"


@pytest.mark.parametrize("status", [FollowUpStatus.DONE, FollowUpStatus.DROPPED])
def test_a_closed_follow_up_stays_as_it_is(status):
    closed = replace(PROMISE, status=status)
    for step in (
        lambda: meetings.redate(closed, date(2027, 1, 1)),
        lambda: meetings.fulfil(closed, "e1"),
        lambda: meetings.drop(closed, "Why not"),
    ):
        with pytest.raises(NotAllowedError, match="final"):
            step()


def test_a_follow_up_is_overdue_the_day_after():
    assert not PROMISE.is_overdue(TODAY)
    assert PROMISE.is_overdue(date(2026, 10, 7))
    assert not replace(PROMISE, due_on=None).is_overdue(date(2026, 10, 7))
    assert not meetings.drop(PROMISE, "Why not").is_overdue(date(2026, 10, 7))

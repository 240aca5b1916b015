"""A meeting keeps the numbers that it froze, and what changed since stands beside them."""

from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.refresh import refresh
from pipelines.reviews import meetings
from pipelines.reviews.core.canonical import body_hash, canonical
from pipelines.reviews.core.meeting import NO_PREREAD
from pipelines.reviews.core.terms import MeetingStatus
from pipelines.reviews.meeting import minutes
from pipelines.reviews.meeting.view import meeting_view, newer_snapshot
from pipelines.reviews.numbers.frozen import frozen


class TestFreeze:
    def test_the_preread_freezes_a_day_before_and_the_session_keeps_its_numbers(
        self, anna, plan_meeting, item_on
    ):
        meeting_id = plan_meeting(anna)
        meetings.send_preread(anna, meeting_id)
        view = meeting_view(anna, meeting_id)
        assert view.meeting.status is MeetingStatus.PREREAD_SENT
        assert view.meeting.preread_at == anna.now
        wau = item_on(view, "Weekly active users")
        assert wau.numbers.newest.value == 3
        assert len(wau.numbers.points) == 26
        assert "Distinct persons" in wau.numbers.rule_text
        assert [each["title_text"] for each in wau.markers] == ["Summer mail"]
        rate = item_on(view, "Activation rate").numbers.newest
        assert rate.low < rate.value < rate.high < rate.target == 0.9
        meetings.start(anna, meeting_id)
        begun = meeting_view(anna, meeting_id)
        assert begun.freeze == view.freeze
        assert begun.meeting.label == ""

    def test_too_late_for_a_preread_says_so_and_the_meeting_starts_without(
        self, anna, plan_meeting
    ):
        meeting_id = plan_meeting(anna, anna.today)
        with pytest.raises(NotAllowedError, match="on 7 Jul 2026 at the latest"):
            meetings.send_preread(anna, meeting_id)
        meetings.start(anna, meeting_id)
        view = meeting_view(anna, meeting_id)
        assert view.meeting.label == NO_PREREAD
        assert view.freeze is not None

    def test_newer_data_raise_a_banner_and_change_nothing(
        self, anna, speak, plan_meeting, place, backfill, is_whole
    ):
        meeting_id = plan_meeting(anna)
        meetings.start(anna, meeting_id)
        assert newer_snapshot(anna, meeting_view(anna, meeting_id).meeting) is None
        before = meeting_view(anna, meeting_id)
        backfill(place)
        again = speak("anna")
        assert meeting_view(again, meeting_id) == before
        assert "keeps the numbers" in newer_snapshot(again, before.meeting)
        assert is_whole(again)

    def test_published_minutes_and_frozen_numbers_are_the_same_bytes_after_a_backfill(
        self, anna, speak, plan_meeting, place, backfill, begun, decided, publish
    ):
        decided(anna, begun)
        hashed = publish(anna, begun)
        first = minutes.published(anna, begun)
        snapshot_id = first.body["meeting"]["snapshot_id"]
        numbers = canonical(frozen(anna.store, snapshot_id))
        backfill(place)
        again = speak("vic")
        second = minutes.published(again, begun)
        assert second.text == first.text
        assert second.body_hash == hashed == body_hash(second.body)
        assert canonical(frozen(again.store, snapshot_id)) == numbers

    def test_late_data_and_real_change_stand_apart_and_sum(
        self, anna, speak, plan_meeting, place, backfill, begun, publish, item_on
    ):
        publish(anna, begun)
        backfill(place)
        later = speak("anna", anna.now + timedelta(days=7))
        meeting_id = plan_meeting(later, date(2026, 7, 17))
        meetings.start(later, meeting_id)
        view = meeting_view(later, meeting_id)
        since = item_on(view, "Weekly active users").since
        # Two people came late into the quiet week; the week after has forty.
        assert (since.change.frozen, since.change.now) == (3, 40)
        assert since.change.parts == (("late data", 2), ("definition", 0), ("real change", 35))
        assert since.words
        assert since.change.is_restated

    def test_another_definition_cannot_be_told_from_late_data(
        self, anna, speak, plan_meeting, place, begun, publish, item_on
    ):
        publish(anna, begun)
        settings = place / "launchloop.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("within_days = 7", "within_days = 3"), encoding="utf-8")
        assert refresh(place).published
        later = speak("anna")
        meeting_id = plan_meeting(later, date(2026, 7, 17))
        meetings.start(later, meeting_id)
        since = item_on(meeting_view(later, meeting_id), "Activation rate").since
        assert not since.change.is_separable
        assert since.change.late_data is None

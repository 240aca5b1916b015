"""Minutes are published whole, close their place in the log, and are corrected beside."""

from datetime import date

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import meetings
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import Event, MeetingItem


class TestMinutes:
    def test_are_read_back_and_blocked_while_an_item_has_no_outcome(
        self, anna, begun, decided, settle
    ):
        decided(anna, begun)
        deciding.promise(anna, begun, "Write the mail", "ben", date(2026, 7, 20))
        read = minutes.read_back(anna, begun)
        assert [each["text"] for each in read["decisions"]] == ["Repeat the mail"]
        assert [(each["owner_id"], each["due_on"]) for each in read["follow_ups"]] == [
            ("ben", date(2026, 7, 20))
        ]
        meetings.end(anna, begun)
        assert {each.rule for each in minutes.what_blocks(anna, begun)} == {"V24"}
        with pytest.raises(NotAllowedError) as refused:
            minutes.publish(anna, begun)
        assert refused.value.rule == "V24"
        settle(anna, begun)
        assert not minutes.what_blocks(anna, begun)
        minutes.publish(anna, begun)

    def test_hold_numbers_and_the_place_in_the_log_that_they_close(
        self, anna, begun, is_whole, decided, publish
    ):
        decided(anna, begun)
        publish(anna, begun)
        found = minutes.published(anna, begun)
        rate = next(each for each in found.body["items"] if each["subject"] == "Activation rate")
        assert rate["number"]["target_value"] == 0.9
        with anna.store.reading() as session:
            (event,) = rows_of(session, Event, seq=found.body["events_count"])
        assert event.event_hash == found.body["events_last_hash"]
        assert (event.entity, event.to_status) == ("review_meeting", "published")
        assert is_whole(anna)

    def test_corrections_stand_beside_and_change_no_byte(self, anna, speak, begun, publish):
        with pytest.raises(NotAllowedError, match="not published yet"):
            minutes.correct(anna, begun, "4, not 5", "Typing error")
        publish(anna, begun)
        before = minutes.published(anna, begun)
        minutes.correct(speak("ben"), begun, "4, not 5", "Typing error")
        after = minutes.published(anna, begun)
        assert after.text == before.text
        (said,) = after.corrections
        assert (said.text, said.reason, said.author_id) == ("4, not 5", "Typing error", "ben")
        with pytest.raises(NotAllowedError, match="Write why"):
            minutes.correct(anna, begun, "4", " ")

    def test_what_is_redacted_later_is_covered_when_shown_and_kept_in_the_hash(
        self, anna, begun, is_whole, publish
    ):
        item = meeting_view(anna, begun).items[0]
        in_session.write_note(anna, item.item.item_id, "Call Max Muster", item.row_version)
        publish(anna, begun)
        with anna.saving() as save:
            row = row_of(save.session, MeetingItem, item.item.item_id, "item")
            redact(save.session, row, "note", [(5, 15)], save.author, "Asked for")
        found = minutes.published(anna, begun)
        assert found.shown["items"][0]["note"] == "Call ██████████"
        assert found.body["items"][0]["note"] == "Call Max Muster"
        assert meeting_view(anna, begun).items[0].item.note == "Call ██████████"
        assert is_whole(anna)

"""An agenda makes itself from published numbers and promises, and keeps what people did."""

from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import followups, meetings
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.subjects import metric_subject
from pipelines.reviews.core.terms import ItemSource, ItemState
from pipelines.reviews.meeting import deciding, in_session
from pipelines.reviews.meeting.view import meeting_view

HELD = date(2026, 7, 10)


class TestAgenda:
    def test_makes_itself_from_published_numbers_by_class_and_folds_the_rest(
        self, anna, plan_meeting, is_whole
    ):
        meeting_id = plan_meeting(anna)
        assert meeting_view(anna, meeting_id).freeze is None
        meetings.make_agenda(anna, meeting_id)
        view = meeting_view(anna, meeting_id)
        told = [(each.item.subject, each.reasons) for each in view.items]
        assert told == [
            ("Activation rate", ("Off target.",)),
            ("Weekly active users", ("A point lies beyond the process limits.",)),
            ("notes", ("No newer data than of 2026-06-01.",)),
            ("product events", ("No newer data than of 2026-07-06.",)),
        ]
        assert all(each.item.source is ItemSource.AUTO_SIGNAL for each in view.items)
        assert [each.item.position for each in view.items] == [1, 2, 3, 4]
        assert not view.left_out
        assert is_whole(anna)

    def test_made_twice_adds_nothing_and_keeps_what_people_did(self, anna, plan_meeting, item_on):
        meeting_id = plan_meeting(anna)
        own = in_session.add_item(anna, meeting_id, "Summer holidays")
        meetings.make_agenda(anna, meeting_id)
        wau = item_on(meeting_view(anna, meeting_id), "Weekly active users").item
        in_session.set_state(anna, wau.item_id, ItemState.PARKED, note="Holidays explain it")
        meetings.make_agenda(anna, meeting_id)
        view = meeting_view(anna, meeting_id)
        assert len(view.items) == 5
        parked = item_on(view, "Weekly active users").item
        assert (parked.state, parked.note) == (ItemState.PARKED, "Holidays explain it")
        assert view.items[-1].item.item_id == own

    def test_what_came_by_itself_is_parked_with_a_reason_only(self, anna, plan_meeting, item_on):
        meeting_id = plan_meeting(anna)
        meetings.make_agenda(anna, meeting_id)
        wau = item_on(meeting_view(anna, meeting_id), "Weekly active users").item
        with pytest.raises(NotAllowedError, match="Say why “Weekly active users” is parked"):
            in_session.set_state(anna, wau.item_id, ItemState.PARKED)
        own = in_session.add_item(anna, meeting_id, "Lunch")
        in_session.set_state(anna, own, ItemState.PARKED)

    def test_a_number_added_by_hand_is_frozen_with_the_others(self, anna, plan_meeting, item_on):
        meeting_id = plan_meeting(anna)
        in_session.add_item(anna, meeting_id, "Daily users", card=Card("dau"))
        with pytest.raises(NotAllowedError, match="stands on this agenda already"):
            in_session.add_item(anna, meeting_id, "Again", card=Card("dau"))
        meetings.start(anna, meeting_id)
        dau = item_on(meeting_view(anna, meeting_id), "Daily users")
        assert (dau.numbers.name, dau.item.state) == ("Daily active users", ItemState.PROPOSED)
        assert dau.numbers.newest.value is not None

    def test_a_discussed_number_comes_again_with_new_data_only(
        self, anna, plan_meeting, begun, item_on
    ):
        parked = in_session.add_item(anna, begun, "Pricing page")
        in_session.set_state(anna, parked, ItemState.PARKED, note="Next week")
        for each in meeting_view(anna, begun).items:
            if each.item.item_id != parked:
                in_session.set_state(anna, each.item.item_id, ItemState.DISCUSSED)
        meetings.end(anna, begun)
        later = plan_meeting(anna, HELD + timedelta(days=1))
        meetings.make_agenda(anna, later)
        view = meeting_view(anna, later)
        assert [each.item.subject for each in view.items] == [
            "notes", "product events", "Pricing page",
        ]  # fmt: skip
        carried = item_on(view, "Pricing page")
        assert carried.item.source is ItemSource.CARRIED
        assert carried.reasons[-1] == "Next week"
        folded = item_on(view, "Weekly active users").item
        assert folded.note == "Discussed before on the same data."
        assert item_on(view, "Weekly active users").since.change.total == 0

    def test_an_overdue_promise_enters_by_itself(self, anna, speak, plan_meeting, begun, item_on):
        promised = deciding.promise(anna, begun, "Ask support", "ben", date(2026, 7, 9))
        meetings.end(anna, begun)
        august = speak("anna", anna.now + timedelta(days=7))
        later = plan_meeting(august, date(2026, 7, 16))
        meetings.make_agenda(august, later)
        found = item_on(meeting_view(august, later), "Ask support")
        assert found.item.source is ItemSource.OVERDUE
        assert found.reasons == ("Overdue since 2026-07-09.",)
        assert [each.follow_up_id for each in meeting_view(august, later).due_follow_ups] == [
            promised
        ]


def test_the_subject_of_a_number_is_the_same_in_every_meeting(anna, plan_meeting, begun, item_on):
    wau = item_on(meeting_view(anna, begun), "Weekly active users").item
    assert wau.subject_id == metric_subject(Card("wau"))
    assert followups.follow_ups(anna, "growth") == ()

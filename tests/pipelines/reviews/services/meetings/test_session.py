"""In session all see one item, and nothing is written too early, too late or without its owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from pipelines.errors import NotAllowedError, StaleError
from pipelines.reviews import meetings
from pipelines.reviews.core.terms import ItemState, MeetingStatus
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view

HELD = date(2026, 7, 10)


class TestSession:
    def test_one_item_is_shown_to_all_and_the_timer_runs_from_then(self, anna, speak, begun):
        items = meeting_view(anna, begun).items
        in_session.show(anna, items[1].item.item_id)
        view = meeting_view(speak("vic"), begun)
        assert view.current_item_id == items[1].item.item_id
        assert view.current_since == anna.now
        assert not view.may_write

    def test_a_note_is_kept_and_a_stale_one_shows_both_texts(self, anna, speak, begun):
        item = meeting_view(anna, begun).items[0]
        in_session.write_note(speak("ben"), item.item.item_id, "Holidays", item.row_version)
        with pytest.raises(StaleError) as stale:
            in_session.write_note(anna, item.item.item_id, "Weather", item.row_version)
        assert stale.value.theirs == {"note": "Holidays"}
        assert meeting_view(anna, begun).items[0].item.note == "Holidays"

    @pytest.mark.parametrize("left", ["text", "decider_id", "rationale"])
    def test_a_decision_needs_text_one_decider_and_a_rationale(self, anna, begun, left):
        said = {"text": "Do it", "decider_id": "anna", "rationale": "It helps", left: ""}
        with pytest.raises(NotAllowedError) as refused:
            deciding.decide(anna, begun, Deciding(**said))
        assert refused.value.rule == "V22"

    def test_a_follow_up_needs_one_owner_and_a_date(self, anna, begun):
        with pytest.raises(NotAllowedError, match="no owner"):
            deciding.promise(anna, begun, "Ask", None, HELD)
        with pytest.raises(NotAllowedError, match="no date"):
            deciding.promise(anna, begun, "Ask", "ben", None)
        with pytest.raises(NotAllowedError, match="no person the team"):
            deciding.promise(anna, begun, "Ask", "the team", HELD)

    def test_a_decision_is_reversed_once_by_another(self, anna, begun, decided):
        first = decided(anna, begun)
        decided(anna, begun, "No mail", reverses_id=first)
        with pytest.raises(NotAllowedError, match="was reversed already"):
            decided(anna, begun, "Yes mail", reverses_id=first)

    def test_an_item_on_which_is_decided_is_discussed_and_a_parked_one_stays_parked(
        self, anna, begun, decided
    ):
        waiting = meeting_view(anna, begun).items[0].item
        parked = in_session.add_item(anna, begun, "Pricing page")
        in_session.set_state(anna, parked, ItemState.PARKED, note="Next week")
        for item_id in (waiting.item_id, parked):
            decided(anna, begun, item_id=item_id)
        states = {each.item.item_id: each.item.state for each in meeting_view(anna, begun).items}
        assert states[waiting.item_id] is ItemState.DISCUSSED
        assert states[parked] is ItemState.PARKED
        others = states.keys() - {waiting.item_id, parked}
        assert {states[each] for each in others} <= {ItemState.PROPOSED}

    def test_who_came_is_noted_also_of_someone_not_invited(self, anna, begun):
        in_session.attend(anna, begun, "anna", present=True)
        in_session.attend(anna, begun, "vic", present=True)
        in_session.attend(anna, begun, "ben", present=False)
        found = {each.person_id: each.present for each in meeting_view(anna, begun).attendees}
        assert found == {"anna": True, "ben": False, "fay": None, "vic": True}

    def test_nothing_is_written_before_it_begins_or_after_it_is_published(
        self, anna, plan_meeting, begun, decided, publish
    ):
        waiting = plan_meeting(anna)
        with pytest.raises(NotAllowedError, match="has not begun"):
            decided(anna, waiting)
        item = meeting_view(anna, begun).items[0]
        publish(anna, begun)
        with pytest.raises(NotAllowedError, match="Append a correction"):
            decided(anna, begun)
        with pytest.raises(NotAllowedError, match="Append a correction"):
            in_session.write_note(anna, item.item.item_id, "Late", item.row_version + 1)
        with pytest.raises(NotAllowedError, match="that is final"):
            meetings.cancel(anna, begun, "Wrong one")


def test_a_second_click_does_nothing_again(anna, plan_meeting, begun, is_whole, settle):
    said = Deciding("Once", "anna", "The mail of June brought them")
    first = deciding.decide(anna, begun, said, key="click")
    assert deciding.decide(anna, begun, said, key="click") == first
    promised = [deciding.promise(anna, begun, "Once", "ben", HELD, key="other") for _ in range(2)]
    assert promised[0] == promised[1]
    added = [in_session.add_item(anna, begun, "Once", key="third") for _ in range(2)]
    assert added[0] == added[1]
    settle(anna, begun)
    assert meetings.end(anna, begun, key="end") == meetings.end(anna, begun, key="end")
    assert minutes.publish(anna, begun, key="go") == minutes.publish(anna, begun, key="go")
    body = minutes.published(anna, begun).body
    assert len(body["decisions"]) == len(body["follow_ups"]) == 1
    assert is_whole(anna)


def test_twenty_people_save_in_one_meeting_at_once(anna, speak, begun, is_whole, decided):
    desks = [speak(f"p{number}") for number in range(20)]

    def work(number):
        desk = desks[number]
        in_session.add_item(desk, begun, f"Point {number}")
        if number % 2:
            decided(desk, begun, f"Decision {number}")
            deciding.promise(desk, begun, f"Promise {number}", f"p{number}", HELD)
        return meeting_view(desk, begun).meeting.status

    with ThreadPoolExecutor(20) as people:
        assert set(people.map(work, range(20))) == {MeetingStatus.IN_SESSION}
    view = meeting_view(anna, begun)
    assert {f"Point {number}" for number in range(20)} <= {e.item.subject for e in view.items}
    positions = [each.item.position for each in (*view.items, *view.folded)]
    assert sorted(positions) == list(range(1, len(positions) + 1))
    assert len(view.decisions) == len(view.follow_ups) == 10
    assert is_whole(anna)

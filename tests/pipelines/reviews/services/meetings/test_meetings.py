"""A review meeting from its schedule to its minutes, on real numbers and real databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError, RecordsError, StaleError
from pipelines.refresh import refresh
from pipelines.reviews import followups, meetings
from pipelines.reviews.core.canonical import body_hash, canonical
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.meeting import NO_PREREAD
from pipelines.reviews.core.subjects import metric_subject
from pipelines.reviews.core.terms import ItemSource, ItemState, MeetingStatus
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view, newer_snapshot
from pipelines.reviews.meeting.view import meetings as list_of
from pipelines.reviews.numbers.frozen import frozen
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import Event, MeetingItem

HELD = date(2026, 7, 10)
WHY = "The mail of June brought them"


def decided(desk, meeting_id, text="Repeat the mail", **more):
    said = Deciding(text, "anna", WHY, ("Do nothing",), **more)
    return deciding.decide(desk, meeting_id, said)


def settle(desk, meeting_id):
    """Everything on the agenda is marked discussed."""
    for each in meeting_view(desk, meeting_id).items:
        in_session.set_state(desk, each.item.item_id, ItemState.DISCUSSED)


def publish(desk, meeting_id):
    settle(desk, meeting_id)
    meetings.end(desk, meeting_id)
    return minutes.publish(desk, meeting_id)


def item_on(view, subject):
    found = {each.item.subject: each for each in (*view.items, *view.folded)}
    return found[subject]


@pytest.fixture
def begun(anna, plan_meeting):
    """A meeting in session, without a pre-read."""
    meeting_id = plan_meeting(anna)
    meetings.start(anna, meeting_id)
    return meeting_id


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

    def test_made_twice_adds_nothing_and_keeps_what_people_did(self, anna, plan_meeting):
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

    def test_what_came_by_itself_is_parked_with_a_reason_only(self, anna, plan_meeting):
        meeting_id = plan_meeting(anna)
        meetings.make_agenda(anna, meeting_id)
        wau = item_on(meeting_view(anna, meeting_id), "Weekly active users").item
        with pytest.raises(NotAllowedError, match="Say why “Weekly active users” is parked"):
            in_session.set_state(anna, wau.item_id, ItemState.PARKED)
        own = in_session.add_item(anna, meeting_id, "Lunch")
        in_session.set_state(anna, own, ItemState.PARKED)

    def test_a_number_added_by_hand_is_frozen_with_the_others(self, anna, plan_meeting):
        meeting_id = plan_meeting(anna)
        in_session.add_item(anna, meeting_id, "Daily users", card=Card("dau"))
        with pytest.raises(NotAllowedError, match="stands on this agenda already"):
            in_session.add_item(anna, meeting_id, "Again", card=Card("dau"))
        meetings.start(anna, meeting_id)
        dau = item_on(meeting_view(anna, meeting_id), "Daily users")
        assert (dau.numbers.name, dau.item.state) == ("Daily active users", ItemState.PROPOSED)
        assert dau.numbers.newest.value is not None

    def test_a_discussed_number_comes_again_with_new_data_only(self, anna, plan_meeting, begun):
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

    def test_an_overdue_promise_enters_by_itself(self, anna, speak, plan_meeting, begun):
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


class TestFreeze:
    def test_the_preread_freezes_a_day_before_and_the_session_keeps_its_numbers(
        self, anna, plan_meeting
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
        self, anna, speak, plan_meeting, place, backfill, begun
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
        self, anna, speak, plan_meeting, place, backfill, begun
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
        self, anna, speak, plan_meeting, place, begun
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

    def test_a_decision_is_reversed_once_by_another(self, anna, begun):
        first = decided(anna, begun)
        decided(anna, begun, "No mail", reverses_id=first)
        with pytest.raises(NotAllowedError, match="was reversed already"):
            decided(anna, begun, "Yes mail", reverses_id=first)

    def test_who_came_is_noted_also_of_someone_not_invited(self, anna, begun):
        in_session.attend(anna, begun, "anna", present=True)
        in_session.attend(anna, begun, "vic", present=True)
        in_session.attend(anna, begun, "ben", present=False)
        found = {each.person_id: each.present for each in meeting_view(anna, begun).attendees}
        assert found == {"anna": True, "ben": False, "fay": None, "vic": True}

    def test_nothing_is_written_before_it_begins_or_after_it_is_published(
        self, anna, plan_meeting, begun
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


class TestMinutes:
    def test_are_read_back_and_blocked_while_an_item_has_no_outcome(self, anna, begun):
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

    def test_hold_numbers_and_the_place_in_the_log_that_they_close(self, anna, begun, is_whole):
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

    def test_corrections_stand_beside_and_change_no_byte(self, anna, speak, begun):
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
        self, anna, begun, is_whole
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


class TestRoles:
    def test_only_who_runs_meetings_may_run_them(self, anna, speak, plan_meeting, begun):
        ben, fay, vic, cleo = (speak(who) for who in ("ben", "fay", "vic", "cleo"))
        for desk in (ben, vic, cleo):
            with pytest.raises(NotAllowedError, match="run a meeting"):
                plan_meeting(desk)
            with pytest.raises(NotAllowedError, match="run a meeting"):
                meetings.end(desk, begun)
        assert decided(fay, begun)
        with pytest.raises(NotAllowedError, match="run a meeting"):
            decided(vic, begun)
        with pytest.raises(NotAllowedError, match="read the team's records"):
            meeting_view(cleo, begun)
        in_session.add_item(ben, begun, "My point")
        with pytest.raises(NotAllowedError):
            in_session.add_item(vic, begun, "My point")
        publish(fay, begun)
        with pytest.raises(NotAllowedError, match="append a correction"):
            minutes.correct(vic, begun, "4", "5 was wrong")

    def test_the_note_taker_writes_and_another_member_does_not(self, anna, speak, plan_meeting):
        meeting_id = plan_meeting(anna, note_taker_id="p0")
        meetings.start(anna, meeting_id)
        assert decided(speak("p0"), meeting_id)
        with pytest.raises(NotAllowedError, match="run a meeting"):
            decided(speak("ben"), meeting_id)


def test_a_second_click_does_nothing_again(anna, plan_meeting, begun, is_whole):
    said = Deciding("Once", "anna", WHY)
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


def test_twenty_people_save_in_one_meeting_at_once(anna, speak, begun, is_whole):
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


def test_a_meeting_is_moved_or_cancelled_with_a_reason(anna, plan_meeting, is_whole):
    meeting_id = plan_meeting(anna)
    meetings.reschedule(anna, meeting_id, date(2026, 7, 13), "Anna is away")
    with pytest.raises(NotAllowedError, match="say why"):
        meetings.reschedule(anna, meeting_id, date(2026, 7, 14), "")
    with pytest.raises(NotAllowedError, match="Say why the meeting is cancelled"):
        meetings.cancel(anna, meeting_id, " ")
    meetings.cancel(anna, meeting_id, "Nobody can come")
    (line,) = list_of(anna, "growth")
    assert (line.meeting.status, line.meeting.held_on) == (
        MeetingStatus.CANCELLED, date(2026, 7, 13),
    )  # fmt: skip
    with pytest.raises(NotAllowedError, match="is over"):
        plan_meeting(anna, date(2026, 7, 1))
    with pytest.raises(RecordsError, match="There is no meeting"):
        meeting_view(anna, "m0")
    assert is_whole(anna)


def test_the_subject_of_a_number_is_the_same_in_every_meeting(anna, plan_meeting, begun):
    wau = item_on(meeting_view(anna, begun), "Weekly active users").item
    assert wau.subject_id == metric_subject(Card("wau"))
    assert followups.follow_ups(anna, "growth") == ()

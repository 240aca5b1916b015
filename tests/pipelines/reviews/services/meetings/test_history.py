"""What was decided and learned is found again by its words and its day."""

from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import evidence, history, meetings
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.history import Where
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view

HELD = date(2026, 7, 10)


@pytest.fixture
def held(anna, plan_meeting, publish):
    """A published meeting with a note, and a decision that another one reversed."""
    meeting_id = plan_meeting(anna)
    meetings.start(anna, meeting_id)
    item = meeting_view(anna, meeting_id).items[0]
    in_session.write_note(anna, item.item.item_id, "Strikes in the Ruhr", item.row_version)
    first = deciding.decide(anna, meeting_id, Deciding("Send the mail", "anna", "It worked"))
    second = deciding.decide(
        anna, meeting_id, Deciding("Send no mail", "anna", "It annoys", reverses_id=first)
    )
    publish(anna, meeting_id)
    minutes.correct(anna, meeting_id, "It was Saxony", "Wrong map")
    return meeting_id, first, second


def test_minutes_are_found_by_every_word_their_corrections_too(anna, held):
    (found,) = history.search(anna, "growth", "ruhr STRIKES")
    assert (found.where, found.thing_id, found.on) == (Where.MINUTES, held[0], HELD)
    assert "Strikes in the Ruhr" in found.excerpt
    assert history.search(anna, "growth", "saxony")[0].thing_id == held[0]
    assert history.search(anna, "growth", "ruhr bavaria") == ()


def test_a_search_keeps_to_its_days(anna, held):
    assert history.search(anna, "growth", "ruhr", start=HELD, end=HELD + timedelta(days=1))
    assert history.search(anna, "growth", "ruhr", end=HELD) == ()
    assert history.search(anna, "growth", "ruhr", start=HELD + timedelta(days=1)) == ()


def test_minutes_that_are_not_published_are_not_found(anna, plan_meeting, held):
    meeting_id = plan_meeting(anna)
    in_session.add_item(anna, meeting_id, "Strikes again")
    assert {each.thing_id for each in history.search(anna, "growth", "strikes")} == {held[0]}


def test_decisions_stay_in_the_list_when_they_are_reversed(anna, held):
    _, first, second = held
    newest, older = history.decisions(anna, "growth")
    assert (newest.decision.decision_id, newest.is_reversed) == (second, False)
    assert (older.decision.decision_id, older.reversed_by) == (first, second)
    found = history.search(anna, "growth", "annoys")
    assert [each.thing_id for each in found if each.where is Where.DECISION] == [second]


def test_what_evidence_taught_is_found(anna):
    said = Finding(EvidenceKind.WORKSHOP, date(2026, 7, 1), "growth", "Short forms win")
    link = Link(About.METRIC, "wau", EvidenceUse.LEARNING)
    found_id = evidence.add(anna, said, [link])
    (found,) = history.search(anna, "growth", "forms")
    assert (found.where, found.thing_id) == (Where.EVIDENCE, found_id)


def test_strangers_find_nothing(speak, held):
    with pytest.raises(NotAllowedError, match="read the team's records"):
        history.search(speak("cleo"), "growth")


def test_what_is_shown_of_a_find_is_whole_words_around_it_and_not_its_title(anna, plan_meeting):
    meeting_id = plan_meeting(anna)
    meetings.start(anna, meeting_id)
    reason = (
        f"{'Before it came much talk. ' * 20}Then a zebra crossed. {'And then more talk. ' * 20}"
    )
    deciding.decide(anna, meeting_id, Deciding("Paint the road", "anna", reason))
    (found,) = history.search(anna, "growth", "ZEBRA")
    assert found.title == "Paint the road"
    assert found.excerpt.startswith("… ")
    assert found.excerpt.endswith(" …")
    assert "Then a zebra crossed. And then" in found.excerpt
    assert set(found.excerpt[2:-2].split()) <= set(reason.split())
    (newest, *_) = history.search(anna, "growth")
    assert newest.excerpt.startswith("Before it came much talk.")
    (by_title,) = history.search(anna, "growth", "paint")
    assert by_title.excerpt.startswith("Before it came")

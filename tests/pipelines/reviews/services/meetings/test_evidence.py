"""Evidence: masked, with consent, seen by those who may, and never a judgement on a person."""

from datetime import date

import pytest

from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews import evidence, evidence_view, followups, history, training
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.evidence import Finding, Link, Participants, Visibility
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import Evidence
from pipelines.reviews.training import Training

DAY = date(2026, 7, 1)
ABOUT_WAU = Link(About.METRIC, "wau", EvidenceUse.CAUSE)


def interview(**more):
    known = {"summary": "People stop at the form", "consent": True}
    return Finding(EvidenceKind.INTERVIEW, DAY, "growth", **{**known, **more})


def test_quotes_and_texts_are_masked_before_they_are_kept(anna, is_whole):
    said = interview(
        summary="Write to max@example.org",
        quotes=("Call me: +49 170 1234567", "My account is 1234567890123"),
        participants=Participants(5, ("new customers",)),
        method="five whys",
    )
    found_id = evidence.add(anna, said, [ABOUT_WAU])
    found = evidence_view.one_piece(anna, found_id)
    assert found.summary == "Write to [e-mail]"
    assert found.quotes == ("Call me: [number]", "My account is [number]")
    assert found.participants == Participants(5, ("new customers",))
    assert (found.author_id, found.links) == ("anna", (ABOUT_WAU,))
    assert evidence_view.evidence(anna, "growth", about=(About.METRIC, "wau")) == (found,)
    assert evidence_view.evidence(anna, "growth", about=(About.METRIC, "nps")) == ()
    assert is_whole(anna)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (interview(quotes=("It hurts",), consent=False), "they agreed"),
        (interview(summary=" "), "Write what was found"),
        (interview(participants=Participants(named=("ben",))), "Only a celebration names"),
        (Finding(EvidenceKind.INTERVIEW, date(2026, 8, 1), "growth", "x"), "lies ahead"),
        (Finding(EvidenceKind.OBSERVATION, DAY, "growth", "Ideas are heard"), "agrees to it"),
        (
            Finding(EvidenceKind.OBSERVATION, DAY, "growth", "Cole is slow", consent=True),
            "judges nobody",
        ),
        (Finding(EvidenceKind.PEER_REVIEW, DAY, "growth", "Anna Berg leads well"), "judges nobody"),
    ],
)
def test_what_the_rules_of_evidence_forbid_is_not_kept(anna, said, reason):
    with pytest.raises(NotAllowedError, match=reason):
        evidence.add(anna, said)
    with anna.store.reading() as session:
        assert rows_of(session, Evidence) == []


def test_visibility_limits_readers(anna, speak, is_whole):
    shown = {each: evidence.add(anna, interview(visibility=each)) for each in Visibility}
    seen = {each.evidence_id for each in evidence_view.evidence(speak("vic"), "growth")}
    assert seen == {shown[Visibility.TEAM], shown[Visibility.EVERYONE]}
    assert len(evidence_view.evidence(anna, "growth")) == 3
    with pytest.raises(NotAllowedError, match="Only its author"):
        evidence_view.one_piece(speak("fay"), shown[Visibility.AUTHOR])
    cleo = speak("cleo")
    assert evidence_view.one_piece(cleo, shown[Visibility.EVERYONE])
    with pytest.raises(NotAllowedError, match="read the team's records"):
        evidence_view.one_piece(cleo, shown[Visibility.TEAM])
    assert is_whole(anna)


def test_only_who_works_in_the_team_adds_and_links(anna, speak):
    for who in ("vic", "cleo"):
        with pytest.raises(NotAllowedError, match="add evidence"):
            evidence.add(speak(who), interview())
    found = evidence.add(speak("ben"), interview(), key="click")
    assert evidence.add(speak("ben"), interview(), key="click") == found
    evidence.link(speak("fay"), found, ABOUT_WAU)
    with pytest.raises(NotAllowedError, match="linked so already"):
        evidence.link(anna, found, ABOUT_WAU)
    with pytest.raises(NotAllowedError, match="add evidence"):
        evidence.link(speak("vic"), found, Link(About.RELEASE, "v2", EvidenceUse.LEARNING))
    with pytest.raises(RecordsError, match="There is no pdca cycle c0"):
        evidence.link(anna, found, Link(About.CYCLE, "c0", EvidenceUse.CAUSE))


def test_celebrations_are_counted_and_speak_for_nothing(anna):
    said = Finding(
        EvidenceKind.CELEBRATION, DAY, "growth", "The form is short", Participants(named=("ben",))
    )
    recognised = Link(About.METRIC, "wau", EvidenceUse.RECOGNITION)
    found = evidence.add(anna, said, [recognised])
    with pytest.raises(NotAllowedError, match="proves nothing"):
        evidence.link(anna, found, ABOUT_WAU)
    held = evidence_view.celebrations(anna, "growth", start=DAY)
    assert held.count == 1
    assert held.items[0].participants.named == ("ben",)
    assert evidence_view.celebrations(anna, "growth", end=DAY).count == 0


def test_a_training_is_an_action_with_an_owner_and_a_check_three_months_later(
    anna, speak, is_whole
):
    need = Finding(EvidenceKind.TRAINING, DAY, "growth", "Nobody writes tests first")
    asked = Training(need, "Two days of testing", "ben", date(2026, 7, 31), metric_id="defects")
    answer = training.train(anna, asked, key="click")
    assert training.train(anna, asked, key="click") == answer
    action, check = followups.follow_ups(anna, "growth")
    assert (action.follow_up.follow_up_id, check.follow_up.follow_up_id) == (
        answer["action_id"],
        answer["check_id"],
    )
    assert (action.follow_up.owner_id, action.follow_up.due_on) == ("ben", date(2026, 7, 31))
    assert check.follow_up.due_on == date(2026, 10, 31)
    assert check.follow_up.title == "Was “Two days of testing” applied, and did defects move?"
    followups.redate(speak("ben"), answer["action_id"], date(2026, 8, 7), "Trainer is ill")
    with pytest.raises(NotAllowedError, match="Only a training"):
        training.train(anna, Training(interview(), "x", "ben", DAY))
    with pytest.raises(NotAllowedError, match="comes after"):
        training.train(anna, Training(need, "x", "ben", DAY, check_on=DAY))
    assert is_whole(anna)


def test_a_quote_of_somebody_who_asked_is_covered_on_pages_and_in_the_search(anna, is_whole):
    said = interview(quotes=["Max Muster set it again", "It is fine"], consent=True)
    found = evidence.add(anna, said, [Link(About.METRIC, "wau", EvidenceUse.LEARNING)])
    with anna.saving() as save:
        row = row_of(save.session, Evidence, found, "evidence")
        redact(save.session, row, "quotes", [(0, 10)], save.author, "Asked for", item=0)
    shown = evidence_view.one_piece(anna, found)
    assert shown.quotes == ("██████████ set it again", "It is fine")
    assert history.search(anna, "growth", "Muster") == ()
    assert [each.thing_id for each in history.search(anna, "growth", "again")] == [found]
    assert is_whole(anna)

"""How a team works, in words; and the words of an open Check."""

from datetime import UTC, date, datetime

import pytest

from dashboard.exhibits import check_words, team_words
from pipelines.reviews.core.cycle import SignedVerdict
from pipelines.reviews.core.team_settings import NAMES, TeamSettings
from pipelines.reviews.core.terms import Rigour, TeamRole, Verdict
from pipelines.reviews.cycle.record import Run

SENTENCE = "Inconclusive. {known} {settling} Before/after comparison, not a controlled test."
KNOWN = "What is known: the smallest effect worth having, +5, is still possible."
SETTLING = "If nothing else changes, about 6 weeks more would settle it, on 15 Jun 2026."


def test_every_setting_but_guard_rails_is_told_with_a_label():
    lines = dict(team_words.setting_lines(TeamSettings(rigour=Rigour.STANDARD)))
    assert len(lines) == len(NAMES) - 1
    assert lines["Rigour of new plans"].startswith("Standard: problem, evidence")
    assert lines["Active cycles at once"] == "3 cycles"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_setting_that_was_taken_back_is_told_as_its_default(name):
    told = team_words.stored_told({name: None})[name]
    assert told
    assert "None" not in told


def test_two_rigours_chosen_at_once_are_told_in_words():
    told = team_words.stored_told({"rigour": "standard", "active_limit": 1})
    assert told["rigour"] == team_words.RIGOUR[Rigour.STANDARD]
    assert told["active_limit"] == "1 cycle"


def test_people_stand_by_name_with_their_roles():
    held = {"b": frozenset({TeamRole.ADMIN, TeamRole.PRODUCT_OWNER}), "a": frozenset(TeamRole)}
    lines = team_words.people_lines(held, {"a": "Zoe", "b": "anna"})
    assert [name for name, _ in lines] == ["anna", "Zoe"]
    assert lines[0][1] == "admin, product owner"


def run(known=KNOWN, settling=SETTLING, settles_on=date(2026, 6, 15)):
    text = " ".join(SENTENCE.format(known=known, settling=settling).split())
    verdict = SignedVerdict("v", "r", "c", Verdict.INCONCLUSIVE, sentence=text)
    at = datetime(2026, 5, 4, tzinfo=UTC)
    return Run("r", at, 1, 1, None, (), verdict, "extend", (), {}, None, (),
               known, settling, settles_on)  # fmt: skip


def test_what_is_known_and_what_would_settle_it_stand_apart_and_only_once():
    assert check_words.open_lines(run()) == [
        ("What is known", "The smallest effect worth having, +5, is still possible."),
        ("What would settle it", SETTLING),
    ]
    rest = check_words.rest_of_sentence(run())
    assert rest == "Inconclusive. Before/after comparison, not a controlled test."
    assert check_words.waits_for_more(run())


def test_the_sentence_of_an_older_run_is_told_whole():
    older = run(known="", settling="", settles_on=None)
    assert check_words.open_lines(older) == []
    assert check_words.rest_of_sentence(older) == older.verdict.sentence
    assert not check_words.waits_for_more(older)

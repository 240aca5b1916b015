"""Promises: kept with evidence, dropped with a reason, counted when moved, and how well they do."""

from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import evidence, followups
from pipelines.reviews.core.terms import EvidenceKind, FollowUpStatus
from pipelines.reviews.evidence import Finding
from pipelines.reviews.meeting import deciding
from pipelines.stats.proportions import wilson_interval

DUE = date(2026, 7, 15)


@pytest.fixture
def promised(anna, begun):
    """`promised("Ask", "ben")` → the id of a promise due in a week."""

    def make(title, owner_id="ben", due_on=DUE):
        return deciding.promise(anna, begun, title, owner_id, due_on)

    return make


def shown_by(desk):
    said = Finding(EvidenceKind.DOCUMENT, desk.today, "growth", "The page is written")
    return evidence.add(desk, said)


def test_a_promise_is_done_with_evidence_by_its_owner_or_who_runs_meetings(
    anna, speak, begun, promised, is_whole
):
    first, second = promised("Write the page"), promised("Ask support")
    ben = speak("ben")
    with pytest.raises(NotAllowedError, match="Link what shows"):
        followups.fulfil(ben, first, "")
    followups.fulfil(ben, first, shown_by(ben), meeting_id=begun)
    with pytest.raises(NotAllowedError, match="run a meeting"):
        followups.fulfil(speak("p0"), second, shown_by(ben))
    followups.fulfil(speak("fay"), second, shown_by(anna))
    with pytest.raises(NotAllowedError, match="that is final"):
        followups.drop(ben, first, "Changed my mind")
    done = followups.follow_ups(anna, "growth", status=FollowUpStatus.DONE)
    assert {each.follow_up.follow_up_id for each in done} == {first, second}
    assert all(each.closed_on == anna.today for each in done)
    assert is_whole(anna)


def test_a_promise_is_dropped_with_a_reason_and_each_new_date_is_counted(
    anna, speak, promised, is_whole
):
    first, second = promised("Write"), promised("Ask")
    ben = speak("ben")
    with pytest.raises(NotAllowedError, match="Say why “Write” is dropped"):
        followups.drop(ben, first, " ")
    followups.drop(ben, first, "No longer needed")
    with pytest.raises(NotAllowedError, match="Say why the date is moved"):
        followups.redate(ben, second, DUE + timedelta(days=7), "")
    with pytest.raises(NotAllowedError, match="is over"):
        followups.redate(ben, second, date(2026, 7, 1), "Ill")
    for days in (7, 14):
        followups.redate(ben, second, DUE + timedelta(days=days), "Ill")
    (left,) = followups.follow_ups(anna, "growth", owner_id="ben", status=FollowUpStatus.OPEN)
    assert (left.follow_up.redated, left.follow_up.due_on) == (2, DUE + timedelta(days=14))
    assert is_whole(anna)


def test_figures_of_health_are_shares_with_wilson_intervals(anna, speak, promised):
    kept, late, moved, dropped = (promised(name) for name in ("kept", "late", "moved", "dropped"))
    ben = speak("ben")
    followups.fulfil(ben, kept, shown_by(ben))
    followups.redate(ben, moved, date(2026, 8, 30), "Ill")
    followups.drop(ben, dropped, "Not needed")
    august = speak("ben", anna.now + timedelta(days=12))
    found = followups.team_health(august, "growth")
    assert (found.follow_through.k, found.follow_through.n) == (1, 2)
    low, high = wilson_interval([1], [2])
    assert (found.follow_through.low, found.follow_through.high) == (low[0], high[0])
    assert (found.redated.k, found.redated.n) == (1, 4)
    assert (found.open_age.value, found.oldest) == (12, 12)
    lines = followups.follow_ups(august, "growth")
    assert lines[0].follow_up.follow_up_id == late
    assert [each.is_overdue for each in lines] == [True, False, False, False]


def test_another_team_and_strangers_read_nothing(speak, promised):
    promised("Write")
    with pytest.raises(NotAllowedError, match="read the team's records"):
        followups.follow_ups(speak("cleo"), "growth")

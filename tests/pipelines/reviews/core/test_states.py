"""The state machines: every pair of states, legal or not, as reviews.md 3 draws them."""

from itertools import product

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.states import MACHINES, may_follow, refuse_unless_may_follow
from pipelines.reviews.core.terms import (
    ActionStatus,
    CycleStatus,
    FollowUpStatus,
    LedgerStatus,
    MeetingStatus,
)

LEGAL = {
    CycleStatus: """
        draft planned, draft cancelled, draft on_hold, planned doing, planned cancelled,
        planned on_hold, doing checking, doing acting, doing cancelled, doing on_hold,
        checking checking, checking acting, checking on_hold, acting closed, acting on_hold,
        on_hold draft, on_hold planned, on_hold doing, on_hold checking, on_hold acting""",
    ActionStatus: "todo doing, todo dropped, doing done, doing dropped",
    FollowUpStatus: "open open, open done, open dropped",
    MeetingStatus: """
        scheduled preread_sent, scheduled in_session, scheduled cancelled,
        preread_sent in_session, preread_sent cancelled, in_session minutes_draft,
        in_session cancelled, minutes_draft published, minutes_draft cancelled""",
    LedgerStatus: "open due, due judged, due not_judgeable",
}
# Written by hand against the specification; the product's own table must say the same.
DRAWN = {
    machine: {tuple(map(machine, pair.split())) for pair in text.split(",")}
    for machine, text in LEGAL.items()
}
PAIRS = [(now, then) for machine in LEGAL for now, then in product(machine, machine)]


def test_every_machine_is_drawn():
    assert set(DRAWN) == set(MACHINES)


@pytest.mark.parametrize(("now", "then"), PAIRS)
def test_a_state_follows_exactly_where_the_specification_says_so(now, then):
    legal = (now, then) in DRAWN[type(now)]
    assert may_follow(now, then) is legal
    if legal:
        refuse_unless_may_follow("It", now, then)
        return
    with pytest.raises(NotAllowedError, match=now.value.replace("_", " ")):
        refuse_unless_may_follow("It", now, then)


@pytest.mark.parametrize(
    "left",
    [state for state in CycleStatus if (CycleStatus.ON_HOLD, state) in DRAWN[CycleStatus]],
)
@pytest.mark.parametrize("then", list(CycleStatus))
def test_a_cycle_on_hold_goes_back_only_to_the_state_it_left(left, then):
    assert may_follow(CycleStatus.ON_HOLD, then, before_hold=left) is (then is left)


def test_a_state_of_another_machine_never_follows():
    assert not may_follow(ActionStatus.DOING, FollowUpStatus.DONE)


def test_a_refusal_says_what_can_be_next():
    with pytest.raises(NotAllowedError) as refused:
        refuse_unless_may_follow("“Form”", CycleStatus.DRAFT, CycleStatus.CLOSED)
    assert str(refused.value) == (
        "“Form” is draft, not ready to be closed. Next can be cancelled or on hold or planned."
    )
    with pytest.raises(NotAllowedError, match="“Form” is closed; that is final"):
        refuse_unless_may_follow("“Form”", CycleStatus.CLOSED, CycleStatus.DRAFT)

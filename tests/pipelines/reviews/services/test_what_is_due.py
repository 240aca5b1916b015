"""What is due or breached enters the agenda by itself; what was decided and learned is found."""

from datetime import timedelta

import pytest

from pipelines.reviews import cycles, history, meetings, outcomes
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.terms import ActDecision, Direction, ItemSource, MeetingKind, MetricRole
from pipelines.reviews.history import Where
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.outcomes import Prediction

DAY = timedelta(days=1)


def agenda_of(desk):
    """Subject → item of a review that is held today."""
    meeting_id = meetings.schedule(
        desk, Invitation(MeetingKind.WEEKLY_METRICS, desk.today, "product")
    )
    meetings.make_agenda(desk, meeting_id)
    view = meeting_view(desk, meeting_id)
    return {each.item.subject: each for each in view.items}


@pytest.fixture
def harmed(product, asked, card, steps):
    """A cycle in Check whose guard-rail failed: what the change does to activation is harm."""
    desk = product.desk()
    cycle_id = cycles.start_cycle(desk, "product", card, asked(), title="More mail")
    seen = cycles.cycle_page(desk, cycle_id).metric_versions
    cycles.put_metric(desk, cycle_id, Card("wau"), MetricRole.PRIMARY, min_effect=10.0,
                      expected_version=seen["wau"])  # fmt: skip
    cycles.put_metric(desk, cycle_id, card, MetricRole.GUARD_RAIL, direction=Direction.DOWN,
                      margin=0.03)  # fmt: skip
    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
    steps.do(desk, cycle_id)
    product.data("step")
    product.now += 14 * DAY
    assert cycles.look_early(product.desk(), cycle_id).failed
    return cycle_id


def test_a_breached_guard_rail_is_the_first_item(product, harmed):
    items = agenda_of(product.desk())
    first = next(iter(items.values()))
    assert first.item.subject == "Activation rate"
    assert any("guard-rail" in reason.casefold() for reason in first.reasons), first.reasons


def test_a_due_check_and_a_due_prediction_are_items(product, asked, card, steps):
    desk = product.desk()
    cycle_id = cycles.start_cycle(desk, "product", card, asked(), title="Shorter sign-up")
    steps.tolerate(desk, cycle_id, "wau", 10.0)
    link_id = cycles.link_delivery(desk, cycle_id, release_id="r21", released_on=desk.today)
    said = Prediction(card, Direction.UP, 0.1, 0.05, confidence=0.6,
                      review_on=desk.today + 70 * DAY, cycle_id=cycle_id)  # fmt: skip
    outcomes.predict(desk, link_id, ledger(desk).line(link_id).row_version, said)
    outcomes.lock(desk, link_id, ledger(desk).line(link_id).row_version)
    cycles.lock(desk, cycle_id, steps.version(desk, cycle_id))
    steps.do(desk, cycle_id)
    product.data("step")
    assert not {"Shorter sign-up", "r21"} & set(agenda_of(product.desk()))
    product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before + 14 * DAY)
    items = agenda_of(product.desk())
    assert items["Shorter sign-up"].item.source is ItemSource.DUE_CHECK
    assert items["Shorter sign-up"].item.subject_id == f"pdca_cycle:{cycle_id}"
    assert items["r21"].item.subject_id == f"outcome_link:{link_id}"


def test_an_act_decision_and_what_a_cycle_taught_are_found_again(product, harmed, steps):
    desk = product.desk()
    cycles.take_fast_path(desk, harmed, steps.version(desk, harmed))
    act = Act(ActDecision.ABANDON, rationale="It drives people away",
              learning="Mail is no remedy", rolled_back_on=desk.today)  # fmt: skip
    cycles.decide(desk, harmed, steps.version(desk, harmed), act)
    (learned,) = history.search(desk, "product", "no remedy")
    assert (learned.where, learned.thing_id) == (Where.LEARNING, harmed)
    (line,) = history.decisions(desk, "product")
    assert (line.decision.text, line.on) == ("Abandon: More mail", desk.today)
    (found,) = history.search(desk, "product", "drives away")
    assert (found.where, found.thing_id) == (Where.DECISION, line.decision.decision_id)

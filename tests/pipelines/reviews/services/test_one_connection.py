"""Whoever saves needs one connection: a full pool makes people wait, and never for each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from pipelines.errors import RecordsError
from pipelines.reviews import cycles
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.terms import ActDecision, CycleStatus
from pipelines.reviews.records import connecting
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Team
from pipelines.reviews.records.verifying import verify_records

PEOPLE = 20


@pytest.fixture
def one_connection(monkeypatch):
    """Pools that hold a single connection and give up on it soon."""
    monkeypatch.setattr(connecting, "PEOPLE_AT_ONCE", 1)
    monkeypatch.setattr(connecting, "MORE_AT_A_RUSH", 0)
    monkeypatch.setattr(connecting, "WAIT_SECONDS", 5)


@pytest.fixture
def desk(one_connection, product):
    return product.desk()


def is_whole(desk):
    with desk.store.reading() as session:
        return verify_records(session) is None


def test_a_whole_loop_runs_on_one_connection(desk, product, asked, card, steps):
    cycle_id = steps.locked(desk, card, asked())
    cycles.hold(desk, cycle_id, steps.version(desk, cycle_id), "Holidays",
                desk.today + timedelta(days=7))  # fmt: skip
    cycles.resume(desk, cycle_id, steps.version(desk, cycle_id))
    cycles.link_delivery(desk, cycle_id, release_id="r21")
    steps.do(desk, cycle_id)
    product.data("step")
    product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
    found = cycles.run_check(product.desk(), cycle_id).verdict.machine_verdict
    product.now += timedelta(hours=25)
    cycles.sign(product.desk(), cycle_id, steps.version(desk, cycle_id), found)
    act = Act(ActDecision.ADJUST, rationale="One field more", learning="It helps")
    cycles.decide(product.desk(), cycle_id, steps.version(desk, cycle_id), act)
    assert cycles.cycle_page(desk, cycle_id).record.cycle.status is CycleStatus.CLOSED
    assert is_whole(desk)


def test_many_people_who_save_at_once_wait_for_one_connection_in_turn(desk, asked, card, steps):
    cycle_id = steps.locked(desk, card, asked())
    with ThreadPoolExecutor(PEOPLE) as people:
        added = set(
            people.map(lambda k: cycles.add_action(desk, cycle_id, f"Step {k}"), range(PEOPLE))
        )
    assert len(added) == PEOPLE
    titles = {each.title for each in cycles.cycle_page(desk, cycle_id).record.actions}
    assert {f"Step {k}" for k in range(PEOPLE)} < titles
    assert is_whole(desk)


def test_what_is_read_while_saving_is_what_is_being_saved(desk):
    with desk.saving() as save:
        with desk.store.reading() as session, desk.store.reading() as within:
            assert session is within is save.session
        save.event("team", "product", "told")
    with desk.store.reading() as session:
        assert session is not save.session


class TestFullPool:
    @pytest.fixture
    def taken(self, desk):
        """The only connection is held by somebody else, for as long as the test runs."""
        held, done = Event(), Event()

        def hold():
            with desk.store.reading() as session:
                rows_of(session, Team)
                held.set()
                done.wait(60)

        with ThreadPoolExecutor(1) as other:
            other.submit(hold)
            assert held.wait(60)
            yield
            done.set()

    @pytest.mark.parametrize("way", ["reading", "writing"])
    def test_whoever_waits_in_vain_is_told_what_to_do_and_nothing_is_saved(self, desk, taken, way):
        def ask():
            with getattr(desk.store, way)() as session:
                rows_of(session, Team)

        with pytest.raises(RecordsError, match="in use for .* seconds. Try again in a minute"):
            ask()

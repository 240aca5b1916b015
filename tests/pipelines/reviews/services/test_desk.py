"""The desk: who may do what, settings of teams, saves that are answered once or found stale."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from pipelines.errors import NotAllowedError, RecordsError, StaleError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import Direction, Rigour, TeamRole
from pipelines.reviews.desk import ERASED_NAME, Colleague, Desk
from pipelines.reviews.people_sync import MACHINE
from pipelines.reviews.records.people import erase
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.tables import Event, Membership, PdcaCycle, Team
from pipelines.reviews.records.verifying import verify_records

NOW = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)
ALONE = """
[product]
name = "Test"
timezone = "Europe/Berlin"
"""
TWO = """
[[team]]
id = "growth"
name = "Growth"
timezone = "America/New_York"
[[person]]
id = "anna"
name = "Anna Berg"
email = "anna@example.org"
roles = { "*" = ["product_manager"] }
[[person]]
id = "ben"
name = "Ben Cole"
roles = { growth = ["developer"] }
[[person]]
id = "cleo"
name = "Cleo"
"""


@pytest.fixture
def folder(tmp_path, address):
    """`folder(text)` → a workspace whose records lie in the database of the test."""

    def write(text=ALONE):
        (tmp_path / "launchloop.toml").write_text(
            f'{text}\n[records]\nurl = "{address}"\n', encoding="utf-8"
        )
        return tmp_path

    return write


def at(moment):
    return lambda: moment


def opened(folder, person_id=None, moment=NOW):
    return Desk.open(folder, person_id, clock=at(moment))


def test_without_persons_you_are_a_team_of_one_that_may_do_all(folder):
    desk = opened(folder())
    assert desk.people() == (Colleague("local", "You"),)
    (team,) = desk.teams()
    assert (team.team_id, team.name, team.timezone) == ("product", "Product", "Europe/Berlin")
    assert team.settings.solo
    assert team.settings.active_limit == 1
    assert team.settings.agenda_minutes == 30
    assert team.settings.rigour is Rigour.LIGHT
    assert all(desk.may(permission, "product") for permission in Permission)


def test_the_day_is_that_of_the_reporting_zone(folder):
    assert opened(folder()).today == date(2026, 11, 28)
    later = opened(folder(), moment=datetime(2026, 11, 28, 23, 30, tzinfo=UTC))
    assert later.today == date(2026, 11, 29)


def test_simulated_data_bring_their_own_clock(folder):
    desk = opened(folder(ALONE + "now = 2026-05-04T12:00:00+02:00\n"))
    assert desk.now == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert desk.today == date(2026, 5, 4)


def test_roles_of_launchloop_toml_hold_in_their_team(folder):
    place = folder(ALONE + TWO)
    anna, ben, cleo = (opened(place, who) for who in ("anna", "ben", "cleo"))
    assert anna.roles("growth") == {TeamRole.PRODUCT_MANAGER}
    assert ben.roles("growth") == {TeamRole.MEMBER}
    assert not cleo.roles("growth")
    assert not anna.team("growth").settings.solo
    assert anna.members("growth").keys() == {"anna", "ben"}
    anna.require(Permission.LOCK, "growth")
    ben.require(Permission.EDIT, "growth", is_owner=True)
    with pytest.raises(NotAllowedError, match="product manager, product owner"):
        ben.require(Permission.LOCK, "growth", is_owner=True)
    with pytest.raises(NotAllowedError, match="read the team's records"):
        cleo.require(Permission.READ, "growth")


def test_who_is_not_named_is_nobody_and_an_unknown_name_is_refused(folder):
    place = folder(ALONE + TWO)
    nobody = opened(place)
    assert not nobody.may(Permission.READ, "growth")
    with pytest.raises(NotAllowedError, match="Say who you are"):
        nobody.require(Permission.READ, "growth")
    with pytest.raises(NotAllowedError, match="Say who you are"), nobody.saving():
        pass
    with pytest.raises(NotAllowedError, match="names no person dora"):
        opened(place, "dora")


def test_a_role_that_is_taken_away_ends_that_day_and_can_begin_again(folder):
    opened(folder(ALONE + TWO), "ben")
    later = NOW + timedelta(days=10)
    place = folder(ALONE + TWO.replace('["developer"]', '["stakeholder"]'))
    ben = opened(place, "ben", later)
    assert ben.roles("growth") == {TeamRole.VIEWER}
    place = folder(ALONE + TWO)
    ben = opened(place, "ben", later)
    assert ben.roles("growth") == {TeamRole.MEMBER}
    with ben.store.reading() as session:
        rows = rows_of(session, Membership, person_id="ben", order=["role", "valid_from"])
        assert [(row.role, row.valid_from, row.valid_to) for row in rows] == [
            ("member", date(2026, 11, 28), date(2026, 12, 8)),
            ("member", date(2026, 12, 8), None),
            ("viewer", date(2026, 12, 8), date(2026, 12, 8)),
        ]
        assert verify_records(session) is None


def test_opening_again_writes_nothing(folder):
    place = folder(ALONE + TWO)
    before = len(events(opened(place, "anna")))
    assert len(events(opened(place, "ben"))) == before


def test_an_erased_name_stays_erased_although_the_settings_still_name_it(folder):
    place = folder(ALONE + TWO)
    desk = opened(place, "anna")
    with desk.store.writing() as session:
        erase(session, "ben", Author("anna", NOW), "asked for it")
    assert opened(place, "anna").names()["ben"] == ERASED_NAME
    assert Colleague("ben", ERASED_NAME) in opened(place, "anna").people()


def test_settings_have_defaults_and_are_changed_by_those_who_may(folder):
    place = folder(ALONE + TWO)
    anna, ben = opened(place, "anna"), opened(place, "ben")
    card = anna.team("growth")
    rail = GuardRailDefault("csat", {"of": "checkout"}, Direction.UP, margin=0.02)
    changed = anna.change_settings(
        "growth", card.row_version, rigour=Rigour.STANDARD, active_limit=2, guard_rails=[rail]
    )
    assert ben.team("growth") == changed
    assert changed.settings.rigour is Rigour.STANDARD
    assert changed.settings.active_limit == 2
    assert changed.settings.guard_rails == (rail,)
    again = anna.change_settings("growth", changed.row_version, active_limit=None)
    assert again.settings.active_limit == 3
    with pytest.raises(NotAllowedError, match="set definitions, targets"):
        ben.change_settings("growth", again.row_version, active_limit=9)
    with pytest.raises(NotAllowedError, match="60 or 30"):
        anna.change_settings("growth", again.row_version, agenda_minutes=45)
    for bad, words in (
        (GuardRailDefault("csat", {}, Direction.WITHIN), "within which band csat"),
        (GuardRailDefault("csat", {}, Direction.WITHIN, None, 0.9, 0.1), "ends before it begins"),
        (GuardRailDefault("csat", {}, margin=0.0), "must be above 0"),
    ):
        with pytest.raises(NotAllowedError, match=words):
            anna.change_settings("growth", again.row_version, guard_rails=[bad])
    with pytest.raises(NotAllowedError, match="no setting speed"):
        anna.change_settings("growth", again.row_version, speed=1)


def test_settings_that_somebody_else_changed_are_not_overwritten(folder):
    desk = opened(folder())
    card = desk.team("product")
    desk.change_settings("product", card.row_version, active_limit=2)
    with pytest.raises(StaleError) as refused:
        desk.change_settings("product", card.row_version, active_limit=5)
    assert refused.value.theirs == {"active_limit": 2}
    assert refused.value.yours == {"active_limit": 5}
    assert desk.team("product").settings.active_limit == 2


def test_a_save_asked_for_twice_is_done_once(folder):
    desk = opened(folder())

    def click():
        with desk.saving("page-1") as save:
            cycle = PdcaCycle(cycle_id=save.new_id(), team_id="product", title="Shorter sign-up")
            return save.once(lambda: save.insert(cycle).cycle_id)

    assert click() == click()
    with desk.store.reading() as session:
        assert len(rows_of(session, PdcaCycle)) == 1


def test_a_key_of_one_person_never_answers_another(folder):
    place = folder(ALONE + TWO)
    for who in ("anna", "ben"):
        with opened(place, who).saving("same") as save:
            assert save.once(lambda who=who: told(save, who)) == who


def told(save, who):
    save.event("team", "growth", "told", reason=who)
    return who


def test_a_change_without_an_event_is_refused(folder):
    desk = opened(folder())
    with pytest.raises(NotAllowedError, match="no event tells it"), desk.saving() as save:
        save.session.add(PdcaCycle(cycle_id="c9", team_id="product", title="Silent"))
    with desk.store.reading() as session, pytest.raises(RecordsError, match="no cycle c9"):
        row_of(session, PdcaCycle, "c9", "cycle")


def test_many_threads_open_one_store(folder):
    place = folder()
    desks = []
    threads = [Thread(target=lambda: desks.append(opened(place))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(desk.store) for desk in desks}) == 1
    with desks[0].store.reading() as session:
        assert len(rows_of(session, Team)) == 1


def test_the_machine_has_no_desk_where_there_are_no_records(tmp_path):
    (tmp_path / "launchloop.toml").write_text(ALONE, encoding="utf-8")
    assert Desk.of_machine(tmp_path) is None
    assert not (tmp_path / "records.db").exists()
    Desk.open(tmp_path)
    machine = Desk.of_machine(tmp_path)
    assert machine.is_machine
    assert machine.may(Permission.READ, "product")
    assert not machine.may(Permission.LOCK, "product")
    assert MACHINE not in {each.person_id for each in machine.people()}


def events(desk):
    with desk.store.reading() as session:
        return rows_of(session, Event)

"""After a refresh the mail tells what is due, what suffers and how the week was, each once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.read import Snapshot
from pipelines.reviews import cycles
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import MetricRole
from pipelines.reviews.outcome.watch import release_breaches
from pipelines.reviews.people_sync import LOCAL
from pipelines.reviews.records.tables import FollowUp, PdcaCycle

# As the product of these tests begins, and as its change goes live.
FIRST, RELEASED = datetime(2026, 1, 5, tzinfo=UTC), date(2026, 7, 6)


def write_notify(product, more=""):
    settings = product.folder / "launchloop.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[notify]\nurls = "env:TEST_MAIL"\n{more}\n', encoding="utf-8")


def test_due_checks_and_overdue_follow_ups_of_the_records_are_told(product, mail, notify):
    write_notify(product)
    desk = product.desk()
    with desk.saving() as save:
        cycle = PdcaCycle(
            cycle_id="c1",
            team_id="product",
            title="Shorter form",
            status="checking",
            ready_on=date(2026, 6, 30),
            owner_id=LOCAL,
        )
        save.insert(cycle)
        save.insert(
            FollowUp(
                follow_up_id="f1",
                cycle_id="c1",
                title="Write the standard",
                owner_id=LOCAL,
                due_on=date(2026, 6, 30),
            )
        )
    moment = datetime(2026, 7, 1, 9, tzinfo=UTC)
    sent, _ = notify(product.folder, moment)
    assert sent == 2
    assert mail.subjects() == ["Sprout: 1 Check is due", "Sprout: 1 follow-up is overdue"]
    assert "Shorter form: its Check is due since 30 Jun 2026" in mail.taken[0][1].get_content()
    sent, _ = notify(product.folder, moment + timedelta(days=1))
    assert sent == 0


def test_after_a_refresh_the_ledger_is_kept_and_a_due_prediction_is_judged(
    product, samples, mail, notify
):
    product.kept()
    product.predict("2.0")
    product.publish(releases=[samples.release("2.0", released=date(2026, 7, 6))])
    write_notify(product)
    moment = datetime(2026, 10, 20, 9, tzinfo=UTC)
    assert notify(product.folder, moment) == (0, [])
    assert product.line("2.0", moment).status == "judged"


def test_a_guard_rail_that_suffers_after_an_unpredicted_release_is_told_once(
    product, samples, mail, notify
):
    product.kept()
    # Sign-ups fall to a third at the release.
    out = [samples.release("2.0", released=date(2026, 7, 6))]
    product.sign_ups_after = 20
    product.publish(weeks=30, releases=out)
    product.set_team(guard_rails=[GuardRailDefault("wau", {}, margin=5)])
    write_notify(product)
    moment = datetime(2026, 8, 4, 9, tzinfo=UTC)
    product.kept(moment)
    (breach,) = release_breaches(product.desk(moment), Snapshot(product.folder))
    assert breach.sentence.startswith("Weekly active users shows harm since 2.0 was released")
    assert notify(product.folder, moment) == (1, [])
    assert mail.subjects() == ["Sprout: 1 guard-rail shows harm"]
    assert notify(product.folder, moment + timedelta(days=2)) == (0, [])


@pytest.fixture
def harmful(product):
    """A cycle whose actions have ended, on a product whose sign-ups fall to a third with it."""
    desk = product.desk()
    asked = Asked("A shorter form.", "People stop at the long one.", "activation_rate", 0.05,
                  LOCAL, RELEASED)  # fmt: skip
    cycle_id = cycles.start_cycle(desk, "product", Card("activation_rate"), asked, title="Form")
    seen = cycles.cycle_page(desk, cycle_id).metric_versions
    cycles.put_metric(desk, cycle_id, Card("wau"), MetricRole.GUARD_RAIL, margin=5,
                      expected_version=seen.get("wau"))  # fmt: skip
    version = cycles.cycle_page(desk, cycle_id).record.cycle.row_version
    cycles.lock(desk, cycle_id, version)
    live = product.desk(datetime(2026, 7, 6, 9, tzinfo=UTC))
    for step in (cycles.begin_action, cycles.end_action):
        page = cycles.cycle_page(live, cycle_id)
        (action,) = page.record.actions
        step(live, action.action_id, page.action_versions[action.action_id])
    product.sign_ups_after = 20
    return cycle_id


def test_a_breached_guard_rail_of_an_open_cycle_is_told_once_however_often_it_is_refreshed(
    product, mail, harmful, notify
):
    told = []
    for week in (30, 31, 37, 39):
        product.publish(weeks=week)
        write_notify(product, 'on = "guard_rail_breach"')
        moment = FIRST + timedelta(weeks=week, hours=9)
        told.append(notify(product.folder, moment))
        told.append(notify(product.folder, moment + timedelta(days=1)))
    assert told == [(1, []), *[(0, [])] * 7]
    assert mail.subjects() == ["Sprout: 1 guard-rail shows harm"]
    body = mail.taken[0][1].get_content()
    assert "Form: Weekly active users failed. Decide by" in body
    assert "under Reviews > Cycles." in body
    record = cycles.cycle_page(product.desk(), harmful).record
    assert all(each.failed for each in record.runs)


def test_a_breach_whose_message_nobody_took_is_told_after_the_next_refresh(
    product, mail, harmful, notify
):
    product.publish(weeks=30)
    write_notify(product, 'on = "guard_rail_breach"')
    moment = FIRST + timedelta(weeks=30, hours=9)
    mail.is_open = False
    sent, told = notify(product.folder, moment)
    assert (sent, len(told)) == (0, 1)
    mail.is_open = True
    assert notify(product.folder, moment + timedelta(days=1)) == (1, [])
    assert notify(product.folder, moment + timedelta(days=2)) == (0, [])


def test_the_digest_comes_once_a_week(product, mail, notify):
    product.kept()
    write_notify(product, 'on = "digest"')
    monday = datetime(2026, 6, 29, 9, tzinfo=UTC)
    assert notify(product.folder, monday) == (1, [])
    assert notify(product.folder, monday + timedelta(days=3)) == (0, [])
    assert notify(product.folder, monday + timedelta(days=7)) == (1, [])
    body = mail.taken[0][1].get_content()
    assert mail.subjects()[0] == "Sprout: the week in numbers"
    assert "0 Checks due, 0 follow-ups overdue" in body

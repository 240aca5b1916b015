"""Messages after a refresh, taken by a real mail server and a real web hook on this machine."""

import email
import email.policy
import json
import socket
import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import apprise
import pytest
from aiosmtpd.controller import Controller

from pipelines.errors import BusyError, CheckError
from pipelines.last_refresh import RefreshReport, note_failure, note_refresh
from pipelines.read import Snapshot
from pipelines.reviews import cycles
from pipelines.reviews.after_refresh import after_refresh, followed_up
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import MetricRole
from pipelines.reviews.notify.sending import NAME, recalled
from pipelines.reviews.outcome.watch import release_breaches
from pipelines.reviews.people_sync import LOCAL
from pipelines.reviews.records.tables import FollowUp, PdcaCycle
from pipelines.sources.file_report import FileReport

# As the product of these tests begins, and as its change goes live.
FIRST, RELEASED = datetime(2026, 1, 5, tzinfo=UTC), date(2026, 7, 6)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
TOML = """
[product]
name = "{name}"
timezone = "UTC"
[notify]
urls = {urls}
{more}
"""


class Mailbox:
    """Keeps what a mail server takes; refuses while `is_open` is false."""

    def __init__(self):
        self.taken, self.is_open = [], True

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the server calls it
        if not self.is_open:
            return "451 Come back later"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope, message))
        return "250 OK"

    def subjects(self):
        return [message["Subject"] for _, message in self.taken]


@pytest.fixture
def mail(monkeypatch):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv(
        "TEST_MAIL", f"mailto://127.0.0.1:{port}?from=loop@example.org&to=team@example.org"
    )
    yield box
    controller.stop()


@pytest.fixture
def hook():
    """(address, what was posted, the answer's code in a list)."""
    posted, code = [], [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(code[0])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/hook", posted, code
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def workspace(tmp_path):
    def write(*urls, name="Sprout", more=""):
        (tmp_path / "snapshots").mkdir(exist_ok=True)
        text = TOML.format(name=name, urls=json.dumps(list(urls)), more=more)
        (tmp_path / "launchloop.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def failed(folder, reason="The disk is full.", at=NOON):
    report = RefreshReport(None, False, ())
    note_failure(folder / "snapshots", at, report, reason)


def held(folder, *files, text="Say which decimal sign it has."):
    question = {"code": "ask_decimal", "text": text, "toml": None}
    reports = [
        FileReport("payments", file, None, "held", questions=[question], import_id=file)
        for file in files
    ]
    note_refresh(folder / "snapshots", NOON, RefreshReport(None, False, tuple(reports)))


def run(folder, moment=NOON):
    """(how many were sent, what was told)."""
    told = []
    sent = after_refresh(folder, told.append, clock=lambda: moment)
    return sent, told


def test_a_failed_refresh_is_told_by_mail_as_plain_text(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    assert run(folder) == (1, [])
    ((envelope, message),) = mail.taken
    assert envelope.rcpt_tos == ["team@example.org"]
    assert message["Subject"] == "Sprout: the refresh failed"
    assert {part.get_content_type() for part in message.walk()} == {"text/plain"}
    body = message.get_content()
    assert "since 2026-11-28T12:00 UTC: The disk is full." in body
    assert "`launchloop refresh`" in body
    assert not (folder / "records.db").exists()


def test_the_same_is_never_told_twice_and_the_next_failure_is_new(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    assert run(folder)[0] == 1
    failed(folder, "The disk is still full.", NOON + timedelta(days=1))
    assert run(folder, NOON + timedelta(days=1))[0] == 0
    note_refresh(folder / "snapshots", NOON, RefreshReport(None, False, ()))
    failed(folder, "Another cause.", NOON + timedelta(days=3))
    assert run(folder, NOON + timedelta(days=3))[0] == 1
    assert len(mail.taken) == 2


def test_files_that_were_held_come_in_one_message_and_more_of_them_the_next_day(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    held(folder, "a.csv", "b.csv")
    assert run(folder)[0] == 1
    held(folder, "a.csv", "b.csv", "c.csv")
    assert run(folder, NOON + timedelta(hours=1))[0] == 0
    assert run(folder, NOON + timedelta(days=1))[0] == 1
    assert mail.subjects() == [
        "Sprout: 2 files were not let in",
        "Sprout: 1 file was not let in",
    ]
    assert "c.csv of source payments" in mail.taken[1][1].get_content()


def test_text_from_data_is_neither_markup_nor_a_header(workspace, mail):
    folder = workspace("env:TEST_MAIL", name="Sprout\\r\\nBcc: all@example.org")
    held(folder, "<b>x</b>\r\nBcc: you@example.org.csv", text="<script>alert(1)</script>\x1b[2J")
    assert run(folder) == (1, [])
    ((envelope, message),) = mail.taken
    assert envelope.rcpt_tos == ["team@example.org"]
    assert message["Bcc"] is None
    assert message["Subject"] == "Sprout Bcc: all@example.org: 1 file was not let in"
    body = message.get_content()
    assert "<script>alert(1)</script>" in body
    assert "\x1b" not in body
    assert {part.get_content_type() for part in message.walk()} == {"text/plain"}


def test_a_message_that_is_not_taken_is_sent_again_and_fails_nothing(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    mail.is_open = False
    sent, told = run(folder)
    assert sent == 0
    (said,) = told
    assert "env:TEST_MAIL" in said
    assert "sent again after the next refresh" in said
    assert "127.0.0.1" not in said
    mail.is_open = True
    assert run(folder) == (1, [])
    assert run(folder) == (0, [])


def test_of_two_addresses_only_the_one_that_failed_is_tried_again(workspace, mail, hook):
    address, posted, code = hook
    folder = workspace(address, "env:TEST_MAIL")
    failed(folder)
    code[0] = 500
    sent, told = run(folder)
    assert (sent, len(told), len(mail.taken)) == (1, 1, 1)
    assert "json://127.0.0.1" in told[0]
    code[0] = 200
    before = len(posted)
    assert run(folder) == (1, [])
    assert len(posted) == before + 1
    assert posted[-1]["title"] == "Sprout: the refresh failed"
    assert posted[-1]["message"].startswith("No refresh has come to its end")
    assert len(mail.taken) == 1


def test_only_what_is_asked_for_is_told(workspace, mail):
    folder = workspace("env:TEST_MAIL", more='on = ["import_held"]')
    failed(folder)
    assert run(folder) == (0, [])
    held(folder, "a.csv")
    assert run(folder) == (1, [])


def test_an_address_that_is_not_set_or_unknown_is_named_without_its_secret(workspace, monkeypatch):
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setenv("ODD", "nothing://token-4711")
    folder = workspace("env:NOT_SET", "env:ODD")
    failed(folder)
    sent, told = run(folder)
    assert sent == 0
    assert "environment variable NOT_SET is not set" in told[0]
    assert "env:ODD is no address that Apprise knows" in told[1]
    assert "4711" not in " ".join(told)


def test_the_memory_holds_neither_texts_nor_addresses(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    held(folder, "salaries of Ann.csv")
    run(folder)
    kept = (folder / "snapshots" / NAME).read_text(encoding="utf-8")
    assert "salaries" not in kept
    assert "example.org" not in kept


def test_a_memory_that_cannot_be_read_is_begun_anew(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    (folder / "snapshots" / NAME).write_text("[1", encoding="utf-8")
    failed(folder)
    assert run(folder) == (1, [])
    assert recalled(folder / "snapshots").sent["env:TEST_MAIL"]["refresh_failed"]


def test_what_was_sent_long_ago_is_forgotten(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    held(folder, "a.csv")
    run(folder, NOON - timedelta(days=500))
    held(folder, "b.csv")
    run(folder)
    kept = recalled(folder / "snapshots").sent["env:TEST_MAIL"]["import_held"]
    assert set(kept.values()) == {"2026-11-28"}


def test_without_an_address_or_a_snapshot_folder_nothing_happens(workspace, tmp_path):
    folder = workspace()
    failed(folder)
    assert run(folder) == (0, [])
    assert not (folder / "snapshots" / NAME).exists()


def test_a_refresh_that_breaks_off_is_followed_up_and_its_error_stays(workspace, mail):
    folder = workspace("env:TEST_MAIL")

    def broken():
        with followed_up(folder, print):
            failed(folder)
            raise CheckError("I2 does not hold.")

    with pytest.raises(CheckError, match="I2"):
        broken()
    assert len(mail.taken) == 1


def test_a_refresh_that_another_one_keeps_out_tells_nothing(workspace, mail):
    folder = workspace("env:TEST_MAIL")
    failed(folder)

    def busy():
        with followed_up(folder, print):
            raise BusyError("Another refresh runs.")

    with pytest.raises(BusyError):
        busy()
    assert mail.taken == []


@pytest.mark.parametrize(
    "address",
    [
        "slack://TTTTTTTTT/BBBBBBBBB/aaaaaaaaaaaaaaaaaaaaaaaa",
        "https://hooks.slack.com/services/T00000000/B00000000/aaaaaaaaaaaaaaaaaaaaaaaa",
        "workflows://example.org:443/WORKFLOWID/SIGNATURE",
    ],
)
def test_addresses_of_slack_and_teams_are_taken_by_apprise(address):
    assert apprise.Apprise().add(address)


def test_due_checks_and_overdue_follow_ups_of_the_records_are_told(product, mail):
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
    sent, _ = run(product.folder, moment)
    assert sent == 2
    assert mail.subjects() == ["Sprout: 1 Check is due", "Sprout: 1 follow-up is overdue"]
    assert "Shorter form: its Check is due since 30 Jun 2026" in mail.taken[0][1].get_content()
    sent, _ = run(product.folder, moment + timedelta(days=1))
    assert sent == 0


def test_after_a_refresh_the_ledger_is_kept_and_a_due_prediction_is_judged(product, samples, mail):
    product.kept()
    product.predict("2.0")
    product.publish(releases=[samples.release("2.0", released=date(2026, 7, 6))])
    write_notify(product)
    moment = datetime(2026, 10, 20, 9, tzinfo=UTC)
    assert run(product.folder, moment) == (0, [])
    assert product.line("2.0", moment).status == "judged"


def test_a_guard_rail_that_suffers_after_an_unpredicted_release_is_told_once(
    product, samples, mail
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
    assert run(product.folder, moment) == (1, [])
    assert mail.subjects() == ["Sprout: 1 guard-rail shows harm"]
    assert run(product.folder, moment + timedelta(days=2)) == (0, [])


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
    product, mail, harmful
):
    told = []
    for week in (30, 31, 37, 39):
        product.publish(weeks=week)
        write_notify(product, 'on = "guard_rail_breach"')
        moment = FIRST + timedelta(weeks=week, hours=9)
        told.append(run(product.folder, moment))
        told.append(run(product.folder, moment + timedelta(days=1)))
    assert told == [(1, []), *[(0, [])] * 7]
    assert mail.subjects() == ["Sprout: 1 guard-rail shows harm"]
    body = mail.taken[0][1].get_content()
    assert "Form: Weekly active users failed. Decide by" in body
    assert "under Reviews > Cycles." in body
    record = cycles.cycle_page(product.desk(), harmful).record
    assert all(each.failed for each in record.runs)


def test_a_breach_whose_message_nobody_took_is_told_after_the_next_refresh(product, mail, harmful):
    product.publish(weeks=30)
    write_notify(product, 'on = "guard_rail_breach"')
    moment = FIRST + timedelta(weeks=30, hours=9)
    mail.is_open = False
    sent, told = run(product.folder, moment)
    assert (sent, len(told)) == (0, 1)
    mail.is_open = True
    assert run(product.folder, moment + timedelta(days=1)) == (1, [])
    assert run(product.folder, moment + timedelta(days=2)) == (0, [])


def test_the_digest_comes_once_a_week(product, mail):
    product.kept()
    write_notify(product, 'on = "digest"')
    monday = datetime(2026, 6, 29, 9, tzinfo=UTC)
    assert run(product.folder, monday) == (1, [])
    assert run(product.folder, monday + timedelta(days=3)) == (0, [])
    assert run(product.folder, monday + timedelta(days=7)) == (1, [])
    body = mail.taken[0][1].get_content()
    assert mail.subjects()[0] == "Sprout: the week in numbers"
    assert "0 Checks due, 0 follow-ups overdue" in body


def write_notify(product, more=""):
    settings = product.folder / "launchloop.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[notify]\nurls = "env:TEST_MAIL"\n{more}\n', encoding="utf-8")

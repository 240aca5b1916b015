"""After a refresh a real mail server and a real web hook take what failed or was held, once."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import apprise
import pytest

from pipelines.errors import BusyError, CheckError
from pipelines.last_refresh import RefreshReport, note_failure, note_refresh
from pipelines.reviews.after_refresh import followed_up
from pipelines.reviews.notify.sending import NAME, recalled
from pipelines.sources.file_report import FileReport

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
TOML = """
[product]
name = "{name}"
timezone = "UTC"
[notify]
urls = {urls}
{more}
"""


@pytest.fixture
def notify(notify):
    """The same, at noon where no moment is given."""
    return lambda folder, moment=NOON: notify(folder, moment)


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


def test_a_failed_refresh_is_told_by_mail_as_plain_text(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    assert notify(folder) == (1, [])
    ((envelope, message),) = mail.taken
    assert envelope.rcpt_tos == ["team@example.org"]
    assert message["Subject"] == "Sprout: the refresh failed"
    assert {part.get_content_type() for part in message.walk()} == {"text/plain"}
    body = message.get_content()
    assert "since 2026-11-28T12:00 UTC: The disk is full." in body
    assert "`launchloop refresh`" in body
    assert not (folder / "records.db").exists()


def test_the_same_is_never_told_twice_and_the_next_failure_is_new(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    assert notify(folder)[0] == 1
    failed(folder, "The disk is still full.", NOON + timedelta(days=1))
    assert notify(folder, NOON + timedelta(days=1))[0] == 0
    note_refresh(folder / "snapshots", NOON, RefreshReport(None, False, ()))
    failed(folder, "Another cause.", NOON + timedelta(days=3))
    assert notify(folder, NOON + timedelta(days=3))[0] == 1
    assert len(mail.taken) == 2


def test_files_that_were_held_come_in_one_message_and_more_of_them_the_next_day(
    workspace, mail, notify
):
    folder = workspace("env:TEST_MAIL")
    held(folder, "a.csv", "b.csv")
    assert notify(folder)[0] == 1
    held(folder, "a.csv", "b.csv", "c.csv")
    assert notify(folder, NOON + timedelta(hours=1))[0] == 0
    assert notify(folder, NOON + timedelta(days=1))[0] == 1
    assert mail.subjects() == [
        "Sprout: 2 files were not let in",
        "Sprout: 1 file was not let in",
    ]
    assert "c.csv of source payments" in mail.taken[1][1].get_content()


def test_text_from_data_is_neither_markup_nor_a_header(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL", name="Sprout\\r\\nBcc: all@example.org")
    held(folder, "<b>x</b>\r\nBcc: you@example.org.csv", text="<script>alert(1)</script>\x1b[2J")
    assert notify(folder) == (1, [])
    ((envelope, message),) = mail.taken
    assert envelope.rcpt_tos == ["team@example.org"]
    assert message["Bcc"] is None
    assert message["Subject"] == "Sprout Bcc: all@example.org: 1 file was not let in"
    body = message.get_content()
    assert "<script>alert(1)</script>" in body
    assert "\x1b" not in body
    assert {part.get_content_type() for part in message.walk()} == {"text/plain"}


def test_a_message_that_is_not_taken_is_sent_again_and_fails_nothing(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    failed(folder)
    mail.is_open = False
    sent, told = notify(folder)
    assert sent == 0
    (said,) = told
    assert "env:TEST_MAIL" in said
    assert "sent again after the next refresh" in said
    assert "127.0.0.1" not in said
    mail.is_open = True
    assert notify(folder) == (1, [])
    assert notify(folder) == (0, [])


def test_of_two_addresses_only_the_one_that_failed_is_tried_again(workspace, mail, hook, notify):
    address, posted, code = hook
    folder = workspace(address, "env:TEST_MAIL")
    failed(folder)
    code[0] = 500
    sent, told = notify(folder)
    assert (sent, len(told), len(mail.taken)) == (1, 1, 1)
    assert "json://127.0.0.1" in told[0]
    code[0] = 200
    before = len(posted)
    assert notify(folder) == (1, [])
    assert len(posted) == before + 1
    assert posted[-1]["title"] == "Sprout: the refresh failed"
    assert posted[-1]["message"].startswith("No refresh has come to its end")
    assert len(mail.taken) == 1


def test_only_what_is_asked_for_is_told(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL", more='on = ["import_held"]')
    failed(folder)
    assert notify(folder) == (0, [])
    held(folder, "a.csv")
    assert notify(folder) == (1, [])


def test_an_address_that_is_not_set_or_unknown_is_named_without_its_secret(
    workspace, monkeypatch, notify
):
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setenv("ODD", "nothing://token-4711")
    folder = workspace("env:NOT_SET", "env:ODD")
    failed(folder)
    sent, told = notify(folder)
    assert sent == 0
    assert "environment variable NOT_SET is not set" in told[0]
    assert "env:ODD is no address that Apprise knows" in told[1]
    assert "4711" not in " ".join(told)


def test_the_memory_holds_neither_texts_nor_addresses(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    held(folder, "salaries of Ann.csv")
    notify(folder)
    kept = (folder / "snapshots" / NAME).read_text(encoding="utf-8")
    assert "salaries" not in kept
    assert "example.org" not in kept


def test_a_memory_that_cannot_be_read_is_begun_anew(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    (folder / "snapshots" / NAME).write_text("[1", encoding="utf-8")
    failed(folder)
    assert notify(folder) == (1, [])
    assert recalled(folder / "snapshots").sent["env:TEST_MAIL"]["refresh_failed"]


def test_what_was_sent_long_ago_is_forgotten(workspace, mail, notify):
    folder = workspace("env:TEST_MAIL")
    held(folder, "a.csv")
    notify(folder, NOON - timedelta(days=500))
    held(folder, "b.csv")
    notify(folder)
    kept = recalled(folder / "snapshots").sent["env:TEST_MAIL"]["import_held"]
    assert set(kept.values()) == {"2026-11-28"}


def test_without_an_address_or_a_snapshot_folder_nothing_happens(workspace, tmp_path, notify):
    folder = workspace()
    failed(folder)
    assert notify(folder) == (0, [])
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

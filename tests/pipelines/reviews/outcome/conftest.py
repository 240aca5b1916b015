"""A product of 44 weeks whose activation rate rises at a release, published before and after it."""

import csv
import email
import email.policy
import random
import shutil
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from pipelines.read import Snapshot
from pipelines.refresh import refresh
from pipelines.reviews.after_refresh import after_refresh
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.terms import Direction
from pipelines.reviews.desk import Desk
from pipelines.reviews.outcome.judging import judge_due
from pipelines.reviews.outcome.keeping import keep_ledger
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.outcomes import Prediction, lock, predict
from pipelines.reviews.people_sync import MACHINE

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = 44
RELEASED = date(2026, 7, 6)
REVIEW = date(2026, 10, 5)
EVE = datetime(2026, 7, 1, 9, tzinfo=UTC)
AT_REVIEW = datetime(2026, 10, 20, 9, tzinfo=UTC)
SIGN_UPS = 60
SETTINGS = """
[product]
name = "Sprout"
timezone = "UTC"
[usage]
sign_up_event = "sign_up"
activation = { events = ["export"], within_days = 7 }
"""
SOURCE = '[[source]]\nname = "{name}"\nfiles = "exports/{name}.csv"\nexported_at = {end}\n'
ACTIVATION = Card("activation_rate")


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def events(weeks, sign_ups_after=SIGN_UPS):
    """Every week 60 people sign up; 35 % of them export, and 55 % from the release on."""
    dice = random.Random("sprout")
    found = []
    for week in range(weeks):
        monday = FIRST + timedelta(weeks=week)
        is_after = monday.date() >= RELEASED
        share = 0.55 if is_after else 0.35
        for place in range(sign_ups_after if is_after else SIGN_UPS - week % 3):
            who, at = f"u{week:02}{place:02}", monday + timedelta(hours=2 * place)
            found.append((who, "sign_up", at))
            if dice.random() < share:
                found.append((who, "export", at + timedelta(hours=1)))
    return [
        {
            "event_id": f"e{place:05}",
            "event_name": name,
            "occurred_at": at.isoformat(),
            "user_id": who,
            "platform_code": "web",
        }
        for place, (who, name, at) in enumerate(found)
    ]


def release(name, planned=RELEASED, released=None, channel="stable", *, withdrawn=False):
    return {
        "release_id": name,
        "product_id": "sprout",
        "version": name,
        "channel_code": channel,
        "planned_on": planned.isoformat() if planned else "",
        "released_at": f"{released.isoformat()}T10:00:00Z" if released else "",
        "is_withdrawn": str(withdrawn).lower(),
    }


def item(key, points, *, release_name="", done=None, title=None):
    return {
        "work_item_key": key,
        "item_kind": "story",
        "item_type_name": "Story",
        "title_text": title or f"Story {key}",
        "status_id": "3" if done else "2",
        "status_name": "Done" if done else "Doing",
        "state_code": "done" if done else "doing",
        "points": points,
        "created_at": "2026-06-01T09:00:00Z",
        "done_at": f"{done.isoformat()}T09:00:00Z" if done else "",
        "team_id": "product",
        "fix_version_list": release_name,
    }


class Product:
    """A workspace that a test moves through time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = SETTINGS
        self.sign_ups_after = SIGN_UPS

    def publish(self, *, weeks=WEEKS, releases=(), items=()):
        """Writes the exports as they are after some weeks, and refreshes."""
        end = (FIRST + timedelta(weeks=weeks)).isoformat()
        exports = self.folder / "exports"
        exports.mkdir(exist_ok=True)
        tables = {
            "events": events(weeks, self.sign_ups_after),
            "releases": list(releases),
            "work_items": list(items),
        }
        tables = {name: rows for name, rows in tables.items() if rows}
        for name, rows in tables.items():
            write_csv(exports / f"{name}.csv", rows)
        sources = "".join(SOURCE.format(name=name, end=end) for name in tables)
        (self.folder / "launchloop.toml").write_text(self.settings + sources, encoding="utf-8")
        report = refresh(self.folder)
        assert report.is_good, report.as_json()
        return Snapshot(self.folder)

    def set_team(self, **changes):
        desk = self.desk()
        team = desk.teams()[0]
        desk.change_settings(team.team_id, team.row_version, **changes)

    def desk(self, moment=EVE, person=None):
        return Desk.open(self.folder, person, clock=lambda: moment)

    def machine(self, moment=EVE):
        return self.desk(moment, MACHINE)

    def kept(self, moment=EVE):
        """The ledger after the machine looked at the current snapshot; () before."""
        keep_ledger(self.machine(moment), Snapshot(self.folder))
        return ledger(self.desk(moment))

    def line(self, title, moment=EVE):
        found = [line for line in ledger(self.desk(moment)).lines if line.title == title]
        assert len(found) == 1, found
        return found[0]

    def predict(self, title, moment=EVE, *, locked=True, **parts):
        line = self.line(title, moment)
        predict(self.desk(moment), line.row.link_id, line.row_version, prediction(**parts))
        if locked:
            line = self.line(title, moment)
            lock(self.desk(moment), line.row.link_id, line.row_version)
        return self.line(title, moment)


def prediction(**parts):
    known = {
        "card": ACTIVATION,
        "direction": Direction.UP,
        "expected_effect": 0.15,
        "min_effect": 0.05,
        "confidence": 0.7,
        "review_on": REVIEW,
    }
    return Prediction(**{**known, **parts})


@pytest.fixture(scope="session")
def samples():
    """The rows of the exports, and predictions, for tests that write their own."""
    return SimpleNamespace(
        release=release, item=item, prediction=prediction, SETTINGS=SETTINGS, ACTIVATION=ACTIVATION
    )


@pytest.fixture(scope="session")
def _planned(tmp_path_factory):
    """25 weeks in, a week and a half before the release."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        product = Product(tmp_path_factory.mktemp("planned"))
        product.publish(weeks=25, releases=[release("2.0"), release("nightly", channel="nightly")])
    return product.folder


@pytest.fixture
def product(_planned, tmp_path, monkeypatch):
    """A copy of the product before its release, that a test may change."""
    monkeypatch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
    shutil.copytree(_planned, tmp_path / "sprout")
    return Product(tmp_path / "sprout")


@pytest.fixture
def judged(product):
    """A product whose release was predicted and judged."""
    product.kept()
    product.predict("2.0")
    snapshot = product.publish(releases=[release("2.0", released=RELEASED)])
    product.kept(AT_REVIEW)
    judge_due(product.machine(AT_REVIEW), snapshot)
    return product


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
    """The box of a real mail server on this machine, at the address in $TEST_MAIL."""
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
def notify():
    """`notify(folder, moment)` → (how many messages were sent after a refresh, what was told)."""

    def run(folder, moment):
        told = []
        sent = after_refresh(folder, told.append, clock=lambda: moment)
        return sent, told

    return run

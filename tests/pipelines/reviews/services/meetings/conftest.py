"""A small product with two weekly numbers, refreshed once; records on each database in turn."""

import csv
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.refresh import refresh
from pipelines.reviews import meetings
from pipelines.reviews.core.terms import ItemState, MeetingKind
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.records.verifying import verify_records

MONDAY = date(2026, 1, 5)
WEEKS = 26
A_WEEK = 40
# The week that begins here has far fewer active people than those before.
QUIET = 25
NOW = datetime(2026, 7, 8, 9, tzinfo=UTC)
SETTINGS = """
[product]
name = "Test"
currency = "EUR"
[[launch]]
id = "two"
name = "Two"
on = 2026-03-04
scorecard = ["wau", "activation_rate"]
[[source]]
name = "product events"
files = "events*.csv"
complete_to = {complete_to}
expected_every = "1d"
[[source]]
name = "notes"
files = "annotations.csv"
[usage]
sign_up_event = "sign_up"
activation = {{ events = ["report_shared"], within_days = 7 }}
[[target]]
metric = "activation_rate"
value = 0.9
[[team]]
id = "growth"
name = "Growth"
[[person]]
id = "anna"
name = "Anna Berg"
email = "anna@example.org"
roles = {{ "*" = ["product_manager"] }}
[[person]]
id = "ben"
name = "Ben Cole"
roles = {{ growth = ["developer"] }}
[[person]]
id = "fay"
name = "Fay"
roles = {{ growth = ["facilitator"] }}
[[person]]
id = "vic"
name = "Vic"
roles = {{ growth = ["stakeholder"] }}
[[person]]
id = "cleo"
name = "Cleo"
"""
MORE_PEOPLE = "".join(
    f'[[person]]\nid = "p{number}"\nname = "P{number}"\nroles = {{ growth = ["{role}"] }}\n'
    for number, role in enumerate(["developer", "facilitator"] * 10)
)


def events():
    """Forty sign-ups a week, of whom about a third share a report; few in the quiet week."""
    for week in range(WEEKS):
        people = 3 if week == QUIET else A_WEEK + week % 2
        for number in range(people):
            day = MONDAY + timedelta(days=7 * week + number % 7)
            person = f"p{week}-{number}"
            yield "sign_up", day, person
            if number % 3 == week % 2:
                yield "report_shared", day, person


def write_events(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [
                ["event_name", "occurred_at", "user_id"],
                *((n, f"{d}T10:00:00Z", p) for n, d, p in rows),
            ]
        )


def write_settings(folder, records="", complete_to=MONDAY + timedelta(weeks=WEEKS)):
    text = SETTINGS.format(complete_to=complete_to) + MORE_PEOPLE
    (folder / "launchloop.toml").write_text(text + records, encoding="utf-8")


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The workspace after its first refresh."""
    folder = tmp_path_factory.mktemp("reviewed")
    write_settings(folder)
    write_events(folder / "events.csv", list(events()))
    with (folder / "annotations.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [
                ["annotation_id", "happened_at", "annotation_kind", "title_text"],
                ["a1", "2026-06-01T10:00:00Z", "campaign", "Summer mail"],
            ]
        )
    assert refresh(folder).published
    return folder


@pytest.fixture
def place(published, tmp_path, address):
    """A copy of the workspace with empty records on the database of the test."""
    folder = tmp_path / "workspace"
    shutil.copytree(published, folder)
    write_settings(folder, f'[records]\nurl = "{address}"\n')
    return folder


@pytest.fixture
def speak(place):
    """`speak("anna")` → a desk at which a person speaks; `at=` the time."""

    def open_it(person_id="anna", at=NOW):
        return Desk.open(place, person_id, clock=lambda: at)

    return open_it


@pytest.fixture
def anna(speak):
    return speak("anna")


@pytest.fixture
def plan_meeting():
    """Schedules a weekly review that Fay leads and Ben writes in."""

    def schedule(desk, held_on=date(2026, 7, 10), **more):
        known = {
            "kind": MeetingKind.WEEKLY_METRICS,
            "team_id": "growth",
            "facilitator_id": "fay",
            "note_taker_id": "ben",
            "attendee_ids": ("anna",),
        }
        return meetings.schedule(desk, Invitation(held_on=held_on, **{**known, **more}))

    return schedule


@pytest.fixture
def begun(anna, plan_meeting):
    """A meeting in session, without a pre-read."""
    meeting_id = plan_meeting(anna)
    meetings.start(anna, meeting_id)
    return meeting_id


@pytest.fixture
def decided():
    """`decided(desk, meeting_id)` → the id of a decision with a reason and another option."""

    def decide(desk, meeting_id, text="Repeat the mail", **more):
        said = Deciding(text, "anna", "The mail of June brought them", ("Do nothing",), **more)
        return deciding.decide(desk, meeting_id, said)

    return decide


@pytest.fixture
def settle():
    """Everything on the agenda is marked discussed."""

    def discuss(desk, meeting_id):
        for each in meeting_view(desk, meeting_id).items:
            in_session.set_state(desk, each.item.item_id, ItemState.DISCUSSED)

    return discuss


@pytest.fixture
def publish(settle):
    """Ends a meeting with everything discussed; the hash of its minutes."""

    def end(desk, meeting_id):
        settle(desk, meeting_id)
        meetings.end(desk, meeting_id)
        return minutes.publish(desk, meeting_id)

    return end


@pytest.fixture
def item_on():
    """`item_on(view, subject)` → the item, also where it is folded."""

    def find(view, subject):
        found = {each.item.subject: each for each in (*view.items, *view.folded)}
        return found[subject]

    return find


@pytest.fixture
def is_whole():
    """Whether the records are what was saved."""

    def check(desk):
        with desk.store.reading() as session:
            return verify_records(session) is None

    return check


@pytest.fixture
def backfill():
    """Two people come late into the quiet week, and another week arrives; then a refresh."""

    def arrive(folder):
        quiet = MONDAY + timedelta(weeks=QUIET)
        late = [("sign_up", quiet, f"late{number}") for number in range(2)]
        next_week = [
            ("sign_up", quiet + timedelta(days=7 + number % 7), f"new{number}")
            for number in range(A_WEEK)
        ]
        write_events(folder / "events-2.csv", [*late, *next_week])
        text = (folder / "launchloop.toml").read_text(encoding="utf-8")
        end = MONDAY + timedelta(weeks=WEEKS)
        (folder / "launchloop.toml").write_text(
            text.replace(f"complete_to = {end}", f"complete_to = {end + timedelta(weeks=1)}"),
            encoding="utf-8",
        )
        assert refresh(folder).published

    return arrive

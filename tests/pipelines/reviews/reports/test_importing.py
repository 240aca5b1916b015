"""A cycle and a meeting move to another workspace, as an operator does it, on each database."""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from pipelines.reviews import cycles
from pipelines.reviews.core.canonical import event_hash
from pipelines.reviews.cycle.page import cycle_page
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.minutes import published
from pipelines.reviews.meeting.view import meeting_view, meetings
from pipelines.reviews.records.other_logs import IMPORTED, PLACES
from pipelines.reviews.records.tables import Person

LAUNCHLOOP = Path(sys.executable).with_name("launchloop")
MODULE = Path(__file__).parents[3] / "dashboard" / "reviewed_product.py"


def test_a_cycle_and_its_meeting_come_in_with_their_ids_and_the_records_verify(
    reviewed, exports, other, run, imported
):
    done = imported(other, exports["cycle"], exports["meeting"], exports["preread"])
    assert done.stdout.count("is imported, and all records verify") == 3
    assert "Left out: evidence_link" in done.stdout
    verified = run("reviews", "verify", "-w", other)
    assert (verified.returncode, "nothing changed or missing" in verified.stdout) == (0, True)
    for kind, thing in (("cycle", reviewed.cycle_id), ("review", reviewed.meeting_id)):
        here, there = (
            run("report", kind, thing, "-w", folder, "--format", "csv", "--output", folder / kind)
            for folder in (reviewed.folder, other)
        )
        assert (here.returncode, there.returncode) == (0, 0)
        differing = {
            file.name
            for file in (reviewed.folder / kind).iterdir()
            if file.read_bytes() != (other / kind / file.name).read_bytes()
        }
        # The hash of the record as JSON is of the log that exported it.
        assert all("hashes" in name for name in differing)


def test_pages_mark_what_was_imported_and_by_whom(reviewed, exports, other, imported):
    imported(other, exports["cycle"], exports["meeting"])
    here, there = Desk.open(other, "pm"), Desk.open(reviewed.folder, "pm")
    page = cycle_page(here, reviewed.cycle_id)
    assert page.record.labels == ("kept, not proven", "imported")
    assert cycle_page(there, reviewed.cycle_id).record.labels == ("kept, not proven",)
    assert page.record.history[-1].action == IMPORTED
    assert (page.record.history[-1].actor_id, page.record.history[-1].reason) == (
        "pm",
        "cycle.json",
    )
    assert [card.is_imported for card in cycles.board(here)["closed"]] == [True]
    assert [line.is_imported for line in meetings(here, "core")] == [True]
    assert meeting_view(here, reviewed.meeting_id).is_imported
    minutes = [published(desk, reviewed.meeting_id) for desk in (here, there)]
    assert minutes[0].text == minutes[1].text


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_papers_mark_what_was_imported(reviewed, exports, other, run, imported):
    imported(other, exports["cycle"], exports["meeting"], exports["preread"])
    papers = (
        ("cycle", reviewed.cycle_id, "PDCA cycle 1 · kept, not proven · imported"),
        ("review", reviewed.meeting_id, "Minutes · Core · imported"),
        ("preread", reviewed.next_meeting_id, "Pre-read · Core · imported"),
    )
    for kind, thing, said in papers:
        here, there = (
            run("report", kind, thing, "-w", folder, "--format", "md").stdout.replace("\\", "")
            for folder in (other, reviewed.folder)
        )
        assert said in here
        assert "imported" not in there


def test_every_event_keeps_its_place_and_hash_in_the_log_that_it_came_from(
    exports, other, imported, events_of
):
    imported(other, exports["cycle"])
    body = json.loads(exports["cycle"].read_text(encoding="utf-8"))
    before = {each["event_id"]: each for each in body["events"]}
    came = [each for each in events_of(other) if PLACES in each.changes]
    assert len(came) == len(before) - 1
    for event in came:
        old = before[event.event_id]
        (place,) = event.changes[PLACES]
        assert place["event_hash"] == old["event_hash"]
        own = {name: old[name] for name in old if name not in {"prev_hash", "event_hash"}}
        assert event_hash(place["prev_hash"], own) == place["event_hash"]
        assert (event.at.isoformat()[:19], event.actor_id) == (old["at"][:19], old["actor_id"])
    (told,) = events_of(other, action=IMPORTED)
    assert told.changes["import"]["hash"] == body["hash"]
    assert told.changes["import"]["file"] == "cycle.json"
    (left,) = told.changes["import"]["left_out"]
    assert (left["table"], left["events"][0]["action"]) == ("evidence_link", "linked")


def test_the_same_file_again_changes_nothing_and_says_so(reviewed, exports, other, run, imported):
    imported(other, exports["cycle"])
    before = run("reviews", "verify", "-w", other, "--json").stdout
    again = imported(other, exports["cycle"])
    assert "Petra Manager imported the cycle" in again.stdout
    assert "Nothing was changed." in again.stdout
    assert run("reviews", "verify", "-w", other, "--json").stdout == before
    home = imported(reviewed.folder, exports["cycle"])
    assert "these records hold the cycle" in home.stdout


def test_json_tells_the_same(exports, other, run):
    done = run("reviews", "import", exports["cycle"], "-w", other, "--person", "pm", "--json")
    told = json.loads(done.stdout)
    assert [each["is_new"] for each in told["imports"]] == [True]
    assert told["imports"][0]["by"] == "pm"
    assert told["rows"] > 5
    assert told["new_people"] == []
    assert [each["table"] for each in told["left_out"]] == ["evidence_link"]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
class TestWho:
    def test_whoever_may_not_is_refused(self, exports, other, imported):
        done = imported(other, exports["cycle"], person="dev", code=1)
        assert "Ask one of its product managers" in done.stderr

    def test_nobody_is_asked_for_a_name(self, exports, other, run):
        done = run("reviews", "import", exports["cycle"], "-w", other)
        assert done.returncode == 2
        assert "Say who imports: --person ID" in done.stderr

    def test_people_who_are_not_known_here_are_known_by_their_id(
        self, exports, other, run, imported
    ):
        file = other / "launchloop.toml"
        text = file.read_text(encoding="utf-8")
        gone = '[[person]]\nid = "dev"\nname = "Dan Developer"\nroles = { "*" = "developer" }\n'
        assert gone in text
        file.write_text(text.replace(gone, ""), encoding="utf-8")
        done = imported(other, exports["cycle"])
        assert "Not known here before: dev." in done.stdout
        with Desk.open(other, "pm").store.reading() as session:
            assert session.get(Person, "dev").display_name == "dev"
        assert run("reviews", "verify", "-w", other).returncode == 0

    def test_a_team_that_is_not_here_is_asked_for(self, exports, other, imported):
        file = other / "launchloop.toml"
        text = file.read_text(encoding="utf-8")
        assert 'id = "core"' in text
        file.write_text(text.replace('id = "core"', 'id = "web"'), encoding="utf-8")
        done = imported(other, exports["cycle"], code=1)
        assert 'Add [[team]] with id = "core"' in done.stderr


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_is_exported_again_verifies_and_goes_on_to_a_third_workspace(
    reviewed, exports, other, tmp_path, run, imported, events_of
):
    imported(other, exports["cycle"], exports["meeting"])
    third = tmp_path / "third"
    third.mkdir()
    text = (reviewed.folder / "launchloop.toml").read_text(encoding="utf-8")
    (third / "launchloop.toml").write_text(text, encoding="utf-8")
    files = []
    for kind, thing in (("cycle", reviewed.cycle_id), ("review", reviewed.meeting_id)):
        files.append(tmp_path / f"{kind}.json")
        run("report", kind, thing, "-w", other, "--format", "json", "--output", files[-1])
        assert run("reviews", "verify", files[-1]).returncode == 0
    imported(third, *files)
    assert run("reviews", "verify", "-w", third).returncode == 0
    assert {len(each.changes[PLACES]) for each in events_of(third) if PLACES in each.changes} == {
        1,
        2,
    }


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_changed_minutes_or_places_of_an_import_are_found(exports, other, run, imported):
    imported(other, exports["meeting"])
    (file,) = [each for each in other.parent.rglob("*.db") if each.stat().st_size]
    connection = sqlite3.connect(file)
    for (name,) in connection.execute(
        "select name from sqlite_master where type = 'trigger'"
    ).fetchall():
        connection.execute(f"drop trigger {name}")
    (body,) = connection.execute("select body from minutes").fetchone()
    changed = json.loads(body)
    changed["events_count"] += 1
    digest = hashlib.sha256(
        json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    connection.execute("update minutes set body = ?, body_hash = ?", (json.dumps(changed), digest))
    connection.commit()
    connection.close()
    done = run("reviews", "verify", "-w", other)
    assert done.returncode == 1
    assert "another place than their event came from" in done.stdout


def test_help_has_an_example(run):
    done = run("reviews", "import", "--help")
    assert done.returncode == 0
    assert "Example: launchloop reviews import cycle.json -w lumen" in done.stdout

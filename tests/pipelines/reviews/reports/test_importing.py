"""A cycle and a meeting move to another workspace, as an operator does it, on each database."""

import hashlib
import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.reviews import cycles
from pipelines.reviews.core.canonical import event_hash, hash_of
from pipelines.reviews.cycle.page import cycle_page
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.minutes import published
from pipelines.reviews.meeting.view import meeting_view, meetings
from pipelines.reviews.records.other_logs import IMPORTED, PLACES
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, Person

LAUNCHLOOP = Path(sys.executable).with_name("launchloop")
MODULE = Path(__file__).parents[3] / "dashboard" / "reviewed_product.py"


def run(*arguments):
    return subprocess.run(
        [str(LAUNCHLOOP), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """The workspace in which everything was made."""
    spec = importlib.util.spec_from_file_location("launchloop_reviewed_product", MODULE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.write(tmp_path_factory.mktemp("reviewed") / "workspace")


@pytest.fixture(scope="module")
def exports(reviewed, tmp_path_factory):
    """Name → the file that `launchloop report` wrote of it."""
    folder = tmp_path_factory.mktemp("exports")
    wanted = {
        "cycle": ("cycle", reviewed.cycle_id),
        "meeting": ("review", reviewed.meeting_id),
        "preread": ("review", reviewed.next_meeting_id),
    }
    for name, (kind, thing) in wanted.items():
        file = folder / f"{name}.json"
        done = run("report", kind, thing, "-w", reviewed.folder, "--format", "json",
                   "--output", file)  # fmt: skip
        assert done.returncode == 0, done.stderr
    return {name: folder / f"{name}.json" for name in wanted}


@pytest.fixture
def other(reviewed, tmp_path, address):
    """Another workspace of the same people, its records empty."""
    folder = tmp_path / "other"
    folder.mkdir()
    text = (reviewed.folder / "launchloop.toml").read_text(encoding="utf-8")
    text += f'\n[records]\nurl = "{address}"\n'
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")
    return folder


def imported(folder, *files, person="pm", code=0):
    done = run("reviews", "import", *files, "-w", folder, "--person", person)
    assert done.returncode == code, done.stderr
    return done


def events_of(folder, **equal):
    with Desk.open(folder, "pm").store.reading() as session:
        return rows_of(session, Event, order=["seq"], **equal)


def test_a_cycle_and_its_meeting_come_in_with_their_ids_and_the_records_verify(
    reviewed, exports, other
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


def test_pages_mark_what_was_imported_and_by_whom(reviewed, exports, other):
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
def test_papers_mark_what_was_imported(reviewed, exports, other):
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


def test_every_event_keeps_its_place_and_hash_in_the_log_that_it_came_from(exports, other):
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


def test_the_same_file_again_changes_nothing_and_says_so(reviewed, exports, other):
    imported(other, exports["cycle"])
    before = run("reviews", "verify", "-w", other, "--json").stdout
    again = imported(other, exports["cycle"])
    assert "Petra Manager imported the cycle" in again.stdout
    assert "Nothing was changed." in again.stdout
    assert run("reviews", "verify", "-w", other, "--json").stdout == before
    home = imported(reviewed.folder, exports["cycle"])
    assert "these records hold the cycle" in home.stdout


def test_json_tells_the_same(exports, other):
    done = run("reviews", "import", exports["cycle"], "-w", other, "--person", "pm", "--json")
    told = json.loads(done.stdout)
    assert [each["is_new"] for each in told["imports"]] == [True]
    assert told["imports"][0]["by"] == "pm"
    assert told["rows"] > 5
    assert told["new_people"] == []
    assert [each["table"] for each in told["left_out"]] == ["evidence_link"]


def resealed(body):
    """The file with hashes that fit, as somebody who knows how would forge it."""
    del body["hash"]
    return json.dumps({**body, "hash": hash_of(body)})


def forged(exports, tmp_path, change, name="cycle", *, sealed=True):
    body = json.loads(exports[name].read_text(encoding="utf-8"))
    change(body)
    file = tmp_path / "forged.json"
    file.write_text(resealed(body) if sealed else json.dumps(body), encoding="utf-8")
    return file


def chained(body, *more):
    """Events behind the others, with hashes that fit."""
    for number, event in enumerate(more, start=1):
        last = body["events"][-1]
        own = {**{n: v for n, v in last.items() if n not in {"prev_hash", "event_hash"}}, **event}
        own |= {"seq": last["seq"] + 1, "event_id": f"forged-{number}"}
        digest = event_hash(last["event_hash"], own)
        body["events"].append({**own, "prev_hash": last["event_hash"], "event_hash": digest})


def _title(body):
    next(each for each in body["rows"] if each["table"] == "pdca_cycle")["row"]["title"] = "Other"


def _foreign_event(body):
    chained(body, {"entity": "pdca_cycle", "entity_id": "another", "changes": {}})


def _role(body):
    row = {"person_id": "dev", "team_id": "core", "role": "admin", "valid_from": "2026-01-01",
           "valid_to": None, "row_version": 1}  # fmt: skip
    key = "dev/core/admin/2026-01-01"
    body["rows"].append({"table": "membership", "key": key, "row": row})
    chained(body, {"entity": "membership", "entity_id": key, "changes": {"to": row}})


def _row_of_another_cycle(body):
    action = next(each for each in body["rows"] if each["table"] == "pdca_action")
    row = {**action["row"], "action_id": "forged", "cycle_id": "another"}
    body["rows"].append({"table": "pdca_action", "key": "forged", "row": row})
    chained(body, {"entity": "pdca_action", "entity_id": "forged", "changes": {"to": row}})


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "sealed", "said"),
    [
        (_title, False, "The file was changed"),
        (_title, True, "title of the pdca_cycle"),
        (_foreign_event, True, "which is not in the file"),
        (_role, True, "The membership dev/core/admin/2026-01-01 is no part of the cycle"),
        (_row_of_another_cycle, True, "The pdca_action forged is no part of the cycle"),
    ],
)
def test_what_was_forged_is_named_and_nothing_is_imported(
    exports, other, tmp_path, change, sealed, said
):
    file = forged(exports, tmp_path, change, sealed=sealed)
    done = imported(other, file, code=1)
    assert said in done.stderr
    assert "Nothing was imported" in done.stderr
    assert not events_of(other, entity="pdca_cycle")


def _retitled(body):
    """The same cycle, with a title that it never had here."""
    row = next(each for each in body["rows"] if each["table"] == "pdca_cycle")["row"]
    row["title"] = "Another title"
    row["row_version"] += 1
    told = {"from": {}, "to": {"title": "Another title", "row_version": row["row_version"]}}
    chained(body, {"entity": "pdca_cycle", "entity_id": row["cycle_id"], "action": "edited",
                   "changes": told, "from_status": None, "to_status": None})  # fmt: skip


def test_other_content_under_the_same_id_is_refused_with_both_named(
    reviewed, exports, other, tmp_path
):
    imported(other, exports["cycle"])
    done = imported(other, forged(exports, tmp_path, _retitled), code=1)
    for said in (f"pdca_cycle {reviewed.cycle_id}", "forged.json", "here and", "Nothing was"):
        assert said in done.stderr
    page = cycle_page(Desk.open(other, "pm"), reviewed.cycle_id)
    assert page.record.cycle.title == "Reports open with the last filter"
    assert run("reviews", "verify", "-w", other).returncode == 0


def test_one_bad_file_among_several_keeps_all_of_them_out(exports, other, tmp_path):
    bad = forged(exports, tmp_path, _title, sealed=False)
    imported(other, exports["meeting"], bad, code=1)
    assert meetings(Desk.open(other, "pm"), "core") == ()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
class TestWho:
    def test_whoever_may_not_is_refused(self, exports, other):
        done = imported(other, exports["cycle"], person="dev", code=1)
        assert "Ask one of its product managers" in done.stderr

    def test_nobody_is_asked_for_a_name(self, exports, other):
        done = run("reviews", "import", exports["cycle"], "-w", other)
        assert done.returncode == 2
        assert "Say who imports: --person ID" in done.stderr

    def test_people_who_are_not_known_here_are_known_by_their_id(self, exports, other):
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

    def test_a_team_that_is_not_here_is_asked_for(self, exports, other):
        file = other / "launchloop.toml"
        text = file.read_text(encoding="utf-8")
        assert 'id = "core"' in text
        file.write_text(text.replace('id = "core"', 'id = "web"'), encoding="utf-8")
        done = imported(other, exports["cycle"], code=1)
        assert 'Add [[team]] with id = "core"' in done.stderr


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_is_exported_again_verifies_and_goes_on_to_a_third_workspace(
    reviewed, exports, other, tmp_path
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
def test_a_meeting_alone_leaves_empty_what_it_names_elsewhere(exports, other, tmp_path):
    def add(body):
        promise = next(each for each in body["rows"] if each["table"] == "follow_up")
        promise["row"]["cycle_id"] = "elsewhere"
        told = {"to": {"cycle_id": "elsewhere"}, "from": {"cycle_id": None}}
        chained(body, {"entity": "follow_up", "entity_id": promise["key"], "changes": told})

    done = imported(other, forged(exports, tmp_path, add, "meeting"))
    assert "Left empty: cycle_id of follow_up" in done.stdout
    assert "elsewhere is not here" in done.stdout
    assert run("reviews", "verify", "-w", other).returncode == 0


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_changed_minutes_or_places_of_an_import_are_found(exports, other):
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


def test_help_has_an_example():
    done = run("reviews", "import", "--help")
    assert done.returncode == 0
    assert "Example: launchloop reviews import cycle.json -w lumen" in done.stdout

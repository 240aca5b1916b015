"""Imports that were forged, or that name what was made here, are refused by its name."""

import json

import pytest

from pipelines.reviews.core.canonical import event_hash, hash_of
from pipelines.reviews.core.terms import MeetingKind
from pipelines.reviews.cycle.page import cycle_page
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.view import meetings
from pipelines.reviews.meetings import Invitation, schedule


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
    exports, other, tmp_path, change, sealed, said, imported, events_of
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
    reviewed, exports, other, tmp_path, run, imported
):
    imported(other, exports["cycle"])
    done = imported(other, forged(exports, tmp_path, _retitled), code=1)
    for said in (f"pdca_cycle {reviewed.cycle_id}", "forged.json", "here and", "Nothing was"):
        assert said in done.stderr
    page = cycle_page(Desk.open(other, "pm"), reviewed.cycle_id)
    assert page.record.cycle.title == "Reports open with the last filter"
    assert run("reviews", "verify", "-w", other).returncode == 0


def test_one_bad_file_among_several_keeps_all_of_them_out(exports, other, tmp_path, imported):
    bad = forged(exports, tmp_path, _title, sealed=False)
    imported(other, exports["meeting"], bad, code=1)
    assert meetings(Desk.open(other, "pm"), "core") == ()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_meeting_alone_leaves_empty_what_it_names_elsewhere(
    exports, other, tmp_path, run, imported
):
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
class TestAMeetingThatWasMadeHere:
    @pytest.fixture
    def promise_in(self, exports, other, tmp_path):
        """`promise_in("sales")`: a forged promise of the cycle was made in a meeting of a team."""
        file = other / "launchloop.toml"
        text = file.read_text(encoding="utf-8")
        assert 'roles = { "*" = "product_manager" }' in text
        text = text.replace('{ "*" = "product_manager" }', '{ core = "product_manager" }')
        more = '[[team]]\nid = "sales"\nname = "Sales"\n[[person]]\nid = "sue"\nname = "Sue"\n'
        file.write_text(f'{more}roles = {{ "*" = "facilitator" }}\n{text}', encoding="utf-8")

        def file_for(team):
            sue = Desk.open(other, "sue")
            invited = Invitation(MeetingKind.WEEKLY_METRICS, sue.today, team)
            meeting_id = schedule(sue, invited)

            def add(body):
                promise = next(each for each in body["rows"] if each["table"] == "follow_up")
                before = promise["row"]["meeting_id"]
                promise["row"]["meeting_id"] = meeting_id
                told = {"to": {"meeting_id": meeting_id}, "from": {"meeting_id": before}}
                about = {"entity": "follow_up", "entity_id": promise["key"]}
                chained(body, {**about, "action": "edited", "changes": told})

            return forged(exports, tmp_path, add), meeting_id

        return file_for

    def test_of_another_team_is_written_into_by_nobody_without_a_role_there(
        self, other, promise_in, imported, events_of
    ):
        file, _ = promise_in("sales")
        done = imported(other, file, code=1)
        assert "do not let you import records of the team sales" in done.stderr
        assert not events_of(other, entity="pdca_cycle")

    def test_of_the_own_team_is_written_into_here_and_not_by_a_file(
        self, other, promise_in, imported, events_of
    ):
        file, meeting_id = promise_in("core")
        done = imported(other, file, code=1)
        assert f"The files add to the review_meeting {meeting_id}, which was made here" in (
            done.stderr
        )
        assert not events_of(other, entity="pdca_cycle")

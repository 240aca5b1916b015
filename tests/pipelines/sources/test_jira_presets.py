"""Jira issues, sprints, statuses and boards as REST gives them, on real exports."""

import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.errors import SourceError
from pipelines.sources import jira_rest, jira_sprints, jira_statuses
from pipelines.sources.definition import BadCell, Context, Record, Refused, Row
from pipelines.sources.jira_values import as_sprint, kind_of
from pipelines.workspace import load
from pipelines.workspace.settings import SourceSettings

DATA = Path(__file__).parents[2] / "data"
ANSWER = '[delivery]\nstates = { "已完成" = "done" }\n'
PRESETS = {
    preset.id: preset
    for module in (jira_rest, jira_sprints, jira_statuses)
    for preset in module.PRESETS
}


@pytest.fixture
def context(tmp_path):
    def make(toml="", team=None, **siblings):
        (tmp_path / "launchloop.toml").write_text(
            '[product]\nname = "x"\n[[source]]\nname = "jira"\nfiles = "x"\n' + toml,
            encoding="utf-8",
        )
        source = SourceSettings(name="jira", files=("x",), team=team)
        return Context(source, load(tmp_path), "issues.jsonl", siblings=siblings)

    return make


def read(preset, records, context):
    return list(PRESETS[preset].records(records, context))


def rows(made, table):
    return [row.values for row in made if isinstance(row, Row) and row.table == table]


def devlake():
    with gzip.open(DATA / "devlake_jira/issues_raw_with_changelog.jsonl.gz", "rt") as file:
        return [Record(number, json.loads(line)) for number, line in enumerate(file, 1)]


def sample(*names):
    return [
        Record(number, json.loads((DATA / f"jirametrics_sample/{name}.json").read_text()))
        for number, name in enumerate(names, 1)
    ]


def statuses():
    listed = json.loads((DATA / "jirametrics_sample/sample_statuses.json").read_text())
    return [Record(number, status) for number, status in enumerate(listed, 1)]


def issue(key="A-1", *, histories=(), created="2026-05-01T08:00:00.000+0200", **fields):
    status = {"id": "10", "name": "To Do", "statusCategory": {"id": 2, "key": "new"}}
    return Record(
        1,
        {
            "key": key,
            "id": "1",
            "fields": {
                "created": created,
                "status": status,
                "issuetype": {"name": "Story"},
                **fields,
            },
            "changelog": {"total": len(histories), "histories": list(histories)},
        },
    )


def history(number, created, *items):
    return {"id": str(number), "created": created, "items": list(items)}


def moved(field, before, after, *, labels=None, field_id=None):
    from_label, to_label = labels or (before, after)
    return {"field": field, "fieldId": field_id or field, "from": before, "to": after,
            "fromString": from_label, "toString": to_label}  # fmt: skip


def test_the_real_export_gives_its_issues_changes_and_migrations(context):
    made = read("jira_rest_json", devlake(), context(ANSWER))
    assert len(rows(made, "work_items")) == 33
    changes = rows(made, "work_item_changes")
    found = Counter(
        (row["field_code"], row["change_origin"], row["is_migration"]) for row in changes
    )
    assert found["status", "reported", True] == 81
    assert found["status", "reported", False] == 84
    assert found["sprint", "reconstructed", False] == 17
    keys = {(r["work_item_key"], r["changed_at"], r["field_code"], r["change_no"]) for r in changes}
    assert len(keys) == len(changes)


def test_a_due_date_stays_the_day_it_is(context):
    made = read("jira_rest_json", devlake(), context(ANSWER))
    items = {row["work_item_key"]: row for row in rows(made, "work_items")}
    assert items["EE-1"]["due_on"] == date(2025, 3, 9)
    assert items["EE-1"]["points"] is None
    assert items["EE-25"]["is_subtask"]
    assert items["EE-25"]["parent_key"] == "EE-1"
    assert items["K5-3"]["epic_key"] == "K5-4"
    assert items["EE-20"]["state_code"] == "cancelled"


def test_a_category_that_contradicts_itself_is_asked_with_the_majority_offered(context):
    with pytest.raises(SourceError) as problem:
        read("jira_rest_json", devlake(), context())
    assert problem.value.code == "ask_state"
    assert problem.value.toml == '[delivery]\nstates = { "已完成" = "done" }'


def test_the_order_of_the_issues_changes_nothing(context):
    forwards = read("jira_rest_json", devlake(), context(ANSWER))
    backwards = read("jira_rest_json", devlake()[::-1], context(ANSWER))
    for table in ("work_items", "work_item_changes", "workflow_statuses"):
        one, other = (sorted(map(str, rows(made, table))) for made in (forwards, backwards))
        assert one == other


def test_points_are_found_by_the_name_of_their_field(context):
    made = read("jira_rest_json", sample("SP-13", "SP-14"), context())
    assert {row["work_item_key"]: row["points"] for row in rows(made, "work_items")} == {
        "SP-13": 13.0,
        "SP-14": 14.0,
    }
    told = [row for row in rows(made, "work_item_changes") if row["field_code"] == "points"]
    assert [(row["from_value"], row["to_value"]) for row in told] == [(None, "13"), (None, "14")]


def test_one_file_per_issue_learns_the_field_from_the_other_files(context):
    others = sample("SP-13")
    made = read("jira_rest_json", sample("SP-14"), context(jira_rest_json=others))
    assert rows(made, "work_items")[0]["points"] == 14.0


def test_a_declared_points_field_wins(context):
    made = read(
        "jira_rest_json",
        [issue(customfield_1=5, customfield_2=8)],
        context('[delivery]\npoints_field = "customfield_2"\n'),
    )
    assert rows(made, "work_items")[0]["points"] == 8.0


def test_two_fields_for_points_that_differ_are_quarantined(context):
    names = {"customfield_1": "Story Points", "customfield_2": "Story point estimate"}
    record = issue(customfield_1=5, customfield_2=8)
    made = read("jira_rest_json", [Record(1, {**record.values, "names": names})], context())
    assert rows(made, "work_items")[0]["points"] is None
    assert [(bad.column, bad.raw) for bad in made if isinstance(bad, BadCell)] == [
        ("points", "5 and 8")
    ]


def test_a_reopened_issue_keeps_both_endings(context):
    made = read("jira_rest_json", sample("SP-5"), context(jira_statuses_json=statuses()))
    done = [
        row["changed_at"].date()
        for row in rows(made, "work_item_changes")
        if row["field_code"] == "status" and row["to_value"] == "10002"
    ]
    assert done == [date(2021, 9, 6), date(2021, 10, 11)]
    flags = [row for row in rows(made, "work_item_changes") if row["field_code"] == "flag"]
    assert [(row["from_value"], row["to_value"]) for row in flags] == [(None, "Impediment")]


def test_histories_are_sorted_whatever_their_order(context):
    first = history(1, "2026-05-02T08:00:00.000+0000", moved("status", "10", "3"))
    second = history(2, "2026-05-02T08:00:00.000+0000", moved("status", "3", "10"))
    for order in ([first, second], [second, first]):
        made = read("jira_rest_json", [issue(histories=order)], context())
        told = [
            (row["change_no"], row["to_value"])
            for row in rows(made, "work_item_changes")
            if row["change_origin"] == "reported"
        ]
        assert told == [(1, "3"), (2, "10")]


def test_sprints_of_a_change_are_ids_and_the_first_membership_is_walked_back(context):
    histories = [
        history(1, "2026-05-02T08:00:00.000+0000",
                moved("Sprint", "7", "7, 9", labels=("Old name", "Old name, New")))
    ]  # fmt: skip
    made = read("jira_rest_json", [issue(histories=histories)], context())
    told = [row for row in rows(made, "work_item_changes") if row["field_code"] == "sprint"]
    assert [(r["change_origin"], r.get("from_value"), r["to_value"]) for r in told] == [
        ("reconstructed", None, "7"),
        ("reported", "7", "7,9"),
    ]
    assert told[0]["changed_at"] == datetime(2026, 5, 1, 6, tzinfo=UTC)


def test_single_additions_of_fix_versions_become_whole_sets(context):
    added = moved("Fix Version", None, "12", labels=(None, "2.0"))
    removed = moved("Fix Version", "11", None, labels=("1.9", None))
    histories = [
        history(1, "2026-05-02T08:00:00.000+0000", added),
        history(2, "2026-05-03T08:00:00.000+0000", removed),
    ]
    made = read(
        "jira_rest_json",
        [issue(histories=histories, fixVersions=[{"name": "2.0"}])],
        context(),
    )
    told = [row for row in rows(made, "work_item_changes") if row["field_code"] == "fix_version"]
    assert [(row.get("from_value"), row["to_value"]) for row in told] == [
        (None, "1.9"),
        ("1.9", "1.9,2.0"),
        ("1.9,2.0", "2.0"),
    ]


def test_an_incomplete_history_is_not_replayed(context):
    record = issue(
        histories=[history(1, "2026-05-02T08:00:00.000+0000", moved("status", "10", "3"))]
    )
    record.values["changelog"]["total"] = 3
    made = read("jira_rest_json", [record], context())
    assert len(rows(made, "work_items")) == 1
    assert rows(made, "work_item_changes") == []
    assert [bad.code for bad in made if isinstance(bad, BadCell)] == ["history_incomplete"]


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"resolutiondate": "2026-05-09T08:00:00.000+0000"}, "resolved"),
        ({"statuscategorychangedate": "2026-05-08T08:00:00.000+0000"}, "category_change"),
        ({}, "missing"),
    ],
)
def test_the_end_of_an_issue_says_where_it_is_known_from(context, fields, origin):
    done = {"id": "11", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}
    row = rows(read("jira_rest_json", [issue(status=done, **fields)], context()), "work_items")[0]
    assert row["done_origin"] == origin
    assert (row["done_at"] is None) == (origin == "missing")


def test_an_issue_without_a_creation_time_is_refused_and_the_others_load(context):
    made = read("jira_rest_json", [issue(created="yesterday"), issue("A-2")], context())
    assert [bad.column for bad in made if isinstance(bad, Refused)] == ["fields.created"]
    assert [row["work_item_key"] for row in rows(made, "work_items")] == ["A-2"]


def test_the_source_names_the_team(context):
    made = read("jira_rest_json", [issue()], context(team="atlas"))
    assert rows(made, "work_items")[0]["team_id"] == "atlas"


def test_a_source_with_the_list_of_statuses_leaves_them_to_it(context):
    made = read("jira_rest_json", sample("SP-5"), context(jira_statuses_json=statuses()))
    assert rows(made, "workflow_statuses") == []


def test_statuses_take_their_stage_from_the_board_and_their_state_from_the_category(context):
    board = sample("sample_board_1_configuration")
    made = read("jira_statuses_json", statuses(), context(jira_board_json=board))
    found = {
        row["status_name"]: (row["state_code"], row["stage_no"], row["is_on_board"])
        for row in rows(made, "workflow_statuses")
    }
    assert found == {
        "Backlog": ("todo", 1, True),
        "Selected for Development": ("doing", 2, True),
        "In Progress": ("doing", 3, True),
        "Review": ("doing", 4, True),
        "Done": ("done", 5, True),
        "FakeBacklog": ("todo", None, False),
    }


def test_a_status_of_a_category_nobody_knows_is_refused(context):
    odd = Record(1, {"id": "9", "name": "Odd", "statusCategory": {"id": 1, "key": "undefined"}})
    made = read("jira_statuses_json", [odd], context())
    assert [bad.code for bad in made] == ["unknown_state"]
    answered = read(
        "jira_statuses_json", [odd], context('[delivery]\nstates = { Odd = "doing" }\n')
    )
    assert answered[0].values["state_code"] == "doing"


def test_sprints_of_the_real_export(context):
    lines = (DATA / "devlake_jira/sprints_raw.jsonl").read_text().splitlines()
    records = [Record(number, json.loads(line)) for number, line in enumerate(lines, 1)]
    made = rows(read("jira_sprints_json", records, context()), "sprints")
    assert len(made) == 30
    assert made[0] == {
        "sprint_id": "7",
        "board_id": "8",
        "team_id": None,
        "sprint_name": "EE Sprint 7",
        "goal_text": None,
        "state_code": "closed",
        "started_at": datetime(2020, 6, 12, 0, 38, 51, 882000, UTC),
        "planned_end_at": datetime(2020, 6, 26, 0, 38, tzinfo=UTC),
        "completed_at": datetime(2020, 6, 22, 5, 59, 58, 980000, UTC),
    }


def test_activation_beats_the_planned_start_of_a_sprint(context):
    sprint = {"id": 1, "name": "S", "state": "ACTIVE", "boardId": 2,
              "startDate": "2026-05-01T08:00:00.000Z",
              "activatedDate": "2026-05-02T08:00:00.000Z"}  # fmt: skip
    row = rows(read("jira_sprints_json", [Record(1, sprint)], context()), "sprints")[0]
    assert row["started_at"] == datetime(2026, 5, 2, 8, tzinfo=UTC)
    assert row["state_code"] == "active"


def test_a_sprint_of_an_old_server_is_parsed_by_its_known_keys():
    text = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1f2[id=42,rapidViewId=3,state=CLOSED,"
        "name=Spring, part 2 = the end,goal=<null>,startDate=2020-06-12T00:38:51.882Z,"
        "endDate=2020-06-26T00:38:00.000Z,completeDate=<null>,sequence=42]"
    )
    found = as_sprint(text)
    assert (found["id"], found["boardId"]) == ("42", "3")
    assert found["name"] == "Spring, part 2 = the end"
    assert found["goal"] is None


def test_sprints_of_old_servers_inside_an_issue_are_found(context):
    text = "Sprint@1[id=42,rapidViewId=3,state=ACTIVE,name=S,startDate=2026-05-01T08:00:00.000Z]"
    row = rows(read("jira_rest_json", [issue(customfield_9=[text])], context()), "work_items")[0]
    assert row["sprint_list"] == ["42"]


@pytest.mark.parametrize(
    ("name", "flags", "kind"),
    [
        ("Story", {}, "story"),
        ("故事", {}, "story"),
        ("Bug", {}, "bug"),
        ("Sub-task", {"is_subtask": True}, "subtask"),
        ("Initiative", {"level": 2}, "epic"),
        ("Test Execution", {}, "other"),
    ],
)
def test_kinds_of_issues(name, flags, kind):
    assert kind_of(name, **flags) == kind

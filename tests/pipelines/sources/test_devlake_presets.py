"""DevLake's flat tables: Jira issues, deployments, incidents; and git, on real exports."""

import csv
import gzip
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import SourceError
from pipelines.sources import deployments, devlake, git, jira_rest, jira_sprints, jira_statuses
from pipelines.sources.definition import Context, Dropped, Record, Row
from pipelines.workspace import load
from pipelines.workspace.settings import SourceSettings

DATA = Path(__file__).parents[2] / "data"
MODULES = (deployments, devlake, git, jira_rest, jira_sprints, jira_statuses)
PRESETS = {preset.id: preset for module in MODULES for preset in module.PRESETS}


def records(name):
    content = (DATA / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    return [
        Record(number, {key: cell or None for key, cell in row.items()})
        for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), 1)
    ]


@pytest.fixture
def context(tmp_path):
    def make(toml="", timezone=None, production=(), **siblings):
        (tmp_path / "launchloop.toml").write_text(
            '[product]\nname = "x"\n[[source]]\nname = "repo"\nfiles = "x"\n' + toml,
            encoding="utf-8",
        )
        source = SourceSettings(name="repo", files=("x",), production=production)
        return Context(source, load(tmp_path), "x.csv", timezone=timezone, siblings=siblings)

    return make


def read(preset, listed, context):
    return list(PRESETS[preset].records(listed, context))


def rows(made, table):
    return [row.values for row in made if isinstance(row, Row) and row.table == table]


@pytest.fixture
def jira():
    return {
        "devlake_issues": records("devlake_jira/issues.csv"),
        "devlake_issue_changelogs": records("devlake_jira/issue_changelogs.csv.gz"),
        "devlake_sprint_issues": records("devlake_jira/sprint_issues.csv"),
    }


def test_flat_issues_have_the_ids_of_jira_itself(context, jira):
    made = rows(read("devlake_issues", jira["devlake_issues"], context(**jira)), "work_items")
    assert len(made) == 30
    first = {row["work_item_key"]: row for row in made}["EE-1"]
    assert first["source_item_id"] == "10063"
    assert first["sprint_list"] == ["7"]
    assert first["done_at"] == datetime(2020, 6, 19, 6, 31, 18, 495000, UTC)
    assert Counter(row["state_code"] for row in made) == {"done": 25, "cancelled": 5}


def test_points_that_were_flattened_to_nothing_are_unknown(context, jira):
    made = rows(read("devlake_issues", jira["devlake_issues"], context(**jira)), "work_items")
    points = {row["work_item_key"]: row["points"] for row in made}
    assert (points["EE-1"], points["EE-2"], points["EE-3"]) == (None, 2.0, None)


def test_a_due_date_that_became_an_instant_needs_the_zone_it_was_in(context, jira):
    listed = jira["devlake_issues"]
    unknown = rows(read("devlake_issues", listed, context(**jira)), "work_items")
    known = rows(
        read("devlake_issues", listed, context(timezone="Asia/Shanghai", **jira)), "work_items"
    )
    assert [str(row["due_on"]) for row in (unknown[0], known[0])] == ["None", "2025-03-09"]


def test_every_change_is_used_or_dropped_by_name(context, jira):
    listed = jira["devlake_issue_changelogs"]
    made = read("devlake_issue_changelogs", listed, context(**jira))
    assert len(listed) == 689
    assert {thing.record_no for thing in made} == {record.no for record in listed}
    dropped = Counter(thing.rule for thing in made if isinstance(thing, Dropped))
    assert dropped == {"field is not used": 393}
    changes = rows(made, "work_item_changes")
    assert sum(row["is_migration"] for row in changes) == 81
    sprints = {row["to_value"] for row in changes if row["field_code"] == "sprint"}
    assert sprints == {None, "7", "9", "17"}


def test_changes_need_the_issues_beside_them(context, jira):
    with pytest.raises(SourceError) as problem:
        read("devlake_issue_changelogs", jira["devlake_issue_changelogs"], context())
    assert problem.value.code == "needs_file"


def test_flat_sprints(context):
    made = rows(read("devlake_sprints", records("devlake_jira/sprints.csv"), context()), "sprints")
    assert len(made) == 29
    assert (made[0]["sprint_id"], made[0]["board_id"], made[0]["state_code"]) == (
        "15",
        "13",
        "closed",
    )


def test_links_to_issues_outside_the_export_are_dropped_by_name(context, jira):
    listed = records("devlake_jira/issue_relationships.csv")
    made = read("devlake_issue_relationships", listed, context(**jira))
    assert {thing.rule for thing in made} == {"issue is not in this export"}


def test_a_blocked_issue_is_linked_from_what_blocks_it(context, jira):
    one, two = (record.values["id"] for record in jira["devlake_issues"][:2])
    link = {"source_issue_id": one, "target_issue_id": two, "original_type": "is blocked by"}
    made = read("devlake_issue_relationships", [Record(1, link)], context(**jira))
    assert made[0].values == {"from_key": "EE-2", "to_key": "EE-1", "link_kind": "blocks"}


def test_a_status_without_any_hint_is_asked(context):
    listed = [
        Record(1, {"id": "x:1", "issue_key": "A-1", "original_status": "Weird", "status": "?",
                   "created_date": "2026-05-01T00:00:00+00:00"})
    ]  # fmt: skip
    with pytest.raises(SourceError) as problem:
        read("devlake_issues", listed, context())
    assert problem.value.toml == '[delivery]\nstates = { "Weird" = "doing" }'
    answered = read("devlake_issues", listed, context('[delivery]\nstates = { Weird = "todo" }\n'))
    assert answered[0].values["state_code"] == "todo"


def test_github_deployments_that_were_replaced_are_successes_dated_by_their_start(context):
    listed = records("devlake_ci/github_cicd_deployment_commits.csv")
    made = rows(
        read("devlake_deployments", listed, context(production=["github-pages"])), "deployments"
    )
    found = Counter((row["environment_code"], row["result_code"]) for row in made)
    assert found == {("production", "success"): 97, ("production", "failure"): 3}
    assert made[0]["started_at"] == datetime(2023, 9, 1, 0, 16, 30, tzinfo=UTC)


def test_an_environment_nobody_marked_is_not_production(context):
    listed = records("devlake_ci/github_cicd_deployment_commits.csv")
    made = rows(read("devlake_deployments", listed, context()), "deployments")
    assert {row["environment_code"] for row in made} == {"other"}


def test_unfinished_gitlab_deployments_have_no_result(context):
    made = rows(
        read("devlake_deployments", records("devlake_ci/gitlab_cicd_deployments.csv"), context()),
        "deployments",
    )
    assert Counter(row["result_code"] for row in made) == {
        "success": 2, "failure": 1, "cancelled": 1, "running": 1, "unknown": 3,
    }  # fmt: skip


def test_further_commits_of_a_deployment_are_dropped_by_name(context):
    first = records("devlake_ci/github_cicd_deployment_commits.csv")[0]
    made = read("devlake_deployments", [first, Record(2, first.values)], context())
    assert [type(thing).__name__ for thing in made] == ["Row", "Dropped"]


def test_open_incidents_have_no_end(context):
    made = rows(
        read("pagerduty_devlake_csv", records("devlake_ci/pagerduty_issues.csv"), context()),
        "incidents",
    )
    assert [(row["status_code"], row["resolved_at"] is None) for row in made] == [
        ("triggered", True),
        ("acknowledged", True),
        ("resolved", False),
    ]


def test_stable_tags_are_told_by_their_pattern(context):
    made = rows(read("git_tags_csv", records("devlake_git/tags.csv"), context()), "releases")
    assert len(made) == 310
    channels = Counter(row["channel_code"] for row in made)
    assert channels["stable"] == 42
    versions = {row["release_id"]: row["version"] for row in made}
    assert versions["v0.10.0"] == "0.10.0"
    assert made[0]["released_at"].astimezone(UTC) == datetime(2021, 10, 20, 2, 59, 50, tzinfo=UTC)


def test_commits_are_mapped_from_the_columns_that_are_there(context):
    header = ["sha", "author_id", "author_kind", "authored_at", "committed_at", "n_parents"]
    mapping = PRESETS["git_commits_csv"].mapping(header, context())
    assert mapping.target == "commits"
    assert mapping.constants == {"repo_id": "repo"}
    assert {column: rule.from_ for column, rule in mapping.columns.items()} == {
        "commit_sha": ("sha",),
        "authored_at": ("authored_at",),
        "committed_at": ("committed_at",),
        "author_hash": ("author_id",),
        "parent_count": ("n_parents",),
    }


@pytest.mark.parametrize(
    ("file", "preset"),
    [
        ("devlake_jira/issues.csv", "devlake_issues"),
        ("devlake_jira/issue_changelogs.csv.gz", "devlake_issue_changelogs"),
        ("devlake_jira/sprints.csv", "devlake_sprints"),
        ("devlake_jira/sprint_issues.csv", "devlake_sprint_issues"),
        ("devlake_jira/board_sprints.csv", "devlake_board_sprints"),
        ("devlake_jira/boards.csv", "devlake_boards"),
        ("devlake_jira/issue_labels.csv", "devlake_issue_labels"),
        ("devlake_jira/issue_relationships.csv", "devlake_issue_relationships"),
        ("devlake_jira/worklogs.csv", "devlake_worklogs"),
        ("devlake_git/tags.csv", "git_tags_csv"),
        ("devlake_git/commits.csv", "git_commits_csv"),
        ("devlake_ci/github_cicd_deployment_commits.csv", "devlake_deployments"),
        ("devlake_ci/gitlab_cicd_deployments.csv", "devlake_deployments"),
        ("devlake_ci/pagerduty_issues.csv", "pagerduty_devlake_csv"),
    ],
)
def test_each_real_header_fits_one_delivery_preset(file, preset):
    header = list(records(file)[0].values)
    fitting = [
        name
        for name, known in PRESETS.items()
        if known.fingerprint.shape == "table" and known.fingerprint.matches(header)
    ]
    assert fitting == [preset]

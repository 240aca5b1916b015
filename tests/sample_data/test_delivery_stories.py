"""The stories in delivery are in the tracker's history, replayed in plain Python."""

from collections import Counter, defaultdict
from datetime import datetime

import pytest

TEAMS = ("atlas", "comet")
FINISHED = {"Done", "Cancelled"}


def _at(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _changes(issue, field):
    """Changes of a field, oldest first, with their instants."""
    return [
        (_at(history["created"]), item)
        for history in reversed(issue["changelog"]["histories"])
        for item in history["items"]
        if item["field"] == field
    ]


def _before(issue, field, side, moment, current):
    """A field's value just before a moment: that from which the next change leads away."""
    later = [item for at, item in _changes(issue, field) if at >= moment]
    return later[0][side] if later else current


def _sprints_before(issue, moment):
    current = ", ".join(str(s["id"]) for s in issue["fields"]["customfield_10020"] or [])
    return set((_before(issue, "Sprint", "from", moment, current) or "").split(", "))


def _status_before(issue, moment):
    return _before(issue, "status", "fromString", moment, issue["fields"]["status"]["name"])


def _points_before(issue, moment):
    current = issue["fields"]["customfield_10016"]
    return float(_before(issue, "Story Points", "fromString", moment, current) or 0)


def _say_do(issues, sprint):
    """Points committed at the start, and those of them done at the close."""
    start, close = _at(sprint["startDate"]), _at(sprint["completeDate"])
    committed = [
        issue
        for issue in issues
        if not issue["fields"]["issuetype"]["subtask"]
        and _at(issue["fields"]["created"]) < start
        and str(sprint["id"]) in _sprints_before(issue, start)
        and _status_before(issue, start) not in FINISHED
    ]
    done = [
        issue
        for issue in committed
        if str(sprint["id"]) in _sprints_before(issue, close)
        and _status_before(issue, close) == "Done"
    ]
    return (
        sum(_points_before(issue, start) for issue in committed),
        sum(_points_before(issue, close) for issue in done),
    )


def _added(issues, sprint):
    """Points that came into the sprint after its start."""
    start, close = _at(sprint["startDate"]), _at(sprint["completeDate"])
    return sum(
        _points_before(issue, close)
        for issue in issues
        for at, item in _changes(issue, "Sprint")
        if start <= at < close and item["to"].split(", ")[-1] == str(sprint["id"])
    )


def test_the_sprint_before_the_launch_slips_and_no_other_does(objects):
    issues = objects("jira/atlas_issues.ndjson.gz")
    closed = [s for s in objects("jira/atlas_sprints.ndjson") if s["state"] == "closed"]
    kept = {}
    for sprint in closed:
        committed, done = _say_do(issues, sprint)
        assert committed > 0
        kept[sprint["name"]] = done / committed
    slipped = kept.pop("Atlas Sprint 13")
    assert slipped < 0.45
    assert min(kept.values()) > 0.6
    assert max(kept.values()) <= 1.1
    sprint = next(s for s in closed if s["name"] == "Atlas Sprint 13")
    assert sprint["startDate"].startswith("2026-04-13")
    assert _added(issues, sprint) >= 10


def test_twenty_six_sprints_are_closed_one_runs_and_one_is_planned(objects):
    states = Counter(sprint["state"] for sprint in objects("jira/atlas_sprints.ndjson"))
    assert states == {"closed": 26, "active": 1, "future": 1}
    assert all(sprint["goal"] for sprint in objects("jira/atlas_sprints.ndjson"))


def test_the_fix_of_the_slow_exports_is_open_since_september(objects):
    issues = objects("jira/comet_issues.ndjson.gz")
    stuck = next(i for i in issues if i["fields"]["summary"].startswith("Stream large exports"))
    assert stuck["fields"]["status"]["name"] == "In Progress"
    started = [at for at, item in _changes(stuck, "status") if item["toString"] == "In Progress"]
    assert started[0].strftime("%Y-%m") == "2026-09"
    assert len(stuck["fields"]["customfield_10020"]) >= 3


@pytest.mark.parametrize("team", TEAMS)
def test_histories_are_newest_first_complete_and_lead_to_the_current_state(objects, team):
    for issue in objects(f"jira/{team}_issues.ndjson.gz"):
        log = issue["changelog"]
        times = [_at(history["created"]) for history in log["histories"]]
        assert times == sorted(times, reverse=True), issue["key"]
        assert log["total"] == len(times)
        assert all(at >= _at(issue["fields"]["created"]) for at in times), issue["key"]
        moves = [item for _, item in _changes(issue, "status")]
        for earlier, later in zip(moves, moves[1:], strict=False):
            assert earlier["to"] == later["from"], issue["key"]
        if moves:
            assert moves[-1]["toString"] == issue["fields"]["status"]["name"]
        resolved = issue["fields"]["resolution"] is not None
        assert resolved == (issue["fields"]["status"]["statusCategory"]["key"] == "done")


@pytest.mark.parametrize("team", TEAMS)
def test_a_status_always_has_the_same_category(objects, team):
    seen = defaultdict(set)
    for issue in objects(f"jira/{team}_issues.ndjson.gz"):
        status = issue["fields"]["status"]
        category = status["statusCategory"]
        seen[status["name"]].add((category["id"], category["key"]))
    assert all(len(categories) == 1 for categories in seen.values())


def test_hard_cases_of_delivery_are_there(objects):
    issues = objects("jira/atlas_issues.ndjson.gz")
    fields = Counter(
        item["field"]
        for issue in issues
        for history in issue["changelog"]["histories"]
        for item in history["items"]
    )
    assert set(fields) == {"status", "resolution", "Sprint", "Story Points", "Flagged"}
    subtasks = [issue for issue in issues if issue["fields"]["issuetype"]["subtask"]]
    assert subtasks
    assert all(not _changes(issue, "Sprint") for issue in subtasks)
    reopened = [
        i for i in issues if any(c["fromString"] == "Done" for _, c in _changes(i, "status"))
    ]
    assert len(reopened) >= 3
    at_creation = [
        i for i in issues if i["fields"]["customfield_10020"] and not _changes(i, "Sprint")
    ]
    assert len(at_creation) > len(subtasks) / 2
    assert any(i["fields"]["customfield_10016"] is None for i in issues)
    assert any(i["fields"]["status"]["name"] == "Cancelled" for i in issues)
    points = [item for i in issues for _, item in _changes(i, "Story Points")]
    assert all(item["to"] is None and item["toString"] for item in points)


def test_comets_goals_have_results_with_evidence(rows):
    sprints = rows("jira/comet_sprints.csv")
    closed = [row for row in sprints if row["state_code"] == "closed"]
    assert {row["goal_result"] for row in closed} == {"met", "partly", "not_met"}
    assert all(row["goal_evidence_text"] for row in closed)
    assert [row["goal_result"] for row in sprints if row["state_code"] == "active"] == [""]


def test_the_broken_release_has_its_incident_and_its_fix(rows):
    tags = {row["tag"]: _at(row["created_at"]) for row in rows("git/tags.csv")}
    deployments = {row["deployment_id"]: row for row in rows("deployments.csv")}
    incident = next(row for row in rows("incidents.csv") if row["severity_code"] == "critical")
    assert incident["caused_by_release_id"] == "v2.1.0"
    blamed = deployments[incident["caused_by_deployment_id"]]
    assert (blamed["release_id"], blamed["environment_code"]) == ("v2.1.0", "production")
    assert tags["v2.1.0"] < _at(incident["opened_at"])
    assert tags["v2.1.1"] < _at(incident["resolved_at"])
    assert sum(row["resolved_at"] == "" for row in rows("incidents.csv")) == 1


def test_every_tag_and_deployment_points_at_a_commit(rows):
    commits = {row["sha"] for row in rows("git/commits.csv.gz")}
    assert {row["commit_sha"] for row in rows("git/tags.csv")} <= commits
    assert {row["commit_sha"] for row in rows("deployments.csv")} <= commits
    assert {row["result_code"] for row in rows("deployments.csv")} == {"success", "failure"}
    assert {row["environment_code"] for row in rows("deployments.csv")} == {"production", "staging"}

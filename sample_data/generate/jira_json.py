"""Issues and sprints as the tracker's REST interface hands them out."""

from datetime import datetime
from itertools import groupby

from sample_data.generate.delivery import simulated_issues
from sample_data.generate.issues import (
    FIELD_IDS,
    STATUSES,
    TO_DO,
    Change,
    Issue,
    Status,
)
from sample_data.generate.releases import STABLE
from sample_data.generate.teams import Sprint, Team, sprints_of
from sample_data.generate.timeline import BERLIN, DATA_END
from sample_data.generate.writing import Row

SITE = "https://lumen.example.com"
KIND_IDS = {"Story": "10001", "Task": "10002", "Sub-task": "10003", "Bug": "10004"}
PRIORITY_IDS = {"High": "2", "Medium": "3", "Low": "4"}


def issue_records(team: Team) -> list[Row]:
    """One object per issue, changelog newest first."""
    issues = simulated_issues(team)
    return [_record(issue, [i for i in issues if i.parent is issue]) for issue in issues]


def _record(issue: Issue, subtasks: list[Issue]) -> Row:
    histories = _histories(issue)
    return {
        "id": issue.issue_id,
        "key": issue.key,
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "fields": _fields(issue, subtasks),
        "changelog": {
            "total": len(histories),
            "startAt": 0,
            "histories": histories,
            "maxResults": len(histories),
        },
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def _person(issue: Issue) -> Row:
    number = issue.number % 6 + 1
    account = f"{issue.team.team_id}-{number}"
    return {"active": True, "timeZone": "Europe/Berlin", "accountId": account,
            "accountType": "atlassian", "displayName": f"Person {account}"}  # fmt: skip


def _status(status: Status) -> Row:
    return {
        "id": status.status_id,
        "name": status.name,
        "statusCategory": {
            "id": status.category_id,
            "key": status.category_key,
            "name": status.category_name,
            "colorName": status.colour,
        },
    }


def status_now(issue: Issue) -> Status:
    """The status when the data end."""
    moved = [c.to_value for c in issue.known_changes if c.field_name == "status"]
    return STATUSES[moved[-1] or ""] if moved else TO_DO


def _latest(issue: Issue, name: str) -> Change | None:
    changes = [c for c in issue.known_changes if c.field_name == name]
    return changes[-1] if changes else None


def _points(issue: Issue) -> float | None:
    """Points when the data end; estimates made after that are undone."""
    future = [c for c in issue.changes if c.field_name == "Story Points" and c.at >= DATA_END]
    if future:
        return float(future[0].from_label) if future[0].from_label else None
    return issue.points


def sprints_now(issue: Issue) -> list[Sprint]:
    """Sprints in the field when the data end; sub-tasks show their parent's."""
    owner = issue.parent or issue
    change = _latest(owner, "Sprint")
    if change is None:
        return list(owner.first_sprints)
    ids = {part for part in (change.to_value or "").split(", ") if part}
    return [sprint for sprint in sprints_of(owner.team) if str(sprint.sprint_id) in ids]


def _kind(issue: Issue) -> Row:
    is_subtask = issue.kind == "Sub-task"
    return {"id": KIND_IDS[issue.kind], "name": issue.kind, "subtask": is_subtask,
            "hierarchyLevel": -1 if is_subtask else 0}  # fmt: skip


def _reference(issue: Issue) -> Row:
    return {
        "id": issue.issue_id,
        "key": issue.key,
        "fields": {
            "status": _status(status_now(issue)),
            "summary": issue.summary,
            "priority": _priority(issue),
            "issuetype": _kind(issue),
        },
    }


def _priority(issue: Issue) -> Row:
    return {"id": PRIORITY_IDS[issue.priority], "name": issue.priority}


def _fields(issue: Issue, subtasks: list[Issue]) -> Row:
    resolution = _latest(issue, "resolution")
    resolved = resolution is not None and resolution.to_value is not None
    flagged = _latest(issue, "Flagged")
    is_flagged = flagged is not None and flagged.to_value != ""
    known = issue.known_changes
    fields: dict[str, object] = {
        "labels": [],
        "status": _status(status_now(issue)),
        "created": _stamp(issue.created_at),
        "creator": _person(issue),
        "duedate": None,
        "project": {"id": str(issue.team.project_id), "key": issue.team.project,
                    "name": issue.team.name, "projectTypeKey": "software"},
        "summary": issue.summary,
        "updated": _stamp(known[-1].at if known else issue.created_at),
        "priority": _priority(issue),
        "subtasks": [_reference(subtask) for subtask in subtasks],
        "issuetype": _kind(issue),
        "components": [],
        "issuelinks": [],
        "resolution": {"id": resolution.to_value, "name": resolution.to_label}
        if resolution and resolved else None,
        "description": None,
        "fixVersions": _fix_versions(issue, resolution if resolved else None),
        "resolutiondate": _stamp(resolution.at) if resolution and resolved else None,
        "customfield_10016": _points(issue),
        "customfield_10020": [_sprint(s, "boardId") for s in sprints_now(issue)] or None,
        "customfield_10021": [{"id": "10019", "value": "Impediment"}] if is_flagged else None,
    }  # fmt: skip
    if issue.parent is not None:
        fields["parent"] = _reference(issue.parent)
    return fields


def _fix_versions(issue: Issue, resolution: Change | None) -> list[Row]:
    """Done work ships with the next stable release; sub-tasks carry none."""
    if resolution is None or resolution.to_label != "Done" or issue.parent is not None:
        return []
    following = [(tag, at) for tag, at in STABLE if at > resolution.at]
    if not following:
        return []
    tag, at = following[0]
    released_on = at.astimezone(BERLIN).date().isoformat()
    number = [name for name, _ in STABLE].index(tag)
    return [{"id": str(11000 + number), "name": tag, "archived": False, "released": True,
             "releaseDate": released_on}]  # fmt: skip


def _histories(issue: Issue) -> list[Row]:
    """One entry per moment, newest first; changes of one moment share an entry."""
    entries = [
        (at, [_item(change) for change in changes])
        for at, changes in groupby(issue.known_changes, key=lambda change: change.at)
    ]
    base = int(issue.issue_id) * 100
    return [
        {"id": str(base + number), "items": items, "author": _person(issue),
         "created": _stamp(at)}
        for number, (at, items) in reversed(list(enumerate(entries)))
    ]  # fmt: skip


def _item(change: Change) -> Row:
    field_id = FIELD_IDS[change.field_name]
    return {
        "to": change.to_value,
        "from": change.from_value,
        "field": change.field_name,
        "fieldId": field_id,
        "toString": change.to_label,
        "fieldtype": "custom" if field_id.startswith("custom") else "jira",
        "fromString": change.from_label,
    }


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _sprint(sprint: Sprint, board_field: str) -> Row:
    record: dict[str, object] = {
        "id": sprint.sprint_id,
        "goal": sprint.goal,
        "name": sprint.name,
        "state": sprint.state,
    }
    if sprint.state != "future":
        record["endDate"] = _zulu(sprint.planned_end_at)
        record["startDate"] = _zulu(sprint.started_at)
    if sprint.state == "closed":
        record["completeDate"] = _zulu(sprint.completed_at)
    return record | {board_field: sprint.team.board_id}


def sprint_records(team: Team) -> list[Row]:
    """One object per sprint, as the agile interface hands them out."""
    return [_sprint(sprint, "originBoardId") for sprint in sprints_of(team)]

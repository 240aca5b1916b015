"""Jira: the columns of work_items that one issue's fields give."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pipelines.sources.definition import Value
from pipelines.sources.jira_changelog import Item
from pipelines.sources.jira_values import (
    day,
    is_cancelling,
    kind_of,
    moment,
    names_of,
    number_text,
)


def state_of(fields: Mapping[str, Any], state: str) -> str:
    """The status's state; done by a resolution that says "not done" is cancelled."""
    resolution = (fields.get("resolution") or {}).get("name")
    return "cancelled" if state == "done" and is_cancelling(resolution) else state


def points_of(fields: Mapping[str, Any], ids: frozenset[str]) -> tuple[float | None, str | None]:
    """The points, and both texts where two fields disagree."""
    texts = {number_text(fields.get(field_id)) for field_id in sorted(ids)} - {None}
    numbers = sorted(float(text) for text in texts if text is not None)
    if len(numbers) > 1:
        return None, " and ".join(f"{number:g}" for number in numbers)
    # Some sites write -1 for "no estimate".
    return (numbers[0] if numbers and numbers[0] >= 0 else None), None


def type_of(fields: Mapping[str, Any]) -> dict[str, Value]:
    """What kind of item it is; Jira says itself what a sub-task is."""
    issue_type = fields.get("issuetype") or {}
    name = str(issue_type.get("name") or "unknown")
    is_subtask = bool(issue_type.get("subtask"))
    return {
        "item_kind": kind_of(name, is_subtask=is_subtask, level=issue_type.get("hierarchyLevel")),
        "item_type_name": name,
        "is_subtask": is_subtask,
    }


def ending_of(
    fields: Mapping[str, Any],
    states: Mapping[str, str],
    status_id: str,
    items: Iterable[tuple[str, Item]],
) -> dict[str, Value]:
    """When the item was finished, and by what we know."""
    if states[status_id] not in {"done", "cancelled"}:
        return {"done_at": None, "done_origin": None, "resolution_name": None}
    resolution = (fields.get("resolution") or {}).get("name")
    arrivals: list[datetime] = []
    for code, item in items:
        before, after = states.get(str(item.before)), states.get(str(item.after))
        if code == "status" and after == "done" and before != "done":
            arrivals.append(item.moved_at)
    origins = {
        "resolved": moment(fields.get("resolutiondate")),
        "category_change": moment(fields.get("statuscategorychangedate")),
        "changelog": arrivals[-1] if arrivals else None,
        "missing": None,
    }
    origin = next((name for name, instant in origins.items() if instant), "missing")
    return {
        "done_at": origins[origin],
        "done_origin": origin,
        "resolution_name": resolution,
    }


def ancestry_of(fields: Mapping[str, Any], ids: Mapping[str, frozenset[str]]) -> dict[str, Value]:
    """Parent and epic; older sites link epics by a field of their own."""
    parent = fields.get("parent")
    parent = parent if isinstance(parent, dict) else {}
    level = ((parent.get("fields") or {}).get("issuetype") or {}).get("hierarchyLevel")
    links = [fields.get(field_id) for field_id in sorted(ids.get("epic link", ()))]
    epic = fields.get("epic")
    links.append(epic.get("key") if isinstance(epic, dict) else None)
    links.append(parent.get("key") if isinstance(level, int) and level >= 1 else None)
    return {
        "parent_key": parent.get("key"),
        "epic_key": next((str(link) for link in links if link), None),
    }


def plain_of(fields: Mapping[str, Any]) -> dict[str, Value]:
    """The columns that are copied as they are."""
    labels = fields.get("labels")
    return {
        "title_text": fields.get("summary"),
        "priority_code": (fields.get("priority") or {}).get("name"),
        "estimate_s": fields.get("timeoriginalestimate"),
        "spent_s": fields.get("timespent"),
        "due_on": day(fields.get("duedate")),
        "project_key": (fields.get("project") or {}).get("key"),
        "fix_version_list": names_of(fields.get("fixVersions")),
        "affected_version_list": names_of(fields.get("versions")),
        "component_list": names_of(fields.get("components")),
        "label_list": [str(label) for label in labels] if isinstance(labels, list) else [],
    }

"""Values that every Jira export spells in its own way: instants, kinds, resolutions, sprints."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

# Ids of the status categories; the same in every Jira.
CATEGORY_KEYS = {2: "new", 4: "indeterminate", 3: "done"}
STATE_OF_CATEGORY = {"new": "todo", "indeterminate": "doing", "done": "done"}

# Statuses that Jira itself creates (Open, In Progress, Reopened, Resolved, Closed) have the
# same ids everywhere. They matter for history, whose items name no category.
STATE_OF_SYSTEM_STATUS = {"1": "todo", "3": "doing", "4": "todo", "5": "done", "6": "done"}

# Resolutions that end an item without the work: it is cancelled, whatever its status says.
CANCELLING = frozenset(
    {
        "abandoned",
        "canceled",
        "cancelled",
        "cannot reproduce",
        "declined",
        "duplicate",
        "incomplete",
        "invalid",
        "not a bug",
        "obsolete",
        "rejected",
        "won't do",
        "won't fix",
        "wont fix",
    }
)

_KINDS = {
    "bug": "bug",
    "defect": "bug",
    "fehler": "bug",
    "缺陷": "bug",
    "epic": "epic",
    "长篇故事": "epic",
    "spike": "spike",
    "story": "story",
    "user story": "story",
    "故事": "story",
    "sub-task": "subtask",
    "subtask": "subtask",
    "子任务": "subtask",
    "task": "task",
    "aufgabe": "task",
    "任务": "task",
}
_WAITING = ("blocked", "on hold", "waiting", "impeded")
_SPRINT_TEXT = re.compile(r"Sprint@[^\[]*\[(?P<pairs>.*)\]\s*$", re.DOTALL)
# A name may hold commas and equals signs: a value ends where the next known key begins.
_SPRINT_KEYS = (
    "id|rapidViewId|state|name|goal|startDate|endDate|completeDate|activatedDate|sequence"
    "|synced|autoStartStop|incompleteIssuesDestinationId"
)
_SPRINT_MARKS = {"boardId", "originBoardId", "startDate", "goal"}
_SPRINT_PAIR = re.compile(rf"(?:^|,)({_SPRINT_KEYS})=(.*?)(?=,(?:{_SPRINT_KEYS})=|$)", re.DOTALL)


def moment(value: object) -> datetime | None:
    """An instant with its offset; None where it is missing, unreadable or has no offset.

    >>> moment("2020-06-12T08:13:13.360+0800").isoformat()
    '2020-06-12T08:13:13.360000+08:00'
    """
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def day(value: object) -> date | None:
    """A date; it has no zone, and through UTC it could become the day before."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def kind_of(type_name: str, *, is_subtask: bool = False, level: object = 0) -> str:
    """The item kind behind an issue type's name, flags and hierarchy level."""
    if is_subtask:
        return "subtask"
    if isinstance(level, int) and level >= 1:
        return "epic"
    return _KINDS.get(type_name.strip().casefold(), "other")


def is_cancelling(resolution: str | None) -> bool:
    """Whether a resolution says that the work was not done."""
    return bool(resolution) and str(resolution).replace("’", "'").casefold() in CANCELLING


def is_active_stage(status_name: str, state: str) -> bool:
    """Whether somebody works on an item in this status, as far as its name tells."""
    name = status_name.casefold()
    return state == "doing" and not any(word in name for word in _WAITING)


def number_text(value: object) -> str | None:
    """A number as the shortest text, None where it is none.

    >>> number_text("13.0"), number_text(2.5), number_text("many")
    ('13', '2.5', None)
    """
    if value is None or isinstance(value, bool):
        return None
    try:
        return f"{float(str(value).strip()):.15g}"
    except ValueError:
        return None


def id_list(text: object) -> list[str]:
    """Ids of a comma-separated text, in order, without blanks."""
    return [part.strip() for part in str(text or "").split(",") if part.strip()]


def joined(parts: Iterable[str]) -> str | None:
    """The comma-separated form in which lists stand in changes; None for an empty one."""
    return ",".join(parts) or None


def names_of(things: object) -> list[str]:
    """The names in a list of {name: …} objects."""
    if not isinstance(things, list):
        return []
    return [str(thing["name"]) for thing in things if isinstance(thing, dict) and thing.get("name")]


def as_sprint(value: object) -> dict[str, Any] | None:
    """A sprint from an object, or from the `…Sprint@1f2[id=42,…,name=…]` of old servers."""
    if isinstance(value, dict):
        is_sprint = "id" in value and ("state" in value or "startDate" in value)
        return dict(value) if is_sprint else None
    found = _SPRINT_TEXT.search(value) if isinstance(value, str) else None
    if not found:
        return None
    pairs: dict[str, Any] = {
        key: None if text in {"", "<null>"} else text
        for key, text in _SPRINT_PAIR.findall(found["pairs"])
    }
    if pairs.get("rapidViewId"):
        pairs["boardId"] = pairs["rapidViewId"]
    return pairs if pairs.get("id") else None


def sprints_in(fields: Mapping[str, Any]) -> list[str]:
    """Ids of the sprints that an issue's fields name now, past ones included, ascending.

    The field's id differs per site, but no other field holds sprints.
    """
    found: dict[str, None] = {}
    for value in fields.values():
        for part in value if isinstance(value, list) else [value]:
            sprint = as_sprint(part) if isinstance(part, (dict, str)) else None
            if sprint and "name" in sprint and _SPRINT_MARKS & sprint.keys():
                found[str(sprint["id"])] = None
    return sorted(found, key=lambda key: (len(key), key))

"""DevLake's table of issues. The mapped `status` may be wrong: the original one counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pipelines.errors import SourceError
from pipelines.sources.definition import Context, Made, Record, Refused, Row, Value
from pipelines.sources.devlake_ids import last_resolutions, own_id, sprints_by_issue
from pipelines.sources.jira_statuses import answered_states
from pipelines.sources.jira_values import id_list, is_cancelling, kind_of, moment

_STATE_OF_STATUS = {"TODO": "todo", "IN_PROGRESS": "doing", "DONE": "done"}


def issue_table_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Rows of work_items.

    Raises:
        SourceError: If nothing tells the state of a status.
    """
    listed = list(records)
    states = _states(listed, context)
    sprints = sprints_by_issue(context)
    resolutions = last_resolutions(context)
    keys = {str(record.values["id"]): str(record.values["issue_key"]) for record in listed}
    for record in listed:
        values = record.values
        created_at = moment(values.get("created_date"))
        status = values.get("original_status")
        if not values.get("issue_key") or created_at is None or not status:
            yield Refused(
                record.no,
                "created_date",
                str(values.get("created_date"))[:200],
                "bad_required",
                "An issue needs issue_key, created_date and original_status.",
            )
            continue
        yield Row(
            record.no,
            "work_items",
            {
                "work_item_key": values["issue_key"],
                "source_item_id": own_id(values["id"]),
                "status_id": status,
                "status_name": status,
                "title_text": values.get("title"),
                "priority_code": values.get("priority"),
                "severity_code": values.get("severity"),
                "points": _points(values.get("story_point")),
                "estimate_s": _seconds(values.get("original_estimate_minutes")),
                "spent_s": _seconds(values.get("time_spent_minutes")),
                "created_at": created_at,
                "due_on": _due(values.get("due_date"), context.timezone),
                "parent_key": keys.get(str(values.get("parent_issue_id"))),
                "epic_key": values.get("epic_key"),
                "team_id": context.source.team,
                "project_key": str(values["issue_key"]).rpartition("-")[0] or None,
                "sprint_list": sprints.get(str(values["id"]), []),
                "fix_version_list": id_list(values.get("fix_versions")),
                "component_list": id_list(values.get("component")),
                "source_updated_at": moment(values.get("updated_date")),
                **_kind(values),
                **_ending(values, states[str(status)], resolutions.get(str(values["id"]))),
            },
        )


def _kind(values: Mapping[str, str | None]) -> dict[str, Value]:
    name = values.get("original_type") or values.get("type") or "unknown"
    # A parent may be an epic: it makes no sub-task.
    is_subtask = (values.get("type") or "").upper() == "SUB-TASK" or kind_of(name) == "subtask"
    return {
        "item_kind": kind_of(name, is_subtask=is_subtask),
        "item_type_name": name,
        "is_subtask": is_subtask,
    }


def _ending(
    values: Mapping[str, str | None], state: str, resolution: str | None
) -> dict[str, Value]:
    is_done = state == "done"
    resolved_at = moment(values.get("resolution_date")) if is_done else None
    return {
        "state_code": "cancelled" if is_done and is_cancelling(resolution) else state,
        "done_at": resolved_at,
        "done_origin": ("resolved" if resolved_at else "missing") if is_done else None,
        "resolution_name": resolution if is_done else None,
    }


def _states(records: Sequence[Record], context: Context) -> dict[str, str]:
    """Original status → state: as answered, else done where most of its issues are resolved.

    Raises:
        SourceError: If neither a resolution nor the mapped status tells.
    """
    answers = answered_states(context)
    resolved: dict[str, Counter[bool]] = {}
    mapped: dict[str, Counter[str]] = {}
    for record in records:
        status = str(record.values.get("original_status"))
        resolved.setdefault(status, Counter())[bool(record.values.get("resolution_date"))] += 1
        mapped.setdefault(status, Counter())[str(record.values.get("status")).upper()] += 1
    states, unknown = {}, []
    for status, counts in resolved.items():
        guess = _STATE_OF_STATUS.get(mapped[status].most_common(1)[0][0])
        if counts[True] > counts[False]:
            guess = "done"
        state = answers.get(status.casefold()) or guess
        if state is None:
            unknown.append(status)
        states[status] = state or "todo"
    if unknown:
        answer = ", ".join(f'"{status}" = "doing"' for status in unknown)
        raise SourceError(
            "ask_state",
            f"{context.file_name}: which state is status {' and '.join(unknown)}?",
            f"[delivery]\nstates = {{ {answer} }}",
        )
    return states


def _points(text: str | None) -> float | None:
    """Points above zero; 0 and -1 stand for unset here, and unset is not 0."""
    try:
        points = float(text) if text else 0.0
    except ValueError:
        return None
    return points if points > 0 else None


def _seconds(minutes: str | None) -> int | None:
    return int(float(minutes) * 60) if minutes and minutes.replace(".", "", 1).isdigit() else None


def _due(text: str | None, timezone: str | None) -> Value:
    """The local day of a due date that was flattened to an instant; unknown without a zone."""
    instant = moment(text)
    if instant is None:
        return None
    if timezone:
        return instant.astimezone(ZoneInfo(timezone)).date()
    return instant.date() if instant.time().isoformat() == "00:00:00" else None

"""Jira: issues with their history, as the REST interface gives them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipelines.sources.definition import (
    BadCell,
    Context,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Row,
)
from pipelines.sources.jira_changelog import (
    POINTS_NAMES,
    change_rows,
    field_ids,
    is_incomplete,
    items_of,
)
from pipelines.sources.jira_issue import (
    ancestry_of,
    ending_of,
    plain_of,
    points_of,
    state_of,
    type_of,
)
from pipelines.sources.jira_statuses import (
    Board,
    Sightings,
    board_of,
    settled_states,
    status_row,
)
from pipelines.sources.jira_values import (
    joined,
    moment,
    names_of,
    number_text,
    sprints_in,
)


@dataclass(frozen=True)
class _Site:
    """What one needs to know of a Jira site to read its issues.

    Attributes:
        ids: Case-folded field name → field ids.
        points_ids: Fields that hold points.
        states: Status id → state.
        names: Status id → name.
        has_list: The list of statuses itself is among the source's files.
    """

    ids: Mapping[str, frozenset[str]]
    points_ids: frozenset[str]
    states: Mapping[str, str]
    names: Mapping[str, str]
    board: Board
    has_list: bool


def _site(records: Iterable[Record], context: Context) -> _Site:
    everywhere = [*records, *context.siblings.get("jira_rest_json", ())]
    # One order, so that every file of a source reads the site alike.
    issues = sorted(
        (record.values for record in everywhere), key=lambda issue: str(issue.get("key"))
    )
    ids = field_ids(issues)
    listed = context.siblings.get("jira_statuses_json", ())
    seen = Sightings()
    if listed:
        for record in listed:
            seen.see(record.values)
    else:
        for issue in issues:
            _see_statuses(issue.get("fields"), seen)
    for issue in issues:
        for code, item in items_of(issue, frozenset()):
            if code == "status" and item.before and item.after:
                seen.name_only(str(item.after), item.after_label or str(item.after))
                seen.name_only(str(item.before), item.before_label or str(item.before))
    return _Site(
        ids=ids,
        points_ids=_points_ids(ids, context.workspace.delivery.points_field),
        states=settled_states(seen, context),
        names=seen.names,
        board=board_of(context.siblings.get("jira_board_json", ())),
        has_list=bool(listed),
    )


def _see_statuses(fields: object, seen: Sightings) -> None:
    """Statuses of the issue itself, its parent, sub-tasks and linked issues."""
    if not isinstance(fields, dict):
        return
    seen.see(fields.get("status"))
    near = [fields.get("parent"), *(fields.get("subtasks") or [])]
    for link in fields.get("issuelinks") or []:
        near += [link.get("inwardIssue"), link.get("outwardIssue")]
    for issue in near:
        if isinstance(issue, dict) and isinstance(issue.get("fields"), dict):
            seen.see(issue["fields"].get("status"))


def _points_ids(ids: Mapping[str, frozenset[str]], declared: str | None) -> frozenset[str]:
    if declared:
        return ids.get(declared.casefold(), frozenset({declared}))
    return frozenset().union(*(ids.get(name, frozenset()) for name in POINTS_NAMES))


def _issue_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    listed = list(records)
    site = _site(listed, context)
    for record in listed:
        yield from _issue(record, site, context)
    if not site.has_list and listed:
        # Without the list, the issues are all that tells of statuses.
        for key in sorted(site.states):
            name = site.names[key]
            yield status_row(listed[0].no, key, name, site.states[key], site.board)


def _issue(record: Record, site: _Site, context: Context) -> Iterator[Made]:
    fields = record.values.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    key, status = record.values.get("key"), fields.get("status")
    created_at = moment(fields.get("created"))
    if not key or created_at is None or not isinstance(status, dict):
        column = "fields.status" if created_at else "fields.created"
        raw = str(fields.get(column.removeprefix("fields.")))[:200]
        yield Refused(
            record.no, column, raw, "bad_required", "An issue needs key, created and status."
        )
        return
    status_id = str(status.get("id"))
    if status_id not in site.states:
        yield Refused(
            record.no,
            "fields.status",
            str(status.get("name")),
            "unknown_state",
            f"Status '{status.get('name')}' has no known category. Name its state in "
            "[delivery] states.",
        )
        return
    items = items_of(record.values, site.points_ids)
    points, clash = points_of(fields, site.points_ids)
    if clash:
        yield BadCell(
            record.no, "points", clash, "two_values", "Two fields for points, and they differ."
        )
    yield Row(
        record.no,
        "work_items",
        {
            "work_item_key": str(key),
            "source_item_id": str(record.values.get("id") or key),
            "status_id": status_id,
            "status_name": site.names[status_id],
            "state_code": state_of(fields, site.states[status_id]),
            "points": points,
            "created_at": created_at,
            "sprint_list": sprints_in(fields),
            "team_id": context.source.team,
            "source_updated_at": moment(fields.get("updated")),
            **type_of(fields),
            **ending_of(fields, site.states, status_id, items),
            **ancestry_of(fields, site.ids),
            **plain_of(fields),
        },
    )
    if is_incomplete(record.values):
        histories = record.values["changelog"]
        text = (
            f"{histories['total']} histories exist, {len(histories['histories'])} are in the file. "
            "Nothing is replayed for this item: export it again with all pages."
        )
        raw = str(histories["total"])
        yield BadCell(record.no, "changelog", raw, "history_incomplete", text)
        return
    current = {
        "status": status_id,
        "sprint": joined(sprints_in(fields)),
        "points": number_text(points),
        "fix_version": joined(sorted(names_of(fields.get("fixVersions")))),
    }
    yield from change_rows(record.no, str(key), created_at, items, current)


PRESETS = (
    Preset(
        id="jira_rest_json",
        version="1",
        title="Jira issues with history (REST)",
        fingerprint=Fingerprint(required=frozenset({"key", "fields"}), shape="objects"),
        tables=("work_items", "work_item_changes", "workflow_statuses"),
        records=_issue_rows,
        reads_with=("jira_rest_json", "jira_statuses_json", "jira_board_json"),
    ),
)

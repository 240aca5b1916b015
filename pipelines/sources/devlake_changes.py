"""DevLake's table of Jira changelog items, one record per changed field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources.definition import Context, Dropped, Made, Record, Refused
from pipelines.sources.devlake_ids import own_id, sprints_by_issue
from pipelines.sources.jira_changelog import Item, change_rows, code_of, in_order
from pipelines.sources.jira_statuses import Board, answered_states, status_row
from pipelines.sources.jira_values import id_list, joined, moment

_STATES = {"TODO": "todo", "IN_PROGRESS": "doing", "DONE": "done"}


def change_table_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Rows of work_item_changes, and of workflow_statuses as far as the table maps them.

    Raises:
        SourceError: Without the issues: the table names them by internal ids only.
    """
    issues = {
        str(issue.values["id"]): issue.values
        for issue in context.siblings.get("devlake_issues", ())
    }
    if not issues:
        raise SourceError(
            "needs_file",
            f"{context.file_name}: names issues by internal ids. Put issues.csv into the same "
            "source.",
            'files = ["exports/issues.csv", "exports/issue_changelogs.csv"]',
        )
    by_issue: dict[str, list[tuple[str, Item]]] = {}
    listed = list(records)
    for record in listed:
        item = _item(record)
        if item is None:
            yield _refused(record)
        elif str(record.values.get("issue_id")) not in issues:
            yield Dropped(record.no, "issue is not in this export")
        else:
            code = code_of(item.field)
            if not code:
                yield Dropped(record.no, "field is not used")
            by_issue.setdefault(str(record.values["issue_id"]), []).append((code, item))
    yield from _status_rows(listed, context)
    sprints = sprints_by_issue(context)
    for issue_id, items in by_issue.items():
        yield from _issue_changes(issues[issue_id], in_order(items), sprints.get(issue_id, []))


def _issue_changes(
    issue: Mapping[str, Any], items: list[tuple[str, Item]], sprints: list[str]
) -> Iterator[Made]:
    created_at = moment(issue.get("created_date"))
    used = [item.record_no for code, item in items if code and item.record_no]
    if created_at is None or not used:
        return
    current = {
        "status": issue.get("original_status"),
        "sprint": joined(sprints),
        "fix_version": joined(sorted(id_list(issue.get("fix_versions")))),
    }
    yield from change_rows(used[0], str(issue["issue_key"]), created_at, items, current)


def _item(record: Record) -> Item | None:
    values = record.values
    moved_at = moment(values.get("created_date"))
    if moved_at is None:
        return None
    field = str(values.get("field_name")).casefold()
    before, after = values.get("original_from_value"), values.get("original_to_value")
    if field == "sprint":
        before, after = _sprint_ids(before), _sprint_ids(after)
    # jira:JiraIssueChangelogItems:2:<history>:<field>
    parts = str(values.get("id")).split(":")
    history = parts[-2] if len(parts) > 1 else ""
    return Item(moved_at, history, field, before, after, before, after, record.no)


def _sprint_ids(text: str | None) -> str | None:
    return joined(own_id(part) or "" for part in id_list(text))


def _refused(record: Record) -> Refused:
    raw = str(record.values.get("created_date"))[:200]
    return Refused(
        record.no, "created_date", raw, "bad_timestamp", f"'{raw}' is no instant with an offset."
    )


def _status_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """Statuses by name, which is all this table knows of them."""
    answers = answered_states(context)
    votes: dict[str, Counter[str]] = {}
    record_no = 0
    for record in records:
        if record.values.get("field_name") != "status":
            continue
        record_no = record_no or record.no
        for side in ("from", "to"):
            name = record.values.get(f"original_{side}_value")
            state = answers.get(str(name).casefold()) or _STATES.get(
                str(record.values.get(f"{side}_value"))
            )
            if name and state:
                votes.setdefault(name, Counter())[state] += 1
    for name in sorted(votes):
        yield status_row(record_no, name, name, votes[name].most_common(1)[0][0], Board({}))

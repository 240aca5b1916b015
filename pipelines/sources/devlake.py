"""Jira as Apache DevLake flattens it: issues, changelogs, sprints and what links them.

Ids carry the tool and the table (`jira:JiraSprint:2:7`); they are reduced to Jira's own, so
that flat tables and raw JSON of the same site tell of the same things. The mapped `status`
may be wrong, so the original one counts. Unset points stand as 0 or -1.
"""

from collections.abc import Iterable, Iterator

from pipelines.sources.definition import (
    Context,
    Dropped,
    Fingerprint,
    Made,
    Preset,
    Record,
    Row,
)
from pipelines.sources.devlake_changes import change_table_rows
from pipelines.sources.devlake_ids import own_id
from pipelines.sources.devlake_issues import issue_table_rows
from pipelines.sources.jira_values import moment


def _sprint_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    for record in records:
        values = record.values
        yield Row(
            record.no,
            "sprints",
            {
                "sprint_id": own_id(values["id"]),
                "board_id": own_id(values.get("original_board_id")),
                "team_id": context.source.team,
                "sprint_name": values.get("name"),
                "state_code": (values.get("status") or "").lower() or None,
                "started_at": moment(values.get("started_date")),
                "planned_end_at": moment(values.get("ended_date")),
                "completed_at": moment(values.get("completed_date")),
            },
        )


_LINK_KINDS = {"blocks": "blocks", "is blocked by": "blocks", "duplicates": "duplicates",
               "is duplicated by": "duplicates", "split to": "splits", "split from": "splits",
               "causes": "causes", "is caused by": "causes"}  # fmt: skip
_BACKWARDS = ("is blocked by", "is duplicated by", "split from", "is caused by")


def _link_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    keys = {
        str(issue.values["id"]): str(issue.values["issue_key"])
        for issue in context.siblings.get("devlake_issues", ())
    }
    for record in records:
        ends = [keys.get(str(record.values.get(f"{end}_issue_id"))) for end in ("source", "target")]
        if None in ends:
            yield Dropped(record.no, "issue is not in this export")
            continue
        kind = str(record.values.get("original_type")).casefold()
        if kind in _BACKWARDS:
            ends.reverse()
        yield Row(
            record.no,
            "work_item_links",
            {"from_key": ends[0], "to_key": ends[1], "link_kind": _LINK_KINDS.get(kind, "relates")},
        )


def _lookup(name: str, title: str, *required: str) -> Preset:
    fingerprint = Fingerprint(required=frozenset(required))
    return Preset(f"devlake_{name}", "1", f"DevLake {title}", fingerprint, (), is_lookup=True)


PRESETS = (
    Preset(
        id="devlake_issues",
        version="1",
        title="DevLake issues",
        fingerprint=Fingerprint(
            required=frozenset({"id", "issue_key", "original_status", "story_point"}),
            forbidden=frozenset({"urgency"}),
        ),
        tables=("work_items",),
        records=issue_table_rows,
        reads_with=("devlake_sprint_issues", "devlake_issue_changelogs"),
    ),
    Preset(
        id="devlake_issue_changelogs",
        version="1",
        title="DevLake issue changelogs",
        fingerprint=Fingerprint(
            required=frozenset(
                {"issue_id", "field_name", "original_from_value", "original_to_value"}
            )
        ),
        tables=("work_item_changes", "workflow_statuses"),
        records=change_table_rows,
        reads_with=("devlake_issues", "devlake_sprint_issues"),
    ),
    Preset(
        id="devlake_sprints",
        version="1",
        title="DevLake sprints",
        fingerprint=Fingerprint(
            required=frozenset({"id", "status", "name", "started_date", "original_board_id"})
        ),
        tables=("sprints",),
        records=_sprint_rows,
    ),
    Preset(
        id="devlake_issue_relationships",
        version="1",
        title="DevLake issue relationships",
        fingerprint=Fingerprint(required=frozenset({"source_issue_id", "target_issue_id"})),
        tables=("work_item_links",),
        records=_link_rows,
        reads_with=("devlake_issues",),
    ),
    _lookup("sprint_issues", "sprint issues", "sprint_id", "issue_id"),
    _lookup("board_sprints", "board sprints", "board_id", "sprint_id"),
    _lookup("boards", "boards", "id", "name", "type", "created_date", "url"),
    _lookup("issue_labels", "issue labels", "issue_id", "label_name"),
    _lookup("worklogs", "worklogs", "issue_id", "time_spent_minutes", "logged_date"),
)

"""Jira: sprints as the REST interface lists them."""

from collections.abc import Iterable, Iterator

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
from pipelines.sources.jira_values import as_sprint, moment

_STATES = {"future": "future", "active": "active", "closed": "closed"}
_INSTANTS = ("startDate", "endDate", "completeDate", "activatedDate")


def _sprint_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    for record in records:
        sprint = as_sprint(record.values)
        state = _STATES.get(str((sprint or {}).get("state")).casefold())
        if sprint is None or state is None:
            raw = str(record.values.get("state"))
            yield Refused(
                record.no, "state", raw[:200], "unknown_state", f"'{raw}' is no state of a sprint."
            )
            continue
        for name in _INSTANTS:
            if sprint.get(name) and moment(sprint[name]) is None:
                text = f"{name} '{sprint[name]}' is no instant with an offset."
                yield BadCell(record.no, name, str(sprint[name])[:200], "bad_timestamp", text)
        board = sprint.get("originBoardId", sprint.get("boardId"))
        yield Row(
            record.no,
            "sprints",
            {
                "sprint_id": str(sprint["id"]),
                "board_id": None if board is None else str(board),
                "team_id": context.source.team,
                "sprint_name": str(sprint.get("name") or sprint["id"]),
                "goal_text": sprint.get("goal") or None,
                "state_code": state,
                # A sprint may be started later than it was planned to.
                "started_at": moment(sprint.get("activatedDate") or sprint.get("startDate")),
                "planned_end_at": moment(sprint.get("endDate")),
                "completed_at": moment(sprint.get("completeDate")),
            },
        )


PRESETS = (
    Preset(
        id="jira_sprints_json",
        version="1",
        title="Jira sprints (REST)",
        fingerprint=Fingerprint(
            required=frozenset({"id", "name", "state"}),
            forbidden=frozenset({"fields"}),
            one_of=(
                frozenset({"originboardid", "boardid"}),
                frozenset({"startdate", "activateddate", "enddate", "goal"}),
            ),
            shape="objects",
        ),
        tables=("sprints",),
        records=_sprint_rows,
    ),
)

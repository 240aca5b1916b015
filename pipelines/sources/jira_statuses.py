"""Jira: which statuses there are, what they mean and where they stand on the board."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources.definition import (
    Context,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Row,
    Value,
)
from pipelines.sources.jira_values import (
    CATEGORY_KEYS,
    STATE_OF_CATEGORY,
    STATE_OF_SYSTEM_STATUS,
    is_active_stage,
)


@dataclass
class Sightings:
    """What records say about the statuses of one site.

    Attributes:
        names: Status id → its newest name.
        states: Status id → how often each state was named.
        doubtful: Status ids whose category contradicts itself.
    """

    names: dict[str, str] = field(default_factory=dict)
    states: dict[str, Counter[str]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def see(self, status: object) -> None:
        """Takes in a status object as it stands in issues and in the list of statuses."""
        if not isinstance(status, dict) or status.get("id") is None:
            return
        key = str(status["id"])
        self.names[key] = str(status.get("name") or key)
        category = status.get("statusCategory")
        if not isinstance(category, dict):
            return
        by_key = STATE_OF_CATEGORY.get(str(category.get("key")))
        by_id = STATE_OF_CATEGORY.get(CATEGORY_KEYS.get(_number(category.get("id")), ""))
        if by_id and by_key and by_id != by_key:
            self.doubtful.add(key)
        if by_key:
            self.states.setdefault(key, Counter())[by_key] += 1

    def name_only(self, key: str, name: str) -> None:
        """Takes in a status of which history gives no more than id and name as of then."""
        self.names.setdefault(key, name)


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdigit() else -1


def answered_states(context: Context) -> dict[str, str]:
    """`[delivery] states`: the answers a person gave, by case-folded status name."""
    return {name.casefold(): state for name, state in context.workspace.delivery.states.items()}


def settled_states(seen: Sightings, context: Context) -> dict[str, str]:
    """Status id → state: as answered, else as its category says.

    The category's key decides, never a localised name. Statuses that only history names
    take the state of a known status of the same name, or of Jira's own status ids; the
    rest stay unknown.

    Raises:
        SourceError: If a category contradicts itself and nobody has answered.
    """
    answers = answered_states(context)
    states: dict[str, str] = {}
    open_questions: list[str] = []
    for key, counts in seen.states.items():
        answer = answers.get(seen.names[key].casefold())
        if answer is None and (key in seen.doubtful or len(counts) > 1):
            open_questions.append(key)
        states[key] = answer or counts.most_common(1)[0][0]
    if open_questions:
        _ask(open_questions, seen, states)
    by_name = {seen.names[key].casefold(): state for key, state in states.items()}
    for key, name in seen.names.items():
        if key not in states:
            known = answers.get(name.casefold()) or by_name.get(name.casefold())
            known = known or STATE_OF_SYSTEM_STATUS.get(key)
            if known:
                states[key] = known
    return states


def _ask(keys: Sequence[str], seen: Sightings, states: Mapping[str, str]) -> None:
    told = []
    for key in keys:
        counts = ", ".join(f"{state} {count} times" for state, count in seen.states[key].items())
        told.append(f"'{seen.names[key]}' ({counts})")
    answers = ", ".join(f'"{seen.names[key]}" = "{states[key]}"' for key in keys)
    raise SourceError(
        "ask_state",
        f"The category of status {' and '.join(told)} contradicts itself: id and key disagree. "
        "Which state is it? The majority is offered.",
        f"[delivery]\nstates = {{ {answers} }}",
    )


@dataclass(frozen=True)
class Board:
    """Where statuses stand: column number by status id; empty if no board is known."""

    stages: Mapping[str, int]

    def values(self, key: str) -> dict[str, Value]:
        """The board's part of a row of workflow_statuses."""
        if not self.stages:
            return {"stage_no": None, "is_on_board": None}
        return {"stage_no": self.stages.get(key), "is_on_board": key in self.stages}


def board_of(records: Iterable[Record]) -> Board:
    """The columns of board configurations, left to right."""
    stages: dict[str, int] = {}
    for record in records:
        configuration = record.values.get("columnConfig")
        columns = configuration.get("columns") if isinstance(configuration, dict) else None
        for number, column in enumerate(columns or [], 1):
            for status in column.get("statuses") or []:
                stages.setdefault(str(status.get("id")), number)
    return Board(stages)


def status_row(record_no: int, key: str, name: str, state: str, board: Board) -> Row:
    """One row of workflow_statuses."""
    return Row(
        record_no,
        "workflow_statuses",
        {
            "status_id": key,
            "status_name": name,
            "state_code": state,
            "is_active_stage": is_active_stage(name, state),
            **board.values(key),
        },
    )


def _status_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    listed = list(records)
    seen = Sightings()
    for record in listed:
        seen.see(record.values)
    states = settled_states(seen, context)
    board = board_of(context.siblings.get("jira_board_json", ()))
    for record in listed:
        values: Mapping[str, Any] = record.values
        key = str(values.get("id"))
        if key not in states:
            yield Refused(
                record.no,
                "statusCategory",
                str(values.get("statusCategory"))[:200],
                "unknown_state",
                f"Status '{values.get('name')}' has no known category. Name its state in "
                "[delivery] states.",
            )
            continue
        yield status_row(record.no, key, seen.names[key], states[key], board)


PRESETS = (
    Preset(
        id="jira_statuses_json",
        version="1",
        title="Jira statuses (REST)",
        fingerprint=Fingerprint(
            required=frozenset({"id", "name", "statuscategory"}), shape="objects"
        ),
        tables=("workflow_statuses",),
        records=_status_rows,
        reads_with=("jira_board_json",),
    ),
    Preset(
        id="jira_board_json",
        version="1",
        title="Jira board configuration (REST)",
        fingerprint=Fingerprint(required=frozenset({"columnconfig"}), shape="objects"),
        tables=(),
        is_lookup=True,
    ),
)

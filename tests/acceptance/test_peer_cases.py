"""Cases of other systems' test suites: each is run, or it is written down why not."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MADE_HERE = {"flow/flow_ageing_wip"}
COLUMNS = {"Backlog": "todo", "Committed": "doing", "Build": "doing", "Test": "doing",
           "Done": "done"}  # fmt: skip
AGEING = """
[product]
name = "Ageing"
[[source]]
name = "tracker"
files = "exports/*.csv"
complete_to = 2018-01-11
"""


def cases() -> list[Mapping[str, str]]:
    with (HERE / "peer_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def not_offered() -> dict[str, str]:
    text = (HERE / "not_offered.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (\w+/\w+) \| (.+) \|$", text, re.MULTILINE))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['family']}/{case['case']}")
def test_every_case_is_run_or_its_refusal_is_written_down(case: Mapping[str, str]) -> None:
    name = f"{case['family']}/{case['case']}"
    folders = [HERE / "cases" / case["family"] / part for part in case["workspaces"].split(";")]
    is_run = all((folder / "ask.json").exists() for folder in folders)

    assert is_run + (name in not_offered()) + (name in MADE_HERE) == 1


def test_every_refusal_is_of_a_known_case_and_gives_a_reason() -> None:
    known = {f"{case['family']}/{case['case']}" for case in cases()}

    assert set(not_offered()) <= known
    assert all(len(reason) > len("As above.") for reason in not_offered().values())


# Ageing work in progress --------------------------------------------------------------------


def written(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)


def moves(issue: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(day, column left, column entered) of an issue."""
    entered = [column for column in COLUMNS if issue[column]]
    for left, column in zip(entered, entered[1:], strict=False):
        yield issue[column], left, column


def tracker(folder: Path) -> Path:
    """The case's rows as a tracker exports them."""
    with (HERE / "inputs" / "column_dates.csv").open(encoding="utf-8", newline="") as file:
        issues = list(csv.DictReader(file))
    exports = folder / "exports"
    exports.mkdir()
    (folder / "launchloop.toml").write_text(AGEING, encoding="utf-8")
    written(
        exports / "workflow_statuses.csv",
        (
            {"status_id": name, "status_name": name, "state_code": state, "stage_no": number,
             "is_active_stage": "true", "is_on_board": "true"}
            for number, (name, state) in enumerate(COLUMNS.items(), 1)
        ),
    )  # fmt: skip
    written(
        exports / "work_items.csv",
        (
            {"work_item_key": issue["key"], "source_item_id": issue["key"], "item_kind": "task",
             "item_type_name": "Task", "title_text": issue["key"], "status_id": now,
             "status_name": now, "state_code": COLUMNS[now],
             "created_at": f"{issue['Backlog']}T11:00:00Z"}
            for issue in issues
            for now in [[column for column in COLUMNS if issue[column]][-1]]
        ),
    )  # fmt: skip
    written(
        exports / "work_item_changes.csv",
        (
            {"work_item_key": issue["key"], "changed_at": f"{day}T12:0{number}:00Z",
             "change_no": number, "field_code": "status", "from_value": left, "to_value": column,
             "from_label": left, "to_label": column, "is_migration": "false",
             "change_origin": "reported"}
            for issue in issues
            for number, (day, left, column) in enumerate(moves(issue), 1)
        ),
    )  # fmt: skip
    return folder


def test_ageing_work_is_as_old_as_the_peer_says_and_the_day_it_began(
    tmp_path: Path, refreshed: Callable
) -> None:
    workspace = refreshed(tracker(tmp_path))

    rows = workspace.answer(["query", "item_age"])["rows"]

    # As jira-agile-metrics asserts them on 10 January 2018; it leaves the first day out.
    peer = {"A-4": 8, "A-5": 7, "A-6": 7, "A-7": 8, "A-8": 8, "A-9": 8, "A-10": 8, "A-11": 8,
            "A-12": 8}  # fmt: skip
    assert {row["id"]: row["value"] - 1 for row in rows} == peer

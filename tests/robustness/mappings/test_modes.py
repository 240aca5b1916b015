"""Snapshots and changelogs keep the rows that their mode says, and other files are refused."""

import pytest

PRICES = "plan_id,plan_name\n{},Team\n"


@pytest.mark.parametrize(("scope", "kept"), [("", ["p1", "p2"]), ('scope = "full"\n', ["p2"])])
def test_a_row_that_a_newer_snapshot_lacks_stays_unless_its_scope_is_full(desk, scope, kept):
    desk.sources(f'[[source]]\nname = "s"\nfiles = "in/*"\nmode = "snapshot"\n{scope}')
    desk.lay("in/plans_2026-05-01.csv", PRICES.format("p1"))
    (first,) = desk.pull_in()
    desk.lay("in/plans_2026-06-01.csv", PRICES.format("p2"))
    desk.pull_in()
    assert [row[0] for row in desk.rows("plans", "plan_id", "plan_id")] == kept
    assert any("rows that are no longer in it stay" in note for note in first.notes) == (not scope)


@pytest.mark.parametrize(
    ("header", "scope", "told"),
    [
        ("work_item_key,item_kind,item_type_name,status_name,state_code,created_at", "",
         "Map it to work_item_changes"),
        ("plan_id,plan_name", "", 'Write mode = "snapshot"'),
        ("work_item_key,changed_at,change_no,field_code", 'scope = "full"\n', "contradict"),
    ],
)  # fmt: skip
def test_a_changelog_that_cannot_be_one_is_refused(desk, header, scope, told):
    desk.sources(f'[[source]]\nname = "s"\nfiles = "in/*"\nmode = "changelog"\n{scope}')
    cells = {"state_code": "done", "item_kind": "story", "field_code": "status", "change_no": "1"}
    row = ["2026-05-01T00:00:00Z" if name.endswith("_at") else cells.get(name, "x")
           for name in header.split(",")]  # fmt: skip
    desk.lay("in/a.csv", f"{header}\n{','.join(row)}\n")
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", "mode")
    assert told in report.questions[0]["text"]


def test_a_changelog_of_changes_loads_as_any_file(desk):
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\nmode = "changelog"\n')
    head = "work_item_key,changed_at,change_no,field_code\n"
    desk.lay("in/a.csv", head + "A,2026-05-01T00:00:00Z,1,status\n")
    report = desk.only()
    assert (report.status, report.notes) == ("loaded", [])

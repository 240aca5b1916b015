"""What `query` answers for sprints, their goals and their burn-up."""

from datetime import date

import pytest

from pipelines.metrics import sprints


def scrum(deliver, board, *, history=True, **sprint):
    entered = [board.change("A", "05-02", "sprint", None, "S")] if history else []
    return deliver(
        through=board.at("05-12"),
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Build", points=5.0, sprint_list=["S"]),
        ],
        work_item_changes=[
            *entered,
            *board.moves("A", "05-05 Build", "05-07 Done"),
            *board.moves("B", "05-08 Build"),
        ],
        sprints=[board.sprint("S", "05-04", "05-11", **sprint)],
    )


@pytest.mark.parametrize(
    ("metric", "variant", "value"),
    [
        ("velocity", None, 3),
        ("velocity", "items", 1),
        ("say_do", None, 3 / 8),
        ("say_do", "linearb", 3 / 8),
        ("say_do", "silverile", 3 / 8),
        ("say_do", "span", 1),
        ("say_do", "linear", (3 + 5 / 4) / 8),
        ("say_do", "items", 1 / 2),
        ("capacity_accuracy", None, 3 / 8),
        ("carry_over", None, 1 / 2),
    ],
)
def test_numbers_of_a_sprint(deliver, board, metric, variant, value):
    row = scrum(deliver, board).query(metric, variant=variant)[0]
    assert row["value"] == pytest.approx(value)
    assert (row["id"], row["label"], row["status"]) == ("S", "Sprint S", "ok")
    assert (row["period"], row["period_end"]) == (date(2026, 5, 4), date(2026, 5, 11))
    assert "Reconstructed" in row["note"]


def test_shares_of_items_have_an_interval_and_shares_of_points_have_none(deliver, board):
    warehouse = scrum(deliver, board)
    assert warehouse.query("carry_over")[0]["high"] == pytest.approx(0.9055, abs=1e-4)
    assert warehouse.query("say_do")[0]["high"] is None


def test_scope_change_has_a_row_for_each_way_of_changing(deliver, board):
    rows = scrum(deliver, board).query("scope_change")
    assert [(row["component"], row["value"]) for row in rows] == [
        ("added", 0),
        ("removed", 0),
        ("dropped", 0),
        ("reestimated", 0),
    ]


def test_a_running_sprint_is_immature(deliver, board):
    row = scrum(deliver, board, state_code="active").query("say_do")[0]
    assert (row["status"], row["value"], row["n"]) == ("immature", None, 8)


def test_without_history_of_sprints_the_commitment_is_unknown(deliver, board):
    warehouse = scrum(deliver, board, history=False)
    row = warehouse.query("say_do")[0]
    assert (row["status"], row["value"]) == ("no_data", None)
    assert "history" in row["note"]
    assert warehouse.query("velocity")[0]["value"] == 3


def test_only_sprints_wholly_inside_the_range_are_listed(deliver, board):
    warehouse = scrum(deliver, board)
    assert warehouse.query("velocity", end=date(2026, 5, 10)) == []
    assert len(warehouse.query("velocity", start=date(2026, 5, 4), end=date(2026, 5, 11))) == 1


def test_a_sprint_is_asked_for_by_its_id_or_its_team(deliver, board):
    warehouse = scrum(deliver, board, team_id="a")
    assert len(warehouse.query("velocity", of="S")) == 1
    assert len(warehouse.query("velocity", of="a")) == 1
    assert warehouse.query("velocity", of="b") == []
    assert ("S", "Sprint S") in warehouse.rows(sprints.SPRINTS_AND_TEAMS)


def test_burn_up_lists_every_day_of_the_sprint(deliver, board):
    rows = scrum(deliver, board).query("burn_up", of="S")
    done = [(row["period"].day, row["value"]) for row in rows if row["component"] == "done"]
    assert done == [(4, 0), (5, 0), (6, 0), (7, 3), (8, 3), (9, 3), (10, 3)]
    assert {row["value"] for row in rows if row["component"] == "scope"} == {8}
    items = scrum(deliver, board).query("burn_up", of="S", variant="items")
    assert items[-1]["value"] == 1


def test_the_day_that_is_not_over_has_no_burn_up_yet(deliver, board):
    warehouse = deliver(
        through=board.at("05-06 12:00"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", points=3.0, sprint_list=["S"])],
        work_item_changes=[board.change("A", "05-02", "sprint", None, "S")],
        sprints=[board.sprint("S", "05-04", "05-18", state_code="active")],
    )
    rows = warehouse.query("burn_up", of="S")
    assert [row["status"] for row in rows] == ["ok"] * 4 + ["immature"] * 2
    assert rows[-1]["value"] is None


def test_a_partly_met_goal_is_not_met_and_a_goal_without_record_is_left_out(deliver, board):
    def sprint(key, result, goal="Ship it"):
        return board.sprint(key, "05-04", "05-11", goal_result=result, goal_text=goal)

    warehouse = deliver(
        through=board.at("08-01"),
        work_items=[board.item("A", "05-01")],
        sprints=[
            sprint("1", "met"),
            sprint("2", "partly"),
            sprint("3", "not_met"),
            sprint("4", None),
            sprint("5", None, None),
        ],
    )
    row = warehouse.query("goal_success", every="quarter")[0]
    assert (row["n"], row["total"], row["status"]) == (3, 1, "too_few")
    assert "1 goals without a record" in row["note"]


def test_a_sprint_closed_at_midnight_is_dated_by_the_day_that_begins(deliver, board):
    warehouse = deliver(
        through=board.at("12-01"),
        work_items=[board.item("A", "05-01")],
        sprints=[
            board.sprint("1", "06-17", "07-01", goal_result="met", goal_text="Ship it"),
            board.sprint("2", "06-16", "06-30", goal_result="not_met", goal_text="Ship it"),
        ],
    )
    quarters = {row["period"]: row for row in warehouse.query("goal_success", every="quarter")}
    found = [(str(period), row["n"], row["total"]) for period, row in quarters.items()]
    assert found[:2] == [("2026-04-01", 1, 0), ("2026-07-01", 1, 1)]

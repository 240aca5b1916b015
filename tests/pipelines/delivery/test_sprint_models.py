"""What a sprint committed to, what changed in it and what it completed."""

import pytest


def test_committed_is_what_is_open_in_the_sprint_just_before_it_starts(deliver_sprint, board):
    warehouse = deliver_sprint(
        [
            board.item("A", "05-01", points=3.0),
            board.item("B", "05-01", points=5.0),
            board.item("C", "05-01", points=8.0),
        ],
        [
            board.entered("A", "05-02"),
            board.entered("B", "05-04"),
            board.entered("C", "05-05"),
        ],
    )
    assert warehouse.sprint_points() == {"committed": 3.0, "added": 13.0, "final": 16.0}


def test_an_item_without_changes_was_in_its_sprint_from_creation(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", points=3.0, sprint_list=["S"])],
        [board.entered("B", "05-02")],
    )
    assert warehouse.sprint_points() == {"committed": 3.0, "final": 3.0}


def test_what_was_in_before_the_first_change_is_what_that_change_took_away(deliver_sprint, board):
    warehouse = deliver_sprint([board.item("A", "05-01", points=3.0)], [board.left("A", "05-06")])
    assert warehouse.sprint_points() == {"committed": 3.0, "removed": 3.0}


def test_a_list_of_several_sprints_holds_the_item_in_each(deliver, board):
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", points=3.0)],
        work_item_changes=[
            board.change("A", "05-02", "sprint", None, "1"),
            board.change("A", "05-18", "sprint", "1", "1, 12"),
        ],
        sprints=[board.sprint("1", "05-04", "05-18"), board.sprint("12", "05-19", "05-30")],
    )
    assert warehouse.sprint_points("1") == {"committed": 3.0, "final": 3.0}
    assert warehouse.sprint_points("12") == {"committed": 3.0, "final": 3.0}


def test_gone_and_back_within_a_day_is_no_change(deliver_sprint, board):
    items = [board.item("A", "05-01", points=3.0, sprint_list=["S"])]
    history = [board.entered("A", "05-02"), board.left("A", "05-06")]
    soon = deliver_sprint(items, [*history, board.entered("A", "05-07")])
    assert soon.sprint_points() == {"committed": 3.0, "final": 3.0}
    late = deliver_sprint(items, [*history, board.entered("A", "05-07 00:01")])
    assert late.sprint_points() == {"committed": 3.0, "removed": 3.0, "added": 3.0, "final": 3.0}


@pytest.mark.parametrize(("status", "carried", "kept"), [("Build", 1, 0), ("Done", 0, 1)])
def test_committed_work_that_comes_back_after_days_is_added_and_still_committed_to(
    deliver_sprint, board, status, carried, kept
):
    items = [board.item("A", "05-01", status, points=3.0, sprint_list=["S"])]
    history = [
        board.entered("A", "05-02"), board.left("A", "05-06"), board.entered("A", "05-09"),
        *board.moves("A", "05-05 Build", *(["05-12 Done"] if status == "Done" else [])),
    ]  # fmt: skip
    warehouse = deliver_sprint(items, history)
    row = warehouse.one("select * from marts.sprints")
    assert (row["committed_items"], row["removed_items"], row["added_items"]) == (1, 1, 1)
    assert (row["carried_items"], row["completed_initial_items"]) == (carried, kept)
    assert row["completed_initial_points"] == 3.0 * kept
    assert warehouse.broken("sprint_scope_adds_up") == []


def test_committed_work_that_is_gone_at_the_close_is_not_carried(deliver_sprint, board):
    items = [board.item("A", "05-01", points=3.0)]
    warehouse = deliver_sprint(items, [board.entered("A", "05-02"), board.left("A", "05-06")])
    assert warehouse.one("select * from marts.sprints")["carried_items"] == 0


def test_re_estimates_of_committed_work_stand_alone_and_of_added_work_fold_in(
    deliver_sprint, board
):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", points=5.0), board.item("B", "05-01", points=8.0)],
        [
            board.entered("A", "05-02"),
            board.change("A", "05-03", "points", "2", "3"),
            board.change("A", "05-08", "points", "3", "5"),
            board.entered("B", "05-06"),
            board.change("B", "05-08", "points", "1", "8"),
        ],
    )
    assert warehouse.sprint_points() == {
        "committed": 3.0,
        "reestimated": 2.0,
        "added": 8.0,
        "final": 13.0,
    }


def test_cancelled_work_is_dropped_and_removed_work_is_removed(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", "Rejected", points=3.0), board.item("B", "05-01", points=5.0)],
        [
            board.entered("A", "05-02"),
            *board.moves("A", "05-03 Build", "05-10 Rejected"),
            board.entered("B", "05-02"),
            board.left("B", "05-10"),
        ],
    )
    assert warehouse.sprint_points() == {"committed": 8.0, "dropped": 3.0, "removed": 5.0}


def test_what_was_done_or_cancelled_before_the_start_is_outside(deliver_sprint, board):
    warehouse = deliver_sprint(
        [
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Rejected", points=5.0, sprint_list=["S"]),
        ],
        [*board.moves("A", "05-02 Build", "05-03 Done"), *board.moves("B", "05-03 Rejected")],
    )
    assert warehouse.sprint_points() == {}


def test_done_work_that_is_reopened_during_the_sprint_is_added(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"])],
        board.moves("A", "05-02 Build", "05-03 Done", "05-06 Build", "05-09 Done"),
    )
    assert warehouse.sprint_points() == {"added": 3.0, "final": 3.0, "completed": 3.0}


def test_carried_work_counts_where_it_is_done(deliver, board):
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done", points=3.0)],
        work_item_changes=[
            board.entered("A", "05-02", "1"),
            board.change("A", "05-18", "sprint", "1", "1,2"),
            *board.moves("A", "05-05 Build", "05-20 Done"),
        ],
        sprints=[board.sprint("1", "05-04", "05-18"), board.sprint("2", "05-18", "05-30")],
    )
    assert warehouse.sprint_points("1") == {"committed": 3.0, "final": 3.0}
    # Put in at the very start of the second sprint: added, not committed.
    assert warehouse.sprint_points("2") == {"added": 3.0, "final": 3.0, "completed": 3.0}
    assert warehouse.rows("select sprint_id, carry_count from marts.sprint_carry_overs") == [
        ("1", 1)
    ]


def test_work_taken_out_at_the_very_close_was_still_in_at_the_close(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", points=3.0)],
        [board.entered("A", "05-02"), board.left("A", "05-18")],
    )
    assert warehouse.sprint_points() == {"committed": 3.0, "final": 3.0}


def test_unestimated_work_counts_as_zero_points_and_is_counted(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", sprint_list=["S"]), board.item("B", "05-01", points=2.0)],
        [board.entered("B", "05-02")],
    )
    row = warehouse.one("select * from marts.sprints")
    assert (row["committed_points"], row["committed_items"], row["unestimated_items"]) == (2, 2, 1)


def test_work_off_the_board_is_not_in_the_sprint(deliver_sprint, board):
    warehouse = deliver_sprint(
        [board.item("A", "05-01", "Parked", points=3.0), board.item("B", "05-01", points=2.0)],
        [
            board.entered("A", "05-02"),
            *board.moves("A", "05-03 Parked"),
            board.entered("B", "05-02"),
        ],
    )
    assert warehouse.sprint_points() == {"committed": 2.0, "final": 2.0}


def test_a_frozen_picture_of_the_sprint_beats_the_replay(deliver_sprint, board):
    def picture(kind, key, state, points, **more):
        return {
            "sprint_id": "S",
            "snapshot_kind": kind,
            "captured_at": board.at("05-04" if kind == "start" else "05-18"),
            "work_item_key": key,
            "is_in_sprint": True,
            "state_code": state,
            "points": points,
            "snapshot_origin": "captured",
            **more,
        }

    warehouse = deliver_sprint(
        [board.item("A", "05-01", points=99.0, sprint_list=["S"])],
        [],
        sprint_snapshots=[
            picture("start", "A", "todo", 3.0),
            picture("start", "B", "doing", 5.0),
            picture("start", "C", "todo", 2.0),
            picture("start", "D", "done", 8.0),
            picture("close", "A", "done", 4.0),
            picture("close", "B", "doing", 5.0),
            picture("close", "C", "todo", 2.0, is_in_sprint=False),
            picture("close", "D", "done", 8.0),
            picture("close", "E", "done", 1.0),
        ],
    )
    assert warehouse.sprint_points() == {
        "committed": 10.0,
        "reestimated": 1.0,
        "removed": 2.0,
        "added": 1.0,
        "final": 10.0,
        "completed": 5.0,
    }
    assert warehouse.one("select origin_code from marts.sprints") == {"origin_code": "frozen"}
    assert warehouse.broken("sprint_scope_adds_up") == []


def test_without_any_history_of_sprints_the_numbers_are_estimated(deliver_sprint, board):
    warehouse = deliver_sprint([board.item("A", "05-01", sprint_list=["S"])], [])
    assert warehouse.one("select origin_code from marts.sprints") == {"origin_code": "estimated"}


def test_the_running_sprint_reaches_to_the_end_of_the_data(deliver, board):
    running = board.sprint("S", "05-04", "05-18", state_code="active") | {"completed_at": None}
    warehouse = deliver(
        through=board.at("05-10 12:00"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"])],
        work_item_changes=board.moves("A", "05-05 Build", "05-09 Done"),
        sprints=[running],
    )
    assert warehouse.sprint_points() == {"committed": 3.0, "final": 3.0, "completed": 3.0}
    assert warehouse.one("select last_on from marts.sprints")["last_on"] == board.day("05-10")


def test_future_sprints_and_sprints_without_a_start_are_not_listed(deliver, board):
    warehouse = deliver(
        sprints=[
            board.sprint("F", "05-04", "05-18", state_code="future"),
            board.sprint("N", "05-04", "05-18") | {"started_at": None},
        ],
        work_items=[board.item("A", "05-01")],
    )
    assert warehouse.rows("select * from marts.sprints") == []

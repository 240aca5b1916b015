"""What a sprint committed to, what changed in it and what it completed."""

import random
from datetime import timedelta

import pytest

COLUMNS = ("committed", "added", "reestimated", "removed", "dropped", "final", "completed")


def points(warehouse, sprint="S"):
    row = warehouse.one(f"select * from marts.sprints where sprint_id = '{sprint}'")
    return {name: row[f"{name}_points"] for name in COLUMNS if row[f"{name}_points"]}


def entered(board, key, when, sprint="S"):
    return board.change(key, when, "sprint", None, sprint)


def left(board, key, when, sprint="S"):
    return board.change(key, when, "sprint", sprint, None)


def built(deliver, board, items, changes, toml="", **tables):
    return deliver(
        toml,
        workflow_statuses=board.statuses,
        work_items=items,
        work_item_changes=changes,
        sprints=[board.sprint("S", "05-04", "05-18")],
        **tables,
    )


def test_committed_is_what_is_open_in_the_sprint_just_before_it_starts(deliver, board):
    warehouse = built(
        deliver,
        board,
        [
            board.item("A", "05-01", points=3.0),
            board.item("B", "05-01", points=5.0),
            board.item("C", "05-01", points=8.0),
        ],
        [
            entered(board, "A", "05-02"),
            entered(board, "B", "05-04"),
            entered(board, "C", "05-05"),
        ],
    )
    assert points(warehouse) == {"committed": 3.0, "added": 13.0, "final": 16.0}


def test_an_item_without_changes_was_in_its_sprint_from_creation(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", points=3.0, sprint_list=["S"])],
        [entered(board, "B", "05-02")],
    )
    assert points(warehouse) == {"committed": 3.0, "final": 3.0}


def test_what_was_in_before_the_first_change_is_what_that_change_took_away(deliver, board):
    warehouse = built(
        deliver, board, [board.item("A", "05-01", points=3.0)], [left(board, "A", "05-06")]
    )
    assert points(warehouse) == {"committed": 3.0, "removed": 3.0}


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
    assert points(warehouse, "1") == {"committed": 3.0, "final": 3.0}
    assert points(warehouse, "12") == {"committed": 3.0, "final": 3.0}


def test_gone_and_back_within_a_day_is_no_change(deliver, board):
    items = [board.item("A", "05-01", points=3.0, sprint_list=["S"])]
    history = [entered(board, "A", "05-02"), left(board, "A", "05-06")]
    soon = built(deliver, board, items, [*history, entered(board, "A", "05-07")])
    assert points(soon) == {"committed": 3.0, "final": 3.0}
    late = built(deliver, board, items, [*history, entered(board, "A", "05-07 00:01")])
    assert points(late) == {"committed": 3.0, "removed": 3.0, "added": 3.0, "final": 3.0}


@pytest.mark.parametrize(("status", "carried", "kept"), [("Build", 1, 0), ("Done", 0, 1)])
def test_committed_work_that_comes_back_after_days_is_added_and_still_committed_to(
    deliver, board, status, carried, kept
):
    items = [board.item("A", "05-01", status, points=3.0, sprint_list=["S"])]
    history = [
        entered(board, "A", "05-02"), left(board, "A", "05-06"), entered(board, "A", "05-09"),
        *board.moves("A", "05-05 Build", *(["05-12 Done"] if status == "Done" else [])),
    ]  # fmt: skip
    warehouse = built(deliver, board, items, history)
    row = warehouse.one("select * from marts.sprints")
    assert (row["committed_items"], row["removed_items"], row["added_items"]) == (1, 1, 1)
    assert (row["carried_items"], row["completed_initial_items"]) == (carried, kept)
    assert row["completed_initial_points"] == 3.0 * kept
    assert warehouse.broken("sprint_scope_adds_up") == []


def test_committed_work_that_is_gone_at_the_close_is_not_carried(deliver, board):
    items = [board.item("A", "05-01", points=3.0)]
    warehouse = built(
        deliver, board, items, [entered(board, "A", "05-02"), left(board, "A", "05-06")]
    )
    assert warehouse.one("select * from marts.sprints")["carried_items"] == 0


def test_re_estimates_of_committed_work_stand_alone_and_of_added_work_fold_in(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", points=5.0), board.item("B", "05-01", points=8.0)],
        [
            entered(board, "A", "05-02"),
            board.change("A", "05-03", "points", "2", "3"),
            board.change("A", "05-08", "points", "3", "5"),
            entered(board, "B", "05-06"),
            board.change("B", "05-08", "points", "1", "8"),
        ],
    )
    assert points(warehouse) == {
        "committed": 3.0,
        "reestimated": 2.0,
        "added": 8.0,
        "final": 13.0,
    }


def test_cancelled_work_is_dropped_and_removed_work_is_removed(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", "Rejected", points=3.0), board.item("B", "05-01", points=5.0)],
        [
            entered(board, "A", "05-02"),
            *board.moves("A", "05-03 Build", "05-10 Rejected"),
            entered(board, "B", "05-02"),
            left(board, "B", "05-10"),
        ],
    )
    assert points(warehouse) == {"committed": 8.0, "dropped": 3.0, "removed": 5.0}


def test_what_was_done_or_cancelled_before_the_start_is_outside(deliver, board):
    warehouse = built(
        deliver,
        board,
        [
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Rejected", points=5.0, sprint_list=["S"]),
        ],
        [*board.moves("A", "05-02 Build", "05-03 Done"), *board.moves("B", "05-03 Rejected")],
    )
    assert points(warehouse) == {}


def test_done_work_that_is_reopened_during_the_sprint_is_added(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"])],
        board.moves("A", "05-02 Build", "05-03 Done", "05-06 Build", "05-09 Done"),
    )
    assert points(warehouse) == {"added": 3.0, "final": 3.0, "completed": 3.0}


def test_carried_work_counts_where_it_is_done(deliver, board):
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done", points=3.0)],
        work_item_changes=[
            entered(board, "A", "05-02", "1"),
            board.change("A", "05-18", "sprint", "1", "1,2"),
            *board.moves("A", "05-05 Build", "05-20 Done"),
        ],
        sprints=[board.sprint("1", "05-04", "05-18"), board.sprint("2", "05-18", "05-30")],
    )
    assert points(warehouse, "1") == {"committed": 3.0, "final": 3.0}
    # Put in at the very start of the second sprint: added, not committed.
    assert points(warehouse, "2") == {"added": 3.0, "final": 3.0, "completed": 3.0}
    assert warehouse.rows("select sprint_id, carry_count from marts.sprint_carry_overs") == [
        ("1", 1)
    ]


def test_work_taken_out_at_the_very_close_was_still_in_at_the_close(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", points=3.0)],
        [entered(board, "A", "05-02"), left(board, "A", "05-18")],
    )
    assert points(warehouse) == {"committed": 3.0, "final": 3.0}


def test_unestimated_work_counts_as_zero_points_and_is_counted(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", sprint_list=["S"]), board.item("B", "05-01", points=2.0)],
        [entered(board, "B", "05-02")],
    )
    row = warehouse.one("select * from marts.sprints")
    assert (row["committed_points"], row["committed_items"], row["unestimated_items"]) == (2, 2, 1)


def test_work_off_the_board_is_not_in_the_sprint(deliver, board):
    warehouse = built(
        deliver,
        board,
        [board.item("A", "05-01", "Parked", points=3.0), board.item("B", "05-01", points=2.0)],
        [
            entered(board, "A", "05-02"),
            *board.moves("A", "05-03 Parked"),
            entered(board, "B", "05-02"),
        ],
    )
    assert points(warehouse) == {"committed": 2.0, "final": 2.0}


def test_a_frozen_picture_of_the_sprint_beats_the_replay(deliver, board):
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

    warehouse = built(
        deliver,
        board,
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
    assert points(warehouse) == {
        "committed": 10.0,
        "reestimated": 1.0,
        "removed": 2.0,
        "added": 1.0,
        "final": 10.0,
        "completed": 5.0,
    }
    assert warehouse.one("select origin_code from marts.sprints") == {"origin_code": "frozen"}
    assert warehouse.broken("sprint_scope_adds_up") == []


def test_without_any_history_of_sprints_the_numbers_are_estimated(deliver, board):
    warehouse = built(deliver, board, [board.item("A", "05-01", sprint_list=["S"])], [])
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
    assert points(warehouse) == {"committed": 3.0, "final": 3.0, "completed": 3.0}
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


def test_burn_up_holds_the_end_of_each_day_and_stops_at_the_close(deliver, board):
    warehouse = built(
        deliver,
        board,
        [
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Done", points=5.0),
        ],
        [
            entered(board, "B", "05-06 09:00"),
            *board.moves("A", "05-05 Build", "05-07 23:59 Done"),
            *board.moves("B", "05-05 Build", "05-19 Done"),
        ],
    )
    assert warehouse.rows(
        "select day_on, scope_points, done_points, scope_items, done_items "
        "from marts.burn_up_days where scope_kind = 'sprint' order by 1"
    ) == [
        (board.day("05-04"), 3.0, 0.0, 1, 0),
        (board.day("05-05"), 3.0, 0.0, 1, 0),
        (board.day("05-06"), 8.0, 0.0, 2, 0),
        (board.day("05-07"), 8.0, 3.0, 2, 1),
    ]


def test_a_release_is_named_by_its_id_its_version_or_its_tag(deliver, board):
    release = {"release_id": "r1", "product_id": "x", "version": "2.0", "tag_name": "v2.0",
               "channel_code": "stable", "released_at": board.at("05-20")}  # fmt: skip
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", points=3.0, fix_version_list=["v2.0"]),
            board.item("B", "05-02", points=5.0, fix_version_list=["r1", "other"]),
        ],
        work_item_changes=[board.change("A", "05-10", "fix_version", "2.0,1.9", "1.9")],
        releases=[release],
    )
    assert warehouse.rows(
        "select day_on, scope_points from marts.burn_up_days "
        "where scope_kind = 'release' order by 1"
    ) == [(board.day("05-01"), 3.0), (board.day("05-02"), 8.0), (board.day("05-10"), 5.0)]


FIRST_HOUR = 200


def test_the_end_of_a_burn_up_is_the_velocity_where_work_is_done_at_the_very_close(deliver, board):
    warehouse = built(
        deliver,
        board,
        [
            board.item("A", "05-01", "Done", points=5.0, sprint_list=["S"]),
            board.item("B", "05-01", points=2.0, sprint_list=["S"]),
        ],
        [
            *board.moves("A", "05-05 Build", "05-18 Done"),
            board.change("A", "05-18", "points", "3", "5"),
            left(board, "B", "05-18"),
        ],
    )
    assert points(warehouse) | {"reestimated": 0} == {
        "committed": 5.0, "reestimated": 0, "final": 7.0, "completed": 5.0,
    }  # fmt: skip
    assert warehouse.rows(
        "select day_on, scope_points, done_points, scope_items, done_items "
        "from marts.burn_up_days where scope_kind = 'sprint' order by 1 desc limit 1"
    ) == [(board.day("05-17"), 7.0, 5.0, 2, 1)]


OPEN = {"Backlog", "Build", "Test"}


def random_sprints(board):
    first = board.at("05-01") + timedelta(minutes=7)
    return [
        board.sprint(str(number), "05-01", "05-02")
        | {
            "started_at": first + timedelta(hours=FIRST_HOUR * number + 1),
            "completed_at": first + timedelta(hours=FIRST_HOUR * number + 190),
        }
        for number in (1, 2, 3)
    ]


def random_history(board, dice, key):
    """An item, its changes, and per field what it was from when on."""
    hours = dice.randrange(0, 300)
    created = board.at("05-01") + timedelta(hours=hours)
    now = {"status": "Backlog", "sprint": dice.choice([None, "1"]), "points": "3"}
    known = {field: [(created, value)] for field, value in now.items()}
    choices = {
        "status": ["Backlog", "Build", "Test", "Done", "Rejected"],
        "sprint": [None, "1", "2", "1,2", "2,3", "3"],
        "points": [None, "1", "2", "5", "8"],
    }
    changes = []
    for _ in range(dice.randrange(0, 9)):
        hours += dice.randrange(25, 120)
        moved_at = board.at("05-01") + timedelta(hours=hours)
        field = dice.choice(sorted(choices))
        after = dice.choice(choices[field])
        if after != now[field]:
            row = board.change(key, "05-01", field, now[field], after)
            changes.append(row | {"changed_at": moved_at})
            known[field].append((moved_at, after))
            now[field] = after
    row = board.item(key, "05-01", now["status"]) | {
        "created_at": created,
        "points": float(now["points"]) if now["points"] else None,
        "sprint_list": now["sprint"].split(",") if now["sprint"] else [],
    }
    return row, changes, known


def value(known, field, instant, *, before):
    """What a field was just before an instant, or at it; "" before creation."""
    values = [v for t, v in known[field] if (t < instant if before else t <= instant)]
    return (values[-1] or "") if values else ""


def is_in(known, sprint, instant):
    return sprint["sprint_id"] in value(known, "sprint", instant, before=True).split(",")


def is_committed(known, sprint):
    start = sprint["started_at"]
    is_open = value(known, "status", start, before=True) in OPEN
    return is_open and is_in(known, sprint, start)


def committed(known, sprint):
    if not is_committed(known, sprint):
        return 0.0
    return float(value(known, "points", sprint["started_at"], before=True) or 0)


def completed(known, sprint):
    start, end = sprint["started_at"], sprint["completed_at"]
    # Done at the close, and since when without a break.
    statuses = [(t, status) for t, status in known["status"] if t <= end]
    arrivals = [
        since
        for since, _ in statuses
        if {status for moved_at, status in statuses if moved_at >= since} == {"Done"}
    ]
    if not is_in(known, sprint, end) or not arrivals or min(arrivals) < start:
        return 0.0
    return float(value(known, "points", end, before=False) or 0)


def test_the_replay_agrees_with_asking_random_histories_at_each_instant(deliver, board):
    """The lists of each item are scanned from the start, sharing nothing with the models."""
    dice = random.Random(11)
    made = [random_history(board, dice, f"A-{number}") for number in range(80)]
    sprints = random_sprints(board)
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[row for row, _, _ in made],
        work_item_changes=[change for _, changes, _ in made for change in changes],
        sprints=sprints,
    )
    assert warehouse.broken("sprint_scope_adds_up") == []
    for sprint in sprints:
        row = warehouse.one(
            f"select * from marts.sprints where sprint_id = '{sprint['sprint_id']}'"
        )
        assert row["committed_points"] == sum(committed(known, sprint) for _, _, known in made) > 0
        assert row["completed_points"] == sum(completed(known, sprint) for _, _, known in made)
        both = sum(completed(known, sprint) for _, _, known in made if is_committed(known, sprint))
        assert row["completed_initial_points"] == both
